"""A replay with all its clocks pinned, as its cursors hold it: to be cited, and to be gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Literal, Self
from urllib.parse import urlencode

from api.clocks import LARGEST, invalid
from api.cursors import encode_cursor, unpack_cursor, written
from api.shapes.replays import frame
from domain.errors import Fault, InvalidInput
from domain.reels import Along, Reel
from domain.replays import play
from domain.times import before_instant, instant_of
from projections.reading.moments import AskedClocks

Frames = Literal["states", "changes"]
FORM = "replay/1"
"""The first word of a cursor: another form gets another word, and the old one is refused, not misread."""

_Parts = tuple[Literal["replay/1"], str, Along, Frames, int, datetime, datetime, datetime, datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """One replay of one place: from where to where, and at which clocks."""

    location: str
    along: Along
    frames: Frames
    log_position: int
    start: datetime
    end: datetime
    valid_before: datetime
    known_before: datetime

    @classmethod
    def begin(
        cls, reel: Reel, along: Along, frames: Frames, span: tuple[datetime | None, datetime | None]
    ) -> Self:
        """The replay of a reel over a span as it is asked for: its start and its exclusive bound, or None
        for either. Raises InvalidInput.
        """
        start, end = reel.span(along, *span)
        return cls(
            location=reel.location,
            along=along,
            frames=frames,
            log_position=reel.log_position,
            start=start,
            end=end,
            valid_before=reel.valid_before,
            known_before=reel.known_before,
        )

    def find_contradictions(self, given: Mapping[str, object]) -> Iterator[Fault]:
        """The parameters among those given, by name, that ask for another replay than this one."""
        ours: dict[str, object] = {
            "along": self.along,
            "frames": self.frames,
            "from": self.start,
            "to": before_instant(self.end),
            "valid_at": self.valid_before,
            "known_at": self.known_before,
            "log_position": self.log_position,
            "recorded_at": None,
        }
        for name, value in given.items():
            if name in ours and value != ours[name]:
                message = "This is not what the cursor goes on with; leave it out, or leave out the cursor."
                yield Fault(path=f"query.{name}", message=message, code="contradicts-cursor")

    def cursor_at(self, t: datetime) -> str:
        """The cursor of the frame at an instant."""
        return encode_cursor(FORM, *astuple(self), t)

    def clocks(self) -> AskedClocks:
        """The clocks, to ask at them again."""
        return AskedClocks(
            valid_before=self.valid_before, known_before=self.known_before, log_position=self.log_position
        )

    def link(self, path: str) -> str:
        """The `Link` header that names the whole replay, whatever is recorded later (RFC 6596)."""
        pinned = {
            "along": self.along,
            "frames": self.frames,
            "from": written(self.start),
            "to": written(self.end),
            "valid_at": written(instant_of(self.valid_before)),
            "known_at": written(instant_of(self.known_before)),
            "log_position": self.log_position,
        }
        return f'<{path}?{urlencode(pinned)}>; rel="canonical"'

    def lines(self, reel: Reel, after: datetime | None = None) -> Iterator[bytes]:
        """The frames as NDJSON, each made when it is asked for; `after` that of an instant, or all."""
        told = play(reel, self.along, self.start, self.end, after)
        for number, each in enumerate(told):
            whole = self.frames == "states" or (after is None and number == 0)
            shape = frame(each, self.cursor_at(each.t), whole=whole)
            yield shape.model_dump_json(by_alias=True).encode() + b"\n"


def read_cursor(cursor: str, location: str) -> tuple[Playback, datetime]:
    """The replay that a cursor belongs to, and the instant of its frame. Raises InvalidInput."""
    try:
        _, place, along, frames, position, *instants = unpack_cursor(cursor, _Parts)
    except ValueError:
        raise _not_ours() from None
    start, end, valid_before, known_before, t = instants
    if any(instant.tzinfo is None for instant in instants) or not 0 <= position <= LARGEST:
        raise _not_ours()
    if not start <= t <= end:
        raise _not_ours()
    if place != location:
        raise invalid("cursor", "This cursor is of a replay of another place.")
    playback = Playback(
        location=location,
        along=along,
        frames=frames,
        log_position=position,
        start=start,
        end=end,
        valid_before=valid_before,
        known_before=known_before,
    )
    return playback, t


def _not_ours() -> InvalidInput:
    return invalid("cursor", "This is no cursor of a replay; take it from a frame.")
