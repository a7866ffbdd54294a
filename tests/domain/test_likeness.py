"""The rule `likeness/1`: which two developments may be one report."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.kinds.envelope import Development
from domain.likeness import LOOKED_AT, Heard, Voiced, are_alike, find_joined, nearness
from domain.shares import ALL, PART
from tests.domain.builders import (
    BOTH_PART,
    SPEAKERS,
    about,
    assesses,
    claims,
    day,
    days,
    denies,
    develop,
    encircled,
    from_day,
    lifted,
)
from tests.domain.strategies import developments, places, quick


def voiced(development: Development) -> Voiced:
    by = development.by
    return Voiced(body=development, voice=SPEAKERS.get(by, by) if by else None)


def alike(one: Development, other: Development) -> bool:
    return are_alike(voiced(one), voiced(other))


# What makes two alike


def test_the_same_claim_told_twice_is_alike_whatever_its_words_and_its_share() -> None:
    one = claims("one", "russian-army", day(5), ALL, summary="It holds the town.", manner="captured")
    other = claims("other", "russian-army", day(5), PART, summary="It entered.", part="centre")
    assert alike(one, other)


def test_a_unit_and_the_party_it_speaks_for_are_one_voice() -> None:
    assert alike(claims("one", "russian-army", day(5)), claims("other", "russia", day(5)))


def test_two_that_name_nobody_are_alike_and_one_that_names_somebody_is_not() -> None:
    one, other = (develop("fighting-reported", id, day(5)) for id in ("one", "other"))
    assert alike(one, other)
    assert not alike(one, develop("fighting-reported", "by-isw", day(5), by="isw"))


def test_one_place_in_common_is_enough() -> None:
    wide = claims("wide", "russia", day(5), at=("here", "there"))
    assert alike(wide, claims("there", "russia", day(5), at=("there", "elsewhere")))
    assert not alike(wide, claims("elsewhere", "russia", day(5), at=("elsewhere",)))


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (day(5), True),
        (day(6), False),  # begins where the other ends
        (day(4), False),
        (about(6), True),
        (days(1, 31), True),
        (from_day(1), True),
        (from_day(6), False),
    ],
)
def test_windows_have_to_overlap(other: Any, expected: bool) -> None:
    assert alike(claims("one", "russia", day(5)), claims("other", "russia", other)) is expected


# What tells two apart


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (claims("one", "russia", day(5)), claims("other", "isw", day(5), holder="russia")),
        (claims("one", "isw", day(5), holder="russia"), claims("other", "isw", day(5), holder="ukraine")),
        (
            claims("one", "russia", day(5)),
            develop("advance-claimed", "other", day(5), by="russia", holder="russia"),
        ),
        (denies("one", "ukraine", day(5), "claim"), denies("other", "ukraine", day(5), "another-claim")),
        (encircled("one", "isw", day(5), "russia"), encircled("other", "isw", day(5), "ukraine")),
        (
            encircled("one", "isw", day(5), "russia", encircled_by="ukraine"),
            encircled("other", "isw", day(5), "russia", encircled_by="wagner"),
        ),
        (
            develop("visit-reported", "one", day(5), by="outlet", visitor="zelensky"),
            develop("visit-reported", "other", day(5), by="outlet", visitor="trump"),
        ),
        (
            assesses("one", "isw", day(5), {"russia": ALL}),
            assesses("other", "isw", day(5), {"ukraine": ALL}),
        ),
    ],
    ids=["voice", "holder", "kind", "claim", "force", "encircled_by", "visitor", "parties"],
)
def test_other_ids_tell_two_apart(one: Development, other: Development) -> None:
    assert alike(one, replace(one, id="again"))
    assert not alike(one, other)


def test_assessments_that_name_one_party_in_common_are_alike() -> None:
    both = assesses("both", "isw", day(5), BOTH_PART)
    assert alike(both, assesses("one", "isw", day(5), {"russia": ALL}))
    held = develop("control-assessed", "held", day(5), by="isw", holder="russia", share=ALL)
    assert alike(both, held)


def test_an_id_that_only_one_gives_tells_nothing() -> None:
    assert alike(lifted("one", "isw", day(5)), lifted("other", "isw", day(5), force="russia"))
    assert alike(encircled("one", "isw", day(5)), encircled("other", "isw", day(5), encircled_by="ukraine"))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("population-reported", ({"count": 55_000}, {"count": 56_000})),
        ("strike-reported", ({"weapon": "drone"}, {"weapon": "artillery"})),
        ("evidence-published", ({"medium": "video"}, {"medium": "images"})),
        ("statement-made", ({"summary": "Peace."}, {"summary": "War."})),
    ],
)
def test_amounts_and_words_tell_nothing(kind: str, fields: tuple[dict[str, Any], dict[str, Any]]) -> None:
    one, other = fields
    assert alike(develop(kind, "one", day(5), **one), develop(kind, "other", day(5), **other))


# What holds for all


def of_one_speaker(pair: tuple[Development, Development]) -> tuple[Development, Development]:
    one, other = pair
    return one, replace(other, by=one.by)


of_one_kind = st.sampled_from(sorted(KINDS)).flatmap(
    lambda kind: st.tuples(*(developments(id, kind, ("claim", "another")) for id in ("one", "other")))
)
pairs = st.one_of(of_one_kind, of_one_kind.map(of_one_speaker), of_one_kind.map(of_one_speaker))


@quick
@for_all(pairs)
def test_it_is_symmetric_and_nothing_is_like_itself(pair: tuple[Development, Development]) -> None:
    one, other = pair
    assert alike(one, other) == alike(other, one)
    assert not alike(one, one)
    assert alike(one, replace(one, id="again"))


@quick
@for_all(pairs, st.integers(0, 3))
def test_more_places_and_wider_windows_never_make_two_less_alike(
    pair: tuple[Development, Development], place: int
) -> None:
    one, other = pair
    if alike(one, other):
        assert alike(replace(one, at=(*one.at, f"place-{place}")), other)
        assert alike(replace(one, occurred=days(1, 31)), other)
        assert alike(replace(one, occurred=replace(one.occurred, latest=None)), other)


@quick
@for_all(pairs)
def test_sources_and_words_play_no_part(pair: tuple[Development, Development]) -> None:
    one, other = pair
    reworded = replace(one, sources=(), summary="Other words.", part="centre", manner="held")
    assert alike(reworded, other) == alike(one, other)


@quick
@for_all(places(most=12))
def test_a_memory_finds_what_the_rule_says_in_the_order_it_says(view: Any) -> None:
    heard = Heard()
    for number, development in enumerate(view.developments):
        told = heard.find_alike(voiced(development))
        expected = [other for other in view.developments[:number] if alike(development, other)]
        expected.sort(key=lambda other: nearness(development, other))
        assert [other.body for other in told] == expected
        heard.add(voiced(development))


def test_of_very_many_the_nearest_are_looked_at() -> None:
    heard = Heard()
    long = claims("long", "russia", days(1, 31))
    heard.add(voiced(long))
    sought = voiced(claims("sought", "russia", day(5)))
    assert heard.find_alike(sought) == [voiced(long)]
    for number in range(LOOKED_AT):
        heard.add(voiced(claims(f"d{number}", "russia", day(2))))
    assert heard.find_alike(sought) == []


def test_the_nearest_is_the_one_that_starts_nearest_then_ends_nearest_then_by_id() -> None:
    sought = claims("sought", "russia", days(5, 6))
    late = claims("a-late", "russia", days(6, 6))
    long = claims("b-long", "russia", days(5, 20))
    twin, same = claims("d-twin", "russia", days(5, 6)), claims("c-same", "russia", days(5, 6))
    ordered = sorted([late, long, twin, same], key=lambda other: nearness(sought, other))
    assert [each.id for each in ordered] == ["c-same", "d-twin", "b-long", "a-late"]


# Joined already


def test_same_reports_are_joined_in_both_directions_and_through_others() -> None:
    links = [("b", "a"), ("b", "c"), ("d", "c"), ("x", "y")]
    for identifier in "abcd":
        assert find_joined(identifier, links) == set("abcd")
    assert find_joined("x", links) == {"x", "y"}
    assert find_joined("alone", links) == {"alone"}


def test_a_circle_of_links_ends() -> None:
    assert find_joined("a", [("a", "b"), ("b", "c"), ("c", "a")]) == set("abc")
