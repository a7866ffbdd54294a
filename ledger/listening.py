"""Waiting for the log to grow. A wait may end early for no reason, and lasts hardly longer than asked for."""

from __future__ import annotations

import selectors
import socket
import threading
from time import monotonic
from types import TracebackType
from typing import Self

import psycopg

from domain.errors import NotConfigured, Unavailable
from ledger.database import Connection, Database
from ledger.recorder import CHANNEL

PAUSE = 0.1
"""Seconds after a break, so that a server that throws us out at once each time is not hammered."""


class Listener:
    """Hears on a connection of its own when something is appended.

    Whoever uses it reads the log after every wait, so a notification that is lost, or a connection that
    breaks, costs at most one timeout. It belongs to one thread; `close` may be called from any.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._closed = threading.Event()
        self._wake, self._woken = socket.socketpair()

    def wait(self, timeout: float) -> None:
        """Returns when something was appended, or after `timeout` seconds.

        The first wait, and the first after a break, returns as soon as it listens: what was appended before
        that was not heard. A break ends the wait, too.
        """
        deadline = monotonic() + timeout
        if self._connection is None:
            self._listen(deadline)
        else:
            self._wait_on(self._connection, deadline)

    def close(self) -> None:
        """Ends a wait that is under way, and the connection. Later waits return at once."""
        self._closed.set()
        self._wake.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        self._disconnect()
        self._woken.close()

    def _listen(self, deadline: float) -> None:
        """Begins to listen, or waits until the deadline when that cannot be done now."""
        try:
            if not self._closed.is_set():
                self._connection = self._database.connect()
                self._connection.execute(f"listen {CHANNEL}")
        except (psycopg.Error, Unavailable, NotConfigured):
            self._disconnect()
            self._closed.wait(max(0.0, deadline - monotonic()))

    def _wait_on(self, connection: Connection, deadline: float) -> None:
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(connection.fileno(), selectors.EVENT_READ)
                selector.register(self._woken, selectors.EVENT_READ)
                selector.select(max(0.0, deadline - monotonic()))
            connection.pgconn.consume_input()
            while connection.pgconn.notifies():
                pass
        except psycopg.Error:
            self._disconnect()
            self._closed.wait(min(PAUSE, max(0.0, deadline - monotonic())))

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
