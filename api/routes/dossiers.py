"""A whole dossier at once, all or nothing."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from api.access import Editor, ServicesDep
from api.bodies import request_id_of
from domain.streams import what_of
from intake.dossiers import read_dossier
from intake.ndjson import read_ndjson
from ledger.recording import Item

router = APIRouter(tags=["dossiers"])

NDJSON = ("application/x-ndjson", "application/jsonl")
CONTENT = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/DossierWritten"}},
            "application/yaml": {"schema": {"type": "string"}},
            NDJSON[0]: {"schema": {"type": "string"}},
        },
    }
}


class DossierItem(BaseModel):
    """What became of one entry."""

    what: str
    id: str
    status: str
    revision: int | None
    log_position: int | None


class DossierReceipt(BaseModel):
    """What became of a dossier: how much was new, and how much was there already."""

    new: int
    unchanged: int
    log_position: int | None
    items: list[DossierItem]


async def read_items(request: Request) -> list[Item]:
    """The items of the body, by its content type. Raises InvalidInput with all faults."""
    data = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in NDJSON:
        return [item for batch in read_ndjson(data.splitlines()) for item in batch]
    return list(read_dossier(data).items)


@router.post(
    "/dossiers", status_code=201, openapi_extra=CONTENT, responses={201: {"model": DossierReceipt}}
)
def post_dossier(
    request: Request, services: ServicesDep, principal: Editor, items: Annotated[list[Item], Depends(read_items)]
) -> Response:
    """Records a dossier (YAML, JSON or NDJSON) in one transaction: all of it, or nothing."""
    receipt = services.ledger.record(items, recorded_by=principal.name, request_id=request_id_of(request))
    services.reader.note_written(receipt.log_position or 0)
    told = [
        DossierItem(
            what=what_of(outcome.item.event),
            id=outcome.item.event.id,
            status=outcome.status,
            revision=outcome.revision,
            log_position=outcome.log_position,
        )
        for outcome in receipt.outcomes
    ]
    new = sum(item.status == "new" for item in told)
    shape = DossierReceipt(new=new, unchanged=len(told) - new, log_position=receipt.log_position, items=told)
    return Response(
        msgspec.json.encode(shape.model_dump()), status_code=201 if new else 200, media_type="application/json"
    )
