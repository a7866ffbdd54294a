"""The state of a place at the clocks asked for, and its history over valid time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from domain.conditions import (
    Encirclement,
    Fighting,
    ForceCondition,
    Population,
    Visit,
    find_last_visit,
    find_population,
    list_encirclements,
    list_force_conditions,
    standing_conditions,
    sum_up_fighting,
)
from domain.positions import PlaceView, Position, Trace, trace_positions
from domain.shares import Share, find_clash
from domain.status import (
    Disagreement,
    Status,
    Verdict,
    decide_status,
    find_disagreements,
    positions_at,
)
from domain.times import before_instant

Moves = dict[datetime, Position | None]
"""What a voice says from each instant on at which that may change, in order."""
Pair = tuple[str, str]
"""Two voices, in the order of their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceState:
    """All that follows for one place, with the developments that each part rests on."""

    status: Status
    holder: str | None
    certain: bool
    positions: tuple[Position, ...]
    disagreements: tuple[Disagreement, ...]
    encirclements: tuple[Encirclement, ...]
    supply_cuts: tuple[ForceCondition, ...]
    presences: tuple[ForceCondition, ...]
    fighting: Fighting | None
    last_visit: Visit | None
    population: Population | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSpell:
    """The status from `start` until `end`; None while it lasts."""

    start: datetime
    end: datetime | None
    value: Status
    holder: str | None
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionSpell:
    """What a voice says from `start` until `end`; `shares` is empty while it says nothing."""

    start: datetime
    end: datetime | None
    shares: dict[str, Share]
    certain: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementSpell:
    """Two voices disagree from `start` until `end` without a break; None while they do."""

    start: datetime
    end: datetime | None
    between: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceHistory:
    """The spells of the status and of every voice's position, without gaps or overlaps, and those of every
    pair of voices that ever disagrees, by their start.
    """

    status: tuple[StatusSpell, ...]
    voices: dict[str, tuple[PositionSpell, ...]]
    disagreements: tuple[DisagreementSpell, ...]


def restrict_voices(traces: Mapping[str, Trace], voices: Collection[str] | None) -> Mapping[str, Trace]:
    """The traces of the voices asked for; all of them for None."""
    return traces if voices is None else {voice: trace for voice, trace in traces.items() if voice in voices}


def state_at(
    view: PlaceView,
    before: datetime,
    voices: Collection[str] | None = None,
    *,
    traces: Mapping[str, Trace] | None = None,
) -> PlaceState:
    """The state of the place under the bound, from the positions of the voices asked for.

    `traces` has what the voices said up to there, if they were traced already.
    """
    traces = restrict_voices(trace_positions(view, before) if traces is None else traces, voices)
    positions = positions_at(traces, before)
    verdict = decide_status(positions)
    conditions = standing_conditions(view, before)
    return PlaceState(
        status=verdict.status,
        holder=verdict.holder,
        certain=verdict.certain,
        positions=tuple(positions),
        disagreements=tuple(find_disagreements(traces, before)),
        encirclements=tuple(list_encirclements(conditions)),
        supply_cuts=tuple(list_force_conditions("supply-cut", conditions)),
        presences=tuple(list_force_conditions("presence", conditions)),
        fighting=sum_up_fighting(conditions),
        last_visit=find_last_visit(view, before),
        population=find_population(view, before),
        because=verdict.because,
    )


def verdict_at(view: PlaceView, before: datetime, voices: Collection[str] | None = None) -> Verdict:
    """The status alone, for lists and maps."""
    return decide_status(positions_at(restrict_voices(trace_positions(view, before), voices), before))


def next_change(view: PlaceView, before: datetime) -> datetime | None:
    """The first instant at or after the bound at which anything may change by itself, or None.

    Windows that are still open, or have not begun, change the answer as time goes on.
    """
    instants = (
        instant
        for development in view.developments
        for when in (development.occurred, development.reported)
        for instant in (when.earliest, when.latest, when.sure_from, when.sure_until)
        if instant is not None and instant >= before
    )
    return min(instants, default=None)


def trace_history(view: PlaceView, before: datetime, voices: Collection[str] | None = None) -> PlaceHistory:
    """The history up to the bound. A spell's certain part begins with the end of its window."""
    traces = restrict_voices(trace_positions(view, before), voices)
    moves = {voice: _moves_until(before, trace) for voice, trace in traces.items()}
    rulings = [*_rule_over_time(moves)]
    return PlaceHistory(
        status=_merge_status(status for status, _ in rulings),
        voices={voice: _position_spells(said) for voice, said in moves.items()},
        disagreements=_disagreement_spells(rulings),
    )


def _moves_until(before: datetime, trace: Trace) -> Moves:
    """What the voice says from each instant on at which that may change."""
    instants = (instant for instant in trace.boundaries() if instant < before)
    return {instant: trace.at(before_instant(instant)) for instant in instants}


def _spans(instants: Sequence[datetime]) -> Iterable[tuple[datetime, datetime | None]]:
    return zip_longest(instants, instants[1:])


def _position_spells(moves: Moves) -> tuple[PositionSpell, ...]:
    spells: list[PositionSpell] = []
    for start, end in _spans([*moves]):
        position = moves[start]
        shares = position.shares if position is not None else {}
        certain = position.certain if position is not None else True
        because = position.because if position is not None else ()
        if spells and (spells[-1].shares, spells[-1].certain, spells[-1].because) == (
            shares,
            certain,
            because,
        ):
            start = spells.pop().start
        spells.append(PositionSpell(start=start, end=end, shares=shares, certain=certain, because=because))
    return tuple(spells)


def _rule_over_time(moves: Mapping[str, Moves]) -> Iterable[tuple[StatusSpell, frozenset[Pair]]]:
    """The status from each instant on at which any voice moves, and the pairs that disagree.

    Few voices move at one instant, so only the pairs that they are part of are compared again.
    """
    moving: dict[datetime, list[str]] = {}
    for voice, instants in moves.items():
        for instant in instants:
            moving.setdefault(instant, []).append(voice)
    said: dict[str, Position] = {}
    clashing: set[Pair] = set()
    for start, end in _spans(sorted(moving)):
        for voice in moving[start]:
            said.pop(voice, None)
            clashing = {pair for pair in clashing if voice not in pair}
            if (position := moves[voice][start]) is not None:
                others = (other for other in said if find_clash(position.shares, said[other].shares))
                clashing |= {(min(voice, other), max(voice, other)) for other in others}
                said[voice] = position
        if clashing:
            certain = all(said[voice].certain for pair in clashing for voice in pair)
            spell = StatusSpell(start=start, end=end, value="disputed", holder=None, certain=certain)
        else:
            verdict = decide_status([*said.values()])
            spell = StatusSpell(
                start=start, end=end, value=verdict.status, holder=verdict.holder, certain=verdict.certain
            )
        yield spell, frozenset(clashing)


def _disagreement_spells(
    rulings: Iterable[tuple[StatusSpell, frozenset[Pair]]],
) -> tuple[DisagreementSpell, ...]:
    """For how long each pair disagrees without a break."""
    since: dict[Pair, datetime] = {}
    spells: list[DisagreementSpell] = []
    for status, clashing in rulings:
        over = since.keys() - clashing
        spells += [DisagreementSpell(start=since.pop(pair), end=status.start, between=pair) for pair in over]
        for pair in clashing - since.keys():
            since[pair] = status.start
    spells += (DisagreementSpell(start=start, end=None, between=pair) for pair, start in since.items())
    return tuple(sorted(spells, key=lambda spell: (spell.start, spell.between)))


def _merge_status(spells: Iterable[StatusSpell]) -> tuple[StatusSpell, ...]:
    merged: list[StatusSpell] = []
    for spell in spells:
        if merged and (merged[-1].value, merged[-1].holder, merged[-1].certain) == (
            spell.value,
            spell.holder,
            spell.certain,
        ):
            start = merged.pop().start
            spell = StatusSpell(
                start=start, end=spell.end, value=spell.value, holder=spell.holder, certain=spell.certain
            )
        merged.append(spell)
    return tuple(merged)
