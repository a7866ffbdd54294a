"""What each route may answer, for the OpenAPI document: status by status, with headers and problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.access import bearer
from api.glossary import explain_parameter, explain_schemas
from api.problems import MEDIA_TYPE, Problem, catalogue
from api.request_log import PROBES
from api.shapes.replays import FrameShape
from api.webhooks.documenting import describe_webhooks
from intake.schema import component_schemas

Responses = dict[int | str, dict[str, Any]]

TEMPLATE = "#/components/schemas/{model}"


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


ETAG = {
    "ETag": _header(
        "Of the very bytes (strong). Sent back in `If-None-Match`, it gives 304 while the answer says the "
        "same. An editorial write may name it in `If-Match`."
    )
}
CACHE = {"Cache-Control": _header("`immutable` when `log_position` was named, else ask again.")}
UNKEPT = {"Cache-Control": _header("`no-store`: no cache keeps it.")}
_PINNED = 'The same with all its clocks pinned, as `rel="canonical"` (RFC 6596)'
_PAGES = (
    'the next page as `rel="next"`, and from a later one the first as `rel="first"`, at the very clocks of '
    "this one (RFC 8288)."
)
CANONICAL = {"Link": _header(f"{_PINNED}.")}
PAGES = {"Link": _header(_PAGES[0].upper() + _PAGES[1:])}
LINK = {"Link": _header(f"{_PINNED}; {_PAGES}")}
MEMENTO = {
    "Link": _header(
        f"{_PINNED}; "
        'the address itself as `rel="original timegate"`, its TimeMap as `rel="timemap"` (RFC 7089), and the '
        'next page as `rel="next"`, if there is one.'
    ),
    "Memento-Datetime": _header("When the ledger held this, if `log_position` was named (RFC 7089)."),
    "Vary": _header("`Accept-Datetime`, while the address leaves open which state is meant."),
}
LOCATION = {"Location": _header("Where it can be read.", format="uri-reference")}
RETRY_AFTER = {"Retry-After": _header("In so many seconds it is worth trying again.", pattern="^[0-9]+$")}
HEADERS_OF = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": _header("`Bearer`.")},
    HTTPStatus.TOO_MANY_REQUESTS: RETRY_AFTER,
    HTTPStatus.SERVICE_UNAVAILABLE: RETRY_AFTER,
}
NAMED = {
    "X-Request-ID": _header("Names the request: the id it was sent with, or one of ours.", maxLength=120),
}
COUNTED = {
    "RateLimit": _header(
        "How the client stands: `r` more requests at once, and `t` seconds until it may ask in full again. "
        "Absent where there is no limit.",
        examples=['"reads";r=11999;t=1'],
    ),
    "RateLimit-Policy": _header("The limit: `q` requests in `w` seconds.", examples=['"reads";q=12000;w=60']),
}


def problems(*statuses: int) -> Responses:
    """The problems a route may answer, by status; anything unforeseen is a problem too."""
    return {status: _problem(HTTPStatus(status)) for status in statuses} | {
        "default": {**_problem(None), "description": "Anything else that went wrong."}
    }


def _problem(status: HTTPStatus | None) -> dict[str, Any]:
    titles = [kind.title for kind in catalogue() if kind.status == status]
    response: dict[str, Any] = {
        "description": "; or: ".join(titles) + ".",
        "content": {MEDIA_TYPE: {"schema": {"$ref": TEMPLATE.format(model="Problem")}}},
    }
    if status in HEADERS_OF:
        response["headers"] = HEADERS_OF[status]
    return response


def reads(model: type[BaseModel], *, one: bool = True, pages: bool = False) -> Responses:
    """A route that reads at clocks: `one` thing that may be missing, or a list that may have `pages`."""
    statuses = (401, 404, 422, 503) if one else (401, 422, 503)
    return tells(model, *statuses, headers=LINK if pages else CANONICAL)


def goes_back(model: type[BaseModel]) -> Responses:
    """A route that reads one thing, and sends on to one of its mementos."""
    found = {
        **LOCATION,
        **CACHE,
        "Link": _header("Beside these: the first, the previous, this, the next and the last memento."),
        "Vary": _header("`Accept-Datetime`."),
    }
    return {
        **tells(model, 401, 404, 422, 503, headers=MEMENTO),
        302: {"description": "The state of that time is there (`Accept-Datetime`).", "headers": found},
        400: {**_problem(HTTPStatus.BAD_REQUEST), "description": "`Accept-Datetime` is no HTTP date."},
    }


def tells(model: type[BaseModel] | None, *statuses: int, headers: dict[str, Any] | None = None) -> Responses:
    """A route whose answers have an ETag, and the statuses of its problems; no `model` if it is not JSON."""
    tagged = {**ETAG, **CACHE}
    return {
        200: {"model": model, "description": "As asked for.", "headers": {**tagged, **(headers or {})}},
        304: {"description": "The client has it already (`If-None-Match`).", "headers": tagged},
        **problems(*statuses),
    }


def records(model: type[BaseModel], *, whereabouts: bool = True) -> Responses:
    """A route that records what is new, and leaves alone what is recorded already."""
    headers = {**LOCATION, **ETAG} if whereabouts else {}
    return {
        200: {"model": model, "description": "It was recorded already; nothing changed.", "headers": headers},
        201: {"model": model, "description": "Recorded.", "headers": headers},
        **problems(401, 403, 409, 413, 415, 422, 503),
    }


def records_each(model: type[BaseModel]) -> Responses:
    """A route that records many things, each by itself."""
    return {
        **records(model, whereabouts=False),
        207: {"model": model, "description": "Some of it failed; each item says what became of it."},
    }


def revises(model: type[BaseModel]) -> Responses:
    """A route that adds a revision to what is recorded."""
    return {
        201: {"model": model, "description": "Recorded.", "headers": {**LOCATION, **ETAG}},
        **problems(401, 403, 404, 409, 412, 413, 415, 422, 503),
    }


IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag, or the revision, of what you saw. Refused with 412 when it is another by now.",
    "schema": {"type": "string", "examples": ['"1"']},
}
KEY_SHOWN = '"8e03978e-40d5-43e8-bc93-6894a57f9324"'
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Carries this write out once: sent again under the same key, it is answered as it was the "
    "first time. At most 255 visible ASCII characters, such as a UUID, in quotation marks or bare.",
    "schema": {"type": "string", "examples": [KEY_SHOWN]},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what the client has.",
    "schema": {"type": "string"},
}
ACCEPT_DATETIME = {
    "name": "Accept-Datetime",
    "in": "header",
    "required": False,
    "description": "An HTTP date: go on to the state that this ledger held then (RFC 7089). It sets the "
    "recorded clock, and is passed over where the query does.",
    "schema": {"type": "string", "examples": ["Sat, 13 Dec 2025 12:00:00 GMT"]},
}
REQUEST_ID = {
    "name": "X-Request-ID",
    "in": "header",
    "required": False,
    "description": "Names the request: in the log of the service, in the answer, and with every event that "
    "it records. At most 120 printable ASCII characters without blanks; any other is given an id.",
    "schema": {"type": "string"},
}


ANY_KEY: list[dict[str, list[str]]] = [{bearer.scheme_name: []}]
"""The `security` of a read: a key of any role."""
_described: dict[bool, dict[str, Any]] = {}


def describe(app: FastAPI, *, public_read: bool) -> dict[str, Any]:
    """The OpenAPI document: FastAPI's own, with the components of the write side.

    It takes a third of a second to make, and every application of a process has the same routes.
    """
    if public_read not in _described:
        document = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            # Relative to this document, so that it is true behind a proxy with a path of its own.
            servers=[{"url": "./"}],
        )
        components = document.setdefault("components", {}).setdefault("schemas", {})
        problem = Problem.model_json_schema(ref_template=TEMPLATE)
        frame = FrameShape.model_json_schema(ref_template=TEMPLATE, mode="serialization")
        ours = {**component_schemas(), **problem.pop("$defs", {}), "Problem": problem}
        # Lines of a stream have no schema of their own in OpenAPI; its description names this one.
        ours |= {**frame.pop("$defs"), "FrameShape": frame}
        document["webhooks"], sent = describe_webhooks(TEMPLATE)
        ours |= sent
        components.update({**ours, **components})
        explain_schemas(components)
        document["components"]["headers"] = {**NAMED, **COUNTED}
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _describe_headers(method, operation)
                _describe_limits(operation, counted=path not in PROBES)
                for parameter in operation.get("parameters", ()):
                    _describe_absence(parameter)
                    explain_parameter(parameter)
                if public_read and method == "get" and operation.get("security") == ANY_KEY:
                    operation["security"].insert(0, {})  # a key is taken, and not needed
        _described[public_read] = document
    return _described[public_read]


def _describe_headers(method: str, operation: dict[str, Any]) -> None:
    """The request headers that all operations of a sort take."""
    if method == "post":
        headers = [IDEMPOTENCY_KEY, REQUEST_ID]
        headers += [IF_MATCH] if "412" in operation["responses"] else []
    else:
        headers = [IF_NONE_MATCH] if "304" in operation["responses"] else []
        headers += [ACCEPT_DATETIME] if "302" in operation["responses"] else []
    if headers:
        operation.setdefault("parameters", []).extend(headers)


def _describe_absence(parameter: dict[str, Any]) -> None:
    """A parameter that may be left out is never null: a query holds text, and `null` would be a word."""
    schema = parameter["schema"]
    match [part for part in schema.get("anyOf", ()) if part != {"type": "null"}]:
        case [given]:
            del schema["anyOf"]
            schema |= given


def _describe_limits(operation: dict[str, Any], *, counted: bool) -> None:
    """What surrounds every operation: the name of the request, and the limits where it is counted."""
    responses = operation["responses"]
    if counted:
        for status, problem in problems(
            HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.TOO_MANY_REQUESTS
        ).items():
            responses.setdefault(str(status), problem)
    for response in responses.values():
        told = {
            name: {"$ref": f"#/components/headers/{name}"} for name in (*NAMED, *(COUNTED if counted else ()))
        }
        response["headers"] = {**response.get("headers", {}), **told}
