"""Shares are intervals of [0, 1]; nothing here averages."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.shares import (
    ALL,
    ANY,
    MOST,
    NONE,
    PART,
    WORDS,
    Clash,
    Share,
    find_clash,
    implied_share,
    intersect_controls,
    is_consistent,
)
from tests.domain.builders import between, number
from tests.domain.strategies import any_share, controls, quarters, quick, shares


@pytest.mark.parametrize(
    ("word", "low", "high", "low_open", "high_open"),
    [
        ("none", 0, 0, False, False),
        ("part", 0, 1, True, True),
        ("most", 0.5, 1, False, True),
        ("all", 1, 1, False, False),
    ],
)
def test_each_word_is_an_interval(
    word: str, low: float, high: float, low_open: bool, high_open: bool
) -> None:
    assert WORDS[word] == Share(min=low, max=high, min_open=low_open, max_open=high_open)


def test_there_are_four_words() -> None:
    assert list(WORDS) == ["none", "part", "most", "all"]


@pytest.mark.parametrize("share", [*WORDS.values(), ANY, number(0.3), between(0.016, 0.05)])
def test_what_can_be_stated_is_possible(share: Share) -> None:
    assert share.is_possible


@pytest.mark.parametrize(
    "share",
    [
        between(0.6, 0.4),
        between(-0.1, 0.5),
        between(0.5, 1.1),
        between(0.5, 0.5, min_open=True),
        between(0.5, 0.5, max_open=True),
        between(float("nan"), 1),
        between(0, float("nan")),
        between(0, float("inf")),
    ],
)
def test_an_interval_outside_0_to_1_or_without_a_number_is_not_possible(share: Share) -> None:
    assert not share.is_possible


# Meeting


@pytest.mark.parametrize(
    ("one", "other", "met"),
    [
        (ALL, ALL, ALL),
        (ALL, PART, None),
        (NONE, PART, None),
        (ALL, MOST, None),
        (PART, MOST, MOST),
        (PART, ANY, PART),
        (between(0, 0.5), between(0.5, 1), number(0.5)),
        (between(0, 0.5, max_open=True), between(0.5, 1), None),
        (between(0, 0.5), between(0.5, 1, min_open=True), None),
        (between(0.2, 0.6), between(0.4, 0.8, min_open=True), between(0.4, 0.6, min_open=True)),
        (between(0.2, 0.6, max_open=True), between(0.2, 0.6), between(0.2, 0.6, max_open=True)),
    ],
)
def test_two_shares_meet_in_what_both_hold(one: Share, other: Share, met: Share | None) -> None:
    assert one.meet(other) == met


@pytest.mark.parametrize(
    ("one", "other", "gap"),
    [
        (ALL, NONE, 1.0),
        (ALL, between(0, 0.25), 0.75),
        (ALL, PART, 0.0),  # they touch, and do not meet
        (PART, MOST, 0.0),
        (between(0.1, 0.25), between(0.5, 0.6), 0.25),
    ],
)
def test_the_gap_is_the_distance_between_two_shares(one: Share, other: Share, gap: float) -> None:
    assert one.gap(other) == gap


def test_a_share_lies_within_another_when_every_number_of_it_does() -> None:
    assert MOST.lies_within(PART)
    assert NONE.lies_within(between(0, 0.5))
    assert not PART.lies_within(MOST)
    assert not between(0, 0.5).lies_within(between(0, 0.5, max_open=True))
    assert not ALL.lies_within(PART)


@quick
@for_all(any_share, any_share)
def test_meeting_does_not_depend_on_who_is_asked_first(one: Share, other: Share) -> None:
    assert one.meet(other) == other.meet(one)


@quick
@for_all(quarters, quarters, quarters)
def test_meeting_does_not_depend_on_what_is_joined_first(one: Share, other: Share, third: Share) -> None:
    left, right = one.meet(other), other.meet(third)
    assert (left.meet(third) if left else None) == (one.meet(right) if right else None)


@quick
@for_all(any_share, any_share)
def test_the_gap_is_symmetric_and_nought_only_when_closures_touch(one: Share, other: Share) -> None:
    closed_one, closed_other = (between(share.min, share.max) for share in (one, other))
    assert one.gap(other) == other.gap(one) >= 0
    assert (one.gap(other) == 0) == (closed_one.meet(closed_other) is not None)


@quick
@for_all(any_share, any_share)
def test_shares_that_meet_have_no_gap(one: Share, other: Share) -> None:
    if one.meet(other) is not None:
        assert one.gap(other) == 0


@quick
@for_all(quarters, quarters)
def test_a_share_lies_within_another_just_when_their_meeting_is_the_share(one: Share, other: Share) -> None:
    tenths = [number / 16 for number in range(17)]

    def holds(share: Share, value: float) -> bool:
        above = value > share.min or (value == share.min and not share.min_open)
        return above and (value < share.max or (value == share.max and not share.max_open))

    every_number_is_in_both = all(holds(other, value) for value in tenths if holds(one, value))
    assert one.lies_within(other) == (one.meet(other) == one) == every_number_is_in_both


# Denial


@pytest.mark.parametrize(
    ("claimed", "denied"),
    [
        (ALL, between(0, 1, max_open=True)),
        (PART, NONE),
        (NONE, between(0, 1, min_open=True)),
        (MOST, between(0, 0.5, max_open=True)),
        (number(0.3), between(0, 0.3, max_open=True)),
        (between(0.2, 0.6, min_open=True), between(0, 0.2)),
        (between(0, 0.5), between(0.5, 1, min_open=True)),
        (between(0, 0.5, max_open=True), between(0.5, 1)),
        (between(0, 0.5, min_open=True), NONE),
        (between(0, 1, max_open=True), ALL),
        (between(0, 1, min_open=True), NONE),
    ],
)
def test_denying_a_share_says_what_lies_below_it_or_else_above(claimed: Share, denied: Share) -> None:
    assert claimed.denied == denied


def test_denying_that_anything_is_so_says_nothing() -> None:
    assert ANY.denied is None


@quick
@for_all(any_share)
def test_a_share_and_its_denial_never_meet_and_always_touch(share: Share) -> None:
    denied = share.denied
    if denied is None:
        assert share == ANY
    else:
        assert denied.is_possible
        assert denied.meet(share) is None
        assert denied.gap(share) == 0


@quick
@for_all(shares(st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)))
def test_who_denies_a_share_disagrees_with_who_claims_it(share: Share) -> None:
    if share.denied is not None:
        assert find_clash({"russia": share}, {"russia": share.denied})


# What is implied


@pytest.mark.parametrize(
    ("stated", "others"),
    [
        (ALL, NONE),
        (NONE, ANY),
        (PART, between(0, 1, max_open=True)),
        (MOST, between(0, 0.5)),
        (number(0.9), between(0, 0.1)),
        (number(0.3), between(0, 0.7)),
        (between(0.25, 1, min_open=True), between(0, 0.75, max_open=True)),
        (between(0, 0.5), ANY),
    ],
)
def test_a_share_of_one_party_leaves_the_rest_to_the_others(stated: Share, others: Share) -> None:
    assert stated.others == others
    assert implied_share({"russia": stated}, "ukraine") == others


def test_what_is_stated_and_what_is_implied_hold_together() -> None:
    control = {"russia": between(0.25, 0.5), "ukraine": between(0.25, 1)}
    assert implied_share(control, "russia") == between(0.25, 0.5)
    assert implied_share(control, "ukraine") == between(0.25, 0.75)
    assert implied_share(control, "wagner") == between(0, 0.75)


def test_nothing_stated_implies_nothing() -> None:
    assert implied_share({}, "russia") == ANY


def test_a_control_that_contradicts_itself_implies_nothing_possible() -> None:
    assert implied_share({"russia": ALL, "ukraine": ALL}, "russia") is None


# Consistency


@pytest.mark.parametrize(
    "control",
    [
        {},
        {"russia": ALL},
        {"russia": ALL, "ukraine": NONE},
        {"russia": PART, "ukraine": PART},
        {"russia": MOST, "ukraine": between(0, 0.5)},
        {"russia": number(0.7), "ukraine": number(0.3)},
        {"russia": number(1 / 3), "ukraine": number(1 / 3), "wagner": number(1 / 3)},
    ],
)
def test_shares_that_fit_into_one_place_are_consistent(control: dict[str, Share]) -> None:
    assert is_consistent(control)


@pytest.mark.parametrize(
    "control",
    [
        {"russia": ALL, "ukraine": PART},
        {"russia": ALL, "ukraine": ALL},
        {"russia": between(0.5, 1, min_open=True), "ukraine": number(0.5)},
        {"russia": number(0.4), "ukraine": number(0.4), "wagner": number(0.4)},
        {"russia": between(0.6, 0.4)},
        {"russia": between(0, 1.5)},
    ],
)
def test_shares_that_do_not_fit_are_not(control: dict[str, Share]) -> None:
    assert not is_consistent(control)


@quick
@for_all(st.integers(1, 60), st.integers(1, 60))
def test_a_fraction_and_its_rest_fit_whatever_binary_makes_of_them(one: int, other: int) -> None:
    """1/3 and 2/3 are a whole, though 1 - 2/3 is more than 1/3 in binary."""
    ours, theirs = number(one / (one + other)), number(other / (one + other))
    assert is_consistent({"russia": ours, "ukraine": theirs})
    assert find_clash({"russia": ours}, {"ukraine": theirs}) is None
    assert find_clash({"russia": ours}, {"russia": ours, "ukraine": theirs}) is None


@quick
@for_all(any_share)
def test_rounding_keeps_a_share_possible_and_is_done_once(share: Share) -> None:
    assert share.rounded.is_possible
    assert share.rounded.rounded == share.rounded


def test_a_share_too_narrow_to_round_stays_as_it_is() -> None:
    narrow = between(0.3, 0.3 + 1e-14, min_open=True)
    assert narrow.rounded == narrow
    assert number(0.3 + 1e-14).rounded == number(0.3)


# Clashes between controls


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ({"russia": ALL}, {"russia": ALL}, None),
        ({"russia": ALL}, {"ukraine": NONE}, None),
        ({"russia": PART}, {"ukraine": PART}, None),
        ({"russia": NONE}, {"ukraine": NONE}, None),
        ({"russia": ALL}, {"russia": between(0, 1, max_open=True)}, Clash(party="russia", gap=0.0)),
        ({"russia": ALL}, {"ukraine": PART}, Clash(party="russia", gap=0.0)),
        ({"russia": ALL}, {"ukraine": ALL}, Clash(party="russia", gap=1.0)),
        ({"russia": ALL}, {"russia": NONE}, Clash(party="russia", gap=1.0)),
        ({"russia": ALL}, {"ukraine": number(0.3)}, Clash(party="russia", gap=0.3)),
        ({"russia": number(0.7)}, {"ukraine": number(0.7)}, Clash(party="russia", gap=0.4)),
    ],
)
def test_two_controls_clash_when_for_some_party_they_do_not_meet(
    one: dict[str, Share], other: dict[str, Share], clash: Clash | None
) -> None:
    assert find_clash(one, other) == clash


def test_the_widest_clash_is_named() -> None:
    one = {"russia": number(0.5), "ukraine": number(0.25)}
    other = {"russia": number(0.25), "ukraine": number(0.75)}
    assert find_clash(one, other) == Clash(party="ukraine", gap=0.5)


@quick
@for_all(controls, controls)
def test_clashes_are_symmetric(one: dict[str, Share], other: dict[str, Share]) -> None:
    assert find_clash(one, other) == find_clash(other, one)


@quick
@for_all(controls)
def test_no_consistent_control_clashes_with_itself(control: dict[str, Share]) -> None:
    assert find_clash(control, control) is None


@quick
@for_all(st.lists(controls, max_size=4))
def test_controls_that_agree_two_by_two_agree_all_together(together: list[dict[str, Share]]) -> None:
    apart = any(find_clash(one, other) for one in together for other in together)
    assert (intersect_controls(together) is None) == apart


def test_all_controls_together_say_what_each_leaves_possible() -> None:
    assert intersect_controls([{"russia": MOST}, {"ukraine": PART}]) == {
        "russia": MOST,
        "ukraine": between(0, 0.5, min_open=True),
    }
    assert intersect_controls([]) == {}


@quick
@for_all(st.dictionaries(st.sampled_from(["russia", "ukraine", "wagner"]), any_share | quarters, max_size=3))
def test_shares_are_consistent_when_each_is_possible_beside_the_others(control: dict[str, Share]) -> None:
    """The plain definition, without a short way."""
    fit = sum(share.min for share in control.values()) <= 1 + 1e-9
    assert is_consistent(control) == (
        fit and all(share.is_possible and implied_share(control, party) for party, share in control.items())
    )
