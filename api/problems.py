"""Problems (RFC 9457): their shape, and the catalogue of their types with the HTTP status of each."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, Field

from domain.errors import (
    AccessDenied,
    AlreadyRetracted,
    Conflict,
    Conflicts,
    IdTaken,
    InvalidInput,
    KeyInFlight,
    KeyRequired,
    KeyReused,
    NotConfigured,
    NotFound,
    NotPublicYet,
    NotRecordedYet,
    RateExceeded,
    RevisionConflict,
    TooLarge,
    Unavailable,
    UndecodableEvent,
)

MEDIA_TYPE = "application/problem+json"
PREFIX = "/v1/problems/"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """A kind of problem."""

    slug: str
    status: HTTPStatus
    title: str

    @property
    def uri(self) -> str:
        """Its `type`, which is also where it is described."""
        return f"{PREFIX}{self.slug}"


class FaultShape(BaseModel):
    """One thing wrong with the input."""

    path: str = Field(examples=["developments[3].share"], description="Where in the input.")
    message: str = Field(examples=["A share lies between 0 and 1."])
    code: str = Field(examples=["bad-value"], description="A stable word for programs.")
    line: int | None = Field(default=None, examples=[42], description="The line in a file, from 1.")


class DifferenceShape(BaseModel):
    """One field in which what is recorded and what was given differ."""

    id: str | None = Field(default=None, description="Of which thing, when there were several.")
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
    errors: list[FaultShape] | None = Field(default=None, description="What was found wrong with the input.")
    differences: list[DifferenceShape] | None = Field(default=None, description="For ids that are taken.")
    log_position: int | None = Field(default=None, description="The log position that the problem is about.")


def _type(slug: str, status: HTTPStatus, title: str) -> ProblemType:
    return ProblemType(slug=slug, status=status, title=title)


_TAKEN = _type("id-taken", HTTPStatus.CONFLICT, "The id is in use with other content")

# By class, looked up along the method resolution order: the nearest one wins.
PROBLEM_TYPES: dict[type[Exception], ProblemType] = {
    InvalidInput: _type("invalid-input", HTTPStatus.UNPROCESSABLE_ENTITY, "The input is not valid"),
    NotFound: _type("not-found", HTTPStatus.NOT_FOUND, "There is no such thing"),
    NotRecordedYet: _type("not-recorded-yet", HTTPStatus.NOT_FOUND, "It was not recorded yet"),
    NotPublicYet: _type("not-public-yet", HTTPStatus.NOT_FOUND, "It was not public yet"),
    Conflict: _type("conflict", HTTPStatus.CONFLICT, "The write contradicts what is recorded"),
    IdTaken: _TAKEN,
    Conflicts: _TAKEN,
    AlreadyRetracted: _type("already-retracted", HTTPStatus.CONFLICT, "It was retracted before"),
    RevisionConflict: _type(
        "revision-conflict", HTTPStatus.PRECONDITION_FAILED, "It is not at the revision you named"
    ),
    KeyInFlight: _type("key-in-flight", HTTPStatus.CONFLICT, "The write with this key is still under way"),
    KeyReused: _type("key-reused", HTTPStatus.UNPROCESSABLE_ENTITY, "The key was used for another write"),
    AccessDenied: _type("access-denied", HTTPStatus.FORBIDDEN, "This key may not do that"),
    KeyRequired: _type("key-required", HTTPStatus.UNAUTHORIZED, "A valid key is needed"),
    TooLarge: _type("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large"),
    RateExceeded: _type("rate-exceeded", HTTPStatus.TOO_MANY_REQUESTS, "Too many requests"),
    Unavailable: _type("unavailable", HTTPStatus.SERVICE_UNAVAILABLE, "Not available right now"),
    NotConfigured: _type("not-configured", HTTPStatus.SERVICE_UNAVAILABLE, "The installation is not set up"),
    UndecodableEvent: _type(
        "undecodable-event", HTTPStatus.INTERNAL_SERVER_ERROR, "A stored event cannot be read"
    ),
    Exception: _type("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Something went wrong on our side"),
}

# What is refused before a route is asked, by HTTP status; anything else of that sort is a bad request.
HTTP_TYPES = {
    HTTPStatus.NOT_FOUND: _type("no-such-route", HTTPStatus.NOT_FOUND, "There is nothing at this address"),
    HTTPStatus.METHOD_NOT_ALLOWED: _type(
        "method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "This address does not take this method"
    ),
    HTTPStatus.NOT_ACCEPTABLE: _type(
        "not-acceptable", HTTPStatus.NOT_ACCEPTABLE, "There is no such format of it"
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: _type(
        "query-too-long", HTTPStatus.REQUEST_URI_TOO_LONG, "The query of the address is too long"
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: _type(
        "unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body is of a type not read here"
    ),
}
BAD_REQUEST = _type("bad-request", HTTPStatus.BAD_REQUEST, "The request cannot be read")


def catalogue() -> list[ProblemType]:
    """Every problem type there is, by slug."""
    types = {kind.slug: kind for kind in (*PROBLEM_TYPES.values(), *HTTP_TYPES.values(), BAD_REQUEST)}
    return [types[slug] for slug in sorted(types)]


def type_of(error: Exception) -> ProblemType:
    """The problem type of an error, the nearest along its class's bases."""
    return next(PROBLEM_TYPES[cls] for cls in type(error).__mro__ if cls in PROBLEM_TYPES)
