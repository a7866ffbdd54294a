"""What replays have in common: one clock that runs over a span, and all three clocks pinned.

A replay with its pins can be cited, and gone on with after a break, whatever is recorded meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import datetime
from itertools import chain, islice
from typing import Annotated, Any, Protocol
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import StreamingResponse

from api.answers import complete_headers, compress_each
from api.clocks import LARGEST
from api.composition import Services
from api.cursors import written
from api.documenting import CACHE
from api.negotiation import takes_gzip
from domain.errors import Fault, InvalidInput
from domain.reels import Along
from domain.times import before_instant, instant_of
from projections.reading.moments import AskedClocks

NDJSON = "application/x-ndjson"
PinParts = tuple[Along, int, datetime, datetime, datetime, datetime]
"""The pins as a cursor holds them, in the order of their fields."""
Span = tuple[datetime | None, datetime | None]
"""The span as it is asked for: its start and its exclusive bound, or None for either."""

AlongWhich = Annotated[Along, Query(description="The clock that runs; the other two stand still.")]
To = Annotated[str | None, Query(description="Where it ends, likewise. Default: where the clock stands.")]
GoOn = Annotated[
    str | None,
    Query(description="Of a frame: go on after it. It holds all the rest, which need not be sent again."),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """The clock that runs, from where to where, and where all three stand."""

    along: Along
    log_position: int
    start: datetime
    end: datetime
    valid_before: datetime
    known_before: datetime

    @property
    def parts(self) -> PinParts:
        """What a cursor holds of them."""
        return astuple(self)

    @classmethod
    def read(cls, parts: PinParts) -> Pins:
        """The pins that a cursor holds. Raises ValueError for such as no replay has."""
        along, log_position, *instants = parts
        if any(instant.tzinfo is None for instant in instants) or not 0 <= log_position <= LARGEST:
            raise ValueError(parts)
        start, end, valid_before, known_before = instants
        if start > end:
            raise ValueError(parts)
        return cls(
            along=along,
            log_position=log_position,
            start=start,
            end=end,
            valid_before=valid_before,
            known_before=known_before,
        )

    def clocks(self) -> AskedClocks:
        """The clocks, to ask at them again."""
        return AskedClocks(
            valid_before=self.valid_before, known_before=self.known_before, log_position=self.log_position
        )

    def refuse_contradictions(
        self, request: Request, span: Span, asked: AskedClocks, others: Mapping[str, tuple[object, object]]
    ) -> None:
        """Raises InvalidInput with each parameter of the request that asks for another replay than this one.

        `others` has parameters beside the clocks and the span: what is pinned, and what the request says.
        """
        pairs: dict[str, tuple[object, object]] = {
            "from": (self.start, span[0]),
            "to": (before_instant(self.end), span[1]),
            "valid_at": (self.valid_before, asked.valid_before),
            "known_at": (self.known_before, asked.known_before),
            "recorded_at": (None, asked.recorded_before),
            "log_position": (self.log_position, asked.log_position),
            **others,
        }
        message = "This is not what the cursor goes on with; leave it out, or leave out the cursor."
        faults = [
            Fault(path=f"query.{name}", message=message, code="contradicts-cursor")
            for name, (ours, given) in pairs.items()
            if name in request.query_params and given != ours
        ]
        if faults:
            raise InvalidInput(faults)

    def link(self, path: str, others: Mapping[str, str]) -> str:
        """The `Link` header that names the whole replay, whatever is recorded later (RFC 6596)."""
        pinned = {
            "along": self.along,
            **others,
            "from": written(self.start),
            "to": written(self.end),
            "valid_at": written(instant_of(self.valid_before)),
            "known_at": written(instant_of(self.known_before)),
            "log_position": self.log_position,
        }
        return f'<{path}?{urlencode(pinned)}>; rel="canonical"'


class Pinned(Protocol):
    """A replay of whatever it may be."""

    def link(self, path: str) -> str:
        """The `Link` header that names the whole of it."""


def streams(shape: str) -> dict[int | str, dict[str, Any]]:
    """The answer of a route that replays, for its documentation: a `shape` a line."""
    described = 'The replay with its span and all its clocks pinned, as `rel="canonical"` (RFC 6596).'
    return {
        200: {
            "description": f"A frame a line (`{shape}`); only a whole replay ends with a `last` one.",
            "headers": {**CACHE, "Link": {"description": described, "schema": {"type": "string"}}},
            "content": {NDJSON: {"schema": {"type": "string"}}},
        }
    }


def stream(
    request: Request, services: Services, replay: Pinned, lines: Iterator[bytes], *, pinned: bool
) -> StreamingResponse:
    """The answer of a route that replays; `pinned` when the same request has this answer for ever."""
    headers = complete_headers(services, {"Link": replay.link(request.url.path)}, pinned=pinned)
    # The first one is made here, so that what can go wrong with all of them is still told as a problem.
    told: Iterator[bytes] = chain(list(islice(lines, 1)), lines)
    if takes_gzip(request.headers.get("accept-encoding")):
        headers["Content-Encoding"], told = "gzip", compress_each(told)
    return StreamingResponse(told, media_type=NDJSON, headers=headers)
