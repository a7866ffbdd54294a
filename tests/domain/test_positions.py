"""A voice's position on a place is set by its latest development there that says something of control."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.kinds.envelope import Development
from domain.positions import effect_order, trace_positions
from domain.shares import ALL, ANY, MOST, NONE, PART, Share
from domain.times import END_OF_TIME
from tests.domain.builders import (
    BOTH_PART,
    MICROSECOND,
    about,
    assesses,
    between,
    claims,
    confirms,
    day,
    days,
    denies,
    develop,
    end_of,
    from_day,
    given,
    instant,
    position_of,
    renounces,
    repeats,
    shares_of,
    window,
    withdraws,
)

LESS_THAN_ALL = between(0, 1, max_open=True)
MORE_THAN_NONE = between(0, 1, min_open=True)
ALL_OF_2025 = END_OF_TIME.replace(year=2026)


# Who speaks


def test_nobody_says_anything_of_an_empty_place() -> None:
    assert trace_positions(given(), ALL_OF_2025) == {}


def test_a_claim_is_the_position_of_its_voice() -> None:
    position = position_of("russia", given(claims("c", "russia", day(2))), end_of(2))
    assert position is not None
    assert position.voice == "russia"
    assert position.shares == {"russia": ALL}
    assert position.since == instant(2)
    assert position.certain
    assert position.previous is None
    assert position.because == ("c",)


def test_an_official_and_a_unit_speak_with_the_voice_of_their_party() -> None:
    view = given(claims("c1", "zelensky", day(1)), claims("c2", "ukrainian-army", day(2), PART))
    assert shares_of("ukraine", view, end_of(1)) == {"ukraine": ALL}
    assert shares_of("ukraine", view, end_of(2)) == {"ukraine": PART}
    assert list(trace_positions(view, end_of(2))) == ["ukraine"]


def test_whoever_is_not_known_to_speak_for_another_speaks_for_themselves() -> None:
    view = given(claims("c", "russian-army", day(1), holder="russia"), voices={})
    assert shares_of("russian-army", view, end_of(1)) == {"russia": ALL}
    assert shares_of("russia", view, end_of(1)) is None


def test_assessments_and_reports_are_positions_of_their_voices() -> None:
    reported = develop("control-reported", "r", day(1), by="outlet", holder="ukraine")
    view = given(assesses("a", "deepstate", day(1), BOTH_PART), reported)
    assert shares_of("deepstate", view, end_of(1)) == BOTH_PART
    assert shares_of("outlet", view, end_of(1)) == {"ukraine": ALL}


def test_a_withdrawal_leaves_the_party_none() -> None:
    view = given(claims("c", "russia", day(1)), withdraws("w", "russia", day(3)))
    assert shares_of("russia", view, end_of(2)) == {"russia": ALL}
    assert shares_of("russia", view, end_of(3)) == {"russia": NONE}


def test_happenings_move_no_position() -> None:
    view = given(
        claims("c", "russia", day(1)),
        develop("fighting-reported", "f", day(2), by="russia"),
        develop("encirclement-reported", "e", day(3), by="ukraine", force="russia"),
    )
    assert shares_of("russia", view, end_of(5)) == {"russia": ALL}
    assert shares_of("ukraine", view, end_of(5)) is None


def test_only_what_was_stated_is_a_share_of_the_position() -> None:
    """What it implies for others is worked out where positions are compared."""
    assert shares_of("russia", given(claims("c", "russia", day(1))), end_of(1)) == {"russia": ALL}


# The latest counts, by effect


def test_the_latest_effect_counts_whatever_was_recorded_first() -> None:
    early, late = claims("c1", "russia", day(1), PART), claims("c2", "russia", day(5), ALL)
    for view in (given(early, late), given(late, early)):
        assert shares_of("russia", view, end_of(3)) == {"russia": PART}
        assert shares_of("russia", view, end_of(5)) == {"russia": ALL}


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (
            claims("z", "russia", day(1), PART, reported=day(9)),
            claims("a", "russia", day(2), reported=day(3)),
        ),
        (claims("z", "russia", day(1), PART, reported=day(9)), claims("a", "russia", days(1, 2))),
        (claims("z", "russia", days(1, 2), PART), claims("a", "russia", from_day(1), reported=day(1))),
        (
            claims("z", "russia", day(1), PART, reported=day(2)),
            claims("a", "russia", day(1), reported=day(3)),
        ),
        (
            claims("z", "russia", day(1), PART, reported=day(2)),
            claims("a", "russia", day(1), reported=days(2, 4)),
        ),
        (claims("a", "russia", day(1), PART), claims("b", "russia", day(1))),
    ],
    ids=["earliest", "latest", "an open end is latest", "reported earliest", "reported latest", "id"],
)
def test_ties_are_broken_by_what_was_reported_never_by_recording(
    first: Development, last: Development
) -> None:
    assert effect_order(first) < effect_order(last)
    for view in (given(first, last), given(last, first)):
        assert shares_of("russia", view, end_of(10)) == {"russia": ALL}


NAMES = (("a", "z"), ("z", "a"))
"""Ids for a claim and for what answers it."""


@pytest.mark.parametrize(("name", "answer_name"), NAMES)
@pytest.mark.parametrize(
    ("answer", "shares"),
    [
        (confirms, {"russia": ALL}),
        (repeats, {"russia": ALL}),
        (denies, {"russia": LESS_THAN_ALL}),
        (renounces, None),
    ],
)
def test_a_voice_that_answers_its_own_claim_of_that_day_answers_it_whatever_the_ids(
    name: str, answer_name: str, answer: Callable[..., Development], shares: dict[str, Share] | None
) -> None:
    claim, answered = claims(name, "russian-army", day(1)), answer(answer_name, "russia", day(1), name)
    assert effect_order(claim) < effect_order(answered)
    for view in (given(claim, answered), given(answered, claim)):
        position = position_of("russia", view, end_of(1))
        assert (position and (position.shares, position.because)) == (shares and (shares, (answer_name,)))


@pytest.mark.parametrize(("name", "denial_name"), NAMES)
def test_a_denial_stands_behind_what_its_voice_claims_that_day_whatever_the_ids(
    name: str, denial_name: str
) -> None:
    theirs = claims("m", "russia", day(1))
    own = claims(name, "ukraine", day(1), PART)
    denial = denies(denial_name, "ukrainian-army", day(1), "m")
    position = position_of("ukraine", given(denial, theirs, own), end_of(1))
    assert position is not None
    assert (position.shares, position.because) == ({"ukraine": PART}, (name, denial_name))


def test_of_answers_and_of_claims_that_share_their_windows_the_id_decides() -> None:
    told = [
        claims("y", "russia", day(1)),
        claims("z", "russia", day(1)),
        denies("b", "russia", day(1), "z"),
        confirms("c", "russia", day(1), "y"),
    ]
    assert sorted([*told[2:], *told[:2]], key=effect_order) == told
    assert shares_of("russia", given(*told), end_of(1)) == {"russia": ALL}


def test_an_answer_that_became_public_before_the_claim_stands_before_it() -> None:
    """As when an answer is published first and quotes what is published later."""
    claim = claims("a", "russia", day(1), reported=day(3))
    denial = denies("z", "russia", day(1), "a", reported=day(2))
    assert effect_order(denial) < effect_order(claim)
    assert shares_of("russia", given(claim, denial), end_of(3)) == {"russia": ALL}


def test_what_is_replaced_in_the_instant_it_takes_effect_was_never_held() -> None:
    view = given(claims("a", "russia", day(1), PART), claims("b", "russia", day(1)))
    (standing,) = trace_positions(view, end_of(1))["russia"].standings
    assert standing.setter.id == "b"


# Effect and certainty, to the microsecond


def test_a_position_takes_effect_once_the_bound_is_past_its_earliest_instant() -> None:
    view = given(claims("c", "russia", day(2)))
    assert position_of("russia", view, instant(2)) is None
    assert position_of("russia", view, instant(2) + MICROSECOND) is not None


def test_a_position_is_certain_when_the_bound_reaches_the_end_of_its_window() -> None:
    view = given(claims("c", "russia", day(2)))
    for before, certain in ((instant(3) - MICROSECOND, False), (instant(3), True)):
        position = position_of("russia", view, before)
        assert position is not None
        assert position.certain is certain


def test_until_it_is_certain_a_position_carries_the_previous_one() -> None:
    view = given(claims("c1", "russia", day(1), PART), claims("c2", "russia", about(10)))
    position = position_of("russia", view, end_of(9))
    assert position is not None
    assert position.shares == {"russia": ALL}
    assert position.since == instant(8)
    assert not position.certain
    assert position.previous is not None
    assert position.previous.shares == {"russia": PART}
    assert position.previous.because == ("c1",)
    sure = position_of("russia", view, end_of(12))
    assert sure is not None
    assert sure.certain
    assert sure.previous is None


def test_the_previous_position_goes_one_step_back_and_no_further() -> None:
    view = given(
        claims("c1", "russia", days(1, 20), PART),
        claims("c2", "russia", days(2, 20), MOST),
        claims("c3", "russia", days(3, 20), ALL),
    )
    position = position_of("russia", view, end_of(5))
    assert position is not None
    assert position.previous is not None
    assert position.previous.because == ("c2",)
    assert not position.previous.certain
    assert position.previous.previous is None


def test_with_an_open_end_a_position_is_never_certain() -> None:
    position = position_of("russia", given(claims("c", "russia", from_day(1))), END_OF_TIME)
    assert position is not None
    assert not position.certain


# Throughout


def held_throughout() -> Development:
    return claims("t", "russia", days(5, 9, padding=2), during="throughout")


def test_throughout_a_window_a_position_holds_then_lapses() -> None:
    view = given(claims("t", "russia", days(5, 9), during="throughout"))
    assert position_of("russia", view, instant(5)) is None
    for before in (instant(5) + MICROSECOND, instant(7), instant(10)):
        position = position_of("russia", view, before)
        assert position is not None
        assert position.certain
        assert position.since == instant(5)
    assert position_of("russia", view, instant(10) + MICROSECOND) is None


def test_a_lapse_brings_no_earlier_position_back() -> None:
    view = given(claims("c", "russia", day(1), PART), claims("t", "russia", days(5, 9), during="throughout"))
    assert shares_of("russia", view, end_of(4)) == {"russia": PART}
    assert shares_of("russia", view, end_of(9)) == {"russia": ALL}
    assert shares_of("russia", view, end_of(10)) is None


def test_a_lapse_brings_back_no_longer_interval_either() -> None:
    view = given(
        claims("long", "russia", days(1, 20), PART, during="throughout"),
        claims("short", "russia", days(5, 9), during="throughout"),
    )
    assert shares_of("russia", view, end_of(10)) is None


def test_what_comes_after_a_lapse_stands_on_its_own() -> None:
    view = given(
        claims("t", "russia", days(5, 9), during="throughout"), claims("c", "russia", about(15), PART)
    )
    position = position_of("russia", view, end_of(14))
    assert position is not None
    assert position.shares == {"russia": PART}
    assert position.previous is None


def test_a_qualified_interval_is_certain_only_where_it_is_sure() -> None:
    """`5~/9~`: from the 3rd to the 11th, surely from the 7th and as long as two days before the end."""
    view = given(claims("c", "russia", day(1), PART), held_throughout())
    certain = {}
    for before in (instant(3), instant(4), instant(7), instant(7) + MICROSECOND, instant(8), instant(12)):
        position = position_of("russia", view, before)
        assert position is not None
        certain[before] = (position.because, position.certain, position.previous is not None)
    assert certain == {
        instant(3): (("c",), True, False),
        instant(4): (("t",), False, True),
        instant(7): (("t",), False, True),
        instant(7) + MICROSECOND: (("t",), True, False),
        instant(8): (("t",), True, False),
        instant(12): (("t",), False, False),
    }
    assert position_of("russia", view, instant(12) + MICROSECOND) is None


def test_an_interval_too_short_to_be_sure_of_is_never_certain() -> None:
    view = given(claims("t", "russia", about(5), during="throughout"))
    for half_day in range(7, 16):
        position = position_of("russia", view, instant(half_day / 2))
        assert position is None or not position.certain
    assert position_of("russia", view, end_of(7)) is not None


def test_an_interval_without_an_end_does_not_lapse() -> None:
    view = given(claims("t", "russia", from_day(5), during="throughout"))
    position = position_of("russia", view, END_OF_TIME)
    assert position is not None
    assert position.certain


# Denial


@pytest.mark.parametrize(
    ("claimed", "denied"),
    [(ALL, LESS_THAN_ALL), (PART, NONE), (MOST, between(0, 0.5, max_open=True)), (NONE, MORE_THAN_NONE)],
)
def test_who_denies_a_claim_says_what_lies_below_it_or_above_none(claimed: Share, denied: Share) -> None:
    view = given(claims("c", "russia", day(1), claimed), denies("d", "ukraine", day(2), "c"))
    position = position_of("ukraine", view, end_of(2))
    assert position is not None
    assert position.shares == {"russia": denied}
    assert position.because == ("d",)


def test_denying_that_anything_is_so_says_nothing() -> None:
    view = given(claims("c", "russia", day(1), ANY), denies("d", "ukraine", day(2), "c"))
    assert position_of("ukraine", view, end_of(2)) is None


def test_a_withdrawal_can_be_denied() -> None:
    view = given(withdraws("w", "russia", day(1)), denies("d", "ukraine", day(2), "w"))
    assert shares_of("ukraine", view, end_of(2)) == {"russia": MORE_THAN_NONE}


def test_a_position_that_excludes_the_claim_stands_and_the_denial_is_attached() -> None:
    view = given(
        claims("u", "ukraine", day(1), PART),
        claims("c", "russia", day(2)),
        denies("d", "zelensky", day(3), "c"),
        denies("d2", "ukrainian-army", day(4), "c"),
    )
    position = position_of("ukraine", view, end_of(4))
    assert position is not None
    assert position.shares == {"ukraine": PART}
    assert position.since == instant(1)
    assert position.because == ("u", "d", "d2")


def test_a_denial_is_attached_only_from_its_own_effect() -> None:
    view = given(
        claims("u", "ukraine", day(1)), claims("c", "russia", day(2)), denies("d", "ukraine", day(3), "c")
    )
    position = position_of("ukraine", view, end_of(2))
    assert position is not None
    assert position.because == ("u",)


def test_an_attached_denial_makes_the_position_no_less_certain() -> None:
    view = given(
        claims("u", "ukraine", day(1)), claims("c", "russia", day(2)), denies("d", "ukraine", about(6), "c")
    )
    position = position_of("ukraine", view, end_of(5))
    assert position is not None
    assert position.because == ("u", "d")
    assert position.certain


def test_a_position_that_allows_the_claim_is_replaced_by_its_denial() -> None:
    view = given(
        claims("u", "ukraine", day(1), between(0, 0.5)),
        claims("c", "russia", day(2), PART),
        denies("d", "ukraine", day(3), "c"),
    )
    assert shares_of("ukraine", view, end_of(3)) == {"russia": NONE}


def test_a_denial_after_a_lapse_is_a_position_of_its_own() -> None:
    view = given(
        claims("t", "ukraine", days(1, 3), during="throughout"),
        claims("c", "russia", day(5)),
        denies("d", "ukraine", day(6), "c"),
    )
    position = position_of("ukraine", view, end_of(6))
    assert position is not None
    assert position.shares == {"russia": LESS_THAN_ALL}
    assert position.because == ("d",)


def test_a_denial_attached_to_an_interval_lapses_with_it() -> None:
    view = given(
        claims("t", "ukraine", days(1, 5), during="throughout"),
        claims("c", "russia", day(2)),
        denies("d", "ukraine", day(3), "c"),
    )
    position = position_of("ukraine", view, end_of(5))
    assert position is not None
    assert position.because == ("t", "d")
    assert position_of("ukraine", view, end_of(6)) is None


def test_a_voice_can_deny_its_own_claim() -> None:
    view = given(claims("c", "russia", day(1)), denies("d", "russia", day(2), "c"))
    assert shares_of("russia", view, end_of(2)) == {"russia": LESS_THAN_ALL}


# Confirmed, repeated, renounced


def test_who_confirms_or_repeats_a_claim_takes_its_position() -> None:
    view = given(
        claims("c", "russia", day(1), MOST),
        confirms("k", "ukraine", day(2), "c"),
        repeats("r", "outlet", day(3), "c"),
    )
    assert shares_of("ukraine", view, end_of(3)) == {"russia": MOST}
    assert shares_of("outlet", view, end_of(3)) == {"russia": MOST}


def test_a_voice_that_repeats_its_claim_holds_it_anew() -> None:
    view = given(
        claims("c", "russia", day(1)),
        withdraws("w", "russia", day(2)),
        repeats("r", "russian-army", day(3), "c"),
    )
    position = position_of("russia", view, end_of(3))
    assert position is not None
    assert position.shares == {"russia": ALL}
    assert position.since == instant(3)
    assert position.because == ("r",)


def test_who_renounces_a_claim_says_nothing_any_more() -> None:
    view = given(claims("c", "russia", day(1)), renounces("n", "russia", day(3), "c"))
    assert shares_of("russia", view, end_of(2)) == {"russia": ALL}
    assert shares_of("russia", view, end_of(3)) is None


def test_after_renouncing_a_voice_may_speak_again_or_deny_afresh() -> None:
    view = given(
        claims("c", "ukraine", day(1)),
        renounces("n", "ukraine", day(2), "c"),
        claims("r", "russia", day(3)),
        denies("d", "ukraine", day(4), "r"),
    )
    position = position_of("ukraine", view, end_of(4))
    assert position is not None
    assert position.because == ("d",)


@pytest.mark.parametrize("kind", ["claim-denied", "claim-confirmed", "claim-repeated", "claim-renounced"])
def test_an_answer_whose_claim_is_missing_moves_nothing(kind: str) -> None:
    """The claim was retracted, or is not what it was taken for."""
    answer = develop(kind, "x", day(3), by="ukraine", claim="c")
    standing = claims("u", "ukraine", day(1), PART)
    for view in (given(standing, answer), given(standing, answer, develop("supply-cut", "c", day(2)))):
        position = position_of("ukraine", view, end_of(3))
        assert position is not None
        assert position.because == ("u",)


def test_an_answer_carries_its_claim_even_when_that_does_not_count_yet() -> None:
    claim = claims("c", "russia", day(9))
    view = given(denies("d", "ukraine", day(1), "c"), elsewhere=(claim,))
    assert shares_of("ukraine", view, end_of(1)) == {"russia": LESS_THAN_ALL}


# Known


def test_what_was_surely_public_by_the_bound_is_known() -> None:
    view = given(claims("c", "russia", day(1), reported=day(5)))
    assert view.known_by(instant(6)).developments == view.developments
    assert view.known_by(instant(6) - MICROSECOND).developments == ()


def test_a_qualified_publication_is_known_when_its_whole_window_is_over() -> None:
    view = given(claims("c", "russia", day(1), reported=about(5)))
    assert view.known_by(end_of(6)).developments == ()
    assert view.known_by(end_of(7)).developments == view.developments


# Traces


def test_a_trace_changes_only_at_its_boundaries() -> None:
    view = given(
        claims("c", "russia", about(5), PART),
        claims("t", "russia", window(instant(7), instant(20), 2), during="throughout"),
    )
    trace = trace_positions(view, ALL_OF_2025)["russia"]
    assert trace.boundaries() == [instant(3), instant(5), instant(9), instant(18), instant(22)]


def test_voices_come_in_alphabetical_order() -> None:
    view = given(claims("c", "ukraine", day(1)), claims("b", "isw", day(1)), claims("a", "russia", day(1)))
    assert list(trace_positions(view, end_of(1))) == ["isw", "russia", "ukraine"]
