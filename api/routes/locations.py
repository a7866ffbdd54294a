"""Places: found, registered and described; their state, timeline and history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import Editor, ServicesDep, reader
from api.answers import answer, content_of, tagged, write
from api.bodies import Written, body_of
from api.clocks import Box, ClocksDep, Voices, invalid, read_box, read_list
from api.cursors import Cursor, Limit, decode_id, encode_cursor, page_links
from api.documenting import goes_back, reads, records, revises
from api.feeds.answering import answer_timeline, format_for, offering, varying
from api.feeds.catalogue import TIMELINE_FORMATS
from api.kept_states import KeptStates
from api.memento import go_back, memento_headers
from api.shapes import claims as claim_shapes
from api.shapes import developments as development_shapes
from api.shapes import locations as shapes
from api.shapes.receipts import Receipt, RevisionReceipt
from api.timelines import TimelineDep, read_timeline
from api.writing import WritingDep
from domain.registry import LocationRegistered
from domain.states import state_at, trace_history
from domain.status import STATUSES
from intake.entries import Context, read_entry
from projections.reading import claims, places
from projections.reading.developments import check_actors
from projections.reading.mementos import STATE, TIMELINE
from projections.reading.moments import AskedClocks
from projections.reading.versions import find_lasting

router = APIRouter(prefix="/v1", tags=["locations"])
open_to_readers = [Depends(reader)]


@router.get("/locations", dependencies=open_to_readers, responses=reads(shapes.LocationList, pages=True))
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
    link = page_links(request, encode_cursor(more) if more else None, moment.clocks)
    return answer(request, shapes.location_list(found, moment.clocks), asked, links=link)


@router.post(
    "/locations", status_code=201, responses=records(Receipt), openapi_extra=body_of("LocationRegistered")
)
async def register_location(writing: WritingDep, principal: Editor, written: Written) -> Response:
    """Registers a place. The same again is 200 and changes nothing."""
    return await writing.record(principal, *read_entry(LocationRegistered, written, Context()))


@router.get(
    "/locations/{location_id}", dependencies=open_to_readers, responses=goes_back(shapes.LocationState)
)
def get_location(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The state of a place at the clocks."""
    restricted = read_list("voices", voices)
    if way_back := go_back(request, services, asked, STATE, location_id, restricted):
        return way_back
    with services.reader.at(asked, *places.NEEDS) as moment:
        place, revision = places.find_place_revision(moment, location_id)
        check_actors(moment, restricted or ())
        view = places.load_view(moment, location_id)
        may_be_kept = moment.is_current and not request.query_params
        lasting = find_lasting(moment, location_id) if may_be_kept else None
    state = state_at(view, moment.valid_before, restricted)
    body = write(shapes.location_state(place, state, moment.clocks))
    headers = memento_headers(request, asked, moment.clocks)
    if lasting is not None and (content := content_of(body, moment.clocks)) is not None:
        kept: KeptStates = request.app.state.kept_states
        kept.keep(location_id, lasting, content, revision, headers)
    return tagged(request, body, asked=asked, clocks=moment.clocks, revision=revision, headers=headers)


def read_state_now(request: Request, location_id: str) -> Response:
    """The state of a place at all clocks now, for whoever asks past the router."""
    return get_location(request, request.app.state.services, AskedClocks(), location_id)


@router.post(
    "/locations/{location_id}/descriptions",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("LocationRegistered"),
)
async def describe_location(
    services: ServicesDep, writing: WritingDep, principal: Editor, location_id: str, written: Written
) -> Response:
    """Describes a place anew, whole. Name the revision you saw in `If-Match`."""
    place, faults = read_entry(LocationRegistered, written, Context())
    return await writing.describe(principal, place, faults, location_id, services.ledger.describe_location)


@router.get(
    "/locations/{location_id}/timeline",
    dependencies=open_to_readers,
    responses=offering(goes_back(development_shapes.DevelopmentList), TIMELINE_FORMATS),
)
def get_timeline(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, timeline: TimelineDep
) -> Response:
    """The developments of a place in the order of their effect."""
    chosen = format_for(request, TIMELINE_FORMATS)
    if way_back := go_back(request, services, asked, TIMELINE, location_id, timeline.question.voices):
        return way_back
    newest_first = chosen is not None and chosen.newest_first
    read = read_timeline(
        services, asked, location_id, timeline, newest_first=newest_first, in_words=chosen is not None
    )
    headers = varying(memento_headers(request, asked, read.clocks))
    if chosen is not None:
        return answer_timeline(request, chosen, read, timeline, asked, headers)
    shape = development_shapes.development_list(read.items, read.clocks)
    return answer(request, shape, asked, links=page_links(request, read.more, read.clocks), headers=headers)


@router.get("/locations/{location_id}/history", dependencies=open_to_readers, responses=reads(shapes.History))
def get_history(
    request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, voices: Voices = None
) -> Response:
    """The spells of the status, of each voice's position and of each disagreement over valid time, up to
    `valid_at`.
    """
    restricted = read_list("voices", voices)
    with services.reader.at(asked, *places.NEEDS) as moment:
        places.find_place(moment, location_id)
        check_actors(moment, restricted or ())
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
    link = page_links(request, encode_cursor(more) if more else None, moment.clocks)
    return answer(request, claim_shapes.claim_list(found, moment.clocks), asked, links=link)
