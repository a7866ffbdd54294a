"""Disagreements: where voices differ, over what, for how long, and who moved last."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import Box, ClocksDep, Voices, read_box, read_list
from api.cursors import Cursor, Limit, decode_dispute, encode_cursor, page_links
from api.documenting import reads
from api.shapes.disagreements import DisputeList, dispute_list
from projections.reading import disagreements

router = APIRouter(prefix="/v1", tags=["map"], dependencies=[Depends(reader)])


@router.get("/disagreements", responses=reads(DisputeList, pages=True))
def list_disagreements(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    *,
    bbox: Box = None,
    part_of: Annotated[
        str | None, Query(description="Only this place and everything below it, however deep.")
    ] = None,
    party: Annotated[str | None, Query(description="Over how much this party holds.")] = None,
    min_gap: Annotated[
        float, Query(ge=0, le=1, description="At least so wide, as a share of the place.")
    ] = 0.0,
    voices: Voices = None,
    sort: Annotated[
        disagreements.Sort, Query(description="By age, the longest first, or by gap, the widest first.")
    ] = "age",
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Where voices differ at the clocks: who against whom, over what, since when, and who moved last."""
    question = disagreements.DisagreementsQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        party=party,
        min_gap=min_gap,
        voices=read_list("voices", voices),
        sort=sort,
        after=decode_dispute(cursor),
        limit=limit,
    )
    with services.reader.at(asked, *disagreements.NEEDS) as moment:
        found, more = disagreements.list_disagreements(moment, question)
    link = page_links(request, encode_cursor(*more) if more else None, moment.clocks)
    return answer(request, dispute_list(found, moment.clocks), asked, links=link)
