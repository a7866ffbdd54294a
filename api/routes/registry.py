"""Actors and documents."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api import shapes
from api.access import Editor, Reporter, ServicesDep, reader
from api.answers import answer, decode_cursor, encode_cursor, next_link
from api.bodies import Body, Written, record_one, revised_response
from api.clocks import ClocksDep, Limit
from domain.errors import InvalidInput
from domain.registry import ActorRegistered
from intake.dossiers import DossierReader
from intake.entries import Context, read_entry
from projections.reading import registry

router = APIRouter(tags=["registry"])
open_to_readers = [Depends(reader)]

Cursor = Annotated[str | None, Query(description="From the Link header of the page before.")]


@router.get("/actors", dependencies=open_to_readers, responses={200: {"model": shapes.ActorList}})
def list_actors(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    kind: Annotated[str | None, Query(description="Only actors of this kind.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Actors by id."""
    after = decode_cursor(cursor, str)
    with services.reader.at(asked, *registry.ACTOR_NEEDS) as moment:
        found = registry.list_actors(moment, kind=kind, after=after[0] if after else None, limit=limit + 1)
    page = found[:limit]
    more = encode_cursor(page[-1].body.id) if len(found) > limit else None
    items = [shapes.ActorShape.model_construct(**shapes.actor_fields(actor)) for actor in page]
    shape = shapes.ActorList.model_construct(items=items, clocks=moment.clocks)
    return answer(request, shape, asked, links=next_link(request, more, moment.clocks))


@router.post("/actors", status_code=201, openapi_extra=Body.of("ActorRegistered"))
def register_actor(request: Request, services: ServicesDep, principal: Editor, written: Written) -> Response:
    """Registers an actor. The same again is 200 and changes nothing."""
    actor, faults = read_entry(ActorRegistered, written, Context())
    return record_one(request, services, principal, actor, faults)


@router.get(
    "/actors/{actor_id}", dependencies=open_to_readers, responses={200: {"model": shapes.ActorDetail}}
)
def get_actor(request: Request, services: ServicesDep, asked: ClocksDep, actor_id: str) -> Response:
    """An actor as described at the clocks."""
    with services.reader.at(asked, *registry.ACTOR_NEEDS) as moment:
        found = registry.find_actor(moment, actor_id)
    shape = shapes.ActorDetail.model_construct(**shapes.actor_fields(found), clocks=moment.clocks)
    return answer(request, shape, asked, revision=found.revision)


@router.post("/actors/{actor_id}/descriptions", status_code=201, openapi_extra=Body.of("ActorRegistered"))
def describe_actor(
    request: Request, services: ServicesDep, principal: Editor, actor_id: str, written: Written
) -> Response:
    """Describes an actor anew, whole. Name the revision you saw in `If-Match`."""
    actor, faults = read_entry(ActorRegistered, written, Context())
    return revised_response(
        request, services, principal, actor, faults, actor_id, services.ledger.describe_actor
    )


@router.get("/documents", dependencies=open_to_readers, responses={200: {"model": shapes.DocumentList}})
def list_documents(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    publisher: Annotated[str | None, Query(description="Only documents of this publisher.")] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> Response:
    """Documents by id, without their texts."""
    after = decode_cursor(cursor, str)
    with services.reader.at(asked, *registry.DOCUMENT_NEEDS) as moment:
        found = registry.list_documents(
            moment, publisher=publisher, after=after[0] if after else None, limit=limit + 1
        )
    page = found[:limit]
    more = encode_cursor(page[-1].body.id) if len(found) > limit else None
    items = [shapes.DocumentShape.model_construct(**shapes.document_fields(document)) for document in page]
    shape = shapes.DocumentList.model_construct(items=items, clocks=moment.clocks)
    return answer(request, shape, asked, links=next_link(request, more, moment.clocks))


@router.post("/documents", status_code=201, openapi_extra=Body.of("DocumentWritten"))
def archive_document(
    request: Request, services: ServicesDep, principal: Reporter, written: Written
) -> Response:
    """Archives a document with its text. The same again is 200 and changes nothing."""
    item, faults = DossierReader().read("documents", written, "")
    if item is None:
        raise InvalidInput(faults)
    return record_one(request, services, principal, item.event, faults, item.text)


@router.get(
    "/documents/{document_id}",
    dependencies=open_to_readers,
    responses={200: {"model": shapes.DocumentDetail}},
)
def get_document(request: Request, services: ServicesDep, asked: ClocksDep, document_id: str) -> Response:
    """A document at the clocks, with its text while it is kept."""
    with services.reader.at(asked, *registry.DOCUMENT_NEEDS) as moment:
        found = registry.find_document(moment, document_id)
    sha256 = found.body.sha256
    text = services.ledger.load_document_text(sha256) if sha256 is not None else None
    fields = shapes.document_fields(found)
    shape = shapes.DocumentDetail.model_construct(**fields, text=text, clocks=moment.clocks)
    return answer(request, shape, asked)
