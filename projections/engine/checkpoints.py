"""Checkpoints: how far a projection has folded the log, and the error that stopped it, if one did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection, sql

from ledger.reading import head_position

LIVE_SCHEMA = "projections"
READY_LAG = 10_000
"""A projection that is further behind, in events, is not ready."""

ADD_CHECKPOINT = "INSERT INTO checkpoints (name) VALUES (%s) ON CONFLICT (name) DO NOTHING"

# The row is locked for the rest of the transaction: whoever holds it is the only one to move it.
LOCK_CHECKPOINT = "SELECT position FROM checkpoints WHERE name = %s FOR UPDATE"

MOVE_CHECKPOINT = """
    UPDATE checkpoints SET position = %s, settled = %s, error = NULL, error_position = NULL, failed_at = NULL
    WHERE name = %s"""

SELECT_SETTLED = "SELECT settled FROM checkpoints WHERE name = %s"

MARK_SETTLED = "UPDATE checkpoints SET settled = %s WHERE name = %s"

STOP_CHECKPOINT = """
    UPDATE checkpoints SET error = %s, error_position = %s, failed_at = clock_timestamp() WHERE name = %s"""

CLEAR_ERROR = "UPDATE checkpoints SET error = NULL, error_position = NULL, failed_at = NULL WHERE name = %s"

SELECT_CHECKPOINTS = """
    SELECT name, position, settled, error, error_position, failed_at FROM projections.checkpoints"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionStatus:
    """How a projection stands: `lag` is in events. `error` is what stopped it at `error_position`."""

    name: str
    position: int
    head: int
    settled: bool
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


def lock_checkpoint(connection: Connection[Any], name: str) -> int:
    """The position of a projection, which nobody else can move until the transaction ends."""
    row = connection.execute(LOCK_CHECKPOINT, (name,)).fetchone()
    if row is None:
        connection.execute(ADD_CHECKPOINT, (name,))
        return lock_checkpoint(connection, name)
    position: int = row[0]
    return position


def list_status(connection: Connection[Any], names: tuple[str, ...]) -> list[ProjectionStatus]:
    """How each of the named projections stands; one that never ran stands at 0."""
    head = head_position(connection)
    rows = {row[0]: row for row in connection.execute(SELECT_CHECKPOINTS).fetchall()}
    status = []
    for name in names:
        _, position, settled, error, error_position, failed_at = rows.get(
            name, (name, 0, True, None, None, None)
        )
        status.append(
            ProjectionStatus(
                name=name,
                position=position,
                head=head,
                settled=settled,
                error=error,
                error_position=error_position,
                failed_at=failed_at,
            )
        )
    return status
