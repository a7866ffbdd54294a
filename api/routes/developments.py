"""Developments: reported, corrected, retracted, linked, and read back with every revision."""

from __future__ import annotations

from functools import partial

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response

from api.access import Editor, Reporter, ServicesDep, allow, bearer, needs_key, reader
from api.answers import answer
from api.batches import BODY, named, read_batch, record_batch
from api.bodies import Written, body_of, fields_within, read_json
from api.clocks import ClocksDep
from api.documenting import reads, records, records_each, revises
from api.shapes import developments as shapes
from api.shapes.receipts import BatchReceipt, CorrectionReceipt, DevelopmentReceipt, RevisionReceipt
from api.writing import Writing, WritingDep, wrong_address
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
    openapi_extra={**body_of("DevelopmentWritten"), **needs_key("reporter")},
)
async def report_development(request: Request) -> Response:
    """Reports a development. Without an `id` it is given one. The same again is 200 and changes nothing.

    One that looks like another is recorded too, and `possible_duplicates` names those it looks like.
    """
    # What other routes have as dependencies is called here: solving them takes longer than all the rest.
    principal = await allow(request, await bearer(request), "reporter")
    written = await read_json(request)
    writing = Writing(request, request.app.state.services)
    return await writing.record(principal, *read_development(named(written), Context()))


@router.post("/developments/batch", status_code=201, responses=records_each(BatchReceipt), openapi_extra=BODY)
async def report_developments(
    request: Request, services: ServicesDep, principal: Reporter, written: Written
) -> Response:
    """Reports up to 500 developments in one transaction, each by itself: what is wrong with one fails it
    alone. An item may point at those before it, and may be without an `id`.
    """
    return await record_batch(request, services, principal, await run_sync(read_batch, written))


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
async def correct_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Replaces a development, whole, from now on. Name the revision you saw in `If-Match`."""
    body, reason = _read_correction(written, development_id)
    use_case = partial(services.ledger.correct, development_id, body, reason)
    return await writing.correct(principal, body, use_case)


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
async def retract_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Takes a development back from now on. Before this log position it still answers."""
    retraction, faults = read_entry(Retracted, written, Context())
    if retraction is None:
        raise InvalidInput(faults)
    use_case = partial(services.ledger.retract, development_id, retraction.reason)
    return await writing.revise(principal, "development", development_id, use_case)


@router.post(
    "/developments/{development_id}/links",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("Linked"),
)
async def link_development(
    services: ServicesDep, writing: WritingDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Ties a development to another one."""
    link, faults = read_entry(Linked, written, Context())
    if link is None:
        raise InvalidInput(faults)
    use_case = partial(services.ledger.link, development_id, link.type, link.to, link.reason)
    return await writing.revise(principal, "development", development_id, use_case)
