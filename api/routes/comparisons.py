"""Two settings of the clocks side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import LARGEST, ClocksDep, Voices, asked_clocks, read_list
from api.documenting import reads
from api.shapes import comparisons as shapes
from projections.reading.comparisons import compare_place

router = APIRouter(prefix="/v1", tags=["locations"], dependencies=[Depends(reader)])

Against = Annotated[str | None, Query(description="The other setting of this clock. Default: the same.")]


@router.get("/locations/{location_id}/compare", responses=reads(shapes.Comparison))
def compare_location(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    *,
    against_valid_at: Against = None,
    against_known_at: Against = None,
    against_recorded_at: Against = None,
    against_log_position: Annotated[
        int | None, Query(ge=0, le=LARGEST, description="The other log position. Default: the same.")
    ] = None,
    voices: Voices = None,
) -> Response:
    """What differs for a place between two settings of the clocks: its state, the claims about it, what
    happened there; and which developments, corrections, retractions and links made it differ.

    `voices` leaves their positions, the claims they made and the happenings they told.
    """
    against = asked_clocks(
        valid_at=against_valid_at,
        known_at=against_known_at,
        recorded_at=against_recorded_at,
        log_position=against_log_position,
        tz=request.query_params.get("tz", "UTC"),
    )
    restricted = read_list("voices", voices)
    told = compare_place(services.reader, asked, against, location_id, restricted)
    # A recorded time may lie in the future, and then what is compared against is not the same for ever.
    return answer(request, shapes.comparison(told), asked if against_recorded_at is None else None)
