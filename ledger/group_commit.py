"""Concurrent appends, coalesced into one transaction each few milliseconds by a thread of its own.

A request is all or nothing, and a conflict or bad data fails its own request only. Nothing is acknowledged
before its commit is durable.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from domain.errors import Fault, InvalidInput, Unavailable
from ledger.appending import Appended, begin_append, current_versions, insert_events
from ledger.database import Connection, translate
from ledger.texts import DocumentText, store_texts

NOT_RECORDED = "The database is away or too busy right now. Nothing was recorded; try again shortly."
UNKNOWN = (
    "The connection to the database broke while this was being recorded, so it is not known whether it was. "
    "Repeating it with the same ids is safe."
)
CLOSED = "The ledger is being closed. Nothing was recorded."
TOO_MANY = "Too many writes are waiting. Nothing was recorded; try again shortly."


class AppendConflict(IntegrityError):
    """Another event has taken this version of the stream."""

    def __init__(self, stream: str, version: int, newest: int) -> None:
        super().__init__(f"{stream}: version {version} does not follow version {newest}")
        self.stream = stream
        self.version = version
        self.newest = newest


@dataclass(slots=True, eq=False)
class _Request:
    """Events that are appended all or not at all, with the texts that belong to them."""

    events: Sequence[StoredEvent]
    texts: Sequence[DocumentText]
    outcome: Future[Appended] = field(default_factory=Future)

    def fail(self, error: BaseException) -> None:
        self.outcome.set_exception(error)


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
        self._waiting: queue.Queue[_Request | None] = queue.Queue(max_waiting)
        self._held: _Request | None = None
        self._company = False
        self._closing = False
        self._pending = 0
        self._gate = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None

    def append(self, events: Sequence[StoredEvent], texts: Sequence[DocumentText] = ()) -> Appended:
        """Appends all events or none, and returns when that is durable.

        Raises AppendConflict, InvalidInput when the database refuses the data, NotConfigured, or
        Unavailable, whose message says whether the outcome is known.
        """
        return self.submit(events, texts).result()

    def submit(self, events: Sequence[StoredEvent], texts: Sequence[DocumentText] = ()) -> Future[Appended]:
        """The same without waiting. Raises Unavailable when too many wait or the ledger is closing."""
        request = _Request(events, texts)
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
        request.outcome.add_done_callback(self._count_done)
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

    def _count_done(self, _: Future[Appended]) -> None:
        with self._gate:
            self._pending -= 1

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

    def _gather(self) -> list[_Request]:
        """The requests of the next transaction; none when it is time to stop."""
        first, self._held = self._held or self._waiting.get(), None
        if first is None:
            return []
        batch, size = [first], len(first.events)
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
            if size + len(request.events) > self._batch:
                self._held = request
                break
            batch.append(request)
            size += len(request.events)
        return batch

    def _commit(self, batch: list[_Request]) -> None:
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

    def _write_retrying(self, batch: list[_Request]) -> None:
        """Writes a batch, once more when a connection from before a restart turns out to be dead."""
        fresh = self._connection is None
        try:
            self._write(batch)
        except _Broken as broken:
            if broken.committing or fresh:
                raise
            self._write(batch)

    def _write(self, batch: list[_Request]) -> None:
        """One transaction. Resolves every request of the batch, or raises and resolves none."""
        if self._connection is None:
            self._connection = self._connect()
        connection, committing, appended = self._connection, False, None
        try:
            begin_append(connection)
            accepted, conflicts = _decide(batch, current_versions(connection, _streams(batch)))
            if accepted:
                appended = insert_events(connection, [e for request in accepted for e in request.events])
            if texts := [text for request in accepted for text in request.texts]:
                store_texts(connection, texts)
            committing = True
            connection.execute("commit")
        except (psycopg.Error, UnicodeEncodeError) as error:
            if not _rolled_back(connection):
                self._disconnect()
                raise _Broken(committing=committing) from error
            raise
        for request, conflict in conflicts:
            request.fail(conflict)
        if appended is not None:
            _acknowledge(accepted, appended)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _streams(batch: Iterable[_Request]) -> list[str]:
    return list({str(event.originator_id) for request in batch for event in request.events})


def _decide(
    batch: Iterable[_Request], versions: dict[str, int]
) -> tuple[list[_Request], list[tuple[_Request, AppendConflict]]]:
    """Who may append, and who comes too late; of two that want the same version, the first wins."""
    accepted, conflicts = [], []
    for request in batch:
        after: dict[str, int] = {}
        for event in request.events:
            stream, version = str(event.originator_id), event.originator_version
            newest = after.get(stream, versions.get(stream, 0))
            if version != newest + 1:
                conflicts.append((request, AppendConflict(stream, version, newest)))
                break
            after[stream] = version
        else:
            versions.update(after)
            accepted.append(request)
    return accepted, conflicts


def _rolled_back(connection: Connection) -> bool:
    """Gives the transaction up; False when the connection is gone."""
    try:
        connection.rollback()
    except psycopg.Error:
        return False
    return not connection.closed


def _acknowledge(accepted: Iterable[_Request], appended: Appended) -> None:
    """Gives each request the positions of its own events."""
    start = 0
    for request in accepted:
        end = start + len(request.events)
        own = Appended(positions=appended.positions[start:end], recorded_at=appended.recorded_at)
        request.outcome.set_result(own)
        start = end


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
