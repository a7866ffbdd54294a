"""What each route may answer, for the OpenAPI document: status by status, with headers and problems."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from api.problems import MEDIA_TYPE, Problem, catalogue
from api.shapes.replays import FrameShape
from intake.schema import component_schemas

Responses = dict[int | str, dict[str, Any]]

TEMPLATE = "#/components/schemas/{model}"


def _header(description: str, **schema: Any) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string", **schema}}


ETAG = {"ETag": _header("Of the very bytes. An editorial write may name it in `If-Match`.")}
CACHE = {"Cache-Control": _header("`immutable` when `log_position` was named, else ask again.")}
LINK = {"Link": _header('The next page, as `rel="next"`, at the very clocks of this one (RFC 8288).')}
LOCATION = {"Location": _header("Where it can be read.", format="uri-reference")}
HEADERS_OF = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": _header("`Bearer`.")},
    HTTPStatus.SERVICE_UNAVAILABLE: {
        "Retry-After": _header("In so many seconds it is worth trying again.", pattern="^[0-9]+$")
    },
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
    """A route that reads: `one` thing that may be missing, or a list that may have `pages`."""
    return tells(model, *((401, 404, 422, 503) if one else (401, 422, 503)), headers=LINK if pages else {})


def tells(model: type[BaseModel], *statuses: int, headers: dict[str, Any] | None = None) -> Responses:
    """A route whose answers have an ETag, and the statuses of its problems."""
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
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags of what the client has.",
    "schema": {"type": "string"},
}
REQUEST_ID = {
    "name": "X-Request-ID",
    "in": "header",
    "required": False,
    "description": "Kept with the event, to find it by later; at most 120 characters.",
    "schema": {"type": "string"},
}


_described: dict[str, dict[str, Any]] = {}


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: FastAPI's own, with the components of the write side.

    It takes a third of a second to make, and every application of a process has the same routes.
    """
    if app.version not in _described:
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
        components.update({**ours, **components})
        for operations in document["paths"].values():
            for method, operation in operations.items():
                _describe_headers(method, operation)
        _described[app.version] = document
    return _described[app.version]


def _describe_headers(method: str, operation: dict[str, Any]) -> None:
    """The request headers that all operations of a sort take."""
    if method == "post":
        headers = [REQUEST_ID] if "412" not in operation["responses"] else [IF_MATCH, REQUEST_ID]
    else:
        headers = [IF_NONE_MATCH] if "304" in operation["responses"] else []
    if headers:
        operation.setdefault("parameters", []).extend(headers)
