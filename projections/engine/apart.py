"""Following the log in a process of its own, beside a server. Killing either of the two breaks nothing.

Python runs one thread of a process at a time, and a thread that folds lets go of its turn late: requests that
share a process with it wait for it again and again.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from types import TracebackType
from typing import Self

import structlog

from ledger.database import Database
from projections.engine.following import Follower
from projections.engine.projection import Projection

log = structlog.get_logger(__name__)

POOL_SIZE = 2
PATIENCE_SECONDS = 30.0
"""For so long it may take to end after the batch in hand; then it is killed, which costs only that batch."""
PAUSE_SECONDS = 1.0
"""Before one that died is started again."""
IGNORED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""They reach every process of a terminal or a service. It ends with the one that started it, and not before:
requests that are finished then may be waiting for what it folds.
"""

_SPAWN = multiprocessing.get_context("spawn")


class FollowingApart:
    """Keeps projections in step with the log while the `with` block lasts, by a process that is started again
    whenever it dies. `prepare` is called in it first; it can be pickled.
    """

    def __init__(
        self, conninfo: str, projections: Sequence[Projection], prepare: Callable[[], object] = dict
    ) -> None:
        self._arguments = (conninfo, list(projections), prepare)
        self._closed, self._close = _SPAWN.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._keep_up, name="projector", daemon=True)
        self.pid: int | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close.close()
        self._thread.join()
        self._closed.close()

    def _keep_up(self) -> None:
        while not wait([self._closed], 0):
            try:
                self._run_one()
            except OSError as error:
                log.error("projector cannot be started", reason=str(error))
            wait([self._closed], PAUSE_SECONDS)

    def _run_one(self) -> None:
        """Starts a process and stays with it to its end."""
        ours, theirs = _SPAWN.Pipe()
        with ours:
            with theirs:  # only the process holds that end then, and only we hold ours
                process = _SPAWN.Process(target=_follow, args=(theirs, *self._arguments), name="projector")
                process.start()
            self.pid = process.pid
            ended = wait([process.sentinel, self._closed])
        process.join(PATIENCE_SECONDS)
        if process.exitcode is None:
            process.kill()
            process.join()
        if self._closed not in ended:
            log.warning("projector died", exit_code=process.exitcode)


def _follow(
    pipe: Pipe, conninfo: str, projections: Sequence[Projection], prepare: Callable[[], object]
) -> None:
    """What the process does until whoever started it lets go of it or is gone."""
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    prepare()
    with Database(conninfo, pool_size=POOL_SIZE) as database:
        follower = Follower(database, projections)
        threading.Thread(target=_stop_after, args=(pipe, follower), daemon=True).start()
        follower.run()  # here, so that what ends it by itself ends the process


def _stop_after(pipe: Pipe, follower: Follower) -> None:
    wait([pipe])
    follower.stop()
