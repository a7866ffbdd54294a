"""Actors by revision: who can speak, and with whose voice."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.registry import ActorRegistered
from ledger.reading import Recorded
from projections.engine.projection import Projection, Writer

COLUMNS = ("actor_id", "revision", "from_position", "until_position", "recorded_at", "kind", "body")

# Ends the revision that holds so far.
CLOSE_REVISION = (
    "UPDATE actor_revisions SET until_position = %s WHERE actor_id = %s AND until_position IS NULL"
)


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
            writer.execute(CLOSE_REVISION, (recorded.log_position, actor.id), own=True)
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
