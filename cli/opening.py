"""Opens what a command needs, from the settings, and closes it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cli.failures import Refused

if TYPE_CHECKING:
    from api.composition import Services
    from api.settings import Settings
    from ledger.database import Database


def load_settings(*, serving: bool = False) -> Settings:
    """The settings, with logging set up as they say. Raises Refused for one that cannot be used.

    A command that does not serve logs warnings and errors only, unless the level is debug.
    """
    from pydantic import ValidationError

    from api.settings import Settings
    from cli.logs import configure_logs

    try:
        settings = Settings()
    except ValidationError as error:
        wrong = [(".".join(map(str, each["loc"])).upper(), each["msg"]) for each in error.errors()]
        said = "; ".join(f"PALIMPSEST_{name}: {message}" for name, message in wrong)
        raise Refused(f"A setting cannot be used. {said}.") from None
    quiet = not serving and settings.log_level == "info"
    configure_logs("warning" if quiet else settings.log_level, settings.log_format)
    return settings


@contextmanager
def opened_database(settings: Settings | None = None) -> Iterator[Database]:
    """The configured or the embedded database, for a command that needs no more."""
    from api.composition import open_database

    with open_database(settings or load_settings()) as database:
        yield database


@contextmanager
def opened_services(settings: Settings | None = None) -> Iterator[Services]:
    """All services, without following the log, and with all the time that a question may take."""
    from api.composition import open_services

    with open_services(settings or load_settings()) as services:
        yield services


def migrate(conninfo: str) -> tuple[str | None, str | None]:
    """Brings a database to this version's shape; its revision before and after. Raises UpgradeFailed."""
    from ledger.database import Database
    from migrations.upgrade import current, head, upgrade

    conninfo = Database(conninfo).conninfo  # which says so when it cannot be read, and sets timeouts
    before = current(conninfo)
    if before != head():
        upgrade(conninfo)
    return before, current(conninfo)


def ensure_migrated(database: Database) -> None:
    """Raises NotConfigured when the tables are not those of this version."""
    from domain.errors import NotConfigured
    from ledger.database import UNMIGRATED
    from migrations.upgrade import current, head

    if current(database.conninfo) != head():
        raise NotConfigured(UNMIGRATED)
