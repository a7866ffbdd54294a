"""The history of a place, frame by frame along one clock."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import StreamingResponse

from api.access import ServicesDep, reader
from api.clocks import ClocksDep, read_bound, read_start, read_zone
from api.documenting import problems
from api.pinning import AlongWhich, GoOn, To, stream, streams
from api.playing import Frames, Playback, read_cursor
from projections.reading import places, replays

router = APIRouter(prefix="/v1", tags=["locations"], dependencies=[Depends(reader)])


@router.get(
    "/locations/{location_id}/replay",
    response_class=StreamingResponse,
    responses={**streams("FrameShape"), **problems(401, 404, 422, 503)},
)
def replay_location(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    *,
    along: AlongWhich = "valid",
    from_: Annotated[
        str | None,
        Query(alias="from", description="Where it starts: an instant or a date. Default: at the first."),
    ] = None,
    to: To = None,
    frames: Annotated[
        Frames, Query(description="`changes` leaves the state out of every frame but the first.")
    ] = "states",
    cursor: GoOn = None,
) -> StreamingResponse:
    """The state at the start, then a frame for each change of it: what changed, and what made it change."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    span = read_start("from", from_, zone), read_bound("to", to, zone)
    playback, after = None, None
    if cursor is not None:
        playback, after = read_cursor(cursor, location_id)
        others: dict[str, tuple[object, object]] = {
            "along": (playback.pins.along, along),
            "frames": (playback.frames, frames),
        }
        playback.pins.refuse_contradictions(request, span, asked, others)
        asked = playback.pins.clocks()
    with services.reader.at(asked, *places.NEEDS, *replays.NEEDS) as moment:
        places.find_place(moment, location_id)
        reel = replays.load_reel(moment, location_id)
    # From here on nothing is read any more: whoever reads slowly holds no connection and no snapshot.
    if playback is None:
        playback = Playback.begin(reel, along, frames, span)
    lines = playback.lines(reel, after)
    return stream(request, services, playback, lines, pinned=asked.log_position is not None)
