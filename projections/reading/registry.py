"""Actors and documents at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, LiteralString, TypeVar

import msgspec

from domain.errors import NotFound
from domain.registry import ActorRegistered, DocumentArchived
from projections.reading.moments import Moment

ACTOR_NEEDS = ("actors",)
DOCUMENT_NEEDS = ("documents",)

Body = TypeVar("Body", ActorRegistered, DocumentArchived)

_ACTORS = msgspec.json.Decoder(ActorRegistered)
_DOCUMENTS = msgspec.json.Decoder(DocumentArchived)

SELECT_ACTORS: LiteralString = """
    SELECT body, revision, from_position, recorded_at FROM projections.actor_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(id)s::text IS NULL OR actor_id = %(id)s)
      AND (%(kind)s::text IS NULL OR kind = %(kind)s)
      AND (%(after)s::text IS NULL OR actor_id > %(after)s)
    ORDER BY actor_id LIMIT %(limit)s"""

SELECT_DOCUMENTS: LiteralString = """
    SELECT body, 1, from_position, recorded_at FROM projections.documents
    WHERE from_position <= %(position)s
      AND (%(id)s::text IS NULL OR document_id = %(id)s)
      AND (%(publisher)s::text IS NULL OR publisher = %(publisher)s)
      AND (%(after)s::text IS NULL OR document_id > %(after)s)
    ORDER BY document_id LIMIT %(limit)s"""

SELECT_PUBLISHERS: LiteralString = """
    SELECT document_id, publisher FROM projections.documents
    WHERE document_id = ANY(%s) AND from_position <= %s"""

SELECT_NAMED_ACTORS: LiteralString = """
    SELECT actor_id, body FROM projections.actor_revisions
    WHERE actor_id = ANY(%(ids)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

SELECT_NAMED_DOCUMENTS: LiteralString = """
    SELECT document_id, body FROM projections.documents
    WHERE document_id = ANY(%(ids)s) AND from_position <= %(position)s"""

ACTOR_EVER: LiteralString = "SELECT 1 FROM projections.actor_revisions WHERE actor_id = %s LIMIT 1"
DOCUMENT_EVER: LiteralString = "SELECT 1 FROM projections.documents WHERE document_id = %s LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered(Generic[Body]):
    """An entry of the registry as the ledger held it; `log_position` is that of the revision."""

    body: Body
    revision: int
    log_position: int
    recorded_at: datetime


def list_actors(
    moment: Moment, *, kind: str | None = None, after: str | None = None, limit: int = 100
) -> list[Registered[ActorRegistered]]:
    """Actors by id, after the last one of the page before."""
    return _actors(moment, None, kind, after, limit)


def find_actor(moment: Moment, identifier: str) -> Registered[ActorRegistered]:
    """The actor as described at the moment. Raises NotFound."""
    found = _actors(moment, identifier, None, None, 1)
    if not found:
        raise _absent(moment, "actor", identifier, ACTOR_EVER)
    return found[0]


def list_documents(
    moment: Moment, *, publisher: str | None = None, after: str | None = None, limit: int = 100
) -> list[Registered[DocumentArchived]]:
    """Documents by id, after the last one of the page before. Raises NotFound for a publisher that there is
    not, which takes what actors need.
    """
    if publisher is not None:
        find_actor(moment, publisher)
    return _documents(moment, None, publisher, after, limit)


def find_document(moment: Moment, identifier: str) -> Registered[DocumentArchived]:
    """The document, without its text. Raises NotFound."""
    found = _documents(moment, identifier, None, None, 1)
    if not found:
        raise _absent(moment, "document", identifier, DOCUMENT_EVER)
    return found[0]


def find_publishers(moment: Moment, documents: Sequence[str]) -> dict[str, str]:
    """The publisher of each of the named documents, by document."""
    return dict(moment.connection.execute(SELECT_PUBLISHERS, (list(documents), moment.position)).fetchall())


def find_actors(moment: Moment, identifiers: Sequence[str]) -> dict[str, ActorRegistered]:
    """Those of the named actors that were registered by the moment, by id."""
    parameters = {"ids": list(identifiers), "position": moment.position}
    rows = moment.connection.execute(SELECT_NAMED_ACTORS, parameters)
    return {identifier: _ACTORS.decode(body) for identifier, body in rows}


def find_documents(moment: Moment, identifiers: Sequence[str]) -> dict[str, DocumentArchived]:
    """Those of the named documents that were archived by the moment, by id."""
    parameters = {"ids": list(identifiers), "position": moment.position}
    rows = moment.connection.execute(SELECT_NAMED_DOCUMENTS, parameters)
    return {identifier: _DOCUMENTS.decode(body) for identifier, body in rows}


def _actors(
    moment: Moment, identifier: str | None, kind: str | None, after: str | None, limit: int
) -> list[Registered[ActorRegistered]]:
    parameters = {"position": moment.position, "id": identifier, "kind": kind, "after": after, "limit": limit}
    return [
        Registered(
            body=_ACTORS.decode(body), revision=revision, log_position=position, recorded_at=recorded_at
        )
        for body, revision, position, recorded_at in moment.connection.execute(SELECT_ACTORS, parameters)
    ]


def _documents(
    moment: Moment, identifier: str | None, publisher: str | None, after: str | None, limit: int
) -> list[Registered[DocumentArchived]]:
    parameters = {
        "position": moment.position,
        "id": identifier,
        "publisher": publisher,
        "after": after,
        "limit": limit,
    }
    return [
        Registered(
            body=_DOCUMENTS.decode(body), revision=revision, log_position=position, recorded_at=recorded_at
        )
        for body, revision, position, recorded_at in moment.connection.execute(SELECT_DOCUMENTS, parameters)
    ]


def _absent(moment: Moment, what: str, identifier: str, ever: LiteralString) -> NotFound:
    if moment.connection.execute(ever, (identifier,)).fetchone():
        return moment.not_recorded(what, identifier)
    return NotFound(what, identifier)
