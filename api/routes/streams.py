"""The log as it grows: an event stream for each client."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Header, Query, Request, Response

from api.access import Credentials, ServicesDep, reader, still_reads
from api.clocks import LARGEST
from api.composition import Services
from api.documenting import problems
from api.interests import InterestDep
from api.live.streams import HEARTBEAT_SECONDS, MEDIA_TYPE, EventStream, Following
from api.live.tail import Tail
from api.portions import read_portion
from domain.interests import Interest
from ledger.reading import head_position, refuse_beyond
from ledger.subjects import check_interest

router = APIRouter(prefix="/v1", tags=["events"], dependencies=[Depends(reader)])

RESPONSES = {
    200: {
        "description": "Events as they are recorded, without an end: `id` is the log position, `data` an "
        f"`EventShape` in JSON. A comment comes every {HEARTBEAT_SECONDS:.0f} seconds.",
        "headers": {
            "Cache-Control": {"description": "`no-store`.", "schema": {"type": "string"}},
        },
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    },
    **problems(401, 404, 422, 503),
}


@router.get("/events/stream", responses=RESPONSES, response_class=Response)
async def stream_events(
    request: Request,
    services: ServicesDep,
    credentials: Credentials,
    interest: InterestDep,
    after: Annotated[
        int | None,
        Query(ge=0, le=LARGEST, description="Events after this log position. Default: from now on."),
    ] = None,
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=LARGEST, description="The `id` of the last event that came; it goes before `after`."),
    ] = None,
) -> Response:
    """The log as an event stream (server-sent events), as it grows: all of it, or what is wanted of it.

    A correction, a retraction or a link is about what the development said, so whoever follows its place is
    told. Ask again with `Last-Event-ID`, as browsers do, and nothing is missing or repeated.
    """
    named = last_event_id if last_event_id is not None else after
    start = await run_sync(_find_start, services, interest, named)
    tail: Tail = request.app.state.tail
    tail.refuse_when_full()
    following = Following(
        tail=tail,
        database=services.database,
        interest=interest,
        after=start,
        is_resumed=named is not None,
        may_go_on=partial(still_reads, request, services, credentials),
    )
    return EventStream(following)


def _find_start(services: Services, interest: Interest, named: int | None) -> int:
    """The position after which a stream begins. Raises InvalidInput, NotFound, UndecodableEvent."""
    with services.database.connection() as connection:
        check_interest(connection, interest)
        if named is None:
            return head_position(connection)
        refuse_beyond(connection, named, "query.after")
        read_portion(connection, named, 1)  # so that one that cannot be read is told as a problem
        return named
