"""A replay of the map, as its cursors hold it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from typing import Literal, Self

from api.clocks import invalid, read_zone
from api.cursors import encode_cursor, unpack_cursor, written
from api.pinning import PinParts, Pins, Span
from api.shapes.map import frame_json
from domain.errors import InvalidInput
from domain.reels import Along
from domain.steps import Step
from domain.times import instant_of
from projections.reading.map_replays import MapFrame, find_first_turn, play_map
from projections.reading.moments import Moment, Reader

MOST_STEPS = 10_000
FORM = "map-replay/1"
"""The first word of a cursor: another form gets another word, and the old one is refused, not misread."""

_Parts = tuple[Literal["map-replay/1"], PinParts, str, str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPlayback:
    """One replay of the map.

    `step` is an ISO 8601 duration, `zone` the time zone whose days and months it is counted in.
    """

    pins: Pins
    step: str
    zone: str

    @classmethod
    def begin(cls, moment: Moment, along: Along, step: str, zone: str, span: Span) -> Self:
        """The replay over a span.

        By default it begins with the day on which anything first changes along the clock, and ends where
        the clock stands. Raises InvalidInput.
        """
        clocks = moment.clocks
        stands = {"valid": clocks.valid_at, "known": clocks.known_at, "recorded": clocks.recorded_at}[along]
        end = instant_of(span[1]) if span[1] is not None else stands
        start = span[0] or _start_of_day(find_first_turn(moment, along), zone, end)
        pins = Pins(
            along=along,
            log_position=moment.position,
            start=start,
            end=end,
            valid_before=moment.valid_before,
            known_before=moment.known_before,
        )
        playback = cls(pins=pins, step=step, zone=zone)
        playback.instants()
        return playback

    def instants(self) -> list[datetime]:
        """The instants at which the map is looked at. Raises InvalidInput."""
        start, end = self.pins.start, self.pins.end
        if end < start:
            raise invalid("from", f"The replay would end before it starts: it ends at {written(end)}.")
        try:
            step = Step.read(self.step)
        except ValueError as error:
            raise invalid("step", str(error)) from None
        found = list(islice(step.instants(start, end, read_zone(self.zone)), MOST_STEPS + 2))
        if len(found) > MOST_STEPS + 1:
            message = (
                f"From {written(start)} to {written(end)} there are more than {MOST_STEPS:,} steps "
                f"of {self.step}; take longer steps, or a shorter span."
            )
            raise invalid("step", message, "too-many-steps")
        return found

    def link(self, path: str) -> str:
        """The `Link` header that names the whole replay."""
        return self.pins.link(path, {"step": self.step, "tz": self.zone})

    def frames(self, reader: Reader, after: int | None = None) -> Iterator[MapFrame]:
        """The frames, each made when it is asked for; those after the one of a number, or all."""
        return play_map(reader, self.pins.clocks(), self.pins.along, self.instants(), after)

    def lines(self, reader: Reader, after: int | None = None) -> Iterator[bytes]:
        """The frames as NDJSON."""
        for told in self.frames(reader, after):
            yield self.line(told)

    def line(self, told: MapFrame) -> bytes:
        """A frame as a line of NDJSON."""
        cursor = encode_cursor(FORM, self.pins.parts, self.step, self.zone, told.number)
        return frame_json(told, cursor, last=told.t == self.pins.end) + b"\n"


def read_map_cursor(cursor: str) -> tuple[MapPlayback, int]:
    """The replay that a cursor belongs to, and the number of its frame. Raises InvalidInput."""
    try:
        _, parts, step, zone, number = unpack_cursor(cursor, _Parts)
        playback = MapPlayback(pins=Pins.read(parts), step=step, zone=zone)
    except ValueError:
        raise _not_ours() from None
    if not 0 <= number < len(playback.instants()):
        raise _not_ours()
    return playback, number


def _not_ours() -> InvalidInput:
    return invalid("cursor", "This is no cursor of a replay of the map; take it from a line.")


def _start_of_day(instant: datetime | None, zone: str, end: datetime) -> datetime:
    """The start of the day of an instant, but not after the end; the end where there is no instant."""
    if instant is None or instant > end:
        return end
    local = instant.astimezone(read_zone(zone))
    return datetime.combine(local.date(), time.min, local.tzinfo).astimezone(UTC)
