"""A server with the story of the demo, and somebody at a terminal beside it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from tests.docs.pages import ROOT
from tests.docs.sessions import Session


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reader stands: a folder with the examples, and without anybody's .env."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def client(database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A running application on a fresh database."""
    monkeypatch.setenv("PALIMPSEST_DATABASE_URL", database_url)
    handlers, level = logging.root.handlers[:], logging.root.level
    with TestClient(create_app(Settings())) as client:
        yield client
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture
def session(client: TestClient) -> Session:
    """Somebody who has just run the demo."""
    session = Session(client)
    session.run("palimpsest import --by demo examples/kupiansk.yaml")
    return session
