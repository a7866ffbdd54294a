"""Disagreement and status: what follows from the positions of all voices (docs/positions.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from domain.positions import Position, Trace
from domain.shares import ALL, find_clash, intersect_controls
from domain.times import before_instant

Status = Literal["unknown", "held", "divided", "disputed", "unclear"]
STATUSES: tuple[Status, ...] = ("unknown", "held", "divided", "disputed", "unclear")


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two voices whose intervals for `party` do not meet.

    `gap` is the distance between the intervals, in shares of the place (0.0 when they only touch);
    `since` is the instant from which the two have disagreed without a break.
    """

    between: tuple[str, str]
    party: str
    gap: float
    since: datetime
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from all positions. `holder` is set only for `held`."""

    status: Status
    holder: str | None
    certain: bool
    because: tuple[str, ...]


def positions_at(traces: Mapping[str, Trace], before: datetime) -> list[Position]:
    """The position of every voice that says something under the bound, by voice."""
    return [position for trace in traces.values() if (position := trace.at(before)) is not None]


def decide_status(positions: Sequence[Position]) -> Verdict:
    """The status that follows from the positions, and the developments it rests on.

    A dispute rests on the positions that disagree, everything else on all of them.
    """
    clashing = [
        position
        for pair in combinations(positions, 2)
        if find_clash(pair[0].shares, pair[1].shares)
        for position in pair
    ]
    if clashing:
        return _verdict("disputed", clashing)
    if not positions:
        return _verdict("unknown", ())
    together = intersect_controls([position.shares for position in positions]) or {}
    for party, share in together.items():
        if share == ALL:
            return _verdict("held", positions, holder=party)
    strictly_between = (
        (share.min > 0 or share.min_open) and (share.max < 1 or share.max_open) for share in together.values()
    )
    return _verdict("divided" if any(strictly_between) else "unclear", positions)


def _verdict(status: Status, positions: Sequence[Position], holder: str | None = None) -> Verdict:
    return Verdict(
        status=status,
        holder=holder,
        certain=all(position.certain for position in positions),
        because=join_reasons(positions),
    )


def find_disagreements(traces: Mapping[str, Trace], before: datetime) -> list[Disagreement]:
    """Every pair of voices that disagrees under the bound, and since when."""
    found = []
    for one, other in combinations(traces.values(), 2):
        mine, theirs = one.at(before), other.at(before)
        if mine is None or theirs is None:
            continue
        clash = find_clash(mine.shares, theirs.shares)
        if clash is not None:
            found.append(
                Disagreement(
                    between=(one.voice, other.voice),
                    party=clash.party,
                    gap=clash.gap,
                    since=_disagreed_since(one, other, before),
                    because=join_reasons((mine, theirs)),
                )
            )
    return found


def _disagreed_since(one: Trace, other: Trace, before: datetime) -> datetime:
    """Walks back over the instants at which either moved, for as long as they disagreed."""
    moves = sorted({*one.boundaries(), *other.boundaries()}, reverse=True)
    since = before
    for instant in (move for move in moves if move < before):
        bound = before_instant(instant)
        mine, theirs = one.control_at(bound), other.control_at(bound)
        if mine is None or theirs is None or find_clash(mine, theirs) is None:
            break
        since = instant
    return since


def join_reasons(positions: Sequence[Position]) -> tuple[str, ...]:
    """The developments that positions follow from: each once, in the order of the positions."""
    return tuple(dict.fromkeys(reason for position in positions for reason in position.because))
