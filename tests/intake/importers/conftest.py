"""The data that lies beside the project, and a database for the tests of a module that share one."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import Server

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


@pytest.fixture(scope="module")
def edits() -> Path:
    """All edits of Wikipedia's table of control."""
    path = SHARED / "wiki-control" / "changes_2022-03_2023-06.ndjson.gz"
    if not path.exists():
        pytest.skip("the edits of the table are not beside the checkout (../shared/data/wiki-control)")
    return path


@pytest.fixture(scope="module")
def occupied() -> Path:
    """What DeepState marked as occupied, day by day from May to October 2025."""
    path = SHARED / "deepstate" / "occupied_2025-05_2025-10.ndjson.gz"
    if not path.exists():
        pytest.skip("the drawings are not beside the checkout (../shared/data/deepstate)")
    return path


@pytest.fixture(scope="module")
def layers() -> tuple[Path, Path]:
    """The places that ISW's layers begin with in 2022, and those that came and left."""
    folder = SHARED / "isw-2022"
    if not folder.exists():
        pytest.skip("ISW's layers are not beside the checkout (../shared/data/isw-2022)")
    return folder / "initial_2022.ndjson.gz", folder / "flips_2022.ndjson.gz"


@pytest.fixture(scope="module")
def shared_url(server: Server, template_database: str) -> Iterator[str]:
    """The connection string of a fresh, migrated database for a whole module."""
    name = f"importers_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name, template_database)
    server.drop_database(name)
