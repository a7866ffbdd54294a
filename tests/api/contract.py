"""What the OpenAPI document promises, held against every answer that a test receives."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any
from urllib.parse import quote

import httpx2
from jsonschema_rs import Draft202012Validator, Registry

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
def _registry() -> Registry:
    return Registry([(DOCUMENT, document())])


@cache
def validator(*pointer: str) -> Draft202012Validator:
    """Validates against the schema at this place of the document, in compiled code: thousands of answers are
    held against it, some of a thousand items.
    """
    path = "/".join(step.replace("~", "~0").replace("/", "~1") for step in pointer)
    return Draft202012Validator({"$ref": f"{DOCUMENT}#/{quote(path)}"}, registry=_registry())


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
