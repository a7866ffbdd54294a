"""How much of the surroundings of every place is marked, by shapely. The one module that needs it.

All is done in degrees: within a disc of some kilometres a degree of longitude has one length, so the ratio of
two areas is the same in degrees and in kilometres.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from intake.importers.deepstate.turns import Measure
from intake.places import EARTH_RADIUS, Point

CORNERS = 128
"""A disc is drawn with so many, and as large as the circle: its edge is off by 1 in 5,000 of the radius."""
GLOBE = (-180.0, -90.0, 180.0, 90.0)


def read_area(geojson: bytes) -> BaseGeometry:
    """The area of a GeoJSON polygon or multipolygon, mended where its edges cross.

    Raises ValueError for anything else, for an empty area, and for one off the globe.
    """
    try:
        area = shapely.from_geojson(geojson)
    except ShapelyError as error:
        raise ValueError(f"The geometry is no GeoJSON: {error}.") from None
    if area.geom_type not in ("Polygon", "MultiPolygon"):
        raise ValueError("The geometry is no polygon or multipolygon.")
    if area.is_empty:
        raise ValueError("Nothing is drawn.")
    west, south, east, north = area.bounds
    if not (GLOBE[0] <= west and GLOBE[1] <= south and east <= GLOBE[2] and north <= GLOBE[3]):
        raise ValueError("The geometry lies off the globe: a position is [longitude, latitude].")
    return area if area.is_valid else shapely.make_valid(area)


class Surroundings:
    """The discs around places, by number, and what is marked of them."""

    def __init__(self, points: Sequence[Point], radius_km: float) -> None:
        self._points = [shapely.Point(point) for point in points]
        self._discs = [_disc(point, radius_km) for point in points]
        self._tree = shapely.STRtree(self._discs)

    def touched(self, area: BaseGeometry) -> list[int]:
        """The numbers of the places whose disc the area reaches into, in order."""
        near = (self._tree.query(part, predicate="intersects") for part in shapely.get_parts(area))
        return sorted({int(number) for numbers in near for number in numbers})

    def measure(self, area: BaseGeometry, numbers: Iterable[int]) -> Iterator[tuple[int, Measure]]:
        """What the area covers of each of these discs."""
        shapely.prepare(area)
        for number in numbers:
            disc = self._discs[number]
            share = shapely.area(shapely.intersection(disc, area)) / shapely.area(disc)
            marked = bool(shapely.intersects(area, self._points[number]))
            yield number, Measure.of(float(share), marked=marked)


def find_changes(area: BaseGeometry, before: BaseGeometry) -> BaseGeometry:
    """Where two areas differ."""
    return shapely.symmetric_difference(area, before)


def _disc(point: Point, radius_km: float) -> BaseGeometry:
    longitude, latitude = point
    step = 2 * math.pi / CORNERS
    reach = math.degrees(radius_km / EARTH_RADIUS) * math.sqrt(step / math.sin(step))
    wide = reach / math.cos(math.radians(latitude))
    angles = [step * corner for corner in range(CORNERS)]
    return shapely.Polygon(
        [(longitude + wide * math.cos(angle), latitude + reach * math.sin(angle)) for angle in angles]
    )
