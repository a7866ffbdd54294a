"""Processes that prepare portions of a file for the one that imports it. Killing any breaks nothing."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import tzinfo
from functools import partial
from types import TracebackType
from typing import NamedTuple, Self

from domain.errors import Unavailable
from intake.preparing import Ready, prepare

ALONE = 5
"""So many portions are prepared before a process would have started."""
MOST = 3
"""More helpers than this would wait for the process that they help."""
AHEAD = 8
"""So many portions wait for their turn, for each process: a bound on memory."""
QUEUED = 2
"""So many portions are with a helper, so that it never waits for the next."""
COLLECT_AFTER = 100_000
"""The objects that may be made before the garbage collector looks for cycles: entries make none."""


class Helped(NamedTuple):
    """A portion, the number of its first line, and what was made of it; None if it cannot be prepared."""

    first: int
    lines: Sequence[bytes]
    ready: Ready | None


class _Waiting(NamedTuple):
    first: int
    lines: Sequence[bytes]
    ready: Future[Ready | None]


class Helpers:
    """Prepares portions, where there are many with other processes, which end with the `with` block."""

    def __init__(self, recorded_by: str, count: int | None = None) -> None:
        self._recorded_by = recorded_by
        self._count = min((os.cpu_count() or 1) - 1, MOST) if count is None else count
        self._pool: ProcessPoolExecutor | None = None
        self._waiting = deque[_Waiting]()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def prepare(self, portions: Iterator[tuple[int, Sequence[bytes]]], tz: tzinfo) -> Iterator[Helped]:
        """The portions, prepared, in their order; a day is that day in `tz`. Raises Unavailable."""
        for number, (first, lines) in enumerate(portions, start=1):
            yield Helped(first, lines, prepare(lines, first, self._recorded_by, tz))
            if number == ALONE and self._count:
                break
        else:
            return
        self._pool = ProcessPoolExecutor(
            self._count, mp_context=multiprocessing.get_context("spawn"), initializer=_begin
        )
        try:
            while self._fill(self._pool, portions, tz):
                first, lines, ready = self._waiting.popleft()
                yield Helped(first, lines, ready.result())
        except BrokenProcessPool as error:
            message = (
                "A process that helped to read the file died. Nothing of the file is recorded: begin again."
            )
            raise Unavailable(message) from error

    def _fill(
        self, pool: ProcessPoolExecutor, portions: Iterator[tuple[int, Sequence[bytes]]], tz: tzinfo
    ) -> bool:
        """Gives the helpers work, and does some as long as the portion whose turn it is is not ready; whether
        any is left.
        """
        while len(self._waiting) < AHEAD * (self._count + 1):
            are_busy = sum(not each.ready.done() for each in self._waiting) >= QUEUED * self._count
            if are_busy and self._waiting[0].ready.done():
                break
            if (portion := next(portions, None)) is None:
                break
            first, lines = portion
            prepare_it = partial(prepare, lines, first, self._recorded_by, tz)
            ready = _done(prepare_it()) if are_busy else pool.submit(prepare_it)
            self._waiting.append(_Waiting(first, lines, ready))
        return bool(self._waiting)


def _done(ready: Ready | None) -> Future[Ready | None]:
    future: Future[Ready | None] = Future()
    future.set_result(ready)
    return future


def _begin() -> None:
    """What a helper does first. It ends when whoever started it does, however that ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it
    gc.set_threshold(COLLECT_AFTER)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
