"""What changed in the state of a place, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from api.words import say_apart, say_control, say_when
from domain.comparisons import Aspect, Change
from domain.conditions import Encirclement, ForceCondition, Population, Visit
from domain.positions import Position
from domain.status import Disagreement

ASPECTS: tuple[Aspect, ...] = (
    *("status", "position", "disagreement"),
    *("encirclement", "supply-cut", "presence", "fighting", "visit", "population"),
)
"""What a reader wants to know first comes first."""
CONDITIONS = {"encirclement": "encirclement", "supply-cut": "supply cut", "presence": "presence"}


def say_changes(changes: Iterable[Change]) -> list[str]:
    """A line for each change, less the status itself, which stands beside them."""
    told = [line for change in sorted(changes, key=_place) for line in _say(change)]
    return told or ["as before, on other grounds"]


def _place(change: Change) -> int:
    return ASPECTS.index(change.aspect)


def _say(change: Change) -> Iterator[str]:
    before, now = change.one, change.other
    match change.aspect:
        case "position":
            yield _position(change.key, before, now)
        case "disagreement":
            yield from _disagreement(change.key, before, now)
        case "encirclement" | "supply-cut" | "presence":
            yield _condition(CONDITIONS[change.aspect], before, now)
        case "fighting":
            yield _happening("fighting", before, now, ", ".join(now.voices) if now else "")
        case "visit":
            yield _visit(now)
        case "population":
            yield _population(now)
        case _:
            return


def _position(voice: str, before: Position | None, now: Position | None) -> str:
    if now is None:
        return f"{voice} says nothing of it any more"
    says = f"{voice} says {say_control(now.shares)}"
    if before is None:
        return says + _sure(now)
    if before.shares != now.shares:
        return f"{says}{_sure(now)}; before: {say_control(before.shares)}"
    if before.certain != now.certain:
        return f"{says}, {'now certain' if now.certain else 'no longer certain'}"
    if before.because != now.because:
        return f"{says}, again{_sure(now)}"
    earlier = f"{say_control(now.previous.shares)}{_sure(now.previous)}" if now.previous else "nothing"
    return f"{says}{_sure(now)}; before: {earlier}"


def _sure(position: Position) -> str:
    return "" if position.certain else ", not certain"


def _disagreement(key: str, before: Disagreement | None, now: Disagreement | None) -> Iterator[str]:
    between = key.replace(" / ", " and ")
    if now is None:
        yield f"{between} no longer disagree"
    elif before is None or (before.party, before.gap) != (now.party, now.gap):
        apart = f", {say_apart(now.gap)}" if now.gap else ""
        disagree = "disagree" if before is None else "now disagree"
        yield f"{between} {disagree} about {now.party}{apart}"


def _condition(
    what: str, before: Encirclement | ForceCondition | None, now: Encirclement | ForceCondition | None
) -> str:
    known: Any = now or before
    subject = f"{what} of {known.force}" if known.force else what
    if now is not None and isinstance(now, Encirclement) and now.encircled_by:
        subject += f" by {now.encircled_by}"
    return _happening(subject, before, now, known.voice or "")


def _happening(subject: str, before: object | None, now: object | None, voices: str) -> str:
    if now is None:
        return f"{subject} no longer stands"
    by = f", by {voices}" if voices else ""
    return f"{subject} reported{by}" if before is None else f"{subject} reported again{by}"


def _visit(now: Visit | None) -> str:
    if now is None:
        return "no visit reported any more"
    return f"visit of {now.visitor}, {say_when(now.occurred)}"


def _population(now: Population | None) -> str:
    return "no population reported any more" if now is None else f"population {now.count:,}"
