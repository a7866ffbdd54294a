"""Folding the log into the rows of one or more projections, within one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from psycopg import Connection, OperationalError

from domain.catalogue import TOPICS
from domain.errors import Unavailable
from ledger.reading import RawRecorded, decode_recorded
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

TELL_EVERY = 1_000
"""Events."""
UNKNOWN = ""
"""The topic that stands for all that this version does not know."""

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

    An event is decoded once for all of them. All belongs to the transaction that `connection` is in: what was
    taken counts from the commit after `close` on, or not at all.
    """

    def __init__(self, connection: Connection[Any], schemas: Mapping[Projection, str]) -> None:
        self._connection = connection
        self._schema = ""
        self._members = [
            (projection, schema, Writer(connection.cursor(), partial(self._use, schema)))
            for projection, schema in schemas.items()
        ]
        wanting: dict[str, list[tuple[Projection, Writer]]] = {}
        for projection, _, writer in self._members:
            # A topic that nobody knows cannot be ruled out by anybody.
            for topic in (*projection.topics, UNKNOWN):
                wanting.setdefault(topic, []).append((projection, writer))
        self._wanting = dict.fromkeys(TOPICS, ()) | wanting

    def take(self, batch: Batch, told: Callable[[int], None] = lambda _: None) -> None:
        """Folds a batch; `told` hears from time to time which position it has come to.

        Raises ProjectionFailed, and Unavailable for a database that is away.
        """
        for _, _, writer in self._members:
            writer.revised = batch.revised
        for number, raw in enumerate(batch.raw):
            if wanting := self._wanting.get(raw.topic, self._wanting[UNKNOWN]):
                self._apply(raw, wanting)
            if number % TELL_EVERY == 0:
                told(raw.log_position)
        for projection, _, writer in self._members:
            try:
                writer.flush()
            except (OperationalError, Unavailable):
                raise
            except Exception as error:
                raise ProjectionFailed(projection.name, batch.last_position, reason_of(error)) from error

    def _apply(self, raw: RawRecorded, wanting: Sequence[tuple[Projection, Writer]]) -> None:
        projection = wanting[0][0]
        try:
            recorded = decode_recorded(raw)
            for projection, writer in wanting:
                writer.stream = recorded.stream
                projection.apply(writer, recorded)
        except (OperationalError, Unavailable):
            raise
        except Exception as error:
            raise ProjectionFailed(projection.name, raw.log_position, reason_of(error)) from error

    def close(self, position: int) -> None:
        """Ends with the event at `position`: closes the batch of each, and moves its checkpoint."""
        for projection, _, writer in self._members:
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
    count = settle_part(connection, projection, limit)
    if count < limit:
        connection.execute(MARK_SETTLED, (projection.name,))
    return count


def settle_part(connection: Connection[Any], projection: Projection, limit: int) -> int:
    """The same, beside others that do it: what they have in hand is left to them."""
    with connection.cursor() as cursor:
        writer = Writer(cursor, lambda: None)
        count = projection.settle(writer, limit)
        writer.flush()
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
