"""Answers as responses: written once, with an ETag, repeatable when pinned to a log position."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel

from domain.errors import Fault, InvalidInput
from domain.times import Clocks
from projections.reading.moments import AskedClocks

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


def answer(
    request: Request, shape: BaseModel, asked: AskedClocks, *, revision: int | None = None, links: str | None = None
) -> Response:
    """A response with a strong ETag; 304 when the client has these bytes already.

    With `revision` the ETag starts with it, so that an editorial write can name it in `If-Match`.
    """
    body = shape.model_dump_json(by_alias=True).encode()
    digest = hashlib.sha256(body).hexdigest()[:24]
    etag = f'"{revision}.{digest}"' if revision is not None else f'"{digest}"'
    headers = {"ETag": etag, "Cache-Control": FOR_EVER if is_pinned(asked) else ASK_AGAIN}
    if links:
        headers["Link"] = links
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def is_pinned(asked: AskedClocks) -> bool:
    """Whether the same URL will have the same answer for ever.

    A recorded time may lie in the future, and then it does not.
    """
    return asked.log_position is not None


def matches(header: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this ETag (RFC 9110, weak comparison)."""
    if header is None:
        return False
    named = [part.strip().removeprefix("W/") for part in header.split(",")]
    return "*" in named or etag in named


def expected_revision(header: str | None) -> int | None:
    """The revision that an `If-Match` header names: a bare one, or that of an ETag of ours. Raises InvalidInput."""
    if header is None or header.strip() == "*":
        return None
    named = header.strip().removeprefix("W/").strip('"').partition(".")[0]
    if not named.isdigit() or len(named) > 9:
        message = "Name the revision you saw: send back the ETag of the development."
        raise InvalidInput([Fault(path="header.If-Match", message=message, code="bad-value")])
    return int(named)


def encode_cursor(*parts: Any) -> str:
    """Where a page ended, as an opaque word."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def decode_cursor(cursor: str | None, *types: Any) -> tuple[Any, ...] | None:
    """The parts of a cursor. Raises InvalidInput for one that is not ours."""
    if cursor is None:
        return None
    try:
        decoded = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        parts: tuple[Any, ...] = msgspec.json.decode(decoded, type=tuple[types])
    except (ValueError, binascii.Error):
        message = "This is no cursor of ours; take it from the Link header of the page before."
        raise InvalidInput([Fault(path="query.cursor", message=message, code="bad-value")]) from None
    return parts


def next_link(request: Request, cursor: str | None, clocks: Clocks | None = None) -> str | None:
    """The `Link` header to the next page (RFC 8288), at the very clocks of this one."""
    if cursor is None:
        return None
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
    if clocks is not None:
        pairs = [(name, value) for name, value in pairs if name not in ("recorded_at", "log_position")]
        pairs.append(("log_position", str(clocks.log_position)))
        for name, instant in (("valid_at", clocks.valid_at), ("known_at", clocks.known_at)):
            if name not in request.query_params:
                pairs.append((name, instant.isoformat()))
    return f'<{request.url.path}?{urlencode([*pairs, ("cursor", cursor)])}>; rel="next"'
