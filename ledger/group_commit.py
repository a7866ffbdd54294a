"""Concurrent appends, coalesced into one transaction each few milliseconds by a thread of its own.

All that waits is decided under the lock of the log, one after the other, each on what the ones before it
record. A write is all or nothing, and what is wrong with it fails it alone. Nothing is acknowledged before
its commit is durable.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self, TypeVar

import psycopg
from eventsourcing.persistence import StoredEvent

from domain.errors import Fault, InvalidInput, Unavailable
from ledger.appending import Appended, begin_append
from ledger.commands import Appending, Command
from ledger.database import Connection, translate
from ledger.deciding import Request, Transaction
from ledger.idempotency import Once
from ledger.tallies import Appends
from ledger.texts import DocumentText

T = TypeVar("T")

NOT_RECORDED = "The database is away or too busy right now. Nothing was recorded; try again shortly."
UNKNOWN = (
    "The connection to the database broke while this was being recorded, so it is not known whether it was. "
    "Repeating it with the same ids is safe."
)
CLOSED = "The ledger is being closed. Nothing was recorded."
TOO_MANY = "Too many writes are waiting. Nothing was recorded; try again shortly."


class _Broken(Exception):
    """The connection is gone. `committing`: the commit may or may not have happened."""

    def __init__(self, *, committing: bool) -> None:
        self.committing = committing


class GroupCommit:
    """The one who appends, for all threads of this process.

    `connect` opens a connection in autocommit mode. A writer in company waits up to `window` seconds for
    others; a lone one does not wait. A transaction takes up to `batch` events, or one request that is
    bigger. More than `max_waiting` waiting requests are refused. The thread starts with the first append.
    """

    def __init__(
        self,
        connect: Callable[[], Connection],
        *,
        window: float = 0.001,
        batch: int = 5_000,
        max_waiting: int = 10_000,
    ) -> None:
        self._connect = connect
        self._window = window
        self._batch = batch
        self._waiting: queue.Queue[Request | None] = queue.Queue(max_waiting)
        self._held: Request | None = None
        self._company = False
        self._closing = False
        self._pending = 0
        self._gate = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self.appends = Appends()

    def append(self, events: Sequence[StoredEvent], texts: Sequence[DocumentText] = ()) -> Appended:
        """Appends all events or none, and returns when that is durable.

        Raises AppendConflict, InvalidInput when the database refuses the data, NotConfigured, or
        Unavailable, whose message says whether the outcome is known.
        """
        return self.submit(Appending(events, texts)).result()

    def submit(self, command: Command[T], once: Once | None = None) -> Future[T]:
        """Has a write carried out; the future has what it tells, or raises what it or `append` raises.

        With `once` the future raises AlreadyAnswered, KeyReused or KeyInFlight when its key was used before.
        Raises Unavailable when too many wait or the ledger is closing.
        """
        request = Request(command, once)
        with self._gate:
            if self._closing:
                raise Unavailable(CLOSED)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="group-commit", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait(request)
            except queue.Full:
                raise Unavailable(TOO_MANY) from None
            self._pending += 1
        begun = time.perf_counter()
        request.outcome.add_done_callback(lambda _: self._count_done(time.perf_counter() - begun))
        return request.outcome

    @property
    def pending(self) -> int:
        """How many requests were submitted and have no outcome yet."""
        return self._pending

    def close(self) -> None:
        """Commits what was submitted, then stops. Closing twice does nothing."""
        with self._gate:
            thread, closing, self._closing = self._thread, self._closing, True
        if thread is not None and not closing:
            self._waiting.put(None)
            thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _count_done(self, seconds: float) -> None:
        with self._gate:
            self._pending -= 1
            self.appends.seconds.add(seconds)

    def _run(self) -> None:
        """The thread: takes what waits, commits it, until told to stop."""
        while batch := self._gather():
            self._company = len(batch) > 1
            try:
                self._commit(batch)
            except BaseException as error:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                self._disconnect()
                for request in batch:
                    if not request.outcome.done():
                        request.fail(error)
        self._disconnect()

    def _gather(self) -> list[Request]:
        """The requests of the next transaction; none when it is time to stop."""
        first, self._held = self._held or self._waiting.get(), None
        if first is None:
            return []
        batch, size = [first], first.command.size
        if self._company and size < self._batch:
            time.sleep(self._window)
        while size < self._batch:
            try:
                request = self._waiting.get_nowait()
            except queue.Empty:
                break
            if request is None:
                self._waiting.put(None)  # stop after this batch
                break
            if size + request.command.size > self._batch:
                self._held = request
                break
            batch.append(request)
            size += request.command.size
        return batch

    def _commit(self, batch: list[Request]) -> None:
        """Commits a batch; one bad request in it is found by trying them one at a time."""
        try:
            self._write_retrying(batch)
        except _Broken as broken:
            for request in batch:
                request.fail(Unavailable(UNKNOWN if broken.committing else NOT_RECORDED))
        except (psycopg.Error, UnicodeEncodeError, Unavailable) as error:
            refusal = _refusal(error)
            if isinstance(refusal, Unavailable):
                for request in batch:
                    request.fail(Unavailable(NOT_RECORDED))
            elif len(batch) == 1:
                batch[0].fail(refusal)
            else:
                for request in batch:
                    self._commit([request])

    def _write_retrying(self, batch: list[Request]) -> None:
        """Writes a batch, once more when a connection from before a restart turns out to be dead."""
        fresh = self._connection is None
        try:
            self._write(batch)
        except _Broken as broken:
            if broken.committing or fresh:
                raise
            self._write(batch)

    def _write(self, batch: list[Request]) -> None:
        """One transaction. Resolves every request of the batch, or raises and resolves none."""
        if self._connection is None:
            self._connection = self._connect()
        connection, committing = self._connection, False
        try:
            begin_append(connection)
            transaction = Transaction(connection, batch)
            transaction.write()
            committing = True
            connection.execute("commit")
        except (psycopg.Error, UnicodeEncodeError) as error:
            if not _rolled_back(connection):
                self._disconnect()
                raise _Broken(committing=committing) from error
            raise
        self.appends.events += transaction.events
        self.appends.writes.add(len(batch))
        transaction.acknowledge()

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _rolled_back(connection: Connection) -> bool:
    """Gives the transaction up; False when the connection is gone."""
    try:
        connection.rollback()
    except psycopg.Error:
        return False
    return not connection.closed


def _refusal(error: psycopg.Error | UnicodeEncodeError | Unavailable) -> Exception:
    """What the caller of a single request is told when the database refuses it."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, UnicodeEncodeError):
        return InvalidInput([Fault(path="", message="It holds half a character.", code="bad-text")])
    if isinstance(error, psycopg.DataError | psycopg.IntegrityError | psycopg.errors.ProgramLimitExceeded):
        reason = error.diag.message_primary or str(error)
        return InvalidInput([Fault(path="", message=f"The database refuses it: {reason}.", code="refused")])
    return translate(error)
