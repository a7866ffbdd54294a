"""The map: every place with its status, at any clocks, and how it changed along one of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.access import ServicesDep, reader
from api.answers import JSON
from api.clocks import ClocksDep, read_bound, read_start, read_zone
from api.documenting import problems, tells
from api.feeds.answering import LINKS, answer_map, format_for, offering, response_class, varying
from api.feeds.catalogue import MAP_FORMATS
from api.feeds.geojson import MAP_GEOJSON
from api.map_asking import MapDep
from api.map_playing import MapPlayback, read_map_cursor
from api.pinning import AlongWhich, GoOn, To, stream, streams
from api.shapes import map as shapes
from projections.reading import map_replays, maps

router = APIRouter(prefix="/v1", tags=["map"], dependencies=[Depends(reader)])


@router.get(
    "/map",
    response_class=response_class(MAP_GEOJSON),
    responses=offering(tells(shapes.MapCollection, 401, 404, 422, 503, headers=LINKS), MAP_FORMATS),
)
def get_map(request: Request, services: ServicesDep, asked: ClocksDep, question: MapDep) -> Response:
    """Every place that has a point, with its status at the clocks, as GeoJSON. It is the whole map."""
    chosen = format_for(request, MAP_FORMATS, default=(MAP_GEOJSON.essence, JSON)) or MAP_GEOJSON
    with services.reader.at(asked, *maps.NEEDS) as moment:
        drawn = maps.read_map(moment, question)
    return answer_map(request, chosen, drawn, moment.clocks, asked, varying())


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
