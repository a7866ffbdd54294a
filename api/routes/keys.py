"""The key of a request, told back to whoever sent it."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter, Request, Response

from api.access import allow, bearer, needs_key
from api.answers import JSON
from api.documenting import UNKEPT, problems
from api.shapes.keys import KeyShape

router = APIRouter(prefix="/v1", tags=["about"])


@router.get(
    "/key",
    responses={
        200: {"model": KeyShape, "description": "The key is good.", "headers": UNKEPT},
        **problems(401, 422, 503),
    },
    openapi_extra=needs_key("reporter"),
)
async def get_key(request: Request) -> Response:
    """Whose key the request was sent with, and what it may do. 401 when it is none, unknown or revoked."""
    principal = await allow(request, await bearer(request), "reporter")
    body = {"id": principal.id, "name": principal.name, "role": principal.role}
    return Response(msgspec.json.encode(body), media_type=JSON, headers={"Cache-Control": "no-store"})
