"""Folding the log into the rows of one or more projections, within one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import Connection, OperationalError

from domain.errors import Unavailable
from projections.engine.batches import Batch
from projections.engine.checkpoints import (
    LIVE_SCHEMA,
    MARK_SETTLED,
    MOVE_CHECKPOINTS,
    lock_checkpoints,
    use_schema,
)
from projections.engine.projection import Projection, Writer

# A crash may take back the last rows, but only with the checkpoint that was committed with them: they are
# folded again. So nobody waits for the disk.
FORGET_AT_WORST = "SET LOCAL synchronous_commit TO off"

SETTLE_AT_ONCE = 100
"""In one transaction, when nobody waits for the next events. All that bears on so many places is in memory
meanwhile.
"""


class ProjectionFailed(Exception):
    """A projection cannot fold an event that it wants, or nothing of the batch that ends with it."""

    def __init__(self, projection: str, log_position: int, reason: str) -> None:
        super().__init__(projection, log_position, reason)
        self.projection = projection
        self.log_position = log_position
        self.reason = reason

    def __str__(self) -> str:
        return (
            f"The projection {self.projection!r} cannot fold the event at log position "
            f"{self.log_position:,}: {self.reason}"
        )


def reason_of(error: Exception) -> str:
    """What is told of an error that stops a projection."""
    return f"{type(error).__name__}: {error}"


class Fold:
    """Takes batches into the tables of several projections, each in the schema named for it.

    A batch is decoded once for all of them. All belongs to the transaction that `connection` is in: what was
    taken counts from the commit after `close` on, or not at all.
    """

    def __init__(self, connection: Connection[Any], schemas: Mapping[Projection, str]) -> None:
        self._connection = connection
        self._members = [
            (projection, schema, Writer(connection.cursor())) for projection, schema in schemas.items()
        ]
        self._schema = ""

    def take(self, batch: Batch) -> None:
        """Folds a batch. Raises ProjectionFailed, and Unavailable for a database that is away."""
        for projection, schema, writer in self._members:
            position, writer.revised = batch.last_position, batch.revised
            try:
                for recorded in batch.wanted(projection.topics):
                    self._use(schema)
                    position, writer.stream = recorded.log_position, recorded.stream
                    projection.apply(writer, recorded)
                position = batch.last_position
                writer.flush()
            except (OperationalError, Unavailable):
                raise
            except Exception as error:
                raise ProjectionFailed(projection.name, position, reason_of(error)) from error

    def close(self, position: int) -> None:
        """Ends with the event at `position`: closes the batch of each, and moves its checkpoint."""
        for projection, schema, writer in self._members:
            self._use(schema)
            projection.close_batch(writer)
            writer.flush()
        for schema, settled, names in self._alike():
            self._use(schema)
            self._connection.execute(MOVE_CHECKPOINTS, (position, settled, names))

    def _alike(self) -> Iterable[tuple[str, bool, list[str]]]:
        """The projections by schema, and by whether they leave nothing to settle."""
        alike: dict[tuple[str, bool], list[str]] = {}
        for projection, schema, _ in self._members:
            settled = type(projection).settle is Projection.settle
            alike.setdefault((schema, settled), []).append(projection.name)
        return [(*key, names) for key, names in alike.items()]

    def _use(self, schema: str) -> None:
        if schema != self._schema:
            use_schema(self._connection, schema)
            self._schema = schema


def settle(connection: Connection[Any], projection: Projection, limit: int) -> int:
    """Settles a part of what is left in the schema in use; how much. When it is less than the limit, that was
    all.
    """
    with connection.cursor() as cursor:
        writer = Writer(cursor)
        count = projection.settle(writer, limit)
        writer.flush()
        if count < limit:
            cursor.execute(MARK_SETTLED, (projection.name,))
    return count


def settle_live(connection: Connection[Any], projections: Iterable[Projection]) -> dict[str, int]:
    """Settles what is left in the live tables, as a follower does, on a connection that is in no transaction;
    the positions they are at, by name.
    """
    positions: dict[str, int] = {}
    for projection in projections:
        count = SETTLE_AT_ONCE
        while count == SETTLE_AT_ONCE:
            with connection.transaction():
                use_schema(connection, LIVE_SCHEMA)
                connection.execute(FORGET_AT_WORST)
                positions |= lock_checkpoints(connection, [projection.name])
                count = settle(connection, projection, SETTLE_AT_ONCE)
    return positions
