"""What differs between two states of one place.

The two may differ in any of the three clocks, so the same comparison answers "what changed since", "what
did the world know then" and "what did we say last week of that day". What made them differ is found by
domain/makers.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from domain.states import PlaceState

Aspect = Literal[
    "status",
    "position",
    "disagreement",
    "encirclement",
    "supply-cut",
    "presence",
    "fighting",
    "visit",
    "population",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs. `key` says which: a voice, a pair of voices, a force; empty where there is one.

    `one` and `other` are the values on either side, None where there is none. `because` names the
    developments that only one side rests on, or, when both rest on the same, those.
    """

    aspect: Aspect
    key: str
    one: Any
    other: Any
    because: tuple[str, ...]


def compare_states(one: PlaceState, other: PlaceState) -> tuple[Change, ...]:
    """Everything that differs; empty exactly when the two states are equal."""
    changes = []
    ours, theirs = dict(_parts(one)), dict(_parts(other))
    for aspect, key in dict.fromkeys([*ours, *theirs]):
        mine, yours = ours.get((aspect, key)), theirs.get((aspect, key))
        if mine != yours:
            changes.append(
                Change(aspect=aspect, key=key, one=mine, other=yours, because=_made_by(mine, yours))
            )
    return tuple(changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusPart:
    """The status as a part of a state."""

    status: str
    holder: str | None
    certain: bool
    because: tuple[str, ...]


def _parts(state: PlaceState) -> Iterable[tuple[tuple[Aspect, str], Any]]:
    """A state in parts that can be told apart on both sides."""
    yield (
        ("status", ""),
        StatusPart(status=state.status, holder=state.holder, certain=state.certain, because=state.because),
    )
    for position in state.positions:
        yield ("position", position.voice), position
    for disagreement in state.disagreements:
        yield ("disagreement", " / ".join(disagreement.between)), disagreement
    for encirclement in state.encirclements:
        yield ("encirclement", _key(encirclement)), encirclement
    for cut in state.supply_cuts:
        yield ("supply-cut", _key(cut)), cut
    for presence in state.presences:
        yield ("presence", _key(presence)), presence
    yield ("fighting", ""), state.fighting
    yield ("visit", ""), state.last_visit
    yield ("population", ""), state.population


def _key(condition: Any) -> str:
    return " / ".join((condition.voice or "nobody", condition.mode, condition.force or "unnamed"))


def _made_by(one: Any, other: Any) -> tuple[str, ...]:
    mine = one.because if one is not None else ()
    yours = other.because if other is not None else ()
    differing = [reason for reason in (*mine, *yours) if (reason in mine) != (reason in yours)]
    return tuple(dict.fromkeys(differing or (*mine, *yours)))
