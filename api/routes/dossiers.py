"""A whole dossier at once, all or nothing."""

from __future__ import annotations

from fastapi import APIRouter, Response

from api.access import Editor
from api.bodies import NDJSON_TYPES, YAML_TYPES, Entries, body_of
from api.documenting import records
from api.shapes.receipts import DossierReceipt
from api.writing import WritingDep

router = APIRouter(prefix="/v1", tags=["dossiers"])


@router.post(
    "/dossiers",
    status_code=201,
    responses=records(DossierReceipt, whereabouts=False),
    openapi_extra=body_of("DossierWritten", YAML_TYPES[0], NDJSON_TYPES[0]),
)
async def record_dossier(writing: WritingDep, principal: Editor, entries: Entries) -> Response:
    """Records a dossier (YAML, JSON or NDJSON) in one transaction: all of it, or nothing."""
    return await writing.record_all(principal, entries)
