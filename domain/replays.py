"""Replaying the history of a place along one of the three clocks, the other two held still."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from domain.comparisons import compare_states
from domain.errors import Fault, InvalidInput
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.states import PlaceState, state_at
from domain.times import before_instant, instant_of

Along = Literal["valid", "known", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Something that the ledger held from one log position until another; None while it does."""

    from_position: int
    until_position: int | None

    def at(self, position: int) -> bool:
        """Whether the ledger held it at the position."""
        return self.from_position <= position and (
            self.until_position is None or self.until_position > position
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(Lasting):
    """A development as the ledger held it."""

    development: Development


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken(Lasting):
    """The voice with which an actor spoke."""

    actor: str
    voice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The state from the instant `t` on, and the developments that made it differ from the frame before:
    none where a voice was described anew.

    `log_position` is that of the frame along the recorded clock, else that of the whole replay.
    """

    t: datetime
    log_position: int
    developments: tuple[str, ...]
    state: PlaceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """Everything a replay of one place needs: all that was ever held of it, and where the clocks stand.

    `answered` are the claims answered there, `recorded` the instants of the positions at which anything
    changed.
    """

    held: tuple[Held, ...]
    answered: tuple[Held, ...]
    spoken: tuple[Spoken, ...]
    recorded: Mapping[int, datetime]
    location: str
    valid_before: datetime
    known_before: datetime
    log_position: int

    def state(self, *, valid: datetime, known: datetime, position: int) -> PlaceState:
        """The state at any clocks within the reel."""
        held = tuple(fact.development for fact in self.held if fact.at(position))
        answered = {fact.development.id: fact.development for fact in self.answered if fact.at(position)}
        view = PlaceView(
            location=self.location,
            developments=held,
            answered=answered,
            voices={each.actor: each.voice for each in self.spoken if each.at(position)},
        )
        return state_at(view.known_by(known), valid)

    def span(
        self, along: Along, start: datetime | None, before: datetime | None
    ) -> tuple[datetime, datetime]:
        """The first and the last instant of a replay, `before` being an exclusive bound.

        By default from the first instant at which anything changes along the clock to where that clock
        stands. Raises InvalidInput when it would end before it starts.
        """
        first, last = self._whole_span(along)
        first, last = start or first, instant_of(before) if before is not None else last
        if start is not None and first > last:
            message = f"The replay would end before it starts: it ends at {last.isoformat()}."
            raise InvalidInput([Fault(path="from", message=message, code="bad-value")])
        return min(first, last), last

    def _whole_span(self, along: Along) -> tuple[datetime, datetime]:
        held = [fact.development for fact in self.held if fact.at(self.log_position)]
        match along:
            case "valid":
                instants, end = [each.occurred.earliest for each in held], instant_of(self.valid_before)
            case "known":
                instants, end = [each.reported.ends for each in held], instant_of(self.known_before)
            case "recorded":
                past = [self.recorded[each] for each in self.recorded if each <= self.log_position]
                instants, end = past, max(past)
        return min([*instants, end]), end


def play(reel: Reel, along: Along, start: datetime, end: datetime) -> Iterator[Frame]:
    """The frames from `start` up to and with `end`: the state at the start, then each change of it.

    Only what differs from the frame before makes a frame, so the last one is the state at the end.
    """
    ways: dict[Along, Callable[[Reel, datetime, datetime], Iterator[Frame]]] = {
        "valid": _along_valid,
        "known": _along_known,
        "recorded": _along_recorded,
    }
    before: Frame | None = None
    for frame in ways[along](reel, start, end):
        if before is None:
            yield replace(frame, developments=())
        else:
            changes = compare_states(before.state, frame.state)
            if not changes:
                continue
            # Of what turned at this moment, those that the change names; else all of it.
            named = {name for change in changes for name in change.because}
            made = tuple(name for name in frame.developments if name in named)
            yield replace(frame, developments=made or frame.developments)
        before = frame


def _along_valid(reel: Reel, start: datetime, end: datetime) -> Iterator[Frame]:
    held = [fact.development for fact in reel.held if fact.at(reel.log_position)]
    turns = [(instant, each.id) for each in held for instant in _turns_of(each)]
    for instant, turned in _between(turns, start, end):
        state = reel.state(valid=before_instant(instant), known=reel.known_before, position=reel.log_position)
        yield Frame(t=instant, log_position=reel.log_position, developments=turned, state=state)


def _turns_of(development: Development) -> Iterator[datetime | None]:
    """The instants at which a development begins to count, or to count otherwise."""
    occurred = development.occurred
    yield from (occurred.earliest, occurred.latest)
    if development.during == "throughout":
        yield from (occurred.sure_from, occurred.sure_until)


def _along_known(reel: Reel, start: datetime, end: datetime) -> Iterator[Frame]:
    held = [fact.development for fact in reel.held if fact.at(reel.log_position)]
    turns = [(each.reported.latest, each.id) for each in held]
    for instant, turned in _between(turns, start, end):
        state = reel.state(valid=reel.valid_before, known=before_instant(instant), position=reel.log_position)
        yield Frame(t=instant, log_position=reel.log_position, developments=turned, state=state)


def _along_recorded(reel: Reel, start: datetime, end: datetime) -> Iterator[Frame]:
    positions = sorted(position for position in reel.recorded if position <= reel.log_position)
    earlier = [position for position in positions if reel.recorded[position] <= start]
    later = [position for position in positions if start < reel.recorded[position] <= end]
    for position in [*earlier[-1:], *later]:
        turned = dict.fromkeys(
            fact.development.id
            for fact in (*reel.held, *reel.answered)
            if position in (fact.from_position, fact.until_position)
        )
        state = reel.state(valid=reel.valid_before, known=reel.known_before, position=position)
        t = max(start, reel.recorded[position])
        yield Frame(t=t, log_position=position, developments=tuple(turned), state=state)


def _between(
    turns: Iterable[tuple[datetime | None, str]], start: datetime, end: datetime
) -> list[tuple[datetime, tuple[str, ...]]]:
    """The start, and every instant after it up to and with the end, in order, with what turns then."""
    inside: dict[datetime, dict[str, None]] = {start: {}}
    for instant, name in turns:
        if instant is not None and start < instant <= end:
            inside.setdefault(instant, {})[name] = None
    return [(instant, tuple(names)) for instant, names in sorted(inside.items())]
