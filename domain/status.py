"""Disagreement and status: what follows from the positions of all voices (docs/positions.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from domain.positions import Position, Trace, effect_order
from domain.shares import ALL, Control, find_clash, intersect_controls
from domain.times import END_OF_TIME

Status = Literal["unknown", "held", "divided", "disputed", "unclear"]
STATUSES: tuple[Status, ...] = ("unknown", "held", "divided", "disputed", "unclear")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The development with which a voice came to say what it says, and the instant of its effect."""

    voice: str
    development: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Two voices whose intervals for `party` do not meet.

    `gap` is the distance between the intervals, in shares of the place (0.0 when they only touch);
    `since` is the instant from which the two have disagreed without a break; `moved_last` is the later one
    of the moves that brought the two to what they say.
    """

    between: tuple[str, str]
    party: str
    gap: float
    since: datetime
    moved_last: Move
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows from all positions. `holder` is set only for `held`."""

    status: Status
    holder: str | None
    certain: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What follows from what is said alone, whoever says it and however surely.

    `rests_on` are the indexes of the controls that it rests on, `disagreements` is the number of pairs that
    disagree.
    """

    status: Status
    holder: str | None
    rests_on: tuple[int, ...]
    disagreements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A verdict without its reasons, for a map: how many pairs of voices disagree stands in their place."""

    status: Status
    holder: str | None
    certain: bool
    disagreements: int


NOTHING_SAID = Outline(status="unknown", holder=None, certain=True, disagreements=0)


def positions_at(traces: Mapping[str, Trace], before: datetime) -> list[Position]:
    """The position of every voice that says something under the bound, by voice."""
    return [position for trace in traces.values() if (position := trace.at(before)) is not None]


def rule_on(controls: Sequence[Control]) -> Ruling:
    """The status that follows from what the voices say: a dispute from those that disagree, everything else
    from all of them.
    """
    pairs = combinations(range(len(controls)), 2)
    clashing = [pair for pair in pairs if find_clash(controls[pair[0]], controls[pair[1]])]
    everybody = tuple(range(len(controls)))
    if clashing:
        rests_on = tuple(dict.fromkeys(index for pair in clashing for index in pair))
        return Ruling(status="disputed", holder=None, rests_on=rests_on, disagreements=len(clashing))
    if not controls:
        return Ruling(status="unknown", holder=None, rests_on=(), disagreements=0)
    together = intersect_controls(controls) or {}
    for party, share in together.items():
        if share == ALL:
            return Ruling(status="held", holder=party, rests_on=everybody, disagreements=0)
    strictly_between = (
        (share.min > 0 or share.min_open) and (share.max < 1 or share.max_open) for share in together.values()
    )
    status: Status = "divided" if any(strictly_between) else "unclear"
    return Ruling(status=status, holder=None, rests_on=everybody, disagreements=0)


def decide_status(positions: Sequence[Position]) -> Verdict:
    """The status that follows from the positions, and the developments it rests on."""
    ruling = rule_on([position.shares for position in positions])
    resting = [positions[index] for index in ruling.rests_on]
    return Verdict(
        status=ruling.status,
        holder=ruling.holder,
        certain=all(position.certain for position in resting),
        because=join_reasons(resting),
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
                    moved_last=find_last_move(one, other, before),
                    because=join_reasons((mine, theirs)),
                )
            )
    return found


def _disagreed_since(one: Trace, other: Trace, before: datetime) -> datetime:
    """Walks back over what the two said, for as long as they disagreed."""
    since = before
    silence = END_OF_TIME, None  # what is said before a first word never clashes
    mine_back, theirs_back = one.controls_back(before), other.controls_back(before)
    (mine_from, mine), (theirs_from, theirs) = next(mine_back, silence), next(theirs_back, silence)
    while mine is not None and theirs is not None and find_clash(mine, theirs) is not None:
        since = max(mine_from, theirs_from)
        goes_back = mine_from == since, theirs_from == since
        if goes_back[0]:
            mine_from, mine = next(mine_back, silence)
        if goes_back[1]:
            theirs_from, theirs = next(theirs_back, silence)
    return since


def find_last_move(one: Trace, other: Trace, before: datetime) -> Move:
    """The later of the moves that brought two voices to what they say. Of two in one instant, an answer comes
    after what is no answer; the order of their effect decides the rest.
    """
    moves = [(trace.voice, trace.move(before)) for trace in (one, other)]
    voice, standing = max(
        ((voice, standing) for voice, standing in moves if standing is not None),
        key=lambda move: (
            move[1].starts,
            move[1].setter.answers is not None,
            effect_order(move[1].setter),
        ),
    )
    return Move(voice=voice, development=standing.setter.id, since=standing.starts)


def join_reasons(positions: Sequence[Position]) -> tuple[str, ...]:
    """The developments that positions follow from: each once, in the order of the positions."""
    return tuple(dict.fromkeys(reason for position in positions for reason in position.because))
