"""The history of a place, frame by frame along one clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access import ServicesDep, reader
from api.answers import cache_control
from api.clocks import ClocksDep, read_bound, read_start, read_zone
from api.documenting import CACHE, problems
from api.shapes import replays as shapes
from domain.replays import Along, Reel, play
from projections.reading import places, replays

router = APIRouter(prefix="/v1", tags=["locations"], dependencies=[Depends(reader)])

NDJSON = "application/x-ndjson"


@router.get(
    "/locations/{location_id}/replay",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A frame a line (`FrameShape`).",
            "headers": CACHE,
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
) -> Response:
    """The state at the start, then a frame for each change of it, with the developments that made it."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    start, before = read_start("from", from_, zone), read_bound("to", to, zone)
    with services.reader.at(asked, *places.NEEDS, *replays.NEEDS) as moment:
        places.find_place(moment, location_id)
        reel = replays.load_reel(moment, location_id)
    frames = _lines(reel, along, *reel.span(along, start, before))
    return StreamingResponse(frames, media_type=NDJSON, headers={"Cache-Control": cache_control(services)})


def _lines(reel: Reel, along: Along, start: datetime, end: datetime) -> Iterator[bytes]:
    for told in play(reel, along, start, end):
        yield shapes.frame(told).model_dump_json(by_alias=True).encode() + b"\n"
