"""Answers point at a claim, and do something only if there is one."""

from __future__ import annotations

import pytest

from domain.kinds.answers import Answer
from domain.kinds.envelope import Denies, Effect, Removes, Sets
from domain.shares import ALL
from tests.domain.builders import claims, day, develop

CLAIM = claims("c", "russia", day(1))
EFFECTS: dict[str, Effect] = {
    "claim-denied": Denies(control={"russia": ALL}),
    "claim-confirmed": Sets(control={"russia": ALL}),
    "claim-repeated": Sets(control={"russia": ALL}),
    "claim-renounced": Removes(),
}


def answer(kind: str, claim: str = "c") -> Answer:
    built = develop(kind, "a", day(2), by="ukraine", claim=claim)
    assert isinstance(built, Answer)
    return built


@pytest.mark.parametrize(("kind", "effect"), EFFECTS.items())
def test_each_kind_of_answer_has_its_effect(kind: str, effect: Effect) -> None:
    assert answer(kind).answers == "c"
    assert answer(kind).effect(CLAIM) == effect
    assert answer(kind).entry == kind.removeprefix("claim-")


@pytest.mark.parametrize("kind", EFFECTS)
def test_an_answer_to_nothing_or_to_what_is_no_claim_does_nothing(kind: str) -> None:
    assert answer(kind).effect(None) is None
    assert answer(kind).effect(develop("fighting-reported", "c", day(1))) is None


@pytest.mark.parametrize("kind", EFFECTS)
def test_an_answer_cannot_point_at_itself_or_at_what_is_no_id(kind: str) -> None:
    assert list(answer(kind).find_faults()) == []
    assert [fault.code for fault in answer(kind, "a").find_faults()] == ["bad-reference"]
    assert [fault.code for fault in answer(kind, "C 1").find_faults()] == ["bad-id"]
