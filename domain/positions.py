"""What each voice says of one place over valid time (docs/positions.md).

The input is a `PlaceView`: what the ledger held and the world knew at two of the clocks. The third,
valid time, is swept here: a `Trace` is one voice's standings in the order in which they took effect,
and asking it `at` a bound gives the position. The order of recording plays no part.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from operator import attrgetter
from typing import TypeVar

from domain.kinds.envelope import Denies, Development, Removes, Sets
from domain.shares import Control, Share, find_clash
from domain.times import END_OF_TIME, before_instant

SomeDevelopment = TypeVar("SomeDevelopment", bound=Development)

EffectOrder = tuple[datetime, datetime, datetime, datetime, bool, str]
"""Where a development stands in the order of effect; see `effect_order`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceView:
    """All that counts for one place at a recorded and a known clock.

    `developments` are the current bodies of those that name the place, retracted ones left out;
    `answered` holds the current bodies of the claims they answer; `voices` maps an actor to the actor
    whose position it moves (an actor that is missing speaks for itself); `assessors` are actor ids.
    """

    location: str
    developments: tuple[Development, ...]
    answered: Mapping[str, Development] = field(default_factory=dict)
    voices: Mapping[str, str] = field(default_factory=dict)
    assessors: frozenset[str] = frozenset()

    def known_by(self, before: datetime) -> PlaceView:
        """The same view with only what was surely public under the bound."""
        known = tuple(
            development for development in self.developments if development.reported.surely_over(before)
        )
        return replace(self, developments=known)

    def voice_of(self, development: Development) -> str | None:
        """The voice a development speaks with, or None when nobody is named."""
        return self.voices.get(development.by, development.by) if development.by else None

    def in_effect_order(self, before: datetime) -> list[Development]:
        """The developments that began before the bound, earliest first."""
        return in_effect_order(self.developments, before)


def effect_order(development: Development) -> EffectOrder:
    """The order in which developments take effect: by `occurred`, then by `reported`.

    Of those that share both windows, an answer comes after what answers nothing, because what it answers
    was there before it. The id decides the rest, so that no two stand in one place.
    """
    occurred, reported = development.occurred, development.reported
    is_answer = development.answers is not None
    return (occurred.earliest, occurred.ends, reported.earliest, reported.ends, is_answer, development.id)


def in_effect_order(developments: Iterable[SomeDevelopment], before: datetime) -> list[SomeDevelopment]:
    """Those that began before the bound, earliest first."""
    return sorted((each for each in developments if each.occurred.earliest < before), key=effect_order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What one voice says of one place at one moment.

    `shares` holds what was stated, not what is implied. `since` is the earliest instant of effect.
    While `certain` is false the window of the development is still open, and `previous` is what the
    voice said before it.
    """

    voice: str
    shares: dict[str, Share]
    since: datetime
    certain: bool
    previous: Position | None
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a voice says from `starts` on, until the next standing: None when it says nothing.

    `previous` leads back through all that it said before; one step of that is ever shown.
    """

    voice: str
    starts: datetime
    control: Control | None
    setter: Development
    because: tuple[str, ...]
    previous: Standing | None = field(repr=False, compare=False)

    def at(self, before: datetime) -> Position | None:
        """The position under the bound, or None when it has lapsed or was removed."""
        certain = self._is_certain(before)
        return self._position(before, certain=certain, previous=None if certain else self._previous(before))

    def _position(self, before: datetime, *, certain: bool, previous: Position | None) -> Position | None:
        control = self.control_at(before)
        if control is None:
            return None
        return Position(
            voice=self.voice,
            shares=dict(control),
            since=self.setter.occurred.earliest,
            certain=certain,
            previous=previous,
            because=self.because,
        )

    def control_at(self, before: datetime) -> Control | None:
        """The shares of the position alone."""
        return None if self.has_lapsed(before) else self.control

    def has_lapsed(self, before: datetime) -> bool:
        """Whether it was meant for an interval that has ended."""
        return self.setter.during == "throughout" and before > self.setter.occurred.ends

    @property
    def lapses(self) -> datetime:
        """The instant at which it ends by itself; the end of time for one that stands until another."""
        return self.setter.occurred.ends if self.setter.during == "throughout" else END_OF_TIME

    def turns(self) -> Iterator[datetime]:
        """The instants at which its certainty changes or it lapses, without its start."""
        occurred = self.setter.occurred
        ends: tuple[datetime | None, ...] = (occurred.latest,)
        if self.setter.during == "throughout":
            ends = (occurred.sure_from, occurred.sure_until, occurred.latest)
        yield from (instant for instant in ends if instant is not None)

    def _is_certain(self, before: datetime) -> bool:
        occurred = self.setter.occurred
        if self.setter.during == "within":
            return occurred.surely_over(before)
        return (occurred.sure_from or occurred.earliest) < before <= (occurred.sure_until or occurred.ends)

    def _previous(self, before: datetime) -> Position | None:
        """What the voice said before, while this has not surely begun."""
        occurred = self.setter.occurred
        begun = self.setter.during == "throughout" and before > (occurred.sure_from or occurred.earliest)
        if self.previous is None or begun:
            return None
        return self.previous._position(before, certain=self.previous._is_certain(before), previous=None)


get_start = attrgetter("starts")
"""By which a trace's standings are ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One voice's standings on one place, in the order in which they take effect; no two start together."""

    voice: str
    standings: tuple[Standing, ...]

    def standing(self, before: datetime) -> Standing | None:
        """The standing in force under the bound."""
        index = bisect_left(self.standings, before, key=get_start)
        return self.standings[index - 1] if index else None

    def at(self, before: datetime) -> Position | None:
        """The position under the bound."""
        standing = self.standing(before)
        return standing.at(before) if standing is not None else None

    def control_at(self, before: datetime) -> Control | None:
        """The shares of the position alone."""
        standing = self.standing(before)
        return standing.control_at(before) if standing is not None else None

    def move(self, before: datetime) -> Standing | None:
        """The standing with which the voice came to say what it says under the bound, however often it has
        said the same since.
        """
        index = bisect_left(self.standings, before, key=get_start) - 1
        if index < 0:
            return None
        while index and self.standings[index - 1].control_at(self.standings[index].starts) == (
            self.standings[index].control
        ):
            index -= 1
        return self.standings[index]

    def boundaries(self) -> list[datetime]:
        """Every instant at which the position may change, in order."""
        instants: list[datetime] = []
        until = END_OF_TIME
        for standing in reversed(self.standings):
            instants += sorted(
                {turn for turn in standing.turns() if standing.starts < turn < until}, reverse=True
            )
            instants.append(standing.starts)
            until = standing.starts
        return instants[::-1]

    def controls_back(self, before: datetime) -> Iterator[tuple[datetime, Control | None]]:
        """From when on it said what under the bound, and before that, back to its first word: each until
        the one told before it.
        """
        until = before
        for index in range(bisect_left(self.standings, before, key=get_start) - 1, -1, -1):
            standing = self.standings[index]
            if standing.lapses < until:
                yield standing.lapses, None
            yield standing.starts, standing.control
            until = standing.starts


def trace_positions(view: PlaceView, before: datetime) -> dict[str, Trace]:
    """What every voice said of the place up to the bound, by voice in alphabetical order."""
    standings: dict[str, list[Standing]] = {}
    moving = (development for development in view.developments if development.moves_positions)
    for development in in_effect_order(moving, before):
        voice = view.voice_of(development)
        if voice is None:
            continue
        said = standings.setdefault(voice, [])
        standing = _next_standing(view, development, voice, said[-1] if said else None)
        if standing is None:
            continue
        if said and said[-1].starts == standing.starts:
            said.pop()  # replaced in the instant it took effect, it was never held
        said.append(standing)
    return {
        voice: Trace(voice=voice, standings=tuple(said)) for voice, said in sorted(standings.items()) if said
    }


def _next_standing(
    view: PlaceView, development: Development, voice: str, current: Standing | None
) -> Standing | None:
    """The standing that a development brings about, or None when it moves nothing."""
    answered = view.answered.get(development.answers) if development.answers else None
    control: Control | None
    match development.effect(answered):
        case Sets(control=control):
            pass
        case Removes():
            control = None
        case Denies(control=claimed):
            held = _held_at(current, development.occurred.earliest)
            if current is not None and held is not None and find_clash(held.shares, claimed):
                # The voice already said otherwise: that stands, and the denial is one more reason.
                return replace(
                    current,
                    starts=development.occurred.earliest,
                    because=(*current.because, development.id),
                )
            control = {party: rest for party, share in claimed.items() if (rest := share.denied)}
            if not control:
                return None
        case None:
            return None
    return Standing(
        voice=voice,
        starts=development.occurred.earliest,
        control=control,
        setter=development,
        because=(development.id,),
        previous=current,
    )


def _held_at(standing: Standing | None, instant: datetime) -> Position | None:
    return standing.at(before_instant(instant)) if standing is not None else None
