"""Following the log: rows and checkpoint in one transaction, so exactly once, whatever dies.

Any number of followers may run; the lock on a checkpoint's row lets one at a time move a projection.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

import psycopg
import structlog
from psycopg import Connection

from domain.errors import PalimpsestError, Unavailable
from ledger.database import Database
from ledger.listening import Listener
from projections.engine.batches import READ_AT_ONCE, Batch, BatchReader
from projections.engine.checkpoints import (
    CLEAR_ERROR,
    LIVE_SCHEMA,
    MARK_SETTLED,
    MOVE_CHECKPOINT,
    SELECT_SETTLED,
    STOP_CHECKPOINT,
    lock_checkpoint,
    use_schema,
)
from projections.engine.projection import Projection, Writer

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5

# A crash may take back the last rows, but only with the checkpoint that was committed with them: they are
# folded again. So nobody waits for the disk.
FORGET_AT_WORST = "SET LOCAL synchronous_commit TO off"


def fold_batch(connection: Connection[Any], projection: Projection, batch: Batch, *, settle: bool) -> None:
    """Folds a batch into the tables of the schema in use, and moves the checkpoint there."""
    with connection.cursor() as cursor:
        writer = Writer(cursor)
        for recorded in batch.wanted(projection.topics):
            projection.apply(writer, recorded)
        projection.close_batch(writer)
        settled = settle and projection.settle(writer)
        writer.flush()
        cursor.execute(MOVE_CHECKPOINT, (batch.last_position, settled, projection.name))


def _settle_more(connection: Connection[Any], projection: Projection) -> bool:
    """Settles a part of what is left to settle in the schema in use; whether there was anything."""
    if connection.execute(SELECT_SETTLED, (projection.name,)).fetchone() == (True,):
        return False
    with connection.cursor() as cursor:
        writer = Writer(cursor)
        settled = projection.settle(writer)
        writer.flush()
        cursor.execute(MARK_SETTLED, (settled, projection.name))
    return True


def advance(
    database: Database, projection: Projection, batches: BatchReader, limit: int = READ_AT_ONCE
) -> bool:
    """Folds the next batch into the live tables, or settles what is left; whether there was anything to do.

    Raises whatever the projection raised, with nothing written.
    """
    with database.connection() as connection:
        use_schema(connection, LIVE_SCHEMA)
        connection.execute(FORGET_AT_WORST)
        position = lock_checkpoint(connection, projection.name)
        batch = batches.read(connection, after=position, limit=limit)
        if not len(batch):
            return _settle_more(connection, projection)
        fold_batch(connection, projection, batch, settle=len(batch) < READ_AT_ONCE)
        return True


class Follower:
    """Keeps projections in step with the log, on a thread of its own or called step by step.

    A projection that fails on an event stops there, with the error on its checkpoint; the others go on.
    It is tried again when a follower starts.
    """

    def __init__(self, database: Database, projections: Sequence[Projection]) -> None:
        self._database = database
        self._projections = tuple(projections)
        self._stopped: set[str] = set()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self._trouble = ""
        self._batches = BatchReader()

    def start(self) -> None:
        """Follows the log on a thread until `stop`."""
        self._thread = threading.Thread(target=self.run, name="projections", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread after the batch in hand."""
        self._closing.set()
        if self._listener is not None:
            self._listener.close()
        if self._thread is not None:
            self._thread.join()

    def run(self) -> None:
        """Follows the log until `stop`. A database that is away, or not migrated yet, is waited for."""
        with Listener(self._database) as listener:
            self._listener = listener
            while not self._closing.is_set():
                try:
                    if not self.step():
                        listener.wait(POLL_SECONDS)
                    self._say_once("")
                except (PalimpsestError, psycopg.Error) as error:
                    self._say_once(str(error))
                    self._closing.wait(POLL_SECONDS)

    def _say_once(self, trouble: str) -> None:
        """Logs a trouble when it begins and when it is over, and not every time in between."""
        if trouble and not self._trouble:
            log.warning("projections wait", reason=trouble)
        elif self._trouble and not trouble:
            log.info("projections go on")
        self._trouble = trouble

    def step(self) -> bool:
        """Gives every projection that is not stopped its next batch; whether any had one."""
        self._batches.forget()
        progressed = False
        for projection in self._projections:
            if projection.name not in self._stopped:
                progressed = self._advance(projection) or progressed
        return progressed

    def catch_up(self) -> None:
        """Steps until nothing is left to do."""
        while self.step():
            pass

    def _advance(self, projection: Projection) -> bool:
        """The next batch; when it fails, ever smaller ones, until the failing event stands alone."""
        limit = READ_AT_ONCE
        while True:
            try:
                return advance(self._database, projection, self._batches, limit)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a projection raises stops it alone
                self._batches.forget()
                if limit == 1:
                    self._record_failure(projection, error)
                    return False
                limit = max(1, limit // 10)

    def _record_failure(self, projection: Projection, error: Exception) -> None:
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            position = lock_checkpoint(connection, projection.name)
            batch = self._batches.read(connection, after=position, limit=1)
            failed_at = batch.last_position if len(batch) else position
            message = f"{type(error).__name__}: {error}"
            connection.execute(STOP_CHECKPOINT, (message, failed_at, projection.name))
        # Only now, when it is there for all to see: a database that went away is tried again instead.
        self._stopped.add(projection.name)
        log.error("projection stopped", projection=projection.name, log_position=failed_at, error=message)


def clear_errors(database: Database, projections: Sequence[Projection]) -> None:
    """Forgets what stopped projections, so that a new follower tries them again."""
    with database.connection() as connection:
        use_schema(connection, LIVE_SCHEMA)
        for projection in projections:
            connection.execute(CLEAR_ERROR, (projection.name,))
