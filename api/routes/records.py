"""Actors' records: what became of their claims, and the claims behind the numbers."""

from __future__ import annotations

from datetime import tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import Box, ClocksDep, read_bound, read_box, read_list, read_start, read_zone
from api.cursors import Cursor, Limit, decode_id, encode_cursor, page_links
from api.documenting import reads
from api.shapes import claims as claim_shapes
from api.shapes import records as shapes
from domain.outcomes import OUTCOMES
from projections.reading import records

router = APIRouter(prefix="/v1", tags=["records"], dependencies=[Depends(reader)])


def read_question(
    *, made_from: str | None, made_to: str | None, part_of: str | None, bbox: str | None, zone: tzinfo
) -> records.RecordQuestion:
    """Which claims a record is about, as written. Raises InvalidInput."""
    return records.RecordQuestion(
        made_from=read_start("made_from", made_from, zone),
        made_before=read_bound("made_to", made_to, zone),
        part_of=part_of,
        bbox=read_box(bbox),
    )


def question_of_query(
    request: Request,
    *,
    made_from: Annotated[
        str | None,
        Query(description="Claims that took effect at this instant or later, or from this date on."),
    ] = None,
    made_to: Annotated[
        str | None, Query(description="Claims that took effect by this instant, or by the end of this date.")
    ] = None,
    part_of: Annotated[
        str | None, Query(description="Claims about this place or anything below it: its parts, their parts.")
    ] = None,
    bbox: Box = None,
) -> records.RecordQuestion:
    """A dependency: which claims a record is about."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    return read_question(made_from=made_from, made_to=made_to, part_of=part_of, bbox=bbox, zone=zone)


QuestionDep = Annotated[records.RecordQuestion, Depends(question_of_query)]


@router.get("/actors/{actor_id}/record", responses=reads(shapes.RecordShape))
def get_actor_record(
    request: Request, services: ServicesDep, asked: ClocksDep, question: QuestionDep, actor_id: str
) -> Response:
    """What became of an actor's claims by a named rule: for a party, of all that were made with its voice."""
    with services.reader.at(asked, *records.NEEDS) as moment:
        found = records.find_record(moment, actor_id, question)
    return answer(request, shapes.record(found, question, moment.clocks), asked)


@router.get("/actors/{actor_id}/claims", responses=reads(claim_shapes.ClaimList, pages=True))
def list_actor_claims(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    question: QuestionDep,
    actor_id: str,
    *,
    outcome: Annotated[
        list[str] | None, Query(description=f"Any of {', '.join(OUTCOMES)}, separated by commas.")
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """The claims that the record of an actor counts, each with its lifecycle and outcome."""
    after = decode_id(cursor)
    outcomes = read_list("outcome", outcome, of="outcome", known=OUTCOMES)
    with services.reader.at(asked, *records.NEEDS) as moment:
        found, more = records.list_actor_claims(
            moment, actor_id, question, outcomes, after=after, limit=limit
        )
    link = page_links(request, encode_cursor(more) if more else None, moment.clocks)
    return answer(request, claim_shapes.claim_list(found, moment.clocks), asked, links=link)
