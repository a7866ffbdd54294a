"""Comparisons: what differs between two states, and why each development counts on one side only."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.comparisons import Change, Reason, Standpoint, compare_states, explain
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.shares import PART
from domain.states import PlaceState, state_at
from tests.builders import claim, day, denial, development

CLAIM = claim(occurred="2025-11-10", reported="2025-11-12")
DENIAL = denial(occurred="2025-11-11", reported="2025-11-11")


def standpoint(
    *held: Development,
    valid: str = "2025-12-31",
    known: str = "2025-12-31",
    retracted: frozenset[str] = frozenset(),
) -> Standpoint:
    bounds = [day(text).ends for text in (valid, known)]
    return Standpoint(
        valid_before=bounds[0],
        known_before=bounds[1],
        held={each.id: each for each in held},
        retracted=retracted,
    )


def state(told: Standpoint) -> PlaceState:
    view = PlaceView(location="kupiansk", developments=tuple(told.held.values()), answered=told.held)
    return state_at(view.known_by(told.known_before), told.valid_before)


def differences(
    one: Standpoint, other: Standpoint
) -> tuple[dict[tuple[str, str], Change], dict[str, Reason]]:
    changes = compare_states(state(one), state(other))
    reasons = explain(changes, one, other)
    return (
        {(change.aspect, change.key): change for change in changes},
        {reason.development: reason.reason for reason in reasons},
    )


def test_equal_states_do_not_differ() -> None:
    assert differences(standpoint(CLAIM, DENIAL), standpoint(CLAIM, DENIAL)) == ({}, {})


def test_what_was_recorded_since_is_named_in_every_part_that_it_changed() -> None:
    changes, reasons = differences(standpoint(CLAIM), standpoint(CLAIM, DENIAL))
    assert set(changes) == {("status", ""), ("position", "ukraine"), ("disagreement", "russia / ukraine")}
    assert changes["status", ""].one.status == "held"
    assert changes["status", ""].other.status == "disputed"
    assert changes["position", "ukraine"].one is None
    assert all(DENIAL.id in change.because for change in changes.values())
    assert reasons[DENIAL.id] == "recorded"


def test_the_other_way_round_it_was_not_recorded() -> None:
    _, reasons = differences(standpoint(CLAIM, DENIAL), standpoint(CLAIM))
    assert reasons[DENIAL.id] == "not-recorded"


def test_a_correction_is_told_from_what_is_new() -> None:
    corrected = replace(CLAIM, share=PART)
    changes, reasons = differences(standpoint(CLAIM), standpoint(corrected))
    assert changes["position", "russia"].one.shares != changes["position", "russia"].other.shares
    assert reasons == {CLAIM.id: "corrected"}


def test_a_retraction_is_told_from_what_was_not_recorded() -> None:
    _, reasons = differences(standpoint(CLAIM), standpoint(retracted=frozenset({CLAIM.id})))
    assert reasons == {CLAIM.id: "retracted"}


def test_what_became_public_and_what_took_effect_are_told_apart() -> None:
    held = (CLAIM, DENIAL)
    _, reasons = differences(standpoint(*held, known="2025-11-11"), standpoint(*held, known="2025-11-12"))
    assert reasons[CLAIM.id] == "became-public"
    _, reasons = differences(standpoint(*held, valid="2025-11-09"), standpoint(*held, valid="2025-11-10"))
    assert reasons == {CLAIM.id: "took-effect"}
    _, reasons = differences(standpoint(*held, valid="2025-11-10"), standpoint(*held, valid="2025-11-09"))
    assert reasons == {CLAIM.id: "not-in-effect"}


def test_a_window_that_ended_makes_a_position_certain() -> None:
    wide = claim(occurred=day("2025-11-10", latest="2025-11-20"), reported="2025-11-12")
    changes, reasons = differences(standpoint(wide, valid="2025-11-15"), standpoint(wide, valid="2025-11-25"))
    assert set(changes) == {("status", ""), ("position", "russia")}
    assert reasons == {wide.id: "window"}


def test_happenings_differ_by_voice_mode_and_force() -> None:
    circle = development("encirclement-reported", "circle", by="ukraine", force="russia")
    visit = development("visit-reported", "visit", by="ukraine", visitor="somebody")
    changes, _ = differences(standpoint(), standpoint(circle, visit))
    assert set(changes) == {("encirclement", "ukraine / direct / russia"), ("visit", "")}
    assert isinstance(changes["visit", ""].other.occurred.earliest, datetime)
