"""Following the log: rows and checkpoint in one transaction, so exactly once, whatever dies.

Any number of followers may run; the lock on a checkpoint's row lets one at a time move a projection.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from itertools import zip_longest

import psycopg
import structlog

from domain.errors import PalimpsestError, Unavailable
from ledger.database import Database
from ledger.listening import Listener
from projections.engine.batches import READ_AT_ONCE, read_batch
from projections.engine.checkpoints import (
    CLEAR_ERROR,
    LIVE_SCHEMA,
    SELECT_POSITIONS,
    SELECT_UNSETTLED,
    STOP_CHECKPOINT,
    lock_checkpoints,
    use_schema,
)
from projections.engine.folding import (
    FORGET_AT_WORST,
    SETTLE_AT_ONCE,
    Fold,
    ProjectionFailed,
    reason_of,
    settle,
)
from projections.engine.newcomers import Newcomers
from projections.engine.projection import Projection

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
SETTLE_SECONDS, SETTLE_BRIEFLY_SECONDS = 0.02, 0.005
"""About as long as settling may keep the next events waiting: where there were none, and where there were."""
COMPANY = 5
"""So many events in a batch say that more are coming. What comes alone is folded at once."""
PACE_SECONDS = 0.04
"""From one batch in company to the next. A batch costs as much as some fifty events, whatever is in it."""


def advance(
    database: Database,
    projections: Sequence[Projection],
    *,
    limit: int = READ_AT_ONCE,
    until: int | None = None,
) -> int | None:
    """Folds the next batch, of events up to `until`, into the live tables of those of the projections that
    are the furthest back; the position reached, or None when there was nothing to fold.

    Raises ProjectionFailed when one of them fails, with nothing written for any.
    """
    with database.connection() as connection:
        use_schema(connection, LIVE_SCHEMA)
        connection.execute(FORGET_AT_WORST)
        positions = lock_checkpoints(connection, [projection.name for projection in projections])
        lowest = min(positions.values(), default=0)
        members = [each for each in projections if positions.get(each.name) == lowest]
        batch = read_batch(connection, after=lowest, limit=limit, until=until)
        if not len(batch) or not members:
            return None
        fold = Fold(connection, dict.fromkeys(members, LIVE_SCHEMA))
        fold.take(batch)
        fold.close(batch.last_position)
        return batch.last_position


class Follower:
    """Keeps projections in step with the log, on a thread of its own or called step by step.

    A projection that fails on an event stops there, with the error on its checkpoint; the others go on.
    It is tried again when a follower starts.
    """

    def __init__(self, database: Database, projections: Sequence[Projection]) -> None:
        self._database = database
        self._projections = tuple(projections)
        self._stopped: set[str] = set()
        self._portions: dict[str, float] = {}
        self._moved = 0
        """How far in the log the last step brought any projection."""
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._listener: Listener | None = None
        self._trouble = ""

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
        """Follows the log until `stop`, and has built meanwhile what is new. A database that is away, or not
        migrated yet, is waited for.
        """
        with Listener(self._database) as listener, Newcomers(self._database, self._projections) as newcomers:
            self._listener = listener
            while not self._closing.is_set():
                try:
                    newcomers.look()
                    began = time.monotonic()
                    if not self.step():
                        listener.wait(POLL_SECONDS)
                    elif COMPANY <= self._moved < READ_AT_ONCE:
                        self._closing.wait(max(0.0, began + PACE_SECONDS - time.monotonic()))
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
        """Gives every projection that is not stopped its next batch, and settles a little; whether there was
        anything to do.

        Those that stand at one position take it together. Whoever is behind takes one batch at a time, so
        that it delays nobody, until it has reached the next ones and goes on with them.
        """
        self._moved = 0
        together: list[Projection] = []
        for projections, position, until in self._levels():
            together += projections
            reached = self._advance(together, until)
            if reached is not None:
                self._moved = max(self._moved, reached - position)
            if reached is None or reached != until:
                together = []
        return self._settle() or self._moved > 0

    def catch_up(self) -> None:
        """Steps until nothing is left to do."""
        while self.step():
            pass

    def _levels(self) -> list[tuple[list[Projection], int, int | None]]:
        """The projections by position, those furthest back first, each time with it and the next one."""
        names = [projection.name for projection in self._projections]
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            rows = connection.execute(SELECT_POSITIONS, (names,)).fetchall()
        found = {name: (position, building) for name, position, building in rows}
        levels: dict[int, list[Projection]] = {}
        for projection in self._running():
            position, building = found.get(projection.name, (0, False))
            if not building:
                levels.setdefault(position, []).append(projection)
        ordered = sorted(levels)
        return [(levels[at], at, until) for at, until in zip_longest(ordered, ordered[1:])]

    def _running(self) -> Iterator[Projection]:
        return (each for each in self._projections if each.name not in self._stopped)

    def _advance(self, projections: Sequence[Projection], until: int | None) -> int | None:
        """The next batch of some projections; when it fails, each has it alone. The position reached."""
        try:
            return advance(self._database, projections, until=until)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - whatever a projection raises stops it alone
            reached = [self._advance_alone(projection, until) for projection in projections]
            return min((at for at in reached if at is not None), default=None)

    def _advance_alone(self, projection: Projection, until: int | None) -> int | None:
        """The next batch; when it fails, ever smaller ones, until the failing event stands alone."""
        limit = READ_AT_ONCE
        while True:
            try:
                return advance(self._database, [projection], limit=limit, until=until)
            except Unavailable:
                raise
            except Exception as error:  # noqa: BLE001 - as above
                if limit == 1:
                    self._record_failure(projection, error)
                    return None
                limit = max(1, limit // 10)

    def _settle(self) -> bool:
        """Settles a portion of what was left for later; whether there was anything."""
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            names = [projection.name for projection in self._running()]
            unsettled = {row[0] for row in connection.execute(SELECT_UNSETTLED, (names,))}
        for projection in self._running():
            if projection.name in unsettled:
                try:
                    self._settle_some(projection)
                except Unavailable:
                    raise
                except Exception as error:  # noqa: BLE001 - as above
                    self._record_failure(projection, error)
        return bool(unsettled)

    def _settle_some(self, projection: Projection) -> None:
        portion = self._portions.get(projection.name, SETTLE_AT_ONCE)
        if self._moved:
            portion *= SETTLE_BRIEFLY_SECONDS / SETTLE_SECONDS
        portion = max(1, min(SETTLE_AT_ONCE, int(portion)))
        began = time.monotonic()
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            connection.execute(FORGET_AT_WORST)
            lock_checkpoints(connection, [projection.name])
            settle(connection, projection, portion)
        took = time.monotonic() - began
        self._portions[projection.name] = portion * SETTLE_SECONDS / took

    def _record_failure(self, projection: Projection, error: Exception) -> None:
        reason = error.reason if isinstance(error, ProjectionFailed) else reason_of(error)
        with self._database.connection() as connection:
            use_schema(connection, LIVE_SCHEMA)
            position = lock_checkpoints(connection, [projection.name]).get(projection.name, 0)
            failed_at = error.log_position if isinstance(error, ProjectionFailed) else position
            connection.execute(STOP_CHECKPOINT, (reason, failed_at, projection.name))
        # Only now, when it is there for all to see: a database that went away is tried again instead.
        self._stopped.add(projection.name)
        log.error("projection stopped", projection=projection.name, log_position=failed_at, error=reason)


def clear_errors(database: Database, projections: Sequence[Projection]) -> None:
    """Forgets what stopped projections, so that a new follower tries them again."""
    with database.connection() as connection:
        use_schema(connection, LIVE_SCHEMA)
        connection.execute(CLEAR_ERROR, ([projection.name for projection in projections],))
