"""Claims: what befell each, and what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from api import shapes
from api.access import ServicesDep, reader
from api.answers import answer
from api.clocks import ClocksDep
from projections.reading import claims

router = APIRouter(tags=["claims"], dependencies=[Depends(reader)])


@router.get("/claims/{claim_id}", responses={200: {"model": shapes.ClaimDetail}})
def get_claim(request: Request, services: ServicesDep, asked: ClocksDep, claim_id: str) -> Response:
    """A claim's lifecycle at the clocks, its outcome by a named rule, and its independent reports."""
    with services.reader.at(asked, *claims.NEEDS) as moment:
        found = claims.find_claim(moment, claim_id)
    shape = shapes.ClaimDetail.model_construct(**shapes.claim_fields(found), clocks=moment.clocks)
    return answer(request, shape, asked)
