"""Rebuilding a projection beside the live one, and verifying that the live one is what the log gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection, IsolationLevel, sql

from domain.errors import Unavailable
from ledger.database import Database
from ledger.reading import head_position
from projections.engine.batches import READ_AT_ONCE, BatchReader
from projections.engine.checkpoints import (
    ADD_CHECKPOINT,
    LIVE_SCHEMA,
    MOVE_CHECKPOINT,
    lock_checkpoint,
    use_schema,
)
from projections.engine.following import FORGET_AT_WORST, fold_batch
from projections.engine.projection import Projection, Row, Writer

OPEN_WORKSPACE: LiteralString = "SELECT projections.open_workspace(%s, %s)"
SWAP_WORKSPACE: LiteralString = "SELECT projections.swap_workspace(%s, %s)"

# Readers hold ACCESS SHARE on this table, followers lock rows of it: nobody is half way through anything.
STOP_EVERYONE: LiteralString = "LOCK TABLE projections.checkpoints IN ACCESS EXCLUSIVE MODE"

SELECT_COLUMNS: LiteralString = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""

SELECT_KEY: LiteralString = """
    SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = %s::regclass AND indisprimary ORDER BY attnum"""

Progress = Callable[[int, int], None]


def _no_progress(_done: int, _total: int) -> None:
    """For callers that show none."""


def rebuild(
    database: Database, projection: Projection, *, until: int | None = None, progress: Progress = _no_progress
) -> int:
    """Builds the projection anew beside the live tables, then puts it in their place; its position.

    Reads keep answering from the live tables until the swap, which takes as long as the events that
    arrived in the last moment. With `until`, builds as of that log position; a running follower carries
    on from there. `progress` is told (positions done, positions in all).
    """
    workspace = f"rebuild_{projection.name}"
    batches = BatchReader()
    _open_workspace(database, projection, workspace)
    while _fold_next(database, projection, workspace, batches, until, progress):
        pass
    while not _settle_some(database, projection, workspace):
        pass
    _analyze(database, projection, workspace)
    with database.connection() as connection:
        connection.execute(STOP_EVERYONE)
        use_schema(connection, workspace)
        position = _catch_up(connection, projection, batches, until)
        connection.execute(SWAP_WORKSPACE, (workspace, list(projection.tables)))
        use_schema(connection, LIVE_SCHEMA)
        lock_checkpoint(connection, projection.name)
        connection.execute(MOVE_CHECKPOINT, (position, True, projection.name))
    return position


def _open_workspace(database: Database, projection: Projection, workspace: str) -> None:
    with database.connection() as connection:
        connection.execute(OPEN_WORKSPACE, (workspace, [*projection.tables, "checkpoints"]))
        use_schema(connection, workspace)
        connection.execute(ADD_CHECKPOINT, (projection.name,))


def _fold_next(
    database: Database,
    projection: Projection,
    workspace: str,
    batches: BatchReader,
    until: int | None,
    progress: Progress,
) -> bool:
    """One full batch into the workspace; whether there may be another."""
    with database.connection() as connection:
        head = head_position(connection)
        use_schema(connection, workspace)
        connection.execute(FORGET_AT_WORST)
        position = lock_checkpoint(connection, projection.name)
        batch = batches.read(connection, after=position, limit=READ_AT_ONCE, until=until)
        if len(batch):
            fold_batch(connection, projection, batch, settle=False)
            progress(batch.last_position, until or head)
        return len(batch) == READ_AT_ONCE


def _settle_some(database: Database, projection: Projection, workspace: str) -> bool:
    """Settles some of it while nobody has to wait for that; whether it was all."""
    with database.connection() as connection:
        use_schema(connection, workspace)
        return _settle(connection, projection)


def _settle(connection: Connection[Any], projection: Projection) -> bool:
    with connection.cursor() as cursor:
        writer = Writer(cursor)
        is_done = projection.settle(writer)
        writer.flush()
    return is_done


def _analyze(database: Database, projection: Projection, workspace: str) -> None:
    """Lets the planner know the new tables before they are asked; autovacuum would come minutes later."""
    with database.connection() as connection:
        for table in projection.tables:
            connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(workspace, table)))


def _catch_up(
    connection: Connection[Any], projection: Projection, batches: BatchReader, until: int | None
) -> int:
    """Folds all that is left into the schema in use, within one transaction; the position reached."""
    position = lock_checkpoint(connection, projection.name)
    while len(batch := batches.read(connection, after=position, limit=READ_AT_ONCE, until=until)):
        fold_batch(connection, projection, batch, settle=False)
        position = batch.last_position
        batches.forget()
    while not _settle(connection, projection):
        pass
    return position


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A row in which the live table and the log differ. `key` is the primary key, as shown to people.

    `live` is the row the table holds, `rebuilt` the row the log gives, each in the order of `columns`;
    None where there is none.
    """

    table: str
    key: str
    columns: tuple[str, ...]
    live: Row | None
    rebuilt: Row | None


def verify(
    database: Database, projection: Projection, *, progress: Progress = _no_progress
) -> tuple[int, list[Mismatch]]:
    """Rebuilds in a scratch schema at the live checkpoint and compares row by row.

    All within one REPEATABLE READ transaction that is rolled back: the live rows and their checkpoint
    are of one moment, nobody waits, and nothing is left behind. Raises Unavailable while the
    projection is still catching up.
    """
    workspace = f"verify_{projection.name}"
    batches = BatchReader()
    with database.connection() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            position = _settled_position(connection, projection)
            connection.execute(OPEN_WORKSPACE, (workspace, [*projection.tables, "checkpoints"]))
            use_schema(connection, workspace)
            connection.execute(ADD_CHECKPOINT, (projection.name,))
            _fold_until(connection, projection, batches, position, progress)
            mismatches = [
                mismatch for table in projection.tables for mismatch in _compare(connection, workspace, table)
            ]
        finally:
            connection.rollback()
            connection.isolation_level = None
    return position, mismatches


def _settled_position(connection: Connection[Any], projection: Projection) -> int:
    use_schema(connection, LIVE_SCHEMA)
    query: LiteralString = "SELECT position, settled FROM checkpoints WHERE name = %s"
    position, settled = connection.execute(query, (projection.name,)).fetchone() or (0, True)
    if not settled:
        raise Unavailable(
            f"The projection {projection.name!r} is still catching up with the log.", retry_after=5
        )
    return int(position)


def _fold_until(
    connection: Connection[Any],
    projection: Projection,
    batches: BatchReader,
    until: int,
    progress: Progress,
) -> None:
    position = 0
    while position < until:
        batch = batches.read(connection, after=position, limit=READ_AT_ONCE, until=until)
        if not len(batch):
            break
        fold_batch(connection, projection, batch, settle=False)
        position = batch.last_position
        progress(position, until)
    while not _settle(connection, projection):
        pass


def _compare(connection: Connection[Any], workspace: str, table: str) -> Iterator[Mismatch]:
    """The rows that are in one of the two tables and not, or not alike, in the other."""
    live, rebuilt = sql.Identifier(LIVE_SCHEMA, table), sql.Identifier(workspace, table)
    name = f"{LIVE_SCHEMA}.{table}"
    columns = [row[0] for row in connection.execute(SELECT_COLUMNS, (name,))]
    key = [columns.index(row[0]) for row in connection.execute(SELECT_KEY, (name,))]
    difference = sql.SQL("SELECT * FROM {} EXCEPT ALL SELECT * FROM {}")
    held = {
        tuple(row[index] for index in key): row
        for row in connection.execute(difference.format(live, rebuilt))
    }
    due = {
        tuple(row[index] for index in key): row
        for row in connection.execute(difference.format(rebuilt, live))
    }
    for values in sorted({*held, *due}, key=str):
        shown = ", ".join(f"{columns[index]}={value}" for index, value in zip(key, values, strict=True))
        yield Mismatch(
            table=table,
            key=shown,
            columns=tuple(columns),
            live=held.get(values),
            rebuilt=due.get(values),
        )
