"""What tests of the console share: a server with the story for each module, and a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.api.talking import Api, Served, served
from tests.browser.consoles import Console, opened_browser, opened_window
from tests.servers import Server


@pytest.fixture(scope="module")
def told(
    request: pytest.FixtureRequest,
    server: Server,
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Served, Api]]:
    """The server with the Kupiansk story."""
    name = f"browser_{request.module.__name__.rpartition('.')[2]}"
    conninfo = server.create_database(name, template_database)
    with served(conninfo, tmp_path_factory.mktemp("serve")) as both:
        both[1].record()
        yield both
    server.drop_database(name)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all of a module, that cannot draw the map."""
    with opened_browser() as browser:
        yield browser


@pytest.fixture
def console(browser: Browser, told: tuple[Served, Api]) -> Iterator[Console]:
    """A window that nothing is open in yet."""
    with opened_window(browser, told[0].url) as console:
        yield console
