"""The map: every place with its status, at any clocks, and how it changed along one of them."""

from __future__ import annotations

from itertools import chain, islice
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.access import ServicesDep, reader
from api.answers import cache_control, tagged
from api.clocks import Box, ClocksDep, Voices, read_bound, read_box, read_list, read_start, read_zone
from api.documenting import CACHE, problems, tells
from api.map_playing import MapPlayback, read_map_cursor
from api.shapes import map as shapes
from domain.errors import InvalidInput
from domain.reels import Along
from domain.status import STATUSES
from projections.reading import map_replays, maps

router = APIRouter(prefix="/v1", tags=["map"], dependencies=[Depends(reader)])

GEOJSON = "application/geo+json"
NDJSON = "application/x-ndjson"
CANONICAL: dict[str, Any] = {
    "Link": {
        "description": 'The replay with its span and all its clocks pinned, as `rel="canonical"` (RFC 6596).',
        "schema": {"type": "string"},
    }
}


class GeoJsonResponse(JSONResponse):
    """Tells the documentation what media type the map is of."""

    media_type = GEOJSON


@router.get("/map", response_class=GeoJsonResponse, responses=tells(shapes.MapCollection, 401, 422, 503))
def get_map(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    *,
    bbox: Box = None,
    part_of: Annotated[
        str | None, Query(description="Only this place and everything below it, however deep.")
    ] = None,
    status: Annotated[
        list[str] | None, Query(description=f"Any of {', '.join(STATUSES)}, separated by commas.")
    ] = None,
    holder: Annotated[str | None, Query(description="Held by this party.")] = None,
    voices: Voices = None,
) -> Response:
    """Every place that has a point, with its status at the clocks, as GeoJSON. It is the whole map."""
    question = maps.MapQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        status=read_list("status", status, of="status", known=STATUSES),
        holder=holder,
        voices=read_list("voices", voices),
    )
    with services.reader.at(asked, *maps.NEEDS) as moment:
        drawn = maps.read_map(moment, question)
    body = shapes.map_json(drawn, moment.clocks)
    return tagged(request, body, pinned=asked.log_position is not None, media_type=GEOJSON)


@router.get(
    "/map/replay",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "A step a line (`MapFrameShape`); only a whole replay ends with a `last` one.",
            "headers": {**CACHE, **CANONICAL},
            "content": {NDJSON: {"schema": {"type": "string"}}},
        },
        **problems(401, 422, 503),
    },
)
def replay_map(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    *,
    along: Annotated[Along, Query(description="The clock that runs; the other two stand still.")] = "valid",
    from_: Annotated[
        str | None,
        Query(
            alias="from",
            description="Where it starts: an instant or a date. Default: the day of the first change.",
        ),
    ] = None,
    to: Annotated[
        str | None, Query(description="Where it ends, likewise. Default: where the clock stands.")
    ] = None,
    step: Annotated[
        str,
        Query(
            description="An ISO 8601 duration of whole hours at least, such as PT6H, P7D or P1M; days and "
            "months are those of `tz`. At most 10,000 steps."
        ),
    ] = "P1D",
    cursor: Annotated[
        str | None,
        Query(description="Of a line: go on after it. It holds all the rest, which need not be sent again."),
    ] = None,
) -> Response:
    """The map at the start, then a line for each step at which any place has another status."""
    tz = request.query_params.get("tz", "UTC")
    zone = read_zone(tz)
    span = read_start("from", from_, zone), read_bound("to", to, zone)
    if cursor is None:
        with services.reader.at(asked, *map_replays.NEEDS) as moment:
            playback, after = MapPlayback.begin(moment, along, step, tz, span), None
    else:
        playback, after = read_map_cursor(cursor)
        given: dict[str, object] = {
            "along": along,
            "step": step,
            "tz": tz,
            "from": span[0],
            "to": span[1],
            "valid_at": asked.valid_before,
            "known_at": asked.known_before,
            "recorded_at": asked.recorded_before,
            "log_position": asked.log_position,
        }
        named = {name: value for name, value in given.items() if name in request.query_params}
        if faults := list(playback.find_contradictions(named)):
            raise InvalidInput(faults)
    pinned = cursor is not None or asked.log_position is not None
    headers = {
        "Cache-Control": cache_control(services, pinned=pinned),
        "Link": playback.link(request.url.path),
    }
    lines = playback.lines(services.reader, after)
    # The first one is made here, so that what can go wrong with all of them is still told as a problem.
    opening = list(islice(lines, 1))
    return StreamingResponse(chain(opening, lines), media_type=NDJSON, headers=headers)
