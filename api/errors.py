"""Every error as an RFC 9457 problem, and the only place that knows HTTP status codes of errors."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from domain.errors import (
    AccessDenied,
    AlreadyRetracted,
    Conflict,
    Conflicts,
    IdTaken,
    InvalidInput,
    KeyRequired,
    NotConfigured,
    NotFound,
    NotRecordedYet,
    PalimpsestError,
    RevisionConflict,
    TooLarge,
    Unavailable,
    UndecodableEvent,
)

log = structlog.get_logger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """A kind of problem: its `type` is `/v1/problems/{slug}`."""

    slug: str
    status: HTTPStatus
    title: str


class FaultShape(BaseModel):
    """One thing wrong with the input."""

    path: str = Field(examples=["developments[3].share"], description="Where in the input.")
    message: str = Field(examples=["0 to 1 is the whole range of a share."])
    code: str = Field(examples=["bad-share"], description="A stable word for programs.")
    line: int | None = Field(default=None, examples=[42], description="The line in a file, from 1.")


class DifferenceShape(BaseModel):
    """One field in which what is recorded and what was given differ."""

    id: str | None = None
    path: str
    recorded: Any = None
    given: Any = None


class Problem(BaseModel):
    """A problem detail (RFC 9457)."""

    type: str = Field(examples=["/v1/problems/not-recorded-yet"])
    title: str
    status: int
    detail: str
    instance: str | None = Field(default=None, description="The path that was asked for.")
    errors: list[FaultShape] | None = Field(default=None, description="Everything found wrong with the input.")
    differences: list[DifferenceShape] | None = Field(default=None, description="For ids that are taken.")
    log_position: int | None = Field(default=None, description="The log position that the problem is about.")


# By class, looked up along the method resolution order: the nearest one wins.
PROBLEM_TYPES: dict[type[Exception], ProblemType] = {
    InvalidInput: ProblemType(
        slug="invalid-input", status=HTTPStatus.UNPROCESSABLE_ENTITY, title="The input is not valid"
    ),
    NotFound: ProblemType(slug="not-found", status=HTTPStatus.NOT_FOUND, title="There is no such thing"),
    NotRecordedYet: ProblemType(
        slug="not-recorded-yet", status=HTTPStatus.NOT_FOUND, title="It was not recorded yet"
    ),
    Conflict: ProblemType(
        slug="conflict", status=HTTPStatus.CONFLICT, title="The write contradicts what is recorded"
    ),
    IdTaken: ProblemType(
        slug="id-taken", status=HTTPStatus.CONFLICT, title="The id is in use with other content"
    ),
    Conflicts: ProblemType(
        slug="id-taken", status=HTTPStatus.CONFLICT, title="The id is in use with other content"
    ),
    AlreadyRetracted: ProblemType(
        slug="already-retracted", status=HTTPStatus.CONFLICT, title="It was retracted before"
    ),
    RevisionConflict: ProblemType(
        slug="revision-conflict", status=HTTPStatus.PRECONDITION_FAILED, title="Somebody else revised it first"
    ),
    AccessDenied: ProblemType(
        slug="access-denied", status=HTTPStatus.FORBIDDEN, title="This key may not do that"
    ),
    KeyRequired: ProblemType(slug="key-required", status=HTTPStatus.UNAUTHORIZED, title="A valid key is needed"),
    TooLarge: ProblemType(
        slug="too-large", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, title="The request is too large"
    ),
    Unavailable: ProblemType(
        slug="unavailable", status=HTTPStatus.SERVICE_UNAVAILABLE, title="Not available right now"
    ),
    NotConfigured: ProblemType(
        slug="not-configured", status=HTTPStatus.SERVICE_UNAVAILABLE, title="The installation is not set up"
    ),
    UndecodableEvent: ProblemType(
        slug="undecodable-event",
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
        title="A stored event cannot be read",
    ),
    Exception: ProblemType(
        slug="internal", status=HTTPStatus.INTERNAL_SERVER_ERROR, title="Something went wrong on our side"
    ),
}

# A revision that was not named with If-Match is lost to a race, not to a failed precondition.
UNNAMED_REVISION = ProblemType(
    slug="revision-conflict", status=HTTPStatus.CONFLICT, title="Somebody else revised it first"
)

HTTP_SLUGS = {
    HTTPStatus.NOT_FOUND: "no-such-route",
    HTTPStatus.METHOD_NOT_ALLOWED: "method-not-allowed",
    HTTPStatus.NOT_ACCEPTABLE: "not-acceptable",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported-media-type",
    HTTPStatus.BAD_REQUEST: "bad-request",
}


def catalogue() -> list[ProblemType]:
    """Every problem type there is, by slug."""
    types = {kind.slug: kind for kind in (*PROBLEM_TYPES.values(), UNNAMED_REVISION)}
    for status, slug in HTTP_SLUGS.items():
        types[slug] = ProblemType(slug=slug, status=status, title=status.phrase)
    return [types[slug] for slug in sorted(types)]


def type_of(error: Exception) -> ProblemType:
    """The problem type of an error, the nearest along its class's bases."""
    if isinstance(error, RevisionConflict) and error.expected is None:
        return UNNAMED_REVISION
    return next(PROBLEM_TYPES[cls] for cls in type(error).__mro__ if cls in PROBLEM_TYPES)


def problem_response(
    request: Request, kind: ProblemType, detail: str, extras: dict[str, Any] | None = None, **headers: str
) -> Response:
    """A problem as a response."""
    body = {
        "type": f"/v1/problems/{kind.slug}",
        "title": kind.title,
        "status": int(kind.status),
        "detail": detail,
        "instance": request.url.path,
        **(extras or {}),
    }
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        msgspec.json.encode(body), status_code=kind.status, media_type=MEDIA_TYPE, headers=sent
    )


def _extras(error: PalimpsestError) -> dict[str, Any]:
    match error:
        case InvalidInput(faults=faults):
            return {"errors": faults}
        case IdTaken(differences=differences):
            return {"differences": differences}
        case Conflicts(conflicts=taken):
            return {
                "differences": [
                    {"id": one.identifier, **msgspec.to_builtins(difference)}
                    for one in taken
                    for difference in one.differences
                ]
            }
        case NotRecordedYet(log_position=position) | UndecodableEvent(log_position=position):
            return {"log_position": position}
    return {}


def handle_ours(request: Request, error: Exception) -> Response:
    """Our own errors: each says what is wrong, where, and what to do."""
    assert isinstance(error, PalimpsestError), "registered for this class"
    headers = {"Retry_After": str(error.retry_after)} if isinstance(error, Unavailable) else {}
    if isinstance(error, KeyRequired):
        headers["WWW_Authenticate"] = "Bearer"
    return problem_response(request, type_of(error), error.message, _extras(error), **headers)


def handle_parameters(request: Request, error: Exception) -> Response:
    """Parameters that FastAPI could not read, in the same shape."""
    assert isinstance(error, RequestValidationError), "registered for this class"
    faults = [
        FaultShape(
            path=".".join(str(part) for part in found["loc"]), message=f"{found['msg']}.", code=found["type"]
        ).model_dump(exclude_none=True)
        for found in error.errors()
    ]
    detail = "; ".join(f"{fault['path']}: {fault['message']}" for fault in faults)
    return problem_response(request, PROBLEM_TYPES[InvalidInput], detail, {"errors": faults})


def handle_http(request: Request, error: Exception) -> Response:
    """What the framework refuses: an unknown path, a method that is not allowed."""
    assert isinstance(error, HTTPException), "registered for this class"
    status = HTTPStatus(error.status_code)
    kind = ProblemType(slug=HTTP_SLUGS.get(status, "http"), status=status, title=status.phrase)
    headers = {name.replace("-", "_"): value for name, value in (error.headers or {}).items()}
    return problem_response(request, kind, f"{request.method} {request.url.path}: {error.detail}.", **headers)


def handle_unexpected(request: Request, error: Exception) -> Response:
    """Anything else is ours to mend; the answer says nothing of the inside."""
    log.error("unexpected error", path=request.url.path, exc_info=error)
    detail = "This is a fault of the software, not of your request. It has been logged."
    return problem_response(request, PROBLEM_TYPES[Exception], detail)


def install(app: FastAPI) -> None:
    """Makes every error of the application a problem."""
    app.add_exception_handler(PalimpsestError, handle_ours)
    app.add_exception_handler(RequestValidationError, handle_parameters)
    app.add_exception_handler(HTTPException, handle_http)
    app.add_exception_handler(Exception, handle_unexpected)
