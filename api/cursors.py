"""Cursors: where a page ended, as an opaque word, and the links to the next one and the first."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import Query, Request

from domain.errors import Fault, InvalidInput
from domain.kinds.envelope import SLUG
from domain.positions import EffectOrder
from domain.times import Clocks

LONGEST = 600
"""Room for three ids of 120 and two instants, or for one id and four."""

Cursor = Annotated[str | None, Query(description="From the Link header of the page before.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many items.")]


def encode_cursor(*parts: Any) -> str:
    """Where a page ended: ids and instants."""
    return base64.urlsafe_b64encode(msgspec.json.encode(parts)).decode().rstrip("=")


def decode_id(cursor: str | None) -> str | None:
    """The id of a cursor of one id. Raises InvalidInput."""
    parts = _decode(cursor, tuple[str])
    return parts[0] if parts else None


def decode_effect(cursor: str | None) -> EffectOrder | None:
    """How far in the order of effect a timeline was read. Raises InvalidInput."""
    parts = _decode(cursor, EffectOrder)
    return (parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]) if parts else None


def decode_dispute(cursor: str | None) -> tuple[float, datetime, str, str, str] | None:
    """The gap, the instant, the place and the two voices of a disagreement. Raises InvalidInput."""
    parts = _decode(cursor, tuple[float, datetime, str, str, str])
    return (parts[0], parts[1], parts[2], parts[3], parts[4]) if parts else None


def unpack_cursor(cursor: str, shape: Any) -> Any:
    """The parts of a cursor, in the shape of a tuple type. Raises ValueError."""
    if len(cursor) > LONGEST:
        raise ValueError(cursor)
    try:
        written = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except binascii.Error as error:
        raise ValueError(cursor) from error
    return msgspec.json.decode(written, type=shape)


def _decode(cursor: str | None, shape: Any) -> tuple[Any, ...] | None:
    if cursor is None:
        return None
    try:
        parts: tuple[Any, ...] = unpack_cursor(cursor, shape)
        if not all(map(_is_ours, parts)):
            raise ValueError(cursor)
    except ValueError:
        message = "This is no cursor of ours; take it from the Link header of the page before."
        raise InvalidInput([Fault(path="query.cursor", message=message, code="bad-value")]) from None
    return parts


def _is_ours(part: str | datetime | float) -> bool:
    """Whether we could have written it; the database is not asked for anything else."""
    match part:
        case str():
            return bool(SLUG.fullmatch(part))
        case datetime():
            return part.tzinfo is not None
        case _:
            return True


def page_links(request: Request, cursor: str | None, clocks: Clocks) -> str | None:
    """The `Link` header (RFC 8288) to the next page, and from a later page to the first, at the very clocks
    of this one.
    """
    links = [("first", "")] if "cursor" in request.query_params else []
    if cursor is not None:
        links.append(("next", cursor))
    told = (f'<{pinned_address(request, clocks, cursor=each)}>; rel="{rel}"' for rel, each in links)
    return ", ".join(told) or None


def pinned_address(
    request: Request, clocks: Clocks, *, path: str | None = None, cursor: str | None = None
) -> str:
    """The path and the query of a request, with all clocks as they were in its answer.

    Of the page that `cursor` leads to, the first for an empty one, else of its own; under another `path` if
    one is given.
    """
    ours = ("recorded_at", "log_position", "min_log_position", *(("cursor",) if cursor is not None else ()))
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in ours]
    for name, instant in (("valid_at", clocks.valid_at), ("known_at", clocks.known_at)):
        if name not in request.query_params:
            pairs.append((name, written(instant)))
    pairs.append(("log_position", str(clocks.log_position)))
    if cursor:
        pairs.append(("cursor", cursor))
    return f"{path or request.url.path}?{urlencode(pairs)}"


def plainly_pinned(path: str, clocks: Clocks) -> str:
    """The same for a request without a query."""
    valid_at, known_at = (written(each).replace(":", "%3A") for each in (clocks.valid_at, clocks.known_at))
    return f"{path}?valid_at={valid_at}&known_at={known_at}&log_position={clocks.log_position}"


def written(instant: datetime) -> str:
    """An instant as a query names it."""
    return instant.isoformat().replace("+00:00", "Z")
