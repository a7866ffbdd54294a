"""Which developments made a change: what either answer rests on that does not stand alike on both sides.

What an answer rests on is more than what it names. A voice says nothing any more because of a development
that took its word back; an encirclement is over because of one that lifted it; a denial says what it says
because of what its voice held before, and of the claim it answers. Of all this, a development that does not
stand alike on both sides is a maker when the answer would be another if it stood as on the one side. Where
each of several would have been enough, all of them are
(docs/decisions/0023-what-makes-a-change.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain.comparisons import Change
from domain.positions import PlaceView, Position, Trace, trace_positions
from domain.standpoints import Depth, Standpoint, differs, phase_of
from domain.status import Verdict, decide_status, find_disagreements, positions_at
from domain.supports import Side, as_it_stood, find_lifts

Tells = Callable[[dict[str, Trace]], object]
"""What follows, in the part that changed, from what voices say on the other side."""


class Makers:
    """Finds what made each change between two sides, restricted to some voices if any are named."""

    def __init__(self, one: Standpoint, other: Standpoint, voices: Collection[str] | None = None) -> None:
        self._one, self._other = (Side(standpoint=side, voices=voices) for side in (one, other))
        self._sides = (self._one, self._other)
        self._bounds = one.valid_before, other.valid_before
        self._voices = sorted({*self._one.traces, *self._other.traces})

    def of(self, change: Change) -> tuple[str, ...]:
        """The makers of a change, by id."""
        found: Iterable[str]
        match change.aspect:
            case "status":
                found = self._of_status(change)
            case "position":
                found = self._of_position(change)
            case "disagreement":
                found = self._of_disagreement(change)
            case "visit" | "population":
                names = (*_reasons(change.one), *_reasons(change.other))
                found = (name for name in names if self._differs(name, "begun", voiced=False))
            case _:
                found = self._of_condition(change)
        return tuple(sorted(set(found)))

    def _differs(self, name: str, depth: Depth, *, voiced: bool = True) -> bool:
        return differs(name, self._one.standpoint, self._other.standpoint, depth=depth, voiced=voiced)

    def _of_status(self, change: Change) -> list[str]:
        """What moved those voices without whose move the status would be another."""
        before = self._bounds[1]
        moved = [voice for voice in self._voices if self._one.position(voice) != self._other.position(voice)]
        now = positions_at(self._other.traces, before)
        verdict = decide_status(now)

        def matters(voice: str) -> bool:
            others = [position for position in now if position.voice != voice]
            return _decide([*others, self._one.position(voice)]) != verdict

        def tells(traces: dict[str, Trace]) -> object:
            return _decide(positions_at(traces, before))

        mattering = [voice for voice in moved if matters(voice)] or moved
        suspects = self._suspects(mattering, [self._bounds], "certainty")
        return self._needed(change, suspects, self._voices, "certainty", tells)

    def _of_position(self, change: Change) -> list[str]:
        voice = change.key

        def tells(traces: dict[str, Trace]) -> object:
            return traces[voice].at(self._bounds[1]) if voice in traces else None

        suspects = self._suspects([voice], [self._bounds], "certainty")
        return self._needed(change, suspects, [voice], "certainty", tells)

    def _of_disagreement(self, change: Change) -> list[str]:
        """What moved either voice; and, where they disagree or say the same for longer, what came before."""

        def tells(traces: dict[str, Trace]) -> object:
            return find_disagreements(traces, self._bounds[1])

        one, other = change.one, change.other
        pair = (other or one).between
        moments = [self._bounds]
        if one is not None and other is not None:
            for mine, yours in ((one.since, other.since), (one.moved_last.since, other.moved_last.since)):
                if mine != yours:
                    moments.append((max(mine, yours), max(mine, yours)))
        return self._needed(change, self._suspects(pair, moments, "lapse"), pair, "lapse", tells)

    def _suspects(
        self, voices: Collection[str], moments: Sequence[tuple[datetime, datetime]], depth: Depth
    ) -> list[str]:
        """What the voices' words rest on, under bounds for each side, that does not stand alike on both."""
        for deep in (False, True):
            rests_on = [
                name
                for bounds in moments
                for side, bound in zip(self._sides, bounds, strict=True)
                for voice in voices
                for name in side.support(voice, bound, deep=deep)
            ]
            if suspects := [*self._stirred(rests_on, depth)]:
                return suspects
        return [*self._stirred(self._spoken(voices), depth)]

    def _stirred(self, names: Iterable[str], depth: Depth) -> Iterator[str]:
        """Those that do not stand alike on both sides, or else the claim they answer, if that does not."""
        for name in dict.fromkeys(names):
            if self._differs(name, depth):
                yield name
                continue
            for claim in {body.answers for side in self._sides if (body := side.standpoint.held.get(name))}:
                if claim is not None and self._one.claimed(claim) != self._other.claimed(claim):
                    yield claim

    def _spoken(self, voices: Collection[str]) -> Iterator[str]:
        """Everything that the voices said on either side."""
        for side in self._sides:
            yield from (each.id for each in side.view.developments if side.view.voice_of(each) in voices)

    def _needed(
        self, change: Change, suspects: list[str], voices: Collection[str], depth: Depth, tells: Tells
    ) -> list[str]:
        """The suspects without which the other answer would be another; all, where any would be enough."""
        view = self._other.view
        said = tuple(each for each in view.developments if view.voice_of(each) in voices)
        heard = replace(view, developments=said)

        def told(view: PlaceView) -> object:
            traces = trace_positions(view, self._bounds[1])
            return tells({voice: traces[voice] for voice in voices if voice in traces})

        named = [
            {name for voice in voices for name in side.named(voice, bound)}
            for side, bound in zip(self._sides, self._bounds, strict=True)
        ]
        now = told(heard)
        needed = [
            name
            for name in suspects
            if self._is_new(name, change)
            or self._passed(name, named, depth)
            or told(as_it_stood(name, heard, self._one.standpoint)) != now
        ]
        return needed or suspects

    def _is_new(self, name: str, change: Change) -> bool:
        """Whether the other answer names what does not count on the one side: no need to try that."""
        return name in _reasons(change.other) and not self._one.standpoint.counts(name)

    def _passed(self, name: str, named: Sequence[Collection[str]], depth: Depth) -> bool:
        """Whether it is time itself that turned an answer which names it: it is not in effect any more on the
        other side, or both answers name it and its window passed.
        """
        one, other = (side.standpoint for side in self._sides)
        if not one.counts(name):
            return False
        if not other.counts(name):
            return name in named[0] and not one.held[name].occurred.began(other.valid_before)
        before, after = self._bounds
        return all(name in names for names in named) and any(
            phase_of(body, before, depth) != phase_of(body, after, depth)
            for body in (one.held[name], other.held[name])
        )

    def _of_condition(self, change: Change) -> Iterator[str]:
        """The reports that stand on one side only, or otherwise; else what lifted them there."""
        ours, theirs = _reasons(change.one), _reasons(change.other)
        for name in dict.fromkeys((*ours, *theirs)):
            if self._differs(name, "lapse"):
                yield name
            elif (name in ours) != (name in theirs):
                lifted_on = self._one if name in theirs else self._other
                yield from (lift for lift in find_lifts(lifted_on, name) if self._differs(lift, "lapse"))


def _reasons(value: Any) -> tuple[str, ...]:
    reasons: tuple[str, ...] = value.because if value is not None else ()
    return reasons


def _decide(positions: Iterable[Position | None]) -> Verdict:
    """The status that follows, whatever order the positions are in."""
    return decide_status(
        sorted((each for each in positions if each is not None), key=lambda each: each.voice)
    )
