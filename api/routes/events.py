"""The log itself, as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access import ServicesDep, reader
from api.answers import cache_control, plain_answer
from api.clocks import LARGEST
from api.composition import Services
from api.documenting import PAGES, tells
from api.portions import Portion, read_portion
from api.shapes.events import EventList
from domain.errors import UndecodableEvent
from ledger.reading import head_position

router = APIRouter(prefix="/v1", tags=["events"], dependencies=[Depends(reader)])

NDJSON = "application/x-ndjson"
READ_AT_ONCE = 1_000

RESPONSES = tells(EventList, 401, 422, 503, headers=PAGES)
RESPONSES[200]["description"] = "A page, with an ETag; or a stream, without."
RESPONSES[200]["content"] = {NDJSON: {"schema": {"type": "string", "description": "One event a line."}}}


@router.get("/events", responses=RESPONSES)
def list_events(
    request: Request,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=LARGEST, description="Events after this log position.")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000, description="At most so many events.")] = 100,
    format: Annotated[
        Literal["json", "ndjson"] | None, Query(description="Default: by the Accept header, else json.")
    ] = None,
) -> Response:
    """The log in order: a page as JSON, or up to `limit` events as NDJSON, one a line, as a stream.

    An event that cannot be read is never skipped: what is sent ends before it, and whoever goes on from there
    is told.
    """
    headers = {"Vary": "Accept"} if format is None else {}
    if format == "ndjson" or (format is None and NDJSON in request.headers.get("accept", "")):
        return _stream(services, after, limit, {**headers, "Cache-Control": cache_control(services)})
    with services.database.connection() as connection:
        portion = read_portion(connection, after, limit)
        head = head_position(connection)
    if portion.events and portion.end < head:
        rest = f"{request.url.path}?after={portion.end}&limit={limit}"
        headers["Link"] = f'<{rest}{f"&format={format}" if format else ""}>; rel="next"'
    return plain_answer(request, {"items": portion.fields(), "head": head}, headers)


def _stream(services: Services, after: int, limit: int, headers: dict[str, str]) -> Response:
    """The events as lines, read a thousand at a time, so that a slow reader holds no transaction open."""
    # The first are read before the answer begins, so that an error is still told as a problem.
    first = _read_some(services, after, limit)
    return StreamingResponse(_lines(services, first, limit), media_type=NDJSON, headers=headers)


def _lines(services: Services, portion: Portion, limit: int) -> Iterator[bytes]:
    while portion.events:
        yield b"".join(msgspec.json.encode(fields) + b"\n" for fields in portion.fields())
        limit -= len(portion.events)
        if limit <= 0:
            return
        try:
            portion = _read_some(services, portion.end, limit)
        except UndecodableEvent:
            return  # whoever goes on from here is told


def _read_some(services: Services, after: int, limit: int) -> Portion:
    with services.database.connection() as connection:
        return read_portion(connection, after, min(limit, READ_AT_ONCE))
