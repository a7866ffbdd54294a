"""Places: found, registered and described; their state, timeline and history."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import Editor, ServicesDep, reader
from api.answers import answer
from api.bodies import Written, body_of
from api.clocks import Box, ClocksDep, Voices, invalid, read_bound, read_box, read_list, read_start, read_zone
from api.cursors import Cursor, Limit, decode_effect, decode_id, encode_cursor, next_link
from api.documenting import reads, records, revises
from api.shapes import claims as claim_shapes
from api.shapes import developments as development_shapes
from api.shapes import locations as shapes
from api.shapes.receipts import Receipt, RevisionReceipt
from api.writing import WritingDep
from domain.catalogue import KINDS
from domain.positions import effect_order
from domain.registry import LocationRegistered
from domain.states import state_at, trace_history
from domain.status import STATUSES
from intake.entries import Context, read_entry
from projections.reading import claims, developments, places

router = APIRouter(prefix="/v1", tags=["locations"])
open_to_readers = [Depends(reader)]


@router.get(
    "/locations", dependencies=open_to_readers, responses=reads(shapes.LocationList, one=False, pages=True)
)
def list_locations(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    *,
    q: Annotated[
        str | None,
        Query(max_length=200, description="A name, in any script, or how it begins; the likest first."),
    ] = None,
    bbox: Box = None,
    status: Annotated[
        list[str] | None, Query(description=f"Any of {', '.join(STATUSES)}, separated by commas.")
    ] = None,
    holder: Annotated[str | None, Query(description="Held by this party.")] = None,
    part_of: Annotated[str | None, Query(description="Directly part of this place.")] = None,
    voices: Voices = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Places with their status at the clocks: by id in pages, or with `q` the likest ones alone."""
    if q is not None and cursor is not None:
        raise invalid("cursor", "The places like a name come on one page; leave the cursor out.")
    question = places.PlacesQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        status=read_list("status", status, of="status", known=STATUSES),
        holder=holder,
        voices=read_list("voices", voices),
        after=decode_id(cursor),
        limit=limit,
    )
    more = None
    # Only a search needs the names: a fault in them must not hold up anything else.
    with services.reader.at(asked, *(places.NEEDS if q is None else places.SEARCH_NEEDS)) as moment:
        if q is not None:
            found = places.search_summaries(moment, q, question)
        else:
            found, more = places.list_places(moment, question)
    link = next_link(request, encode_cursor(more) if more else None, moment.clocks)
    return answer(request, shapes.location_list(found, moment.clocks), asked, links=link)


@router.post(
    "/locations", status_code=201, responses=records(Receipt), openapi_extra=body_of("LocationRegistered")
)
def register_location(writing: WritingDep, principal: Editor, written: Written) -> Response:
    """Registers a place. The same again is 200 and changes nothing."""
    return writing.record(principal, *read_entry(LocationRegistered, written, Context()))


@router.get("/locations/{location_id}", dependencies=open_to_readers, responses=reads(shapes.LocationState))
def get_location(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The state of a place at the clocks."""
    restricted = read_list("voices", voices)
    with services.reader.at(asked, *places.NEEDS) as moment:
        place, revision = places.find_place_revision(moment, location_id)
        view = places.load_view(moment, location_id)
    state = state_at(view, moment.valid_before, restricted)
    return answer(request, shapes.location_state(place, state, moment.clocks), asked, revision=revision)


@router.post(
    "/locations/{location_id}/descriptions",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("LocationRegistered"),
)
def describe_location(
    services: ServicesDep, writing: WritingDep, principal: Editor, location_id: str, written: Written
) -> Response:
    """Describes a place anew, whole. Name the revision you saw in `If-Match`."""
    place, faults = read_entry(LocationRegistered, written, Context())
    return writing.describe(principal, place, faults, location_id, services.ledger.describe_location)


@router.get(
    "/locations/{location_id}/timeline",
    dependencies=open_to_readers,
    responses=reads(development_shapes.DevelopmentList, pages=True),
)
def get_timeline(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    *,
    kinds: Annotated[list[str] | None, Query(description="Only these kinds, separated by commas.")] = None,
    voices: Voices = None,
    valid_from: Annotated[
        str | None, Query(description="Whose window ends after this instant, or the start of this date.")
    ] = None,
    valid_to: Annotated[
        str | None, Query(description="Whose window begins by this instant, or the end of this date.")
    ] = None,
    order: Annotated[
        Literal["asc", "desc"], Query(description="First to last by effect, or last to first.")
    ] = "asc",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The developments of a place in the order of their effect."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    question = developments.TimelineQuestion(
        kinds=read_list("kinds", kinds, of="kind", known=KINDS),
        voices=read_list("voices", voices),
        valid_from=read_start("valid_from", valid_from, zone),
        valid_to=read_bound("valid_to", valid_to, zone),
        backward=order == "desc",
        after=decode_effect(cursor),
        limit=limit + 1,
    )
    with services.reader.at(asked, *places.NEEDS, *developments.NEEDS) as moment:
        places.find_place(moment, location_id)
        found = developments.list_timeline(moment, location_id, question)
    page, more = found[:limit], None
    if len(found) > limit:
        more = encode_cursor(*effect_order(page[-1].body))
    shape = development_shapes.development_list(page, moment.clocks)
    return answer(request, shape, asked, links=next_link(request, more, moment.clocks))


@router.get("/locations/{location_id}/history", dependencies=open_to_readers, responses=reads(shapes.History))
def get_history(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The spells of the status and of each voice's position over valid time, up to `valid_at`."""
    restricted = read_list("voices", voices)
    with services.reader.at(asked, *places.NEEDS) as moment:
        places.find_place(moment, location_id)
        view = places.load_view(moment, location_id)
    told = trace_history(view, moment.valid_before, restricted)
    return answer(request, shapes.history(told, moment.clocks), asked)


@router.get(
    "/locations/{location_id}/claims",
    dependencies=open_to_readers,
    responses=reads(claim_shapes.ClaimList, pages=True),
)
def list_location_claims(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The claims about a place, each with its lifecycle and outcome."""
    after = decode_id(cursor)
    with services.reader.at(asked, *places.NEEDS, *claims.NEEDS) as moment:
        places.find_place(moment, location_id)
        found, more = claims.list_place_claims(moment, location_id, after=after, limit=limit)
    link = next_link(request, encode_cursor(more) if more else None, moment.clocks)
    return answer(request, claim_shapes.claim_list(found, moment.clocks), asked, links=link)
