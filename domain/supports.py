"""What an answer on one side of a comparison rests on, whether it names it or not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from domain.kinds.claims import Claim
from domain.kinds.envelope import Denies, Development
from domain.positions import PlaceView, Position, Trace, effect_order, trace_positions
from domain.standpoints import Standpoint
from domain.states import restrict_voices


@dataclass(frozen=True, kw_only=True)
class Side:
    """A standpoint with what each voice says there."""

    standpoint: Standpoint
    voices: Collection[str] | None

    @cached_property
    def view(self) -> PlaceView:
        """All that counts for the place."""
        return self.standpoint.view()

    @cached_property
    def traces(self) -> Mapping[str, Trace]:
        """What the voices asked for said."""
        return restrict_voices(trace_positions(self.view, self.standpoint.valid_before), self.voices)

    def position(self, voice: str, before: datetime | None = None) -> Position | None:
        """What a voice says under a bound, by default that of the side."""
        trace = self.traces.get(voice)
        return trace.at(before or self.standpoint.valid_before) if trace is not None else None

    def named(self, voice: str, before: datetime) -> tuple[str, ...]:
        """What a voice's position under a bound names, or what took it away."""
        trace = self.traces.get(voice)
        standing = trace.standing(before) if trace is not None else None
        return (*standing.because, standing.setter.id) if standing is not None else ()

    def support(self, voice: str, before: datetime, *, deep: bool) -> dict[str, None]:
        """What a voice's position under a bound rests on, whether it names it or not.

        What a denial leaves depends on what its voice held before, and so on; `deep` follows that back.
        """
        trace = self.traces.get(voice)
        found: dict[str, None] = {}
        standings = [each for each in trace.standings if each.starts < before] if trace else []
        for standing in reversed(standings):
            found |= dict.fromkeys((*standing.because, standing.setter.id))
            if standing.previous is not None:
                found |= dict.fromkeys((*standing.previous.because, standing.previous.setter.id))
            if not deep or not isinstance(standing.setter.effect(self.answered(standing.setter)), Denies):
                break
        return found

    def answered(self, development: Development) -> Development | None:
        """The claim that a development answers, as the ledger held it."""
        return self.standpoint.held.get(development.answers) if development.answers else None

    def claimed(self, name: str) -> object:
        """What a claim says to those who answer it."""
        body = self.standpoint.held.get(name)
        return body.control if isinstance(body, Claim) else None


def as_it_stood(name: str, view: PlaceView, beside: Standpoint) -> PlaceView:
    """The view as it would be if one development stood there as it does on the side beside."""
    body = beside.held.get(name)
    kept = [each for each in view.developments if each.id != name]
    answered = {id: each for id, each in view.answered.items() if id != name}
    voices = dict(view.voices)
    if body is not None:
        answered[name] = body
    if body is not None and beside.counts(name, view.location):
        voice = beside.voice_of(body)
        if voice is not None and voice != view.voice_of(body):
            # Its actor speaks otherwise here, so that somebody who is nobody else speaks instead.
            somebody = f":{voice}"
            body, voices[somebody] = replace(body, by=somebody), voice
        kept.append(body)
    return replace(view, developments=tuple(kept), answered=answered, voices=voices)


def find_lifts(side: Side, name: str) -> Iterator[str]:
    """What lifted a condition on a side after it was reported."""
    report, view = side.standpoint.held[name], side.view
    force = getattr(report, "force", None)
    for each in view.in_effect_order(side.standpoint.valid_before):
        if (
            each.lifts is not None
            and each.lifts == report.condition
            and view.voice_of(each) == view.voice_of(report)
            and getattr(each, "force", None) in (None, force)
            and effect_order(each) > effect_order(report)
        ):
            yield each.id
