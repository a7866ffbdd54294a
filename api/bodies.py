"""Bodies in, receipts out: what all writes have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response

from api.answers import expected_revision
from api.composition import Services
from domain.errors import Fault, InvalidInput
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import Thing, what_of
from intake.dossiers import decode_text
from ledger.application import Revised
from ledger.keys import Principal
from ledger.recording import Item

JSON = "application/json"
# Where each thing is read after it was written.
PATHS = {"development": "developments", "location": "locations", "actor": "actors", "document": "documents"}


class Body:
    """How a body is documented: by the component generated from the class it is read into."""

    @staticmethod
    def of(component: str) -> dict[str, Any]:
        """The request body of a route, for its OpenAPI entry."""
        schema = {"$ref": f"#/components/schemas/{component}"}
        return {"requestBody": {"required": True, "content": {JSON: {"schema": schema}}}}


async def read_json(request: Request) -> object:
    """The body as plain values. Raises InvalidInput when it is no UTF-8 or no JSON."""
    text = decode_text(await request.body())
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        fault = Fault(path="", message=f"The body is no JSON: {error}.", code="unreadable")
        raise InvalidInput([fault]) from None


Written = Annotated[object, Depends(read_json)]


def request_id_of(request: Request) -> str | None:
    """The id that the client gave the request, shortened to what is worth keeping."""
    given = request.headers.get("x-request-id", "").strip()
    return given[:120] or None if given.isprintable() else None


def record_one(
    request: Request,
    services: Services,
    principal: Principal,
    event: Thing | None,
    faults: Sequence[Fault],
    text: str | None = None,
) -> Response:
    """Records one thing: 201 when it is new, 200 when it was there already with the same content."""
    if event is None or faults:
        raise InvalidInput(faults)
    receipt = services.ledger.record(
        [Item(event=event, text=text)], recorded_by=principal.name, request_id=request_id_of(request)
    )
    [outcome] = receipt.outcomes
    services.reader.note_written(outcome.log_position or 0)
    what = what_of(event)
    body = {
        "id": event.id,
        "status": outcome.status,
        "revision": outcome.revision,
        "log_position": outcome.log_position,
        "recorded_at": receipt.recorded_at,
    }
    headers = {"Location": f"/v1/{PATHS[what]}/{event.id}", "ETag": f'"{outcome.revision}"'}
    return Response(
        msgspec.json.encode(body),
        status_code=201 if outcome.status == "new" else 200,
        media_type=JSON,
        headers=headers,
    )


def revised_response(
    request: Request,
    services: Services,
    principal: Principal,
    body: LocationRegistered | ActorRegistered | None,
    faults: Sequence[Fault],
    identifier: str,
    describe: Callable[..., Revised],
) -> Response:
    """Describes a place or an actor anew, after checking that the body is about it."""
    if body is None or faults:
        raise InvalidInput(faults)
    if body.id != identifier:
        message = f"The body is about {body.id!r}, the address about {identifier!r}."
        raise InvalidInput([Fault(path="id", message=message, code="bad-reference")])
    revised = describe(
        body,
        recorded_by=principal.name,
        request_id=request_id_of(request),
        expected_revision=expected_revision(request.headers.get("if-match")),
    )
    return revision_response(services, identifier, what_of(body), revised)


def revision_response(services: Services, identifier: str, what: str, revised: Revised) -> Response:
    """The receipt of a new revision."""
    services.reader.note_written(revised.log_position)
    body = {"id": identifier, **msgspec.to_builtins(revised)}
    headers = {"Location": f"/v1/{PATHS[what]}/{identifier}", "ETag": f'"{revised.revision}"'}
    return Response(msgspec.json.encode(body), status_code=201, media_type=JSON, headers=headers)
