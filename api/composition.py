"""The one composition root: everything that is opened is opened here, and closed here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from api.settings import Settings
from ledger.application import Ledger
from ledger.database import Database
from ledger.embedded import start_embedded
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from projections.reading.moments import Reader

POOL_SIZE = 24


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
def open_database(settings: Settings) -> Iterator[Database]:
    """The configured database, or the embedded one, started if need be and migrated."""
    with open_server(settings) as conninfo:
        if settings.database_url is None:
            _migrate(conninfo)
        with Database(conninfo, pool_size=POOL_SIZE) as database:
            yield database


@contextmanager
def open_services(settings: Settings, *, follow: bool) -> Iterator[Services]:
    """All services; with `follow`, the projections are kept up to date for as long as they are open."""
    with ExitStack() as stack:
        database = stack.enter_context(open_database(settings))
        ledger = stack.enter_context(Ledger(database))
        if follow:
            follower = Follower(database, PROJECTIONS)
            follower.start()
            stack.callback(follower.stop)
        yield Services(
            settings=settings, database=database, ledger=ledger, reader=Reader(database, read_clock)
        )
