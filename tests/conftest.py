"""One PostgreSQL server for each test process, one fresh database for each test that asks for it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator

import pytest

from ledger.application import Ledger
from ledger.database import Database
from migrations.upgrade import upgrade
from tests.servers import NoServer, Server

NEEDS_DATABASE = {"server", "durable_server", "database_url", "database", "ledger"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what needs a server, so that those tests can be run again on another one, there with one seed."""
    for item in items:
        if NEEDS_DATABASE & set(getattr(item, "fixturenames", ())):
            item.add_marker("database")
        if (
            isinstance(item, pytest.Function)
            and hasattr(item, "callspec")
            and item.callspec.params.get("seed")
        ):
            item.add_marker("once")


def start_server(*, durable: bool = False) -> Server:
    """A server, or a skipped test when there is none to start."""
    try:
        return Server(durable=durable)
    except NoServer as error:
        if {"PALIMPSEST_TEST_SERVER", "PALIMPSEST_TEST_POSTGRES_BIN"} & set(os.environ):
            raise  # whoever names a server wants the tests to be run
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server that the tests of this process share; fsync is off."""
    server = start_server()
    yield server
    server.remove()


@pytest.fixture
def durable_server() -> Iterator[Server]:
    """A server of this test alone, to be killed and restarted; fsync is on."""
    server = start_server(durable=True)
    yield server
    server.remove()


@pytest.fixture(scope="session")
def template_database(server: Server) -> str:
    """The name of a migrated, empty database to copy."""
    upgrade(server.create_database("template_palimpsest"))
    return "template_palimpsest"


@pytest.fixture
def database_url(server: Server, template_database: str) -> Iterator[str]:
    """The connection string of a fresh, migrated database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name, template_database)
    server.drop_database(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An open database."""
    with Database(database_url) as database:
        yield database


@pytest.fixture
def ledger(database: Database) -> Iterator[Ledger]:
    """A ledger on a fresh database."""
    with Ledger(database) as ledger:
        yield ledger
