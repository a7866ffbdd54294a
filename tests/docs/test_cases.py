"""The small ledgers of the concept pages: what a page says follows from one does follow from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest

from domain.errors import Fault
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import fold_ground, judge_claim
from domain.positions import PlaceView, Position
from domain.shares import Share
from domain.states import state_at
from domain.times import END_OF_TIME
from intake.dates import resolve_clock
from intake.entries import Context, read_development
from intake.shares import resolve_share
from intake.yaml_lines import read_yaml
from tests.docs.pages import Fence, fences

CASES = [fence for page in ("positions.md", "outcomes.md") for fence in fences(page) if "case" in fence.words]
VOICES = {"north-army": "north", "south-army": "south"}
ASSESSORS = frozenset({"mapper", "institute"})


def read_given(written: Mapping[str, Any]) -> Development:
    """A development of the cast, in `town`."""
    development, faults = read_development({"at": "town", **written}, Context())
    assert development is not None, faults
    own: list[Fault] = list(development.find_faults())
    assert own == []
    return development


def view_of(case: Mapping[str, Any]) -> PlaceView:
    """All of the case that was not retracted."""
    retracted = case.get("retracted", [])
    every = {body.id: body for body in map(read_given, case["given"]) if body.id not in retracted}
    return PlaceView(
        location="town",
        developments=tuple(every.values()),
        answered=every,
        voices=VOICES,
        assessors=ASSESSORS,
    )


def shares_of(position: Position) -> dict[str, Share]:
    return dict(position.shares)


def resolved(positions: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Share]]:
    """Positions as a page writes them."""
    return {
        voice: {party: resolve_share(share) for party, share in shares.items()}
        for voice, shares in positions.items()
    }


def told(value: Any) -> Any:
    """What follows, as the values of JSON that a page can be compared with."""
    return msgspec.json.decode(msgspec.json.encode(value))


def hold(expected: Any, actual: Any) -> None:
    """Every field that the page names is as it says; a list has no more entries than it names."""
    if isinstance(expected, Mapping):
        for name, value in expected.items():
            hold(value, actual[name])
    elif isinstance(expected, Sequence) and not isinstance(expected, str):
        assert len(actual) == len(expected), actual
        for mine, theirs in zip(expected, actual, strict=True):
            hold(mine, theirs)
    else:
        assert actual == expected


def answer_state(view: PlaceView, before: datetime) -> dict[str, Any]:
    state = state_at(view, before)
    known = told(state)
    known["positions"] = {position.voice: shares_of(position) for position in state.positions}
    known["previous"] = {
        position.voice: shares_of(position.previous)
        for position in state.positions
        if position.previous is not None
    }
    return dict(known)


def answer_claim(view: PlaceView, claim: str, before: datetime) -> dict[str, Any]:
    made = view.answered[claim]
    assert isinstance(made, Claim)
    outcome = told(judge_claim(made, [fold_ground(view, before)], retracted=False))
    return {**outcome, "outcome": outcome["value"]}


@pytest.mark.parametrize("fence", CASES, ids=lambda fence: fence.where)
def test_what_the_page_says_follows(fence: Fence) -> None:
    case = read_yaml(fence.text).value
    view, asked, expected = view_of(case), case["asked"], case["answer"]
    before = resolve_clock(asked["valid_at"])
    assert view.known_by(END_OF_TIME).developments, "nothing is known"
    if "claim" in asked:
        hold(expected, answer_claim(view, asked["claim"], before))
        return
    actual = answer_state(view, before)
    for name in ("positions", "previous"):
        if name in expected:
            assert actual[name] == resolved(expected.pop(name))
    hold(expected, actual)


def test_there_are_cases() -> None:
    assert len(CASES) > 20
