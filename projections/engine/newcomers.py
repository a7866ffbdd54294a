"""Building what is new in the background: a projection that never ran, on a log that is long by now.

Meanwhile it is marked as `building`: no follower folds it, and questions that need it are told to come back.
The mark outlives whoever set it, so another server, or the next start, goes on with the build.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import LiteralString, Self

import structlog

from domain.errors import PalimpsestError
from ledger.database import Database
from ledger.reading import head_position
from projections.engine.building import build
from projections.engine.checkpoints import LIVE_SCHEMA, READY_LAG, STOP_CHECKPOINT, use_schema
from projections.engine.folding import ProjectionFailed
from projections.engine.processes import Workers
from projections.engine.projection import Projection

log = structlog.get_logger(__name__)

LONG_WAY = READY_LAG
"""A new projection with more events than this before it is built."""
LOOK_SECONDS = 5.0
NICE = 10
"""How far the build stands back for whoever answers questions (the `nice` of its process)."""

MARK_NEW: LiteralString = """
    INSERT INTO checkpoints AS there (name, building) SELECT unnest(%s::text[]), true
    ON CONFLICT (name) DO UPDATE SET building = true WHERE there.position = 0 AND there.error IS NULL"""

SELECT_BUILDING: LiteralString = "SELECT name FROM checkpoints WHERE building AND name = ANY(%s)"

# The lock that a builder holds, taken and given back.
IS_UNCLAIMED: LiteralString = """
    SELECT bool_and(pg_try_advisory_xact_lock(hashtextextended('palimpsest builds ' || name, 0)))
    FROM unnest(%s::text[]) AS name"""


class Newcomers:
    """Builds the new ones among some projections, in a process of its own, one build at a time."""

    def __init__(self, database: Database, projections: Sequence[Projection]) -> None:
        self._database = database
        self._projections = {projection.name: projection for projection in projections}
        self._workers: Workers[int] | None = None
        self._due = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def look(self) -> None:
        """Begins what there is to build, and hears what became of it. Takes no time, so that it can be called
        often.
        """
        if self._workers is not None:
            self._hear(self._workers)
        elif time.monotonic() >= self._due:
            self._due = time.monotonic() + LOOK_SECONDS
            self._begin()

    def _begin(self) -> None:
        names = [*self._projections]
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            if head_position(connection) > LONG_WAY:
                connection.execute(MARK_NEW, (names,))
            building = [row[0] for row in connection.execute(SELECT_BUILDING, (names,))]
            if not building or connection.execute(IS_UNCLAIMED, (building,)).fetchone() != (True,):
                return
        log.info("building projections", projections=building)
        share = [self._projections[name] for name in building]
        self._workers = Workers(self._database.conninfo, [share], build, nice=NICE)

    def _hear(self, workers: Workers[int]) -> None:
        try:
            if workers.poll(0.0):
                return
            log.info("projections built", projections=[*workers.results])
        except ProjectionFailed as failed:
            self._record(failed)
        except PalimpsestError as error:
            log.warning("building was broken off", reason=str(error))
        self._end()

    def _record(self, failed: ProjectionFailed) -> None:
        """Stops the projection for all to see; it is tried again at the next start. The others are built."""
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            connection.execute(STOP_CHECKPOINT, (failed.reason, failed.log_position, failed.projection))
        del self._projections[failed.projection]
        log.error(
            "projection stopped",
            projection=failed.projection,
            log_position=failed.log_position,
            error=failed.reason,
        )

    def _end(self) -> None:
        if self._workers is not None:
            self._workers.close()
            self._workers = None
