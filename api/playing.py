"""A replay of a place, as its cursors hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Self

from api.clocks import invalid
from api.cursors import encode_cursor, unpack_cursor
from api.pinning import PinParts, Pins, Span
from api.shapes.replays import frame
from domain.errors import InvalidInput
from domain.reels import Along, Reel
from domain.replays import play

Frames = Literal["states", "changes"]
FORM = "replay/1"
"""The first word of a cursor: another form gets another word, and the old one is refused, not misread."""

_Parts = tuple[Literal["replay/1"], PinParts, str, Frames, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Playback:
    """One replay of one place."""

    pins: Pins
    location: str
    frames: Frames

    @classmethod
    def begin(cls, reel: Reel, along: Along, frames: Frames, span: Span) -> Self:
        """The replay of a reel over a span. Raises InvalidInput."""
        start, end = reel.span(along, *span)
        pins = Pins(
            along=along,
            log_position=reel.log_position,
            start=start,
            end=end,
            valid_before=reel.valid_before,
            known_before=reel.known_before,
        )
        return cls(pins=pins, location=reel.location, frames=frames)

    def cursor_at(self, t: datetime) -> str:
        """The cursor of the frame at an instant."""
        return encode_cursor(FORM, self.pins.parts, self.location, self.frames, t)

    def link(self, path: str) -> str:
        """The `Link` header that names the whole replay."""
        return self.pins.link(path, {"frames": self.frames})

    def lines(self, reel: Reel, after: datetime | None = None) -> Iterator[bytes]:
        """The frames as NDJSON, each made when it is asked for; `after` that of an instant, or all."""
        told = play(reel, self.pins.along, self.pins.start, self.pins.end, after)
        for number, each in enumerate(told):
            whole = self.frames == "states" or (after is None and number == 0)
            shape = frame(each, self.cursor_at(each.t), whole=whole)
            yield shape.model_dump_json(by_alias=True).encode() + b"\n"


def read_cursor(cursor: str, location: str) -> tuple[Playback, datetime]:
    """The replay that a cursor belongs to, and the instant of its frame. Raises InvalidInput."""
    try:
        _, parts, place, frames, t = unpack_cursor(cursor, _Parts)
        pins = Pins.read(parts)
    except ValueError:
        raise _not_ours() from None
    if t.tzinfo is None or not pins.start <= t <= pins.end:
        raise _not_ours()
    if place != location:
        raise invalid("cursor", "This cursor is of a replay of another place.")
    return Playback(pins=pins, location=location, frames=frames), t


def _not_ours() -> InvalidInput:
    return invalid("cursor", "This is no cursor of a replay; take it from a frame.")
