"""Connections to PostgreSQL, and the translation of its errors into ours.

A Database opens nothing until it is used. It finds its way back by itself when the server was away.
"""

from __future__ import annotations

import logging
import select
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep
from types import TracebackType
from typing import Any, LiteralString, Self

import psycopg
import psycopg_pool
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from domain.errors import NotConfigured, Unavailable

Connection = psycopg.Connection[Any]


class _PooledConnection(psycopg.Connection[Any]):
    """A connection that remembers when it was made and last known to work (monotonic seconds)."""

    made_at = 0.0
    checked_at = 0.0


TIMEOUT = 5.0
"""Seconds to wait for a connection before saying that the database is not there."""
PAUSE = 0.2
"""Seconds between attempts to connect while the server is away and somebody waits."""
CHECKED_FOR = 5.0
"""Seconds for which a connection that worked is taken to work still."""

# A peer that vanished without a goodbye is noticed after about ten seconds, not after minutes.
DEFAULTS = {
    "application_name": "palimpsest",
    "client_encoding": "UTF8",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
CONFIGURE: LiteralString = (
    "select set_config('timezone', 'UTC', false), set_config('datestyle', 'ISO', false)"
)
LIMIT: LiteralString = "select set_config('statement_timeout', %s, false)"
UNREACHABLE = "The database cannot be reached right now. Try again shortly."
TOO_SLOW = "The database took longer than it may for this. Try again shortly."
UNMIGRATED = "The database does not have the tables of this version yet. Run `palimpsest db upgrade`."

# The pool reports every failed attempt; whoever asks for a connection is told anyway.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class Database:
    """One PostgreSQL database: a pool for short work, and single connections for long work.

    `conninfo` is a libpq URL or `key=value` string with any option of libpq. At most `pool_size`
    connections are pooled. `open()` does not wait for the server. A statement that takes longer than
    `statement_timeout` seconds is Unavailable; None is no limit.
    """

    def __init__(
        self,
        conninfo: str,
        *,
        pool_size: int = 10,
        timeout: float = TIMEOUT,
        statement_timeout: float | None = None,
    ) -> None:
        try:
            given = conninfo_to_dict(conninfo)
        except psycopg.ProgrammingError:
            # The original message may quote the password.
            raise NotConfigured("The connection string of the database cannot be read.") from None
        self.conninfo = make_conninfo("", **{**DEFAULTS, **given})
        self._statement_timeout = statement_timeout
        self._pool = psycopg_pool.ConnectionPool(
            self.conninfo,
            connection_class=_PooledConnection,
            min_size=1,
            max_size=pool_size,
            open=False,
            configure=self._configure_pooled,
            check=self._check,
            timeout=timeout,
            # No back-off: with it those who wait would go on waiting long after the server is back.
            reconnect_timeout=0.0,
            reconnect_failed=_try_again,
            max_lifetime=30 * 60.0,
        )
        self._drained_at = 0.0

    def open(self) -> None:
        """Starts the pool. Opening twice does nothing; a closed database stays closed."""
        self._pool.open()

    def close(self) -> None:
        """Closes the pool."""
        self._pool.close()

    @property
    def pool_stats(self) -> dict[str, int]:
        """Figures of the pool, for metrics: `pool_size`, `pool_available`, `requests_waiting` and more."""
        return self._pool.get_stats()

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
            self._configure(connection)
        return connection

    async def connect_async(self) -> psycopg.AsyncConnection[Any]:
        """The same for the event loop that runs. Raises what psycopg raises."""
        connection = await psycopg.AsyncConnection.connect(self.conninfo, autocommit=True)
        for statement, values in self._settings():
            await connection.execute(statement, values)
        return connection

    def _settings(self) -> Iterator[tuple[LiteralString, tuple[str, ...]]]:
        """The statements that make a connection one of ours."""
        yield CONFIGURE, ()
        if self._statement_timeout is not None:
            yield LIMIT, (f"{self._statement_timeout * 1000:.0f}ms",)

    def _configure(self, connection: Connection) -> None:
        """Times come back in UTC and in the one style that psycopg reads, whatever the server is set to."""
        was, connection.autocommit = connection.autocommit, True
        for statement, values in self._settings():
            connection.execute(statement, values)
        connection.autocommit = was

    def _configure_pooled(self, connection: _PooledConnection) -> None:
        self._configure(connection)
        connection.made_at = connection.checked_at = monotonic()

    def _check(self, connection: _PooledConnection) -> None:
        """Raises psycopg.Error when a pooled connection is dead. Most checks cost no round trip.

        An idle connection has nothing to read: when there is, it is the server's goodbye. One that was not
        looked at for a while gets a real round trip, for a peer that vanished without one.
        """
        poll = select.poll()
        poll.register(connection.fileno(), select.POLLIN)
        now = monotonic()
        if not poll.poll(0) and now - connection.checked_at < CHECKED_FOR:
            return
        try:
            psycopg_pool.ConnectionPool.check_connection(connection)
        except psycopg.Error:
            # Where one is dead, so are most likely the others of its time. Finding them one by one would
            # cost the pool's growing pause each time.
            if connection.made_at > self._drained_at:
                self._drained_at = monotonic()
                self._pool.drain()
            raise
        connection.checked_at = now


@contextmanager
def translated_errors() -> Iterator[None]:
    """Translates what psycopg raises inside; see `translate`."""
    try:
        yield
    except psycopg.Error as error:
        raise translate(error) from error


def translate(error: psycopg.Error) -> Exception:
    """Unavailable for a server that is away or slow, NotConfigured without our tables, else the same error.

    Messages hold no connection string.
    """
    match error:
        case psycopg.errors.UndefinedTable() | psycopg.errors.InvalidSchemaName():
            return NotConfigured(UNMIGRATED)
        case psycopg.errors.ProgramLimitExceeded():  # an OperationalError, but not one to try again
            return error
        case psycopg.errors.QueryCanceled() | psycopg.errors.LockNotAvailable():
            return Unavailable(TOO_SLOW)
        case psycopg.OperationalError() | psycopg.InterfaceError() | psycopg.errors.ReadOnlySqlTransaction():
            return Unavailable(UNREACHABLE)
        case _:
            return error


def _try_again(pool: psycopg_pool.ConnectionPool[_PooledConnection]) -> None:
    """Has the pool connect again shortly, as long as somebody waits for a connection."""
    sleep(PAUSE)
    if pool.get_stats().get("requests_waiting"):
        # Asking is what makes it try; nothing is to be done with the connection.
        with suppress(psycopg.OperationalError), pool.connection(timeout=0.001):
            pass
