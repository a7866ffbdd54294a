"""Answers as responses: written once, with an ETag, repeatable when pinned to a log position."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel

from api.composition import Services
from projections.reading.moments import AskedClocks

JSON = "application/json"
FOR_EVER = "max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def answer(
    request: Request,
    shape: BaseModel,
    asked: AskedClocks | None = None,
    *,
    revision: int | None = None,
    links: str | None = None,
) -> Response:
    """A shape as a response.

    Pinned to a log position by `asked`, it is the same for ever, and caches may know it; a recorded time
    may lie in the future, and then it is not. With `revision` the ETag starts with that, so that an
    editorial write can name it in `If-Match`.
    """
    pinned = asked is not None and asked.log_position is not None
    headers = {"Link": links} if links else {}
    body = shape.model_dump_json(by_alias=True).encode()
    return tagged(request, body, pinned=pinned, revision=revision, headers=headers)


def plain_answer(request: Request, value: object, headers: Mapping[str, str] | None = None) -> Response:
    """Values as a JSON response that changes with time."""
    return tagged(request, msgspec.json.encode(value), headers=headers)


def tagged(
    request: Request,
    body: bytes,
    *,
    pinned: bool = False,
    revision: int | None = None,
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response:
    """A body, JSON unless told otherwise, with a strong ETag; 304 when the client has these bytes already."""
    digest = hashlib.sha256(body).hexdigest()[:24]
    etag = f'"{revision}.{digest}"' if revision is not None else f'"{digest}"'
    cache = cache_control(request.app.state.services, pinned=pinned)
    sent = {"ETag": etag, "Cache-Control": cache, **(headers or {})}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type=media_type, headers=sent)


def cache_control(services: Services, *, pinned: bool = False) -> str:
    """How long caches may keep an answer. Where reading needs a key, only the client's own may keep it."""
    return f"{'public' if services.settings.public_read else 'private'}, {FOR_EVER if pinned else ASK_AGAIN}"


def matches(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this ETag (RFC 9110, weak comparison)."""
    if header is None:
        return False
    named = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in named or etag in named
