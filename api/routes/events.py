"""The log itself, as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from api.access import ServicesDep, reader
from api.composition import Services
from ledger.codec import to_json_value
from ledger.reading import Recorded, head_position, read_events

router = APIRouter(tags=["events"], dependencies=[Depends(reader)])

NDJSON = "application/x-ndjson"
READ_AT_ONCE = 1_000


class EventShape(BaseModel):
    """One event of the log."""

    log_position: int
    recorded_at: datetime
    recorded_by: str
    request_id: str | None
    stream: str
    version: int
    topic: str
    event: dict[str, Any]


class EventList(BaseModel):
    """A page of the log; `head` is where the log ended when it was read."""

    items: list[EventShape]
    head: int


def encode_event(recorded: Recorded) -> bytes:
    """An event as a line of JSON."""
    return msgspec.json.encode(event_fields(recorded))


def event_fields(recorded: Recorded) -> dict[str, Any]:
    """The fields of an event of the log, in the shape of the log's export."""
    return {
        "log_position": recorded.log_position,
        "recorded_at": recorded.recorded_at,
        "recorded_by": recorded.recorded_by,
        "request_id": recorded.request_id,
        "stream": recorded.stream,
        "version": recorded.version,
        "topic": recorded.topic,
        "event": to_json_value(recorded.event),
    }


@router.get(
    "/events",
    responses={200: {"model": EventList, "content": {NDJSON: {"schema": {"type": "string"}}}}},
)
def list_events(
    request: Request,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=2**63 - 1, description="Events after this log position.")] = 0,
    limit: Annotated[int, Query(ge=1, le=10_000, description="At most so many events.")] = 100,
    format: Annotated[
        Literal["json", "ndjson"] | None, Query(description="Default: by the Accept header, else json.")
    ] = None,
) -> Response:
    """The log in order: a page as JSON, or up to `limit` events as NDJSON, one a line, as a stream."""
    if format == "ndjson" or (format is None and NDJSON in request.headers.get("accept", "")):
        return StreamingResponse(_lines(services, after, limit), media_type=NDJSON)
    with services.database.connection() as connection:
        events = read_events(connection, after=after, limit=limit)
        head = head_position(connection)
    headers = {}
    if events and events[-1].log_position < head:
        link = f"{request.url.path}?after={events[-1].log_position}&limit={limit}"
        headers["Link"] = f'<{link}>; rel="next"'
    body = {"items": [event_fields(recorded) for recorded in events], "head": head}
    return Response(msgspec.json.encode(body), media_type="application/json", headers=headers)


def _lines(services: Services, after: int, limit: int) -> Iterator[bytes]:
    """The events as lines, read a thousand at a time, so that a slow reader holds no transaction open."""
    while limit > 0:
        with services.database.connection() as connection:
            events = read_events(connection, after=after, limit=min(limit, READ_AT_ONCE))
        for recorded in events:
            yield encode_event(recorded) + b"\n"
        if len(events) < READ_AT_ONCE:
            return
        after = events[-1].log_position
        limit -= len(events)
