"""Building projections together in workspaces, and putting them in the place of the live tables."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing, suppress
from typing import Any, LiteralString

import psycopg
from psycopg import Connection

from domain.errors import Unavailable
from ledger.database import Database, translated_errors
from projections.engine.checkpoints import (
    ADD_CHECKPOINTS,
    BUILD,
    LIVE_SCHEMA,
    MOVE_CHECKPOINTS,
    use_schema,
)
from projections.engine.folding import FORGET_AT_WORST, SETTLE_AT_ONCE, settle_live, settle_part
from projections.engine.projection import Projection
from projections.engine.workspaces import Progress, Workspaces, no_cycles

SWAP_WORKSPACE: LiteralString = "SELECT projections.swap_workspace(%s, %s)"

# Readers hold ACCESS SHARE on this table, followers lock rows of it: nobody is half way through anything.
# Whoever comes now waits behind it, so it does not wait long itself.
STOP_EVERYONE: LiteralString = """
    SET LOCAL lock_timeout = '1s'; LOCK TABLE projections.checkpoints IN ACCESS EXCLUSIVE MODE"""
PAUSE_SECONDS = 1.0

# For as long as the connection lasts: one at a time builds a projection. The server looks once a second
# whether whoever asked is still there, even in the middle of making an index.
CLAIM: LiteralString = "SELECT pg_advisory_lock(hashtextextended('palimpsest builds ' || %s, 0))"
# Whoever helps to settle shares this lock for a portion; whoever builds takes it when that is done, for good.
MAY_HELP: LiteralString = """
    SELECT pg_try_advisory_xact_lock_shared(hashtextextended('palimpsest settles ' || %s, 0))"""
GO_ON_ALONE: LiteralString = "SELECT pg_advisory_lock(hashtextextended('palimpsest settles ' || %s, 0))"
PREPARE: LiteralString = "SET client_connection_check_interval = '1s'; SET lock_timeout = '10s'"


def build(
    database: Database, projections: Sequence[Projection], progress: Progress, *, until: int | None = None
) -> dict[str, int]:
    """Builds these projections together, within this process; see `rebuild`. Raises ProjectionFailed."""
    with translated_errors(), closing(database.connect()) as connection, no_cycles():
        _claim(connection, projections)
        targets = dict.fromkeys(projections, until)
        workspaces = Workspaces(connection, targets, prefix=BUILD, tell=progress)
        workspaces.open()
        workspaces.fold()
        workspaces.add_indexes()
        workspaces.settle()
        _go_on_alone(connection, projections)
        while not _swapped(connection, workspaces):
            time.sleep(PAUSE_SECONDS)
        return settle_live(connection, projections)


def help_settling(database: Database, projections: Sequence[Projection]) -> None:
    """Settles what is left in the workspaces of a build that somebody else does, until that goes on alone."""
    with translated_errors(), closing(database.connect()) as connection, no_cycles():
        for projection in projections:
            with suppress(psycopg.errors.UndefinedTable):  # it is swapped already
                while _helped(connection, projection):
                    pass


def _helped(connection: Connection[Any], projection: Projection) -> bool:
    """Settles a portion; whether there may be more to do."""
    with connection.transaction():
        connection.execute(FORGET_AT_WORST)
        if connection.execute(MAY_HELP, (projection.name,)).fetchone() != (True,):
            return False
        use_schema(connection, f"{BUILD}_{projection.name}")
        return settle_part(connection, projection, SETTLE_AT_ONCE) == SETTLE_AT_ONCE


def _go_on_alone(connection: Connection[Any], projections: Sequence[Projection]) -> None:
    """Waits until those who help have written what they have in hand; they begin nothing any more."""
    for name in sorted(projection.name for projection in projections):
        connection.execute(GO_ON_ALONE, (name,))


def _claim(connection: Connection[Any], projections: Sequence[Projection]) -> None:
    connection.execute(PREPARE)
    for name in sorted(projection.name for projection in projections):
        try:
            connection.execute(CLAIM, (name,))
        except psycopg.errors.LockNotAvailable:
            raise Unavailable(f"The projection {name!r} is being built by another process.") from None
    connection.execute("SET lock_timeout TO DEFAULT")


def _swapped(connection: Connection[Any], workspaces: Workspaces) -> bool:
    """Puts the tables of the workspaces in the place of the live ones, unless somebody is long at those.

    What was recorded in the meantime is folded before, and the last of it while everybody waits.
    """
    workspaces.fold()
    try:
        with connection.transaction():
            connection.execute(STOP_EVERYONE)
            positions = workspaces.fold_rest()
            for projection, schema in workspaces.schemas.items():
                connection.execute(SWAP_WORKSPACE, (schema, list(projection.tables)))
            use_schema(connection, LIVE_SCHEMA)
            # What was reported done stays done: from here on the commit waits for the disk.
            connection.execute("SET LOCAL synchronous_commit TO on")
            for projection, position in positions.items():
                connection.execute(ADD_CHECKPOINTS, ([projection.name],))
                settled = type(projection).settle is Projection.settle
                connection.execute(MOVE_CHECKPOINTS, (position, settled, [projection.name]))
    except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
        return False
    return True
