"""What every request to a route is checked for first: no parameter that is not documented, no impossible id.

A misspelt clock that was quietly ignored would answer for now, and look like an answer for then.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator
from typing import Any

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException

from domain.errors import Fault, InvalidInput, NotFound
from domain.kinds.envelope import SLUG
from intake.edtf_windows import shown

LONGEST_QUERY = 8_192
MOST_PARAMETERS = 100

Documented = dict[tuple[str, str], dict[str, bool]]
"""By method and path of a route: the names of its query parameters, and whether each may be repeated."""


async def check_request(request: Request) -> None:
    """A dependency of every route. Raises InvalidInput, NotFound, and 414 for a query that is too long."""
    _check_size(request.scope["query_string"])
    documented: Documented = request.app.state.documented
    route = request.scope["route"]
    if faults := list(_query_faults(request, documented[request.method, route.path])):
        raise InvalidInput(faults)
    for name, value in request.path_params.items():
        if not SLUG.fullmatch(value):
            what = name.removesuffix("_id")
            raise NotFound(what, value, f"There is no {what} with the id {shown(value)}.")


def _check_size(query: bytes) -> None:
    """Before anything is read of it: what is too long is not taken apart."""
    if len(query) > LONGEST_QUERY:
        raise HTTPException(414, f"The query is {len(query)} bytes long; at most {LONGEST_QUERY} are read.")
    if (given := query.count(b"&") + 1) > MOST_PARAMETERS:
        message = f"There are {given} parameters; at most {MOST_PARAMETERS} are read."
        raise InvalidInput([Fault(path="query", message=message, code="too-many")])


def _query_faults(request: Request, known: dict[str, bool]) -> Iterator[Fault]:
    for name in request.query_params:
        path = f"query.{name[:60]}"
        values = request.query_params.getlist(name)
        if name not in known:
            message = f"There is no parameter {shown(name)} here{did_you_mean(name, known)}"
            yield Fault(path=path, message=message, code="unknown-parameter")
        elif len(values) > 1 and not known[name]:
            yield Fault(path=path, message="This parameter is given twice.", code="duplicate")
        elif any("\0" in value for value in values):
            yield Fault(path=path, message="This holds a NUL character.", code="bad-value")


def did_you_mean(written: str, known: Collection[str]) -> str:
    """The rest of a sentence: the likeliest of what is known, else all of it."""
    close = difflib.get_close_matches(written, known, n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; there are {', '.join(known)}." if known else "; there are none."


def read_documented(document: dict[str, Any]) -> Documented:
    """The query parameters of every operation of an OpenAPI document."""
    return {
        (method.upper(), path): {
            parameter["name"]: _is_list(parameter["schema"])
            for parameter in operation.get("parameters", ())
            if parameter["in"] == "query"
        }
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def _is_list(schema: dict[str, Any]) -> bool:
    return any(part.get("type") == "array" for part in schema.get("anyOf", [schema]))


def prepare(app: FastAPI, document: dict[str, Any]) -> None:
    """Remembers what the OpenAPI document says, for `check_request`."""
    app.state.documented = read_documented(document)
