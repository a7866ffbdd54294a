"""Every error as a problem (RFC 9457), in one shape, from one place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.methods import allowed_methods
from api.problems import (
    BAD_REQUEST,
    HTTP_TYPES,
    MEDIA_TYPE,
    PROBLEM_TYPES,
    Problem,
    ProblemType,
    type_of,
)
from domain.errors import (
    Conflicts,
    Fault,
    IdTaken,
    InvalidInput,
    KeyRequired,
    NotConfigured,
    NotRecordedYet,
    PalimpsestError,
    RateExceeded,
    Unavailable,
    UndecodableEvent,
)

log = structlog.get_logger(__name__)

MOST_FAULTS = 1_000
"""So many faults, or differences, are listed; the detail says how many there are in all."""
LONGEST = 1_000
"""So many characters of a message are sent: it may quote what was given, which may be without end."""


def problem_response(
    request: Request,
    kind: ProblemType,
    detail: str,
    extras: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem as a response. It is never stored: what is wrong now may be right in a moment."""
    return Response(
        msgspec.json.encode(_body(request, kind, detail, extras or {})),
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )


def _body(request: Request, kind: ProblemType, detail: str, extras: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": kind.uri,
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
        "instance": path_of(request),
        **extras,
    }


def problem_of(request: Request, error: PalimpsestError) -> Problem:
    """An error of ours as a part of an answer."""
    body = _body(request, type_of(error), _detail(error), _extras(error))
    return Problem.model_validate(msgspec.to_builtins(body))


def path_of(request: Request) -> str:
    """The path that was asked for, as it was written."""
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    return quote(raw, safe="/%:@!$&'()*+,;=~")


def handle_ours(request: Request, error: PalimpsestError) -> Response:
    """Our own errors: each says what is wrong, where, and what to do."""
    return problem_response(request, type_of(error), _detail(error), _extras(error), _headers(request, error))


def _detail(error: PalimpsestError) -> str:
    """The message; of several faults the first, and how many there are."""
    if isinstance(error, InvalidInput) and len(error.faults) > 1:
        first = _short(str(error.faults[0]))
        return f"{len(error.faults)} things are wrong with the input. The first: {first}"
    return _short(error.message)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 200]} ... {text[-180:]}"


def _extras(error: PalimpsestError) -> dict[str, Any]:
    match error:
        case InvalidInput(faults=faults):
            told = faults[:MOST_FAULTS]
            return {
                "errors": [replace(one, path=_short(one.path), message=_short(one.message)) for one in told]
            }
        case IdTaken(differences=differences):
            return {"differences": differences[:MOST_FAULTS]}
        case Conflicts(conflicts=taken):
            differing = [
                {"id": one.identifier, **msgspec.to_builtins(difference)}
                for one in taken
                for difference in one.differences
            ]
            return {"differences": differing[:MOST_FAULTS]}
        case NotRecordedYet(log_position=position) | UndecodableEvent(log_position=position):
            return {"log_position": position}
    return {}


def _headers(request: Request, error: PalimpsestError) -> dict[str, str]:
    match error:
        case Unavailable(retry_after=seconds) | RateExceeded(retry_after=seconds):
            return {"Retry-After": str(seconds)}
        case NotConfigured():
            return {"Retry-After": "60"}
        case KeyRequired():
            # RFC 6750: a key that was sent and is not good is told apart from one that was not sent.
            sent = "authorization" in request.headers
            return {"WWW-Authenticate": 'Bearer error="invalid_token"' if sent else "Bearer"}
    return {}


def handle_parameters(request: Request, error: RequestValidationError) -> Response:
    """Parameters that FastAPI could not read, as faults like any other."""
    faults = [
        Fault(
            path=".".join(str(part) for part in found["loc"]),
            message=f"{found['msg']}.",
            code="missing" if found["type"] == "missing" else "bad-value",
        )
        for found in error.errors()
    ]
    return handle_ours(request, InvalidInput(faults))


def handle_http(request: Request, error: HTTPException) -> Response:
    """What is refused before a route is asked."""
    path = path_of(request)
    status = HTTPStatus(error.status_code)
    kind = HTTP_TYPES.get(status, BAD_REQUEST)
    headers = dict(error.headers or {})
    detail = error.detail
    if status == HTTPStatus.NOT_FOUND:
        detail = f"There is nothing at {path}. /openapi.json lists every address."
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(allowed_methods(request.app, request.scope["path"]))
        headers = {"Allow": allowed}
        detail = f"{path} takes {allowed}."
    return problem_response(request, kind, detail, headers=headers)


def handle_disconnect(request: Request, error: ClientDisconnect) -> Response:
    """The client went away before its request was whole; nobody reads this."""
    return problem_response(request, BAD_REQUEST, "The request was cut off.")


def handle_unexpected(request: Request, error: Exception) -> Response:
    """Anything else is ours to mend; the answer says nothing of the inside."""
    log.error("unexpected error", method=request.method, path=request.url.path, exc_info=error)
    detail = "This is a fault of the software, not of your request. It has been logged."
    return problem_response(request, PROBLEM_TYPES[Exception], detail)


HANDLERS: tuple[tuple[type[Exception], Callable[[Request, Any], Response]], ...] = (
    (PalimpsestError, handle_ours),
    (RequestValidationError, handle_parameters),
    (HTTPException, handle_http),
    (ClientDisconnect, handle_disconnect),
)


def handle(request: Request, error: Exception) -> Response:
    """The problem of an error that was foreseen; any other is raised again."""
    for kind, handler in HANDLERS:
        if isinstance(error, kind):
            return handler(request, error)
    raise error


async def _handle(request: Request, error: Exception) -> Response:
    # A coroutine: for a plain function, the framework would go to another thread.
    return handle(request, error)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem."""
    for kind, _ in HANDLERS:
        app.add_exception_handler(kind, _handle)
    app.add_exception_handler(Exception, handle_unexpected)
