"""The state of a place while one of its clocks runs: each turn works out anew only what it bears on.

Every part of a state follows from a part of the developments: a voice's position from what that voice said,
a condition from the reports of it. A development that begins, ends or becomes public leaves the other
parts as they are. What comes out is what `domain.states.state_at` answers, and the tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import combinations
from typing import Any, Literal

from domain.conditions import (
    find_last_visit,
    find_population,
    list_encirclements,
    list_force_conditions,
    standing_conditions,
    sum_up_fighting,
)
from domain.kinds.envelope import Development
from domain.kinds.happenings import PopulationReported, VisitReported
from domain.positions import PlaceView, Position, Trace, trace_positions
from domain.states import PlaceState, state_at
from domain.status import Disagreement, decide_status, find_disagreements, find_last_move
from domain.times import instant_of

Part = tuple[Literal["voice", "condition", "visit", "population"], str]
"""A part of a state: what one voice says, one condition, the last visit, the population."""


def moves_a_state(development: Development) -> bool:
    """Whether any state can follow from it; a statement or a strike, for one, is only on the timeline."""
    return any(True for _ in _parts_of(development, development.by))


def _parts_of(development: Development, voice: str | None) -> Iterator[Part]:
    """The parts that follow from a development."""
    if voice is not None and development.moves_positions:
        yield "voice", voice
    condition = development.condition or development.lifts
    if condition is not None:
        yield "condition", condition
    if isinstance(development, VisitReported):
        yield "visit", ""
    if isinstance(development, PopulationReported):
        yield "population", ""


class MovingState:
    """The state of a place as one clock runs. `state` is the state now.

    Along the valid clock (`pass_to`) the developments stay the same, so every voice is traced once, up to
    `horizon`. Along the others (`exchange`) the bound stays, and only the voices that are touched are traced
    again.
    """

    def __init__(self, view: PlaceView, before: datetime, horizon: datetime) -> None:
        self.state = state_at(view, before)
        self._before = before
        self._horizon = horizon
        self._answered = dict(view.answered)
        self._view = replace(view, answered=self._answered)
        self._parts: dict[Part, dict[str, Development]] = {}
        for development in view.developments:
            self._file(development)
        self._traces = trace_positions(self._view, horizon)

    def pass_to(self, before: datetime, turning: Iterable[Development]) -> PlaceState:
        """The state under a later bound, at which these developments begin, end or become sure."""
        self._before = before
        return self._renew({part for each in turning for part in self._parts_of(each)}, traced_anew=False)

    def exchange(
        self,
        leaving: Collection[Development],
        arriving: Collection[Development],
        answered: Mapping[str, Development | None] | None = None,
    ) -> PlaceState:
        """The state without some developments and with others, `answered` claims being otherwise or gone."""
        touched = {part for each in (*leaving, *arriving) for part in self._parts_of(each)}
        for each in leaving:
            for part in self._parts_of(each):
                del self._parts[part][each.id]
        for each in arriving:
            self._file(each)
        for claim, body in (answered or {}).items():
            if body is None:
                self._answered.pop(claim, None)
            else:
                self._answered[claim] = body
            touched.update(self._answering(claim))
        for sort, voice in touched:
            if sort == "voice":
                self._retrace(voice)
        return self._renew(touched, traced_anew=True)

    def _parts_of(self, development: Development) -> Iterator[Part]:
        return _parts_of(development, self._view.voice_of(development))

    def _file(self, development: Development) -> None:
        for part in self._parts_of(development):
            self._parts.setdefault(part, {})[development.id] = development

    def _answering(self, claim: str) -> list[Part]:
        """The voices that answer a claim."""
        return [
            part
            for part, filed in self._parts.items()
            if part[0] == "voice" and any(each.answers == claim for each in filed.values())
        ]

    def _view_of(self, part: Part) -> PlaceView:
        """The place with only what this part follows from."""
        return replace(self._view, developments=tuple(self._parts.get(part, {}).values()))

    def _retrace(self, voice: str) -> None:
        self._traces.pop(voice, None)
        self._traces |= trace_positions(self._view_of(("voice", voice)), self._horizon)

    def _renew(self, touched: Collection[Part], *, traced_anew: bool) -> PlaceState:
        fields: dict[str, Any] = {}
        voices = {name for sort, name in touched if sort == "voice"}
        if voices:
            fields |= self._positions(voices, traced_anew=traced_anew)
        for part in touched:
            match part:
                case ("condition", condition):
                    fields |= self._condition(part, condition)
                case ("visit", _):
                    fields["last_visit"] = find_last_visit(self._view_of(part), self._before)
                case ("population", _):
                    fields["population"] = find_population(self._view_of(part), self._before)
        self.state = replace(self.state, **fields) if fields else self.state
        return self.state

    def _condition(self, part: Part, condition: str) -> dict[str, Any]:
        standing = standing_conditions(self._view_of(part), self._before)
        match condition:
            case "encirclement":
                return {"encirclements": tuple(list_encirclements(standing))}
            case "supply-cut":
                return {"supply_cuts": tuple(list_force_conditions("supply-cut", standing))}
            case "presence":
                return {"presences": tuple(list_force_conditions("presence", standing))}
            case _:
                return {"fighting": sum_up_fighting(standing)}

    def _positions(self, moved: Collection[str], *, traced_anew: bool) -> dict[str, Any]:
        """The positions, the disagreements and the status, when only some voices have moved."""
        said = {position.voice: position for position in self.state.positions}
        for voice in moved:
            trace = self._traces.get(voice)
            position = trace.at(self._before) if trace is not None else None
            if position is not None:
                said[voice] = position
            else:
                said.pop(voice, None)
        positions = [said[voice] for voice in sorted(said)]
        verdict = decide_status(positions)
        return {
            "positions": tuple(positions),
            "disagreements": tuple(self._disagreements(positions, moved, traced_anew=traced_anew)),
            "status": verdict.status,
            "holder": verdict.holder,
            "certain": verdict.certain,
            "because": verdict.because,
        }

    def _disagreements(
        self, positions: Iterable[Position], moved: Collection[str], *, traced_anew: bool
    ) -> Iterator[Disagreement]:
        earlier = {found.between: found for found in self.state.disagreements}
        for one, other in combinations(positions, 2):
            between = (one.voice, other.voice)
            if one.voice not in moved and other.voice not in moved:
                yield from [earlier[between]] if between in earlier else []
                continue
            traces = {voice: self._traces[voice] for voice in between}
            if traced_anew:
                yield from find_disagreements(traces, self._before)
                continue
            # What stands now says whether they disagree; since when, the turns up to this one have told.
            standing = {voice: _standing_alone(trace, self._before) for voice, trace in traces.items()}
            for found in find_disagreements(standing, self._before):
                since = earlier[between].since if between in earlier else instant_of(self._before)
                move = find_last_move(traces[one.voice], traces[other.voice], self._before)
                yield replace(found, since=since, moved_last=move)


def _standing_alone(trace: Trace, before: datetime) -> Trace:
    standing = trace.standing(before)
    return replace(trace, standings=(standing,) if standing is not None else ())
