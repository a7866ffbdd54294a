"""Actors and documents."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of, recorded_fields
from domain.registry import ActorKind, ActorRegistered, DocumentArchived
from domain.times import Clocks
from projections.reading.registry import Registered


class ActorShape(Shape):
    """An actor as described."""

    id: str
    kind: ActorKind
    name: str
    names: dict[str, str]
    speaks_for: str | None
    voice: str
    revision: int
    log_position: int
    recorded_at: datetime


class ActorDetail(ActorShape):
    """One actor at the clocks."""

    clocks: Clocks


class ActorList(Shape):
    """A page of actors."""

    items: list[ActorShape]
    clocks: Clocks


class DocumentShape(Shape):
    """An archived source. `sha256` is of a secret salt and the text, so it matches no published hash."""

    id: str
    publisher: str
    title: str
    url: str | None
    published: str | None
    language: str | None
    licence: str | None
    note: str | None
    sha256: str | None
    revision: int
    log_position: int
    recorded_at: datetime


class DocumentDetail(DocumentShape):
    """One document at the clocks, with its text while it is kept."""

    text: str | None = Field(description="null when there is none, or when it was taken away.")
    clocks: Clocks


class DocumentList(Shape):
    """A page of documents."""

    items: list[DocumentShape]
    clocks: Clocks


def actor_fields(found: Registered[ActorRegistered]) -> dict[str, Any]:
    """The fields of an actor."""
    return {**fields_of(found.body), "voice": found.body.voice, **recorded_fields(found)}


def actor(found: Registered[ActorRegistered]) -> ActorShape:
    """An actor in a list."""
    return ActorShape.model_construct(**actor_fields(found))


def actor_detail(found: Registered[ActorRegistered], clocks: Clocks) -> ActorDetail:
    """One actor."""
    return ActorDetail.model_construct(**actor_fields(found), clocks=clocks)


def document_fields(found: Registered[DocumentArchived]) -> dict[str, Any]:
    """The fields of a document."""
    return {**fields_of(found.body), **recorded_fields(found)}


def document(found: Registered[DocumentArchived]) -> DocumentShape:
    """A document in a list."""
    return DocumentShape.model_construct(**document_fields(found))


def document_detail(found: Registered[DocumentArchived], text: str | None, clocks: Clocks) -> DocumentDetail:
    """One document with its text."""
    return DocumentDetail.model_construct(**document_fields(found), text=text, clocks=clocks)
