"""The command in this process, on a database of its own."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from cli.main import app
from tests.cli.processes import ROOT
from tests.servers import Server

KUPIANSK = ROOT / "examples" / "kupiansk.yaml"
Palimpsest = Callable[..., Result]


def invoke(database_url: str | None, *arguments: str, input: str | bytes | None = None, **env: str) -> Result:
    """Runs a command here. Standard output is no terminal."""
    settings = {"PALIMPSEST_DATABASE_URL": database_url, "COLUMNS": "100", "TERM": "dumb", **env}
    result = CliRunner().invoke(app, [*arguments], input=input, env=settings)
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


@pytest.fixture(autouse=True)
def undisturbed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No .env of whoever runs the tests, no setting of theirs, and logging as it was before."""
    monkeypatch.chdir(tmp_path)
    for name in ("PALIMPSEST_LOG_LEVEL", "PALIMPSEST_DATA_DIR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    yield
    root.handlers[:], root.level = before
    structlog.reset_defaults()


@pytest.fixture
def palimpsest(database_url: str) -> Palimpsest:
    """The command on a fresh, migrated database."""

    def run(*arguments: str, input: str | bytes | None = None, **env: str) -> Result:
        return invoke(database_url, *arguments, input=input, **env)

    return run


@pytest.fixture(scope="module")
def story_url(
    server: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database with the Kupiansk story in it, for the tests of a module that only read."""
    name = f"story_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, template_database)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("story"))
        imported = invoke(url, "import", str(KUPIANSK))
    assert imported.exit_code == 0, imported.output
    yield url
    server.drop_database(name)


@pytest.fixture
def story(story_url: str) -> Palimpsest:
    """The command on the Kupiansk story."""

    def run(*arguments: str, **env: str) -> Result:
        return invoke(story_url, *arguments, **env)

    return run
