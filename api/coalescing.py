"""What many requests do together: under load a query for sixty costs little more than a query for one, and
to hear of sixty outcomes no more than to hear of one.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any, Generic, TypeVar

Q = TypeVar("Q")
A = TypeVar("A")


class Coalesced(Generic[Q, A]):
    """Puts questions to `ask`, up to `most` at once.

    One that comes alone is asked at once. Those that come meanwhile wait, and are asked together next. What
    `ask` raises is raised to all whom it was asked for.
    """

    def __init__(self, ask: Callable[[list[Q]], Awaitable[Sequence[A]]], most: int = 64) -> None:
        self._ask = ask
        self._most = most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, question: Q) -> A:
        """The answer to one question."""
        future: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, future))
        if self._asking is None:
            self._asking = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            answers: Sequence[A | Exception]
            try:
                answers = await self._ask([question for question, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                answers = [error] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                _settle(future, answer)
        self._asking = None


def _settle(future: asyncio.Future[A], answer: A | BaseException) -> None:
    if future.done():  # whoever asked has gone
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)


class Outcomes:
    """Brings what comes of work on other threads home to the event loop, all that is there at once.

    Each trip from a thread to the loop is a system call, and a turn of the interpreter's lock.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._done: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._told = threading.Lock()
        """Held from when the loop is told until it looks."""

    def wait_for(self, outcome: Future[A]) -> asyncio.Future[A]:
        """The same outcome, to be awaited. Whoever gives up waiting does not stop the work."""
        awaited: asyncio.Future[A] = self._loop.create_future()
        outcome.add_done_callback(partial(self._put, awaited))
        return awaited

    def _put(self, awaited: asyncio.Future[Any], outcome: Future[Any]) -> None:
        """On the thread of the work."""
        self._done.append((awaited, outcome))
        if self._told.acquire(blocking=False):
            with suppress(RuntimeError):  # a loop that is closed has nobody left to tell
                self._loop.call_soon_threadsafe(self._take)

    def _take(self) -> None:
        self._told.release()  # first: what is put from now on is told anew
        while self._done:
            awaited, outcome = self._done.popleft()
            _settle(awaited, outcome.exception() or outcome.result())
