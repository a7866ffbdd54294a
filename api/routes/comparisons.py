"""Two settings of the clocks side by side."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import LARGEST, ClocksDep, Voices, asked_clocks, read_list
from api.documenting import reads
from api.shapes import comparisons as shapes
from domain.comparisons import Standpoint, compare_states, explain
from domain.states import PlaceState, state_at
from domain.times import Clocks, before_instant
from projections.reading import comparisons, places
from projections.reading.moments import AskedClocks, Reader

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
    """What differs for a place between two settings of the clocks, and which developments made it differ."""
    other = asked_clocks(
        valid_at=against_valid_at,
        known_at=against_known_at,
        recorded_at=against_recorded_at,
        log_position=against_log_position,
        tz=request.query_params.get("tz", "UTC"),
    )
    restricted = read_list("voices", voices)
    state, standpoint, clocks = _stand(services.reader, asked, location_id, restricted)
    beside = _completed(other, clocks)
    other_state, other_standpoint, against = _stand(services.reader, beside, location_id, restricted)
    changes = compare_states(other_state, state)
    reasons = explain(changes, other_standpoint, standpoint)
    shape = shapes.comparison(location_id, changes, reasons, (against, clocks))
    # A recorded time may lie in the future, and then what is compared against is not the same for ever.
    return answer(request, shape, asked if against_recorded_at is None else None)


def _completed(other: AskedClocks, clocks: Clocks) -> AskedClocks:
    """The other setting, with every clock that it does not name as it is in the answer compared with it."""
    said = other.recorded_before is not None or other.log_position is not None
    return AskedClocks(
        valid_before=other.valid_before or before_instant(clocks.valid_at),
        known_before=other.known_before or before_instant(clocks.known_at),
        recorded_before=other.recorded_before,
        log_position=other.log_position if said else clocks.log_position,
    )


def _stand(
    opened: Reader, asked: AskedClocks, place: str, voices: list[str] | None
) -> tuple[PlaceState, Standpoint, Clocks]:
    with opened.at(asked, *places.NEEDS, *comparisons.NEEDS) as moment:
        places.find_place(moment, place)
        view = places.load_view(moment, place)
        standpoint = comparisons.load_standpoint(moment, place)
    return state_at(view, moment.valid_before, voices), standpoint, moment.clocks
