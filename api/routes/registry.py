"""Actors and documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import Editor, Reporter, ServicesDep, reader
from api.answers import answer
from api.bodies import Written, body_of
from api.clocks import ClocksDep
from api.cursors import Cursor, Limit, decode_id, encode_cursor, page_links
from api.documenting import reads, records, revises
from api.shapes import registry as shapes
from api.shapes.receipts import Receipt, RevisionReceipt
from api.writing import WritingDep
from domain.errors import InvalidInput
from domain.registry import ActorKind, ActorRegistered
from intake.dossiers import DossierReader
from intake.entries import Context, read_entry
from projections.reading import registry

router = APIRouter(prefix="/v1", tags=["registry"])
open_to_readers = [Depends(reader)]


@router.get("/actors", dependencies=open_to_readers, responses=reads(shapes.ActorList, one=False, pages=True))
def list_actors(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    kind: Annotated[ActorKind | None, Query(description="Only actors of this kind.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Actors by id."""
    after = decode_id(cursor)
    with services.reader.at(asked, *registry.ACTOR_NEEDS) as moment:
        found = registry.list_actors(moment, kind=kind, after=after, limit=limit + 1)
    page = found[:limit]
    more = encode_cursor(page[-1].body.id) if len(found) > limit else None
    shape = shapes.ActorList.model_construct(items=[*map(shapes.actor, page)], clocks=moment.clocks)
    return answer(request, shape, asked, links=page_links(request, more, moment.clocks))


@router.post("/actors", status_code=201, responses=records(Receipt), openapi_extra=body_of("ActorRegistered"))
async def register_actor(writing: WritingDep, principal: Editor, written: Written) -> Response:
    """Registers an actor. The same again is 200 and changes nothing."""
    return await writing.record(principal, *read_entry(ActorRegistered, written, Context()))


@router.get("/actors/{actor_id}", dependencies=open_to_readers, responses=reads(shapes.ActorDetail))
def get_actor(request: Request, services: ServicesDep, asked: ClocksDep, actor_id: str) -> Response:
    """An actor as described at the clocks."""
    with services.reader.at(asked, *registry.ACTOR_NEEDS) as moment:
        found = registry.find_actor(moment, actor_id)
    return answer(request, shapes.actor_detail(found, moment.clocks), asked, revision=found.revision)


@router.post(
    "/actors/{actor_id}/descriptions",
    status_code=201,
    responses=revises(RevisionReceipt),
    openapi_extra=body_of("ActorRegistered"),
)
async def describe_actor(
    services: ServicesDep, writing: WritingDep, principal: Editor, actor_id: str, written: Written
) -> Response:
    """Describes an actor anew, whole. Name the revision you saw in `If-Match`."""
    actor, faults = read_entry(ActorRegistered, written, Context())
    return await writing.describe(principal, actor, faults, actor_id, services.ledger.describe_actor)


@router.get("/documents", dependencies=open_to_readers, responses=reads(shapes.DocumentList, pages=True))
def list_documents(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    publisher: Annotated[str | None, Query(description="Only documents of this publisher.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Documents by id, without their texts."""
    after = decode_id(cursor)
    # Only a publisher that is named needs the actors: a fault in them must not hold up anything else.
    needs = (*registry.DOCUMENT_NEEDS, *(registry.ACTOR_NEEDS if publisher is not None else ()))
    with services.reader.at(asked, *needs) as moment:
        found = registry.list_documents(moment, publisher=publisher, after=after, limit=limit + 1)
    page = found[:limit]
    more = encode_cursor(page[-1].body.id) if len(found) > limit else None
    shape = shapes.DocumentList.model_construct(items=[*map(shapes.document, page)], clocks=moment.clocks)
    return answer(request, shape, asked, links=page_links(request, more, moment.clocks))


@router.post(
    "/documents", status_code=201, responses=records(Receipt), openapi_extra=body_of("DocumentWritten")
)
async def archive_document(writing: WritingDep, principal: Reporter, written: Written) -> Response:
    """Archives a document with its text. The same again is 200 and changes nothing."""
    item, faults = DossierReader().read("documents", written, "")
    if item is None:
        raise InvalidInput(faults)
    return await writing.record(principal, item.event, faults, item.text)


@router.get("/documents/{document_id}", dependencies=open_to_readers, responses=reads(shapes.DocumentDetail))
def get_document(request: Request, services: ServicesDep, asked: ClocksDep, document_id: str) -> Response:
    """A document at the clocks, with its text while it is kept."""
    with services.reader.at(asked, *registry.DOCUMENT_NEEDS) as moment:
        found = registry.find_document(moment, document_id)
    sha256 = found.body.sha256
    text = services.ledger.load_document_text(sha256) if sha256 is not None else None
    # Never for ever, whatever the clocks: the text may be taken away later.
    return answer(request, shapes.document_detail(found, text, moment.clocks))
