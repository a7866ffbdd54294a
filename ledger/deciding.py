"""One transaction of the group commit: what waits is decided in memory, and written with few statements."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

import psycopg

from ledger.appending import insert_events
from ledger.commands import Command, Decision, tell_each
from ledger.database import Connection
from ledger.idempotency import Answers, Once
from ledger.known import Recorded
from ledger.texts import store_texts


@dataclass(slots=True, eq=False)
class Request:
    """A write that waits, and what will come of it. With `once` it is carried out once under that key."""

    command: Command[Any]
    once: Once | None
    outcome: Future[Any] = field(default_factory=Future)

    def __post_init__(self) -> None:
        # Whoever waits may go away, as a coroutine does that is cancelled. The write is carried out all the
        # same, and its outcome must still be one that can be set.
        self.outcome.set_running_or_notify_cancel()

    def fail(self, error: BaseException) -> None:
        self.outcome.set_exception(error)


class Transaction:
    """What one transaction makes of the requests that wait. It is begun, and holds the lock of the log."""

    def __init__(self, connection: Connection, batch: Sequence[Request]) -> None:
        self._connection = connection
        self._recorded = Recorded(connection)
        self._recorded.load(stream for request in batch for stream in request.command.streams)
        self._answers = Answers(connection, (request.once for request in batch if request.once))
        self._accepted: list[tuple[Request, Decision[Any]]] = []
        self._refused: list[tuple[Request, Exception]] = []
        self._told: list[Any] = []
        self.events = 0
        for request in batch:
            self._decide(request)

    def _decide(self, request: Request) -> None:
        """Takes one request in, on top of those before it, or refuses it."""
        try:
            if request.once:
                self._answers.refuse_again(request.once)
            decision = request.command.decide(self._recorded)
        except (psycopg.Error, UnicodeEncodeError):
            raise  # the database said so, and the transaction is no good any more
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told to its sender alone
            self._refused.append((request, error))
            return
        self._recorded.note(decision.events, decision.texts)
        if request.once:
            self._answers.note(request.once)
        self._accepted.append((request, decision))

    def write(self) -> None:
        """Writes all that was accepted: events in their order, their texts, and the answers to keep."""
        events = [event for _, decision in self._accepted for event in decision.events]
        self.events = len(events)
        appended = insert_events(self._connection, events) if events else None
        if texts := [text for _, decision in self._accepted for text in decision.texts]:
            store_texts(self._connection, texts)
        names = ((str(event.originator_id), event.originator_version) for event in events)
        places = dict(zip(names, appended.positions if appended else (), strict=True))
        self._told = list(tell_each((decision for _, decision in self._accepted), appended, places))
        kept = [
            (request.once, request.once.tell(told))
            for (request, _), told in zip(self._accepted, self._told, strict=True)
            if request.once
        ]
        if kept:
            self._answers.store(kept)

    def acknowledge(self) -> None:
        """Tells every request what came of it. The commit is durable."""
        for request, error in self._refused:
            request.fail(error)
        for (request, _), told in zip(self._accepted, self._told, strict=True):
            request.outcome.set_result(told)
