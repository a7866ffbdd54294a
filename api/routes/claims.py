"""Claims: what befell each, and what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import ClocksDep
from api.documenting import reads
from api.feeds.answering import answer_claim, format_for, offering, varying
from api.feeds.catalogue import CLAIM_FORMATS
from api.shapes import claims as shapes
from projections.reading import casts, claims

router = APIRouter(prefix="/v1", tags=["claims"], dependencies=[Depends(reader)])


@router.get("/claims/{claim_id}", responses=offering(reads(shapes.ClaimDetail), CLAIM_FORMATS))
def get_claim(request: Request, services: ServicesDep, asked: ClocksDep, claim_id: str) -> Response:
    """A claim's lifecycle at the clocks, its outcome by a named rule, and its independent reports."""
    chosen = format_for(request, CLAIM_FORMATS)
    needs = {*claims.NEEDS, *(casts.NEEDS if chosen is not None else ())}
    with services.reader.at(asked, *sorted(needs)) as moment:
        found = claims.find_claim(moment, claim_id)
        told, cast = casts.load_claim_cast(moment, found) if chosen is not None else ({}, casts.Cast())
    if chosen is not None:
        return answer_claim(request, chosen, found, told, cast, moment.clocks, asked, varying())
    return answer(request, shapes.claim_detail(found, moment.clocks), asked, headers=varying())
