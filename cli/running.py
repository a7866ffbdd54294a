"""Following the log in the foreground."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower

if TYPE_CHECKING:
    from ledger.database import Database

LOOK_SECONDS = 0.2
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def follow_until_told(database: Database) -> None:
    """Follows until a signal ends it after the batch in hand. What ends the follower by itself is raised.

    The follower has a thread of its own, because a signal would interrupt this one in the middle of things.
    """
    follower = Follower(database, PROJECTIONS)
    with ThreadPoolExecutor(max_workers=1) as pool, stop_signals() as told:
        running = pool.submit(follower.run)
        try:
            while not told and not running.done():
                wait([running], timeout=LOOK_SECONDS)
        finally:
            follower.stop()
    running.result()
    if signal.SIGINT in told:
        raise KeyboardInterrupt


@contextmanager
def stop_signals() -> Iterator[list[int]]:
    """While it lasts, SIGTERM, SIGINT and SIGHUP are only noted, in the list that it answers."""
    told: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        told.append(number)

    before = {number: signal.signal(number, note) for number in STOPPING}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
