"""Places: found, registered and described; their state, timeline and history."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api import shapes
from api.access import Editor, ServicesDep, reader
from api.answers import answer, decode_cursor, encode_cursor, next_link
from api.bodies import Body, Written, record_one, revised_response
from api.clocks import ClocksDep, Limit, Voices, read_bound, read_start, read_zone, split_list
from domain.errors import Fault, InvalidInput
from domain.registry import LocationRegistered
from domain.states import state_at, trace_history
from domain.status import STATUSES
from intake.entries import Context, read_entry
from projections.reading import claims, developments, places

router = APIRouter(tags=["locations"])
open_to_readers = [Depends(reader)]

StatusFilter = Annotated[
    list[str] | None, Query(description=f"Any of {', '.join(STATUSES)}, separated by commas.")
]


@router.get(
    "/locations", dependencies=open_to_readers, responses={200: {"model": shapes.LocationList}}
)
def list_locations(  # noqa: PLR0913 - each is a parameter of the query
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    q: Annotated[str | None, Query(max_length=200, description="A name, in any script, or how it begins.")] = None,
    bbox: Annotated[str | None, Query(description="west,south,east,north in degrees (WGS 84).")] = None,
    status: StatusFilter = None,
    holder: Annotated[str | None, Query(description="Held by this party.")] = None,
    part_of: Annotated[str | None, Query(description="Directly part of this place.")] = None,
    voices: Voices = None,
    cursor: Annotated[str | None, Query(description="From the Link header of the page before.")] = None,
    limit: Limit = 100,
) -> Response:
    """Places with their status at the clocks: by id, or by likeness to `q`."""
    after = decode_cursor(cursor, str)
    question = places.PlacesQuestion(
        part_of=part_of,
        bbox=_read_box(bbox),
        status=_read_statuses(status),
        holder=holder,
        voices=split_list(voices),
        after=after[0] if after else None,
        limit=limit,
    )
    with services.reader.at(asked, *places.NEEDS) as moment:
        going_on = None
        if q is not None:
            found = places.search_summaries(moment, q, question)
        else:
            found, going_on = places.list_places(moment, question)
    shape = shapes.LocationList.model_construct(
        items=[shapes.location_summary(summary) for summary in found], clocks=moment.clocks
    )
    link = next_link(request, encode_cursor(going_on) if going_on else None, moment.clocks)
    return answer(request, shape, asked, links=link)


def _read_box(written: str | None) -> tuple[float, float, float, float] | None:
    if written is None:
        return None
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        message = "Write west,south,east,north: four numbers in degrees, south not above north."
        raise InvalidInput([Fault(path="query.bbox", message=message, code="bad-value")])
    return west, south, east, north


def _read_statuses(written: list[str] | None) -> list[str] | None:
    statuses = split_list(written)
    for status in statuses or ():
        if status not in STATUSES:
            message = f"There is no status {status!r}; there are {', '.join(STATUSES)}."
            raise InvalidInput([Fault(path="query.status", message=message, code="bad-value")])
    return statuses


@router.post("/locations", status_code=201, openapi_extra=Body.of("LocationRegistered"))
def register_location(request: Request, services: ServicesDep, principal: Editor, written: Written) -> Response:
    """Registers a place. The same again is 200 and changes nothing."""
    place, faults = read_entry(LocationRegistered, written, Context())
    return record_one(request, services, principal, place, faults)


@router.get(
    "/locations/{location_id}",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.LocationState}},
)
def get_location(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The state of a place at the clocks."""
    with services.reader.at(asked, *places.NEEDS) as moment:
        place = places.find_place(moment, location_id)
        view = places.load_view(moment, location_id)
    state = state_at(view, moment.valid_before, split_list(voices))
    return answer(request, shapes.location_state(place, state, moment.clocks), asked)


@router.post(
    "/locations/{location_id}/descriptions", status_code=201, openapi_extra=Body.of("LocationRegistered")
)
def describe_location(
    request: Request, services: ServicesDep, principal: Editor, location_id: str, written: Written
) -> Response:
    """Describes a place anew, whole. Name the revision you saw in `If-Match`."""
    place, faults = read_entry(LocationRegistered, written, Context())
    return revised_response(
        request, services, principal, place, faults, location_id, services.ledger.describe_location
    )


@router.get(
    "/locations/{location_id}/timeline",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.DevelopmentList}},
)
def get_timeline(  # noqa: PLR0913 - each is a parameter of the query
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    kinds: Annotated[list[str] | None, Query(description="Only these kinds, separated by commas.")] = None,
    voices: Voices = None,
    valid_from: Annotated[str | None, Query(description="Whose window ends after this instant or date.")] = None,
    valid_to: Annotated[str | None, Query(description="Whose window begins by this instant or date.")] = None,
    order: Annotated[str, Query(pattern="^(asc|desc)$", description="By effect: asc or desc.")] = "asc",
    cursor: Annotated[str | None, Query(description="From the Link header of the page before.")] = None,
    limit: Limit = 100,
) -> Response:
    """The developments of a place in the order of their effect."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    after = decode_cursor(cursor, datetime, str)
    question = developments.TimelineQuestion(
        kinds=split_list(kinds),
        voices=split_list(voices),
        valid_from=read_start("valid_from", valid_from, zone),
        valid_to=read_bound("valid_to", valid_to, zone),
        backward=order == "desc",
        after=(after[0], after[1]) if after else None,
        limit=limit + 1,
    )
    with services.reader.at(asked, *places.NEEDS, *developments.NEEDS) as moment:
        places.find_place(moment, location_id)
        found = developments.list_timeline(moment, location_id, question)
    page = found[:limit]
    more = None
    if len(found) > limit:
        more = encode_cursor(page[-1].body.occurred.earliest, page[-1].body.id)
    shape = shapes.DevelopmentList.model_construct(
        items=[shapes.development(development) for development in page], clocks=moment.clocks
    )
    return answer(request, shape, asked, links=next_link(request, more, moment.clocks))


@router.get(
    "/locations/{location_id}/history",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.History}},
)
def get_history(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The spells of the status and of each voice's position over valid time, up to `valid_at`."""
    with services.reader.at(asked, *places.NEEDS) as moment:
        places.find_place(moment, location_id)
        view = places.load_view(moment, location_id)
    told = trace_history(view, moment.valid_before, split_list(voices))
    return answer(request, shapes.history(told, moment.clocks), asked)


@router.get(
    "/locations/{location_id}/claims",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.ClaimList}},
)
def get_location_claims(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    cursor: Annotated[str | None, Query(description="From the Link header of the page before.")] = None,
    limit: Limit = 100,
) -> Response:
    """The claims about a place, each with its lifecycle and outcome."""
    after = decode_cursor(cursor, str)
    with services.reader.at(asked, *places.NEEDS, *claims.NEEDS) as moment:
        places.find_place(moment, location_id)
        found, going_on = claims.list_place_claims(
            moment, location_id, after=after[0] if after else None, limit=limit
        )
    shape = shapes.ClaimList.model_construct(
        items=[shapes.ClaimShape.model_construct(**shapes.claim_fields(claim)) for claim in found],
        clocks=moment.clocks,
    )
    link = next_link(request, encode_cursor(going_on) if going_on else None, moment.clocks)
    return answer(request, shape, asked, links=link)
