"""The one composition root: everything that is opened is opened here, and closed here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from api.settings import Settings
from ledger.application import Ledger
from ledger.database import Database
from ledger.deliveries import AttemptCounts
from ledger.embedded import start_embedded
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from projections.reading.moments import Reader

POOL_SIZE = 24
FOLLOWING = 2

Follow = Callable[[str], AbstractContextManager[object]]
"""Keeps the projections up to date on the database of a connection string, while it lasts."""


def read_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What requests and commands work with."""

    settings: Settings
    database: Database
    ledger: Ledger
    reader: Reader
    attempts: AttemptCounts


@contextmanager
def open_server(settings: Settings) -> Iterator[str]:
    """The connection string of the configured database, or of the embedded one, started if need be."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    server = start_embedded(settings.data_dir)
    try:
        yield server.conninfo
    finally:
        server.stop()


def _migrate(conninfo: str) -> None:
    """Brings the embedded database to this version's shape; nobody else looks after it."""
    from migrations.upgrade import current, head, upgrade  # noqa: PLC0415 - alembic takes half a second

    if current(conninfo) != head():
        upgrade(conninfo)


@contextmanager
def open_database(settings: Settings, *, statement_timeout: float | None = None) -> Iterator[Database]:
    """The configured database, or the embedded one, started if need be and migrated."""
    with open_server(settings) as conninfo:
        if settings.database_url is None:
            _migrate(conninfo)
        with Database(conninfo, pool_size=POOL_SIZE, statement_timeout=statement_timeout) as database:
            yield database


@contextmanager
def follow_here(conninfo: str) -> Iterator[None]:
    """Follows the log on a thread of this process while it lasts."""
    # Connections of its own: folding may take longer, and does not wait behind requests.
    with Database(conninfo, pool_size=FOLLOWING) as database:
        follower = Follower(database, PROJECTIONS)
        follower.start()
        try:
            yield
        finally:
            follower.stop()


@contextmanager
def open_services(
    settings: Settings, *, serving: bool = False, follow: Follow = follow_here
) -> Iterator[Services]:
    """All services. When `serving`, no statement takes longer than it may; and unless the settings say that
    somebody else does it, the projections are kept up to date and webhooks are delivered to meanwhile.
    """
    limit = settings.statement_timeout_seconds if serving else 0
    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings, statement_timeout=limit or None))
        ledger = stack.enter_context(Ledger(database))
        attempts = AttemptCounts()
        if serving and settings.projector == "on":
            stack.enter_context(follow(database.conninfo))
        if serving and settings.webhooks == "on":
            from api.webhooks.delivering import Deliverer  # noqa: PLC0415 - commands do without its client

            deliverer = Deliverer(database, settings.webhook_targets, counts=attempts)
            deliverer.start()
            stack.callback(deliverer.stop)
        yield Services(
            settings=settings,
            database=database,
            ledger=ledger,
            reader=Reader(database, read_clock),
            attempts=attempts,
        )
