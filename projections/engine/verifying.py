"""Verifying that the live rows of projections are what the log gives."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg import Connection, IsolationLevel, sql

from domain.errors import Unavailable
from ledger.database import Database
from ledger.reading import head_position
from projections.engine.checkpoints import LIVE_SCHEMA, use_schema
from projections.engine.folding import settle_live
from projections.engine.processes import share_work
from projections.engine.projection import Projection, Row
from projections.engine.workspaces import Progress, Workspaces, no_cycles

SELECT_COLUMNS: LiteralString = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"""

SELECT_KEY: LiteralString = """
    SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY(indkey)
    WHERE indrelid = %s::regclass AND indisprimary ORDER BY attnum"""

SELECT_SETTLED: LiteralString = (
    "SELECT name, position, settled, building FROM checkpoints WHERE name = ANY(%s)"
)

WAIT_SECONDS = 5.0


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


Verified = tuple[int, list[Mismatch]]
"""The log position up to which a projection was compared, and what differs."""


def verify(database: Database, projection: Projection) -> Verified:
    """What `verify_all` says of one projection."""
    return verify_all(database, projection)[projection.name]


def verify_all(
    database: Database,
    *projections: Projection,
    progress: Progress = lambda *_: None,
    processes: int | None = None,
) -> dict[str, Verified]:
    """Rebuilds in scratch schemas at the live checkpoints and compares row by row; what is found, by name.

    Each process does its share within one REPEATABLE READ transaction that is rolled back: the live rows and
    their checkpoints are of one moment, nobody waits, and nothing is left behind. Raises Unavailable while
    one of the projections goes on catching up with the log, and as `rebuild` does.
    """
    with database.connection() as connection:
        events = head_position(connection)
    return share_work(
        database, projections, _verify_share, events=events, processes=processes, progress=progress
    )


def _verify_share(
    database: Database, projections: Sequence[Projection], progress: Progress
) -> dict[str, Verified]:
    with database.connection() as connection, no_cycles():
        try:
            positions = _settled_positions(connection, projections)
            targets = {projection: positions[projection.name] for projection in projections}
            workspaces = Workspaces(connection, targets, prefix="verify", tell=progress)
            workspaces.open()
            workspaces.fold_rest()
            workspaces.add_indexes()
            workspaces.settle()
            return {
                projection.name: (targets[projection], list(_differences(connection, projection, schema)))
                for projection, schema in workspaces.schemas.items()
            }
        finally:
            connection.rollback()
            connection.isolation_level = None


def _settled_positions(connection: Connection[Any], projections: Sequence[Projection]) -> dict[str, int]:
    """Where the projections are, in a snapshot in which nothing is left to settle. What is left is settled
    before that, as a follower would.
    """
    names = [projection.name for projection in projections]
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        use_schema(connection, LIVE_SCHEMA)
        rows = connection.execute(SELECT_SETTLED, (names,)).fetchall()
        for name, _, settled, building in rows:
            if building or (not settled and time.monotonic() > deadline):
                raise Unavailable(
                    f"The projection {name!r} is still catching up with the log.", retry_after=5
                )
        if all(settled for _, _, settled, _ in rows):
            return dict.fromkeys(names, 0) | {name: position for name, position, _, _ in rows}
        connection.rollback()
        connection.isolation_level = None
        settle_live(connection, projections)


def _differences(connection: Connection[Any], projection: Projection, workspace: str) -> Iterator[Mismatch]:
    for table in projection.tables:
        yield from _compare(connection, workspace, table)


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
