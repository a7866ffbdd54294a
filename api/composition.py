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
from migrations.upgrade import current, head, upgrade
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
def open_database(settings: Settings) -> Iterator[Database]:
    """The configured database, or the embedded one, started if need be and migrated."""
    with ExitStack() as stack:
        conninfo = settings.database_url
        if conninfo is None:
            server = start_embedded(settings.data_dir)
            stack.callback(server.stop)
            conninfo = server.conninfo
            if current(conninfo) != head():
                upgrade(conninfo)
        yield stack.enter_context(Database(conninfo, pool_size=POOL_SIZE))


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
