"""Days of a map, drawn by hand around a town, and what the importer makes of them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from domain.kinds.assessments import ControlAssessed
from domain.registry import LocationRegistered
from intake.batches import Batch, join
from intake.importers.deepstate import read_deepstate
from intake.places import PlaceBook
from intake.sources import Source
from tests.builders import location

Geometry = dict[str, Any]
LONGITUDE, LATITUDE = 37.0, 49.0
DEGREE = 111.195
"""Kilometres of a degree of latitude."""
DEFAULTS = {"radius": "5", "threshold": "0.02", "places": "touched"}
TOWN = location("town", point=(LONGITUDE, LATITUDE))


def east_of(km: float) -> float:
    """The longitude so many kilometres east of the town."""
    return LONGITUDE + km / (DEGREE * math.cos(math.radians(LATITUDE)))


def up_to(km: float) -> Geometry:
    """Everything west of a line that runs so many kilometres east of the town, or west where negative."""
    return box(-200, km)


def box(west: float, east: float, south: float = -200, north: float = 200) -> Geometry:
    """A rectangle by its sides, in kilometres from the town."""
    x, y = [east_of(west), east_of(east)], [LATITUDE + south / DEGREE, LATITUDE + north / DEGREE]
    ring = [[x[0], y[0]], [x[1], y[0]], [x[1], y[1]], [x[0], y[1]], [x[0], y[0]]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def share_up_to(km: float, radius: float = 5.0) -> float:
    """The share of the disc that `up_to` covers: a segment of a circle."""
    if abs(km) >= radius:
        return float(km > 0)
    covered = km * math.sqrt(radius**2 - km**2) + radius**2 * math.asin(km / radius)
    return 0.5 + covered / (math.pi * radius**2)


def row(day: str, geometry: Geometry) -> str:
    """A line of the file."""
    return json.dumps({"date": day, "geometry": geometry})


def days(*geometries: Geometry | None, month: str = "2025-05") -> list[str]:
    """Lines for the days of a month from the first on; None is a day that is missing."""
    return [
        row(f"{month}-{number:02}", geometry)
        for number, geometry in enumerate(geometries, start=1)
        if geometry is not None
    ]


def read(path: Path, lines: list[str], *places: LocationRegistered, **options: str) -> Batch:
    """What the importer makes of these lines; the town is registered unless others are."""
    path.write_text("\n".join(lines), encoding="utf-8")
    book = PlaceBook(lambda: places or (TOWN,))
    return join(read_deepstate(Source(path=path, options=DEFAULTS | options, places=book)))


def assessed(batch: Batch) -> list[ControlAssessed]:
    """The developments, in their order."""
    assert batch.found.faults == ()
    return [item.event for item in batch.items if isinstance(item.event, ControlAssessed)]
