"""Connections to PostgreSQL, and the translation of its errors into ours.

A Database opens nothing until it is used. It finds its way back by itself when the server was away.
"""

from __future__ import annotations

import logging
import select
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import TracebackType
from typing import Any, Self

import psycopg
import psycopg_pool
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.errors import NotConfigured, Unavailable

Connection = psycopg.Connection[Any]


class _PooledConnection(psycopg.Connection[Any]):
    """A connection that remembers when it was last known to work (monotonic seconds)."""

    checked_at = 0.0


TIMEOUT = 5.0
"""Seconds to wait for a connection before saying that the database is not there."""

# A peer that vanished without a goodbye is noticed after about ten seconds, not after minutes.
DEFAULTS = {
    "application_name": "palimpsest",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
UNREACHABLE = "The database cannot be reached right now. Try again shortly."
UNMIGRATED = "The database does not have the tables of this version yet. Run `palimpsest db upgrade`."

# The pool reports every failed attempt; whoever asks for a connection is told anyway.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class Database:
    """One PostgreSQL database: a pool for short work, and single connections for long work.

    `conninfo` is a libpq URL or `key=value` string with any option of libpq. At most `pool_size`
    connections are pooled. `open()` does not wait for the server.
    """

    def __init__(self, conninfo: str, *, pool_size: int = 10, timeout: float = TIMEOUT) -> None:
        try:
            given = conninfo_to_dict(conninfo)
        except psycopg.ProgrammingError:
            # The original message may quote the password.
            raise NotConfigured("The connection string of the database cannot be read.") from None
        self.conninfo = make_conninfo("", **{**DEFAULTS, **given})
        self._pool = psycopg_pool.ConnectionPool(
            self.conninfo,
            connection_class=_PooledConnection,
            min_size=1,
            max_size=pool_size,
            open=False,
            configure=_configure,
            check=_check,
            timeout=timeout,
            # Give up soon: the next one who asks starts a fresh attempt, with no long back-off before it.
            reconnect_timeout=1.0,
            max_lifetime=30 * 60.0,
        )

    def open(self) -> None:
        """Starts the pool. Opening twice does nothing; a closed database stays closed."""
        self._pool.open()

    def close(self) -> None:
        """Closes the pool."""
        self._pool.close()

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A pooled connection in one transaction: committed at the end, rolled back when anything is raised.

        Raises Unavailable and NotConfigured; other errors of psycopg pass through.
        """
        with translated_errors():
            if self._pool.closed:
                self._pool.open()
            with self._pool.connection() as connection:
                yield connection

    def connect(self, *, autocommit: bool = True) -> Connection:
        """A connection of its own, outside the pool, for the caller to close. Raises Unavailable."""
        with translated_errors():
            connection: Connection = psycopg.connect(self.conninfo, autocommit=autocommit)
            _configure(connection)
        return connection


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translates what psycopg raises inside; see `translate`."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error) from error


def translate(error: psycopg.Error) -> Exception:
    """Unavailable for a server that is away, NotConfigured for one without our tables, else the same error.

    Messages hold no connection string.
    """
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName():
            return NotConfigured(UNMIGRATED)
        case psycopg.errors.ProgramLimitExceeded():  # an OperationalError, but not one to try again
            return error
        case psycopg.OperationalError() | psycopg.InterfaceError() | psycopg.errors.ReadOnlySqlTransaction():
            return Unavailable(UNREACHABLE)
        case _:
            return error


def _configure(connection: Connection) -> None:
    """Times come back in UTC, whatever the server is set to."""
    was, connection.autocommit = connection.autocommit, True
    connection.execute("set timezone to 'UTC'")
    connection.autocommit = was


def _check(connection: _PooledConnection) -> None:
    """Raises OperationalError when a pooled connection is dead. Most checks cost no round trip.

    An idle connection has nothing to read: when there is, it is the server's goodbye. One that was not
    looked at for a while gets a real round trip, for a peer that vanished without one.
    """
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    now = monotonic()
    if poll.poll(0) or now - connection.checked_at > 5.0:
        psycopg_pool.ConnectionPool.check_connection(connection)
    connection.checked_at = now
