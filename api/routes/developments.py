"""Developments: reported, corrected, retracted, linked, and read back with every revision."""

from __future__ import annotations

import uuid_utils
from fastapi import APIRouter, Depends, Request, Response

from api import shapes
from api.access import Editor, Reporter, ServicesDep, reader
from api.answers import answer, expected_revision
from api.bodies import Body, Written, record_one, request_id_of, revision_response
from api.clocks import ClocksDep
from domain.editorial import Linked, Retracted
from domain.errors import Fault, InvalidInput
from intake.entries import Context, read_development, read_entry
from projections.reading import developments

router = APIRouter(tags=["developments"])
open_to_readers = [Depends(reader)]


@router.post("/developments", status_code=201, openapi_extra=Body.of("DevelopmentWritten"))
def report_development(
    request: Request, services: ServicesDep, principal: Reporter, written: Written
) -> Response:
    """Reports a development. Without an `id` it is given one. The same again is 200 and changes nothing."""
    if isinstance(written, dict) and written.get("id") is None:
        written = {**written, "id": str(uuid_utils.uuid7())}
    development, faults = read_development(written, Context())
    return record_one(request, services, principal, development, faults)


@router.get(
    "/developments/{development_id}",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.DevelopmentAnswer}},
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
    responses={200: {"model": shapes.RevisionList}},
)
def get_revisions(request: Request, services: ServicesDep, asked: ClocksDep, development_id: str) -> Response:
    """Every revision recorded by the clocks, with who, when, why and what changed."""
    with services.reader.at(asked, *developments.NEEDS) as moment:
        found = developments.find_revisions(moment, development_id)
    shape = shapes.RevisionList.model_construct(items=shapes.revisions(found), clocks=moment.clocks)
    return answer(request, shape, asked)


@router.post(
    "/developments/{development_id}/corrections", status_code=201, openapi_extra=Body.of("CorrectionWritten")
)
def correct_development(
    request: Request, services: ServicesDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Replaces a development, whole, from now on. Name the revision you saw in `If-Match`."""
    fields = _fields(written, ("reason", "body"))
    body, faults = read_development(fields.get("body"), Context(), "body")
    reason = fields.get("reason")
    if not isinstance(reason, str):
        faults = [Fault(path="reason", message="Say in a few words why.", code="missing"), *faults]
    if body is not None and body.id != development_id:
        message = f"The body is about {body.id!r}, the address about {development_id!r}."
        faults.append(Fault(path="body.id", message=message, code="bad-reference"))
    if body is None or faults or not isinstance(reason, str):
        raise InvalidInput(faults)
    revised = services.ledger.correct(
        development_id,
        body,
        reason,
        recorded_by=principal.name,
        request_id=request_id_of(request),
        expected_revision=expected_revision(request.headers.get("if-match")),
    )
    return revision_response(services, development_id, "development", revised)


@router.post(
    "/developments/{development_id}/retraction", status_code=201, openapi_extra=Body.of("Retracted")
)
def retract_development(
    request: Request, services: ServicesDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Takes a development back from now on. Before this log position it still answers."""
    retraction, faults = read_entry(Retracted, written, Context())
    if retraction is None:
        raise InvalidInput(faults)
    revised = services.ledger.retract(
        development_id,
        retraction.reason,
        recorded_by=principal.name,
        request_id=request_id_of(request),
        expected_revision=expected_revision(request.headers.get("if-match")),
    )
    return revision_response(services, development_id, "development", revised)


@router.post("/developments/{development_id}/links", status_code=201, openapi_extra=Body.of("Linked"))
def link_development(
    request: Request, services: ServicesDep, principal: Editor, development_id: str, written: Written
) -> Response:
    """Ties a development to another one."""
    link, faults = read_entry(Linked, written, Context())
    if link is None:
        raise InvalidInput(faults)
    revised = services.ledger.link(
        development_id,
        link.type,
        link.to,
        link.reason,
        recorded_by=principal.name,
        request_id=request_id_of(request),
        expected_revision=expected_revision(request.headers.get("if-match")),
    )
    return revision_response(services, development_id, "development", revised)


def _fields(written: object, known: tuple[str, ...]) -> dict[str, object]:
    """The fields of a body that has only these. Raises InvalidInput."""
    if not isinstance(written, dict):
        message = f"The body is an object with {' and '.join(known)}."
        raise InvalidInput([Fault(path="", message=message, code="bad-type")])
    unknown = [name for name in written if name not in known]
    if unknown:
        faults = [
            Fault(path=name, message=f"There is no such field; there are {', '.join(known)}.", code="unknown-field")
            for name in unknown
        ]
        raise InvalidInput(faults)
    return written
