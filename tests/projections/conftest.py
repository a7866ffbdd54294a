"""What the tests of the projections share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ledger.database import Database
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from projections.reading.moments import Reader

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def follower(database: Database) -> Follower:
    """A follower that is stepped by hand."""
    return Follower(database, PROJECTIONS)


@pytest.fixture
def reader(database: Database) -> Reader:
    """A reader for whom it is always the beginning of 2026."""
    return Reader(database, lambda: NOW)
