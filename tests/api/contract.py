"""What the OpenAPI document promises, held against every answer that a test receives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2
from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from api.app import create_app
from api.problems import MEDIA_TYPE, catalogue
from api.settings import Settings

DOCUMENT = "urn:palimpsest"
# What may happen at any address, and is not written at each.
ANYWHERE = (400, 405, 500)
# A next page there may be, a limit may be set, and an answer is a memento or varies with time.
OPTIONAL = ("Link", "Memento-Datetime", "RateLimit", "RateLimit-Policy", "Vary")
NDJSON = "application/x-ndjson"


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    settings = Settings(database_url="postgresql://nobody", _env_file=None)
    described: dict[str, Any] = json.loads(json.dumps(create_app(settings).openapi()))
    return described


@cache
def _registry() -> Registry[Any]:
    empty: Registry[Any] = Registry()
    registry: Registry[Any] = empty.with_resource(DOCUMENT, DRAFT202012.create_resource(document()))
    return registry


def _one_of(checker: Any, branches: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    """`oneOf`, going by the discriminator where there is one: twenty kinds need not be tried one by one."""
    kinds = document()["components"]["schemas"]["Development"]
    told = kinds["discriminator"] if branches == kinds["oneOf"] else schema.get("discriminator")
    if told is None:
        yield from Draft202012Validator.VALIDATORS["oneOf"](checker, branches, value, schema)
    elif isinstance(value, dict) and value.get(told["propertyName"]) in told["mapping"]:
        yield from checker.descend(value, {"$ref": told["mapping"][value[told["propertyName"]]]})
    else:
        yield ValidationError(f"{value!r} is of no kind")


Checker = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"oneOf": _one_of}
)


@cache
def validator(*pointer: str) -> Any:
    """Validates against the schema at this place of the document."""
    path = "/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer)
    return Checker({"$ref": f"{DOCUMENT}#/{path}"}, registry=_registry())


@cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", template)), template) for template in document()["paths"]]


def template_of(path: str) -> str | None:
    """The documented path that an address belongs to."""
    return next((template for pattern, template in _templates() if pattern.fullmatch(path)), None)


def check_answer(response: httpx2.Response) -> None:
    """An answer is one that its operation documents: status, headers, media type and body."""
    response.read()
    request = response.request
    if response.status_code >= 400 and not response.url.path.endswith("/readyz"):
        check_problem(response)
    method = "get" if request.method == "HEAD" else request.method.lower()
    template = template_of(request.url.path)
    operation = document()["paths"].get(template, {}).get(method)
    if operation is None or response.status_code in ANYWHERE:
        return
    status = str(response.status_code)
    assert status in operation["responses"], (
        f"{method} {template} does not document {status}: {response.text}"
    )
    described = operation["responses"][status]
    streamed = response.headers.get("content-type") == NDJSON
    for name in described.get("headers", {}):
        optional = name in OPTIONAL or (streamed and name == "ETag")
        assert optional or name in response.headers, f"{method} {template}: no {name}"
    if request.method == "HEAD" or response.status_code in (302, 304):
        assert not response.content
        return
    media_type = response.headers["content-type"].partition(";")[0]
    assert media_type in described["content"], f"{method} {template} does not document {media_type}"
    if media_type.endswith("json") and not streamed:
        place = ("paths", str(template), method, "responses", status, "content", media_type, "schema")
        validator(*place).validate(response.json())


def check_problem(response: httpx2.Response) -> dict[str, Any]:
    """An error is one clear problem (RFC 9457) of a known type. The problem."""
    if response.request.method == "HEAD":
        return {}
    assert response.headers["content-type"] == MEDIA_TYPE, response.text
    problem: dict[str, Any] = response.json()
    validator("components", "schemas", "Problem").validate(problem)
    known = {(kind.uri, int(kind.status)): kind.title for kind in catalogue()}
    assert problem["status"] == response.status_code
    assert problem["title"] == known[problem["type"], problem["status"]]
    assert problem["detail"].endswith((".", "?"))
    assert problem["instance"].encode() == response.request.url.raw_path.partition(b"?")[0]
    assert "Traceback" not in response.text
    assert response.headers["cache-control"] == "no-store"
    for fault in problem.get("errors", ()):
        assert fault["message"].endswith((".", "?")), fault
        assert re.fullmatch(r"[a-z0-9-]+", fault["code"])
    return problem
