"""Developments: reported, corrected, retracted, linked, and read back with every revision."""

from __future__ import annotations

import uuid_utils
from fastapi import APIRouter, Depends, Request, Response

from api.access import Editor, Reporter, ServicesDep, reader
from api.answers import answer
from api.bodies import Written, body_of, fields_within
from api.clocks import ClocksDep
from api.documenting import reads, records, revises
from api.shapes import developments as shapes
from api.shapes.receipts import CorrectionReceipt, DevelopmentReceipt, RevisionReceipt
from api.writing import WritingDep, wrong_address
from domain.editorial import Linked, Retracted
from domain.errors import Fault, InvalidInput
from domain.kinds.envelope import Development
from intake.entries import Context, read_development, read_entry
from ledger.taking_over import told_until
from projections.reading import developments

router = APIRouter(prefix="/v1", tags=["developments"])
open_to_readers = [Depends(reader)]


@router.post(
    "/developments",
    status_code=201,
    responses=records(DevelopmentReceipt),
    openapi_extra=body_of("DevelopmentWritten"),
)
def report_development(writing: WritingDep, principal: Reporter, written: Written) -> Response:
    """Reports a development. Without an `id` it is given one. The same again is 200 and changes nothing.

    One that looks like another is recorded too, and `possible_duplicates` names those it looks like.
    """
    if isinstance(written, dict) and written.get("id") is None:
        written = {**written, "id": str(uuid_utils.uuid7())}
    return writing.record(principal, *read_development(written, Context()))


@router.get(
    "/developments/{development_id}",
    dependencies=open_to_readers,
    responses=reads(shapes.DevelopmentAnswer),
)
def get_development(
    request: Request, services: ServicesDep, asked: ClocksDep, development_id: str
) -> Response:
    """A development as the ledger held it and the world knew it at the clocks."""
    with services.reader.at(asked, *developments.NEEDS) as moment:
        found = developments.find_development(moment, development_id)
    shape = shapes.development_answer(found, moment.clocks)
    return answer(request, shape, asked, revision=found.revision)


@router.get(
    "/developments/{development_id}/revisions",
    dependencies=open_to_readers,
    responses=reads(shapes.RevisionList),
)
def list_revisions(
    request: Request, services: ServicesDep, asked: ClocksDep, development_id: str
) -> Response:
    """Every revision recorded and public by the clocks, with who, when, why and what changed."""
    with services.reader.at(asked, *developments.NEEDS) as moment:
        found = developments.find_revisions(moment, development_id)
        told = told_until(moment.connection)
    return answer(request, shapes.revision_list(found, moment.clocks, told), asked)


@router.post(
    "/developments/{development_id}/corrections",
    status_code=201,
    responses=revises(CorrectionReceipt),
    openapi_extra=body_of("CorrectionWritten"),
)
def correct_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Replaces a development, whole, from now on. Name the revision you saw in `If-Match`."""
    body, reason = _read_correction(written, development_id)
    revised = services.ledger.correct(development_id, body, reason, **writing.authorship(principal))
    return writing.corrected(body, revised)


def _read_correction(written: object, development_id: str) -> tuple[Development, str]:
    """The new body and the reason. A body without an `id` means the one of the address."""
    fields = fields_within(written, ("reason", "body"))
    given = fields.get("body")
    if isinstance(given, dict) and given.get("id") is None:
        given = {**given, "id": development_id}
    body, faults = read_development(given, Context(), "body")
    reason = fields.get("reason")
    if not isinstance(reason, str):
        faults = [Fault(path="reason", message="Say in a few words why.", code="missing"), *faults]
    if body is not None and body.id != development_id:
        faults.append(wrong_address("body.id", body.id, development_id))
    if body is None or faults or not isinstance(reason, str):
        raise InvalidInput(faults)
    return body, reason


@router.post(
    "/developments/{development_id}/retraction",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("Retracted"),
)
def retract_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Takes a development back from now on. Before this log position it still answers."""
    retraction, faults = read_entry(Retracted, written, Context())
    if retraction is None:
        raise InvalidInput(faults)
    revised = services.ledger.retract(development_id, retraction.reason, **writing.authorship(principal))
    return writing.revised("development", development_id, revised)


@router.post(
    "/developments/{development_id}/links",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("Linked"),
)
def link_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Ties a development to another one."""
    link, faults = read_entry(Linked, written, Context())
    if link is None:
        raise InvalidInput(faults)
    revised = services.ledger.link(
        development_id, link.type, link.to, link.reason, **writing.authorship(principal)
    )
    return writing.revised("development", development_id, revised)
