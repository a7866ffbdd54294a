"""A fresh database for each module, and the application on it, in this process or as a real server."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from tests.api.talking import BAKHMUT, Api, Served, in_process, served
from tests.servers import Server


@pytest.fixture(scope="module")
def module_url(server: Server, template_database: str) -> Iterator[str]:
    """The connection string of a fresh, migrated database that the tests of a module share."""
    name = f"api_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name, template_database)
    server.drop_database(name)


@pytest.fixture(scope="module")
def api(module_url: str) -> Iterator[Api]:
    """The application in this process, on the module's database."""
    with in_process(module_url) as client:
        yield client


@pytest.fixture(scope="module")
def kupiansk(api: Api) -> Api:
    """The same, after the Kupiansk story was recorded."""
    api.record()
    return api


@pytest.fixture(scope="module")
def bakhmut(api: Api) -> Api:
    """The same, after the Bakhmut dossier was recorded."""
    api.record(BAKHMUT)
    return api


@pytest.fixture
def fresh(database_url: str) -> Iterator[Api]:
    """The application in this process, on a database of this test alone."""
    with in_process(database_url) as client:
        yield client


@pytest.fixture(scope="module")
def running(module_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Api]]:
    """The real server on the module's database, and a client of it."""
    with served(module_url, tmp_path_factory.mktemp("serve")) as both:
        yield both
