"""Actors by revision: who can speak, and with whose voice."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.registry import ActorRegistered
from ledger.reading import Recorded
from projections.engine.projection import Projection, Writer

COLUMNS = ("actor_id", "revision", "from_position", "until_position", "recorded_at", "kind", "body")


class Actors(Projection):
    """Rows of `actor_revisions`: one for each registration or description."""

    name: ClassVar[str] = "actors"
    tables: ClassVar[tuple[str, ...]] = ("actor_revisions",)
    topics: ClassVar[frozenset[str]] = frozenset({"actor-registered", "actor-described"})

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds a revision, and ends the one before it."""
        actor = recorded.event
        if not isinstance(actor, ActorRegistered):
            return
        if recorded.version > 1:
            writer.end("actor_revisions", "actor_id", recorded.log_position)
        row = (
            actor.id,
            recorded.version,
            recorded.log_position,
            None,
            recorded.recorded_at,
            actor.kind,
            msgspec.json.encode(actor),
        )
        writer.add("actor_revisions", COLUMNS, row)
