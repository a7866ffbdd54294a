"""Comparisons: what differs between two states, part by part."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from hypothesis import given as for_all

from domain.comparisons import Change
from domain.shares import PART
from domain.standpoints import Standpoint
from tests.domain.builders import claims, day, days, denies, develop, encircled, end_of
from tests.domain.sides import changes_between, side, sides, state_of
from tests.domain.strategies import on_ledgers

CLAIM = claims("claim", "russia", day(5))
DENIAL = denies("denial", "ukraine", day(6), "claim")


def differences(one: Standpoint, other: Standpoint) -> dict[tuple[str, str], Change]:
    return {(change.aspect, change.key): change for change in changes_between(one, other)}


def test_equal_states_do_not_differ() -> None:
    assert differences(side(CLAIM, DENIAL), side(DENIAL, CLAIM)) == {}


def test_each_part_that_differs_is_told_with_both_values() -> None:
    changes = differences(side(CLAIM), side(CLAIM, DENIAL))
    assert set(changes) == {("status", ""), ("position", "ukraine"), ("disagreement", "russia / ukraine")}
    assert changes["status", ""].one.status == "held"
    assert changes["status", ""].other.status == "disputed"
    assert changes["position", "ukraine"].one is None
    assert all(DENIAL.id in change.because for change in changes.values())


def test_other_shares_of_the_same_development_differ() -> None:
    changes = differences(side(CLAIM), side(replace(CLAIM, share=PART)))
    assert changes["position", "russia"].one.shares != changes["position", "russia"].other.shares
    assert changes["position", "russia"].because == (CLAIM.id,)


def test_a_position_that_becomes_certain_differs() -> None:
    wide = claims("wide", "russia", days(5, 10))
    assert set(differences(side(wide, valid=end_of(7)), side(wide))) == {
        ("status", ""),
        ("position", "russia"),
    }


def test_happenings_differ_by_voice_mode_and_force() -> None:
    circle = encircled("circle", "ukraine", day(5))
    visit = develop("visit-reported", "visit", day(5), by="ukraine", visitor="somebody")
    changes = differences(side(), side(circle, visit))
    assert set(changes) == {("encirclement", "ukraine / direct / russia"), ("visit", "")}
    assert isinstance(changes["visit", ""].other.occurred.earliest, datetime)


@on_ledgers
@for_all(sides())
def test_no_change_is_told_exactly_when_the_states_are_equal(pair: tuple[Standpoint, Standpoint]) -> None:
    one, other = pair
    assert (changes_between(one, other) == ()) == (state_of(one) == state_of(other))
