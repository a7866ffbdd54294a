"""The history of a place, frame by frame along one clock."""

from __future__ import annotations

from itertools import chain, islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access import ServicesDep, reader
from api.answers import cache_control
from api.clocks import ClocksDep, read_bound, read_start, read_zone
from api.documenting import CACHE, problems
from api.playing import Frames, Playback, read_cursor
from domain.errors import InvalidInput
from domain.reels import Along
from projections.reading import places, replays
from projections.reading.moments import AskedClocks

router = APIRouter(prefix="/v1", tags=["locations"], dependencies=[Depends(reader)])

NDJSON = "application/x-ndjson"
CANONICAL: dict[str, Any] = {
    "Link": {
        "description": 'The replay with its span and all its clocks pinned, as `rel="canonical"` (RFC 6596).',
        "schema": {"type": "string"},
    }
}


@router.get(
    "/locations/{location_id}/replay",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A frame a line (`FrameShape`); only a whole replay ends with a `last` one.",
            "headers": {**CACHE, **CANONICAL},
            "content": {NDJSON: {"schema": {"type": "string"}}},
        },
        **problems(401, 404, 422, 503),
    },
)
def replay_location(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    *,
    along: Annotated[Along, Query(description="The clock that runs; the other two stand still.")] = "valid",
    from_: Annotated[
        str | None,
        Query(alias="from", description="Where it starts: an instant or a date. Default: at the first."),
    ] = None,
    to: Annotated[
        str | None, Query(description="Where it ends, likewise. Default: where the clock stands.")
    ] = None,
    frames: Annotated[
        Frames, Query(description="`changes` leaves the state out of every frame but the first.")
    ] = "states",
    cursor: Annotated[
        str | None,
        Query(description="Of a frame: go on after it. It holds all the rest, which need not be sent again."),
    ] = None,
) -> Response:
    """The state at the start, then a frame for each change of it: what changed, and what made it change."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    span = read_start("from", from_, zone), read_bound("to", to, zone)
    playback, after = None, None
    if cursor is not None:
        playback, after = read_cursor(cursor, location_id)
        given = {"along": along, "frames": frames, "from": span[0], "to": span[1], **_given_clocks(asked)}
        named = {name: value for name, value in given.items() if name in request.query_params}
        if faults := list(playback.find_contradictions(named)):
            raise InvalidInput(faults)
        asked = playback.clocks()
    with services.reader.at(asked, *places.NEEDS, *replays.NEEDS) as moment:
        places.find_place(moment, location_id)
        reel = replays.load_reel(moment, location_id)
    # From here on nothing is read any more: whoever reads slowly holds no connection and no snapshot.
    if playback is None:
        playback = Playback.begin(reel, along, frames, span)
    headers = {
        "Cache-Control": cache_control(services, pinned=asked.log_position is not None),
        "Link": playback.link(request.url.path),
    }
    lines = playback.lines(reel, after)
    # The first one is made here, so that what can go wrong with all of them is still told as a problem.
    opening = list(islice(lines, 1))
    return StreamingResponse(chain(opening, lines), media_type=NDJSON, headers=headers)


def _given_clocks(asked: AskedClocks) -> dict[str, object]:
    return {
        "valid_at": asked.valid_before,
        "known_at": asked.known_before,
        "recorded_at": asked.recorded_before,
        "log_position": asked.log_position,
    }
