"""Claims: what befell each, and what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import ClocksDep
from api.documenting import reads
from api.shapes import claims as shapes
from projections.reading import claims

router = APIRouter(prefix="/v1", tags=["claims"], dependencies=[Depends(reader)])


@router.get("/claims/{claim_id}", responses=reads(shapes.ClaimDetail))
def get_claim(request: Request, services: ServicesDep, asked: ClocksDep, claim_id: str) -> Response:
    """A claim's lifecycle at the clocks, its outcome by a named rule, and its independent reports."""
    with services.reader.at(asked, *claims.NEEDS) as moment:
        found = claims.find_claim(moment, claim_id)
    return answer(request, shapes.claim_detail(found, moment.clocks), asked)
