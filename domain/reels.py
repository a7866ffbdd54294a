"""Everything that a replay of one place is made from: all that was ever held of it, read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from domain.errors import Fault, InvalidInput
from domain.kinds.envelope import Development
from domain.moving_states import moves_a_state
from domain.positions import PlaceView
from domain.times import instant_of

Along = Literal["valid", "known", "recorded"]
Befell = Literal["registered", "recorded", "corrected", "retracted", "described"]


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
class Entry:
    """What befell a development, or an actor who speaks of the place, at one log position."""

    what: Befell
    development: str | None = None
    actor: str | None = None
    log_position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What was recorded in one transaction, which is one moment of the recorded clock."""

    recorded_at: datetime
    entries: tuple[Entry, ...]

    @property
    def log_position(self) -> int:
        """The last of its positions: no setting of the clock shows half of a transaction."""
        return self.entries[-1].log_position


@dataclass(frozen=True, slots=True, kw_only=True)
class Reel:
    """All that was ever held of a place up to a log position, and where the other two clocks stand.

    `answered` are the claims answered there, `writings` whatever changed any of it, in order: the first is
    the one that registered the place.
    """

    location: str
    held: tuple[Held, ...]
    answered: tuple[Held, ...] = ()
    spoken: tuple[Spoken, ...] = ()
    writings: tuple[Writing, ...] = field(repr=False)
    valid_before: datetime
    known_before: datetime
    log_position: int

    def view(self, *, known: datetime, position: int) -> PlaceView:
        """All that counts at a recorded and a known clock within the reel."""
        return PlaceView(
            location=self.location,
            developments=tuple(
                fact.development
                for fact in self.held
                if fact.at(position) and fact.development.reported.surely_over(known)
            ),
            answered={fact.development.id: fact.development for fact in self.answered if fact.at(position)},
            voices=self.voices(position),
        )

    def voices(self, position: int) -> dict[str, str]:
        """The voice of every actor who ever spoke of the place, by actor."""
        return {each.actor: each.voice for each in self.spoken if each.at(position)}

    def span(
        self, along: Along, start: datetime | None, before: datetime | None
    ) -> tuple[datetime, datetime]:
        """The first and the last instant of a replay, `before` being an exclusive bound.

        By default from the first instant at which the state may change along the clock to where that clock
        stands. Raises InvalidInput when it would end before it starts, or before the ledger held the place.
        """
        first, last = self._whole_span(along)
        if before is not None:
            last = instant_of(before)
        if along == "recorded" and last < first:
            message = f"The ledger did not hold this place before {first.isoformat()}."
            raise InvalidInput([Fault(path="to", message=message, code="bad-value")])
        if start is not None and last < start:
            message = f"The replay would end before it starts: it ends at {last.isoformat()}."
            raise InvalidInput([Fault(path="from", message=message, code="bad-value")])
        return start or min(first, last), last

    def _whole_span(self, along: Along) -> tuple[datetime, datetime]:
        if along == "recorded":
            return self.writings[0].recorded_at, self.writings[-1].recorded_at
        end = instant_of(self.valid_before if along == "valid" else self.known_before)
        counting = self.view(known=self.known_before, position=self.log_position).developments
        instants = (
            each.occurred.earliest if along == "valid" else min(each.reported.ends, end)
            for each in counting
            if moves_a_state(each) and each.occurred.began(self.valid_before)
        )
        return min(instants, default=end), end
