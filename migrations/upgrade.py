"""Brings a database to a revision of the schema. Needs no alembic.ini and works from an installed package."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

FOLDER = Path(__file__).parent
SCHEMA = "ledger"
LOCK = 8097872805052314470  # next to the lock of the log, see sql/0001_ledger.sql

_ONE_AT_A_TIME = Lock()
"""Alembic's `op` and `context` are global to the process, so two databases must take turns as well."""


class UpgradeFailed(Exception):
    """The database could not be read or changed. The message says why and holds no connection string."""


def upgrade(conninfo: str, revision: str = "head") -> None:
    """Runs every migration up to `revision` in one transaction: all of them happen, or none.

    `conninfo` is a libpq URL or `key=value` string. A second upgrade at the same time waits for the
    first and then finds nothing left to do. Raises UpgradeFailed.
    """
    with _connect(conninfo) as connection:
        encoding = connection.execute(text("show server_encoding")).scalar_one()
        if encoding != "UTF8":
            raise UpgradeFailed(
                f"The database has the encoding {encoding}. Create one with the encoding UTF8."
            )
        connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        connection.execute(text(f"create schema if not exists {SCHEMA}"))
        config = _config()
        config.attributes["connection"] = connection
        with _ONE_AT_A_TIME:
            command.upgrade(config, revision)


def current(conninfo: str) -> str | None:
    """The revision of the database, or None when nothing was ever run there. Raises UpgradeFailed."""
    with _connect(conninfo) as connection:
        context = MigrationContext.configure(connection, opts={"version_table_schema": SCHEMA})
        return context.get_current_revision()


def head() -> str:
    """The newest revision this installation knows."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    # ConfigParser reads % as the start of a reference.
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _connect(conninfo: str) -> Iterator[Connection]:
    """A connection in one transaction, committed at the end unless something is raised."""
    engine = create_engine(
        "postgresql+psycopg://",
        creator=lambda: psycopg.connect(conninfo, connect_timeout=10),
        poolclass=NullPool,
    )
    try:
        with engine.begin() as connection:
            yield connection
    except DBAPIError as error:
        reason = getattr(getattr(error.orig, "diag", None), "message_primary", None)
        raise UpgradeFailed(
            f"The database refused the upgrade: {reason}" if reason else "The database cannot be reached."
        ) from error
    finally:
        engine.dispose()
