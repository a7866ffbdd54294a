"""Checkpoints: how far a projection has folded the log, and the error that stopped it, if one did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from psycopg import Connection, sql

from ledger.reading import head_position

LIVE_SCHEMA = "projections"
BUILD = "rebuild"
"""What the name of a schema begins with in which a projection is built to replace the live one."""
READY_LAG = 10_000
"""A projection that is further behind, in events, is not ready."""

ADD_CHECKPOINTS: LiteralString = (
    "INSERT INTO checkpoints (name) SELECT unnest(%s::text[]) ON CONFLICT (name) DO NOTHING"
)

# The rows are locked for the rest of the transaction, always in one order: whoever holds them is the only one
# to move them. A projection that is being built elsewhere is left to its builder.
LOCK_CHECKPOINTS: LiteralString = """
    SELECT name, position FROM checkpoints WHERE name = ANY(%s) AND NOT building ORDER BY name FOR UPDATE"""

SELECT_POSITIONS: LiteralString = """
    SELECT name, position, building FROM checkpoints WHERE name = ANY(%s)"""

MOVE_CHECKPOINTS: LiteralString = """
    UPDATE checkpoints
    SET position = %s, settled = %s, building = false, error = NULL, error_position = NULL, failed_at = NULL
    WHERE name = ANY(%s)"""

SELECT_UNSETTLED: LiteralString = """
    SELECT name FROM checkpoints WHERE name = ANY(%s) AND NOT settled AND NOT building"""

MARK_SETTLED: LiteralString = "UPDATE checkpoints SET settled = true WHERE name = %s"

STOP_CHECKPOINT: LiteralString = """
    UPDATE checkpoints SET error = %s, error_position = %s, failed_at = clock_timestamp() WHERE name = %s"""

CLEAR_ERROR: LiteralString = """
    UPDATE checkpoints SET error = NULL, error_position = NULL, failed_at = NULL WHERE name = ANY(%s)"""

SELECT_CHECKPOINTS: LiteralString = """
    SELECT name, position, settled, building, error, error_position, failed_at FROM projections.checkpoints"""

# Since when the first event that each projection has not folded waits for it; 0 when none does.
SELECT_WAITING: LiteralString = """
    SELECT name, greatest(0, coalesce(extract(epoch FROM clock_timestamp() - (
        SELECT recorded_at FROM ledger.events WHERE notification_id > coalesce(position, 0)
        ORDER BY notification_id LIMIT 1)), 0))
    FROM unnest(%s::text[]) AS asked (name) LEFT JOIN projections.checkpoints USING (name)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionStatus:
    """How a projection stands: `lag` is in events. `error` is what stopped it at `error_position`.

    While it is `building`, nothing can be asked of it, and `position` is how far the build has come.
    """

    name: str
    position: int
    head: int
    settled: bool
    building: bool
    error: str | None
    error_position: int | None
    failed_at: datetime | None

    @property
    def lag(self) -> int:
        """How many positions the projection is behind the log."""
        return self.head - self.position


def use_schema(connection: Connection[Any], schema: str) -> None:
    """Makes unqualified names mean the tables of `schema` until the transaction ends."""
    connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(schema)))


def lock_checkpoints(connection: Connection[Any], names: Sequence[str]) -> dict[str, int]:
    """The positions of projections in the schema in use, which nobody else can move until the transaction
    ends; without those that are being built.
    """
    positions = dict(connection.execute(LOCK_CHECKPOINTS, (list(names),)).fetchall())
    if len(positions) < len(names):
        connection.execute(ADD_CHECKPOINTS, (list(names),))
        positions = dict(connection.execute(LOCK_CHECKPOINTS, (list(names),)).fetchall())
    return positions


def _built_position(connection: Connection[Any], name: str) -> int:
    """How far the workspace is in which a projection is built; 0 before there is one."""
    checkpoints = f"{BUILD}_{name}.checkpoints"
    if connection.execute("SELECT to_regclass(%s)", (checkpoints,)).fetchone() == (None,):
        return 0
    query = sql.SQL("SELECT max(position) FROM {}").format(sql.Identifier(f"{BUILD}_{name}", "checkpoints"))
    position: int = (connection.execute(query).fetchone() or (0,))[0]
    return position


def list_status(connection: Connection[Any], names: tuple[str, ...]) -> list[ProjectionStatus]:
    """How each of the named projections stands; one that never ran stands at 0."""
    head = head_position(connection)
    rows = {row[0]: row for row in connection.execute(SELECT_CHECKPOINTS).fetchall()}
    status = []
    for name in names:
        _, position, settled, building, error, error_position, failed_at = rows.get(
            name, (name, 0, True, False, None, None, None)
        )
        if building:
            position = _built_position(connection, name)
        status.append(
            ProjectionStatus(
                name=name,
                position=position,
                head=head,
                settled=settled,
                building=building,
                error=error,
                error_position=error_position,
                failed_at=failed_at,
            )
        )
    return status


def list_waiting(connection: Connection[Any], names: Sequence[str]) -> dict[str, float]:
    """For how many seconds the log has been ahead of each of the named projections."""
    return {name: float(seconds) for name, seconds in connection.execute(SELECT_WAITING, (list(names),))}
