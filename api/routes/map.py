"""The map: every place with its status, at any clocks, and how it changed along one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from api.access import ServicesDep, reader
from api.answers import tagged
from api.clocks import Box, ClocksDep, Voices, read_bound, read_box, read_list, read_start, read_zone
from api.documenting import problems, tells
from api.map_playing import MapPlayback, read_map_cursor
from api.pinning import AlongWhich, GoOn, To, stream, streams
from api.shapes import map as shapes
from domain.status import STATUSES
from projections.reading import map_replays, maps

router = APIRouter(prefix="/v1", tags=["map"], dependencies=[Depends(reader)])

GEOJSON = "application/geo+json"


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
    responses={**streams("MapFrameShape"), **problems(401, 422, 503)},
)
def replay_map(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    *,
    along: AlongWhich = "valid",
    from_: Annotated[
        str | None,
        Query(
            alias="from",
            description="Where it starts: an instant or a date. Default: the day of the first change.",
        ),
    ] = None,
    to: To = None,
    step: Annotated[
        str,
        Query(
            description="An ISO 8601 duration of whole hours at least, such as PT6H, P7D or P1M; days and "
            "months are those of `tz`. At most 10,000 steps."
        ),
    ] = "P1D",
    cursor: GoOn = None,
) -> StreamingResponse:
    """The map at the start, then a frame for each step at which any place has another status."""
    tz = request.query_params.get("tz", "UTC")
    zone = read_zone(tz)
    span = read_start("from", from_, zone), read_bound("to", to, zone)
    if cursor is None:
        with services.reader.at(asked, *map_replays.NEEDS) as moment:
            playback, after = MapPlayback.begin(moment, along, step, tz, span), None
    else:
        playback, after = read_map_cursor(cursor)
        others: dict[str, tuple[object, object]] = {
            "along": (playback.pins.along, along),
            "step": (playback.step, step),
            "tz": (playback.zone, tz),
        }
        playback.pins.refuse_contradictions(request, span, asked, others)
    pinned = cursor is not None or asked.log_position is not None
    return stream(request, services, playback, playback.lines(services.reader, after), pinned=pinned)
