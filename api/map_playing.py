"""A replay of the map with all its clocks pinned, as its cursors hold it, to go on with after a break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, time
from itertools import islice
from typing import Literal, Self
from urllib.parse import urlencode

from api.clocks import LARGEST, invalid, read_zone
from api.cursors import encode_cursor, unpack_cursor, written
from api.shapes.map import frame_json
from domain.errors import Fault, InvalidInput
from domain.reels import Along
from domain.steps import Step
from domain.times import before_instant, instant_of
from projections.reading.map_replays import MapFrame, find_first_turn, play_map
from projections.reading.moments import AskedClocks, Moment, Reader

MOST_STEPS = 10_000
FORM = "map-replay/1"
"""The first word of a cursor: another form gets another word, and the old one is refused, not misread."""

_Parts = tuple[Literal["map-replay/1"], Along, str, str, int, datetime, datetime, datetime, datetime, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPlayback:
    """One replay of the map: from where to where, in which steps, and at which clocks.

    `step` is an ISO 8601 duration, `zone` the time zone whose days and months it is counted in.
    """

    along: Along
    step: str
    zone: str
    log_position: int
    start: datetime
    end: datetime
    valid_before: datetime
    known_before: datetime

    @classmethod
    def begin(
        cls, moment: Moment, along: Along, step: str, zone: str, span: tuple[datetime | None, datetime | None]
    ) -> Self:
        """The replay over a span as it is asked for: its start and its exclusive bound, or None for either.

        By default it begins with the day on which anything first changes along the clock, and ends where
        the clock stands. Raises InvalidInput.
        """
        clocks = moment.clocks
        stands = {"valid": clocks.valid_at, "known": clocks.known_at, "recorded": clocks.recorded_at}[along]
        end = instant_of(span[1]) if span[1] is not None else stands
        start = span[0] or _start_of_day(find_first_turn(moment, along), zone, end)
        playback = cls(
            along=along,
            step=step,
            zone=zone,
            log_position=moment.position,
            start=start,
            end=end,
            valid_before=moment.valid_before,
            known_before=moment.known_before,
        )
        playback.instants()
        return playback

    def instants(self) -> list[datetime]:
        """The instants at which the map is looked at. Raises InvalidInput."""
        if self.end < self.start:
            raise invalid("from", f"The replay would end before it starts: it ends at {written(self.end)}.")
        try:
            step = Step.read(self.step)
        except ValueError as error:
            raise invalid("step", str(error)) from None
        found = list(islice(step.instants(self.start, self.end, read_zone(self.zone)), MOST_STEPS + 2))
        if len(found) > MOST_STEPS + 1:
            message = (
                f"From {written(self.start)} to {written(self.end)} there are more than {MOST_STEPS:,} steps "
                f"of {self.step}; take longer steps, or a shorter span."
            )
            raise invalid("step", message, "too-many-steps")
        return found

    def find_contradictions(self, given: Mapping[str, object]) -> Iterator[Fault]:
        """The parameters among those given, by name, that ask for another replay than this one."""
        ours: dict[str, object] = {
            "along": self.along,
            "step": self.step,
            "tz": self.zone,
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

    def clocks(self) -> AskedClocks:
        """The clocks, to ask at them again."""
        return AskedClocks(
            valid_before=self.valid_before, known_before=self.known_before, log_position=self.log_position
        )

    def link(self, path: str) -> str:
        """The `Link` header that names the whole replay, whatever is recorded later (RFC 6596)."""
        pinned = {
            "along": self.along,
            "step": self.step,
            "tz": self.zone,
            "from": written(self.start),
            "to": written(self.end),
            "valid_at": written(instant_of(self.valid_before)),
            "known_at": written(instant_of(self.known_before)),
            "log_position": self.log_position,
        }
        return f'<{path}?{urlencode(pinned)}>; rel="canonical"'

    def frames(self, reader: Reader, after: int | None = None) -> Iterator[MapFrame]:
        """The frames, each made when it is asked for; those after the one of a number, or all."""
        return play_map(reader, self.clocks(), self.along, self.instants(), after)

    def lines(self, reader: Reader, after: int | None = None) -> Iterator[bytes]:
        """The frames as NDJSON."""
        for told in self.frames(reader, after):
            yield self.line(told)

    def line(self, told: MapFrame) -> bytes:
        """A frame as a line of NDJSON."""
        cursor = encode_cursor(FORM, *astuple(self), told.number)
        return frame_json(told, cursor, last=told.t == self.end) + b"\n"


def read_map_cursor(cursor: str) -> tuple[MapPlayback, int]:
    """The replay that a cursor belongs to, and the number of its frame. Raises InvalidInput."""
    try:
        _, along, step, zone, position, start, end, valid_before, known_before, number = unpack_cursor(
            cursor, _Parts
        )
    except ValueError:
        raise _not_ours() from None
    playback = MapPlayback(
        along=along,
        step=step,
        zone=zone,
        log_position=position,
        start=start,
        end=end,
        valid_before=valid_before,
        known_before=known_before,
    )
    instants = (start, end, valid_before, known_before)
    if any(instant.tzinfo is None for instant in instants) or not 0 <= position <= LARGEST:
        raise _not_ours()
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
