"""Many questions asked as one: under load a query for sixty costs little more than a query for one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from anyio.to_thread import run_sync

Q = TypeVar("Q")
A = TypeVar("A")


class Coalesced(Generic[Q, A]):
    """Puts questions to `ask`, up to `most` at once, on another thread.

    One that comes alone is asked at once. Those that come meanwhile wait, and are asked together next. What
    `ask` raises is raised to all whom it was asked for.
    """

    def __init__(self, ask: Callable[[list[Q]], Sequence[A]], most: int = 64) -> None:
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
                answers = await run_sync(self._ask, [question for question, _ in batch])
            except Exception as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                answers = [error] * len(batch)
            for (_, future), answer in zip(batch, answers, strict=True):
                _settle(future, answer)
        self._asking = None


def _settle(future: asyncio.Future[A], answer: A | Exception) -> None:
    if future.done():  # whoever asked has gone
        return
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
