"""The clocks of a question, resolved against the log: every answer is given at one `Moment`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, LiteralString

from psycopg import Connection, IsolationLevel

from domain.errors import Fault, InvalidInput, NotRecordedYet, Unavailable
from domain.times import Clocks, before_instant, instant_of
from ledger.database import Database
from ledger.reading import head_position, position_before, recorded_at_of

WAIT_SECONDS = 2.0
POLL_SECONDS = 0.005
BEFORE_EVERYTHING = datetime(1970, 1, 1, tzinfo=UTC)

# Taken before the snapshot, so that no table is swapped (projections.swap_workspace) while it lasts.
HOLD_TABLES: LiteralString = "LOCK TABLE projections.checkpoints IN ACCESS SHARE MODE"

# A plan that leaves the values open reads far too much where a filter may be null or a page be short. No
# question takes so long that compiling its plan would pay.
PLAN_ANEW: LiteralString = "SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off; "

SELECT_PROGRESS: LiteralString = """
    SELECT name, position, error IS NOT NULL, building FROM projections.checkpoints WHERE name = ANY(%s)"""

SELECT_POSITION: LiteralString = """
    SELECT coalesce(min(position), 0), count(*), min(name) FILTER (WHERE building)
    FROM projections.checkpoints WHERE name = ANY(%s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClocks:
    """The clocks as asked for: exclusive bounds, a log position, and None for each that was not named. Of
    the two that set the recorded clock the position counts.
    """

    valid_before: datetime | None = None
    known_before: datetime | None = None
    recorded_before: datetime | None = None
    log_position: int | None = None
    min_log_position: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A question's place in time: the bounds it is answered under, and the snapshot it is read from.

    `is_current` when no clock was named: all three are at now. `voices` has each actor's voice and
    kind by log position, once they were read: nearly every question wants them, and several times.
    """

    connection: Connection[Any]
    valid_before: datetime
    known_before: datetime
    position: int
    clocks: Clocks
    is_current: bool
    voices: dict[int, dict[str, tuple[str, str]]] = field(default_factory=dict, repr=False, compare=False)

    def not_recorded(self, what: str, identifier: str) -> NotRecordedYet:
        """The error for a thing that the ledger did not hold at this position."""
        return NotRecordedYet(what, identifier, self.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Progress:
    """How far the projections of a question all are, and those that stopped, with their positions."""

    reached: int
    stopped: dict[str, int]

    @property
    def may_reach(self) -> float:
        """The furthest they can come by themselves."""
        return min(self.stopped.values(), default=float("inf"))


class Reader:
    """Opens moments. `now` is the clock that the two clocks not named default to.

    Reads see every write acknowledged by this process before them (`note_written`), or named by
    `min_log_position`: they wait for the projections, for two seconds after the write at most. One that
    stopped is not waited for: what it has reached is answered at once, what it has not is Unavailable.
    """

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self.now = now
        self._lock = threading.Lock()
        self._written = 0
        self._written_until = 0.0

    def note_written(self, position: int) -> None:
        """Remembers a position that was acknowledged, for reads of the next moments to see."""
        with self._lock:
            self._written = max(self._written, position)
            self._written_until = time.monotonic() + WAIT_SECONDS

    @contextmanager
    def at(self, asked: AskedClocks, *needs: str) -> Iterator[Moment]:
        """A moment at the asked clocks, over the projections named in `needs`.

        Raises InvalidInput for a log position that the log has not reached, and Unavailable when the
        projections do not reach one that it has within two seconds.
        """
        with self._database.connection() as connection:
            self._wait_for_projections(connection, asked, needs)
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            try:
                connection.execute(PLAN_ANEW + HOLD_TABLES)
                yield self._resolve(connection, asked, needs)
                connection.commit()  # a rollback makes psycopg forget the statements it has prepared
            finally:
                connection.rollback()
                connection.isolation_level = None

    def _wait_for_projections(
        self, connection: Connection[Any], asked: AskedClocks, needs: tuple[str, ...]
    ) -> None:
        """Waits until the projections are as far as the answer must reach, unless one stopped before."""
        named = max(asked.log_position or 0, asked.min_log_position or 0)
        if asked.recorded_before is not None and asked.log_position is None:
            named = max(named, position_before(connection, asked.recorded_before))
        connection.commit()
        # What is written after the question was asked is not waited for, or it might never be answered.
        wanted = max(named, self.awaited())
        if wanted == 0:
            return
        deadline = time.monotonic() + WAIT_SECONDS
        while (progress := self._progress(connection, needs)).reached < wanted:
            pinned = asked.log_position or 0
            if pinned > progress.reached and pinned > (head := self._head(connection)):
                raise _beyond_the_log(pinned, head)
            late = time.monotonic() > deadline
            if named > progress.reached and (late or named > progress.may_reach):
                raise _not_reached(named, progress)
            if named <= progress.reached and (late or wanted > progress.may_reach):
                return
            time.sleep(POLL_SECONDS)

    def awaited(self) -> int:
        """The position that reads wait for: the last one acknowledged, for a moment."""
        with self._lock:
            return self._written if time.monotonic() < self._written_until else 0

    def _progress(self, connection: Connection[Any], needs: tuple[str, ...]) -> _Progress:
        rows = connection.execute(SELECT_PROGRESS, (list(needs),)).fetchall()
        connection.commit()
        for name, _, _, building in rows:
            if building:
                raise _being_built(name)
        stopped = {name: position for name, position, failed, _ in rows if failed}
        positions = [position for _, position, _, _ in rows]
        reached = min(positions, default=0) if len(rows) == len(set(needs)) else 0
        return _Progress(reached=reached, stopped=stopped)

    def _head(self, connection: Connection[Any]) -> int:
        head = head_position(connection)
        connection.commit()
        return head

    def _resolve(self, connection: Connection[Any], asked: AskedClocks, needs: tuple[str, ...]) -> Moment:
        row = connection.execute(SELECT_POSITION, (list(needs),)).fetchone()
        reached, found, building = row or (0, 0, None)
        if building is not None:
            raise _being_built(building)
        reached = int(reached) if found == len(set(needs)) else 0
        pinned = asked.log_position is not None or asked.recorded_before is not None
        position = asked.log_position if asked.log_position is not None else reached
        if asked.recorded_before is not None:
            held = position_before(connection, asked.recorded_before)
            if held < (asked.log_position or 0):
                raise _recorded_later(position, held)
            # By the time of an answer more may have been recorded, which it had not reached.
            position = min(position, held)
        now = self.now()
        if pinned:
            # The moment of that position, so that the same question has the same answer for ever.
            now = (recorded_at_of(connection, position) if position else None) or BEFORE_EVERYTHING
        valid_before = asked.valid_before or before_instant(now)
        known_before = asked.known_before or before_instant(now)
        recorded_at = instant_of(asked.recorded_before) if asked.recorded_before is not None else now
        return Moment(
            connection=connection,
            valid_before=valid_before,
            known_before=known_before,
            position=position,
            is_current=not pinned and asked.valid_before is None and asked.known_before is None,
            clocks=Clocks(
                valid_at=instant_of(valid_before),
                known_at=instant_of(known_before),
                recorded_at=recorded_at,
                log_position=position,
            ),
        )


def _not_reached(named: int, progress: _Progress) -> Unavailable:
    for name, position in progress.stopped.items():
        if position < named:
            message = (
                f"The projection {name!r} stopped at log position {position}, so {named} cannot be answered "
                "until it is mended; /readyz says what stopped it."
            )
            return Unavailable(message, retry_after=60)
    return Unavailable(f"The read models have not reached log position {named} yet.", retry_after=1)


def _being_built(name: str) -> Unavailable:
    message = f"The projection {name!r} is being built from the log; this can be asked when it is there."
    return Unavailable(message, retry_after=10)


def _recorded_later(asked: int, held: int) -> InvalidInput:
    message = (
        f"Log position {asked} was recorded later: by this time the log ended at {held}. Give one of the "
        "two, or both as an answer has them."
    )
    return InvalidInput([Fault(path="query.recorded_at", message=message, code="contradicts-position")])


def _beyond_the_log(asked: int, head: int) -> InvalidInput:
    fault = Fault(
        path="query.log_position",
        message=f"The log ends at position {head}; {asked} has not been written yet.",
        code="beyond-the-log",
    )
    return InvalidInput([fault])
