"""Bodies in: read within bounds, by their type, into plain values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import msgspec
from anyio.to_thread import run_sync
from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from domain.errors import Fault, InvalidInput
from intake.batches import Batch, join
from intake.dossiers import decode_text, read_dossier
from intake.ndjson import read_ndjson

JSON_TYPES = ("application/json",)
YAML_TYPES = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")
NDJSON_TYPES = ("application/x-ndjson", "application/jsonl", "application/ndjson")
LARGE = 64 * 1024
"""From this size on, a body is read on another thread, so that nobody else waits for it."""

T = TypeVar("T")


def body_of(component: str, *others: str) -> dict[str, Any]:
    """The request body of a route for its OpenAPI entry: a component as JSON or YAML, other types as text."""
    schema = {"$ref": f"#/components/schemas/{component}"}
    content: dict[str, Any] = {
        each: {"schema": schema if each in (*JSON_TYPES, *YAML_TYPES) else {"type": "string"}}
        for each in (JSON_TYPES[0], *others)
    }
    return {"requestBody": {"required": True, "content": content}}


def media_type(request: Request, *allowed: str) -> str | None:
    """The media type of the body, None when it is not said. Raises 415 for one that is not read here."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise HTTPException(415, f"Send the body as it is; the encoding {encoding!r} is not read here.")
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said and said not in allowed:
        raise HTTPException(415, f"Send the body as {' or '.join(allowed)}; this one is said to be {said!r}.")
    return said or None


async def parse(data: bytes, parser: Callable[[bytes], T]) -> T:
    """What the parser makes of a body."""
    return parser(data) if len(data) < LARGE else await run_sync(parser, data)


async def read_json(request: Request) -> object:
    """The body as plain values. Raises InvalidInput when it is no UTF-8 or no JSON."""
    media_type(request, *JSON_TYPES)
    return await parse(await request.body(), parse_json)


def parse_json(data: bytes) -> object:
    """The value of a JSON text. Raises InvalidInput."""
    text = decode_text(data)
    if not text.strip():
        raise InvalidInput([Fault(path="", message="The body is empty.", code="missing")])
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        message = "The body is nested too deeply."
    except msgspec.DecodeError as error:
        message = f"The body is no JSON: {str(error).partition(' - at `$')[0]}."
    raise InvalidInput([Fault(path="", message=message, code="unreadable")])


async def read_entries(request: Request) -> Batch:
    """The entries of a dossier, by its media type. Raises InvalidInput when it cannot be read at all."""
    said = media_type(request, *JSON_TYPES, *YAML_TYPES, *NDJSON_TYPES)
    parser = parse_ndjson if said in NDJSON_TYPES else read_dossier
    return await parse(await request.body(), parser)


def parse_ndjson(data: bytes) -> Batch:
    """The entries of a dossier in NDJSON, as one batch."""
    return join(read_ndjson(data.split(b"\n")))


Written = Annotated[object, Depends(read_json)]
Entries = Annotated[Batch, Depends(read_entries)]


def fields_within(written: object, known: tuple[str, ...]) -> dict[str, object]:
    """The fields of a body that has only these. Raises InvalidInput."""
    if not isinstance(written, dict):
        message = f"The body is an object with {' and '.join(known)}."
        raise InvalidInput([Fault(path="", message=message, code="bad-type")])
    message = f"There is no such field; there are {', '.join(known)}."
    faults = [
        Fault(path=name, message=message, code="unknown-field") for name in written if name not in known
    ]
    if faults:
        raise InvalidInput(faults)
    return written
