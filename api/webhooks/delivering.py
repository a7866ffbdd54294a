"""Delivering: every event that a webhook wants, in the order of the log, until it is taken.

Any number of processes may do so. One at a time has the turn of a webhook; when it dies, another goes on.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeVar

import structlog

from api.portions import read_portion
from api.webhooks.messages import Message, event_message
from api.webhooks.sending import GONE, TIMEOUT, Answer, Sender, open_sender
from api.webhooks.targets import Targets
from domain.errors import NotFound, UndecodableEvent
from ledger.database import Database
from ledger.deliveries import (
    AttemptCounts,
    Delivery,
    Turns,
    list_enabled,
    note_delivered,
    note_failed,
    note_passed,
)
from ledger.listening import Listener
from ledger.subjects import find_subjects
from ledger.webhooks import Webhook, find_webhook

log = structlog.get_logger(__name__)

READ_AT_ONCE = 200
POLL_SECONDS = 0.5
PAUSE_SECONDS = 0.05
"""Between two looks, however fast the log grows."""
THREADS = 32
IDLE_SECONDS = 2.0
"""Between two looks while there is no webhook."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How long a receiver has, when it is tried again, and when it is given up. Seconds.

    After the first failure it is tried again in `first`, then in `factor` times that, and so on up to
    `longest`; each pause is shorter or longer by up to `jitter` of it, so that many do not come at once.
    """

    timeout: float = TIMEOUT
    first: float = 5.0
    factor: float = 4.0
    longest: float = 1_800.0
    jitter: float = 0.2
    patience: float = 3 * 86_400.0

    def pause(self, failures: int, chance: float) -> float:
        """The seconds until the next attempt after so many failures in a row; `chance` lies in [0, 1)."""
        exponent = min(failures - 1, 50)
        whole = min(self.first * self.factor**exponent, self.longest)
        return whole * (1 + self.jitter * (2 * chance - 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """What is to be done for a webhook next: messages by log position, and how far the log was looked at."""

    webhook: Webhook
    messages: dict[int, Message]
    until: int


class Deliverer:
    """Delivers to all webhooks, on a thread of its own, until `stop`."""

    def __init__(
        self,
        database: Database,
        targets: Targets,
        policy: Policy | None = None,
        counts: AttemptCounts | None = None,
    ) -> None:
        self._database = database
        self._targets = targets
        self._policy = policy or Policy()
        self._counts = counts or AttemptCounts()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), name="webhooks", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._listener: Listener | None = None
        self._started = threading.Event()
        self._trouble = ""

    def start(self) -> None:
        """Begins to deliver."""
        self._thread.start()

    def stop(self) -> None:
        """Ends at once: what is under way is broken off, and sent again by whoever goes on."""
        self._started.wait()
        if self._loop is not None and self._task is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(self._task.cancel)
        if self._listener is not None:
            self._listener.close()
        self._thread.join()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Names are asked for on these, too: one that takes long must not hold up the rest.
        self._loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="webhooks"))
        self._task = self._loop.create_task(self._deliver())
        self._started.set()
        with suppress(asyncio.CancelledError):
            await self._task

    async def _deliver(self) -> None:
        with closing(Turns(self._database)) as turns:
            try:
                while True:
                    with Listener(self._database) as self._listener:
                        # Without a webhook there is nobody to listen for, and no connection that does.
                        while await self._look(turns):
                            await asyncio.sleep(PAUSE_SECONDS)
                            await _in_thread(partial(self._listener.wait, POLL_SECONDS))
                    await asyncio.sleep(IDLE_SECONDS)
            finally:
                for task in self._running.values():
                    task.cancel()
                await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def _look(self, turns: Turns) -> bool:
        """Begins to deliver where there is something to deliver; whether there is any webhook."""
        try:
            for identifier in [each for each, task in self._running.items() if task.done()]:
                await _in_thread(partial(turns.give_back, identifier))
                del self._running[identifier]
            enabled = await _in_thread(self._list_enabled)
            for identifier, is_due in enabled.items():
                if not is_due or identifier in self._running:
                    continue
                if await _in_thread(partial(turns.take, identifier)):
                    self._running[identifier] = asyncio.create_task(self._serve(identifier))
            self._say_once("")
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            self._say_once(str(error) or type(error).__name__)
            return True
        return bool(enabled or self._running)

    def _say_once(self, trouble: str) -> None:
        if trouble and not self._trouble:
            log.warning("webhooks wait", reason=trouble)
        elif self._trouble and not trouble:
            log.info("webhooks go on")
        self._trouble = trouble

    async def _serve(self, identifier: str) -> None:
        """Delivers all there is for a webhook, until it fails."""
        try:
            work = await _in_thread(partial(self._load, identifier))
            if work is None:
                return
            async with open_sender(work.webhook.url, self._targets, self._policy.timeout) as sender:
                while work is not None and await self._send_all(sender, work):
                    work = await _in_thread(partial(self._load, identifier))
        except NotFound:
            return  # it was removed meanwhile
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
            log.warning("webhook waits", webhook=identifier, reason=str(error) or type(error).__name__)

    async def _send_all(self, sender: Sender, work: _Work) -> bool:
        """Sends the messages in their order; whether all were taken, and more may follow."""
        webhook = work.webhook
        for position, message in work.messages.items():
            answer = await sender.send(message, webhook.secrets)
            if not await _in_thread(partial(self._note, webhook, position, answer)):
                return False
            webhook = replace(webhook, position=position)
        return webhook.position == work.until or await _in_thread(partial(self._pass, webhook, work.until))

    # From here on: what waits for the database, on threads.

    def _list_enabled(self) -> dict[str, bool]:
        with self._database.connection() as connection:
            return list_enabled(connection)

    def _load(self, identifier: str) -> _Work | None:
        """What is next for a webhook; None when there is nothing to do for it now."""
        with self._database.connection() as connection:
            if not list_enabled(connection).get(identifier):
                return None
            webhook = find_webhook(connection, identifier)
        try:
            with self._database.connection() as connection:
                portion = read_portion(connection, webhook.position, READ_AT_ONCE)
                subjects = find_subjects(connection, portion.events)
        except UndecodableEvent as error:
            unsent = Delivery(log_position=error.log_position, milliseconds=0, error=error.message)
            self._fail(webhook, unsent)
            return None
        messages = {
            event.log_position: event_message(webhook.id, event, portion.told_until)
            for event, about in zip(portion.events, subjects, strict=True)
            if webhook.interest.covers(event.topic, about)
        }
        return _Work(webhook=webhook, messages=messages, until=portion.end)

    def _note(self, webhook: Webhook, position: int, answer: Answer) -> bool:
        """Notes what came of a message; whether to go on."""
        delivery = Delivery(
            log_position=position,
            milliseconds=answer.milliseconds,
            status=answer.status,
            error=answer.error,
        )
        self._counts.note("delivered" if delivery.error is None else "failed")
        if delivery.error is not None:
            self._fail(webhook, delivery)
            return False
        with self._database.connection() as connection:
            return note_delivered(connection, webhook, delivery)

    def _fail(self, webhook: Webhook, delivery: Delivery) -> None:
        policy = self._policy
        pause = policy.pause(webhook.failures + 1, random.random())  # noqa: S311 - no secret
        patience = 0.0 if delivery.status == GONE else policy.patience
        with self._database.connection() as connection:
            note_failed(
                connection,
                webhook,
                delivery,
                pause=timedelta(seconds=pause),
                patience=timedelta(seconds=patience),
            )
        log.info(
            "webhook failed", webhook=webhook.id, log_position=delivery.log_position, reason=delivery.error
        )

    def _pass(self, webhook: Webhook, until: int) -> bool:
        with self._database.connection() as connection:
            return note_passed(connection, webhook, until)


async def _in_thread(work: Callable[[], T]) -> T:
    """What the work answers. It is never left to itself: what it opens would stay open."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise
