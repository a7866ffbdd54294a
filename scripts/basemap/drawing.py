"""How finely the base map is drawn: much near Ukraine, less in Europe, little in the rest of the world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry import LineString, MultiLineString, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from scripts.basemap.sources import Parts


@dataclass(frozen=True)
class Tier:
    """A part of the world and how it is drawn, in degrees: by 0.001 is 110 m north, 70 m east in Ukraine.

    `tolerance` is how far a drawn line may stray, `grid` the step of its coordinates, and `least` the area
    below which islands and lakes are left out (square degrees).
    """

    where: BaseGeometry
    tolerance: float
    grid: float
    least: float

    def draw(self, shape: BaseGeometry) -> BaseGeometry:
        """What of the shape lies here, as finely as this part is drawn."""
        here = shapely.intersection(shape.simplify(self.tolerance), self.where)
        # A union puts all on the coarsest grid that it meets, so the shape forgets its own: 0 is none.
        return shapely.set_precision(shapely.set_precision(here, self.grid), 0)


_AROUND_UKRAINE = box(19, 42.5, 43, 54)
_EUROPE = box(-12, 34, 62, 72)

DETAIL = Tier(_AROUND_UKRAINE, tolerance=0.005, grid=0.001, least=0.002)
EUROPE = Tier(_EUROPE - _AROUND_UKRAINE, tolerance=0.1, grid=0.02, least=0.25)
WORLD = Tier(box(-180, -60, 180, 84) - _EUROPE, tolerance=0.5, grid=0.1, least=4)

BEYOND = Tier(box(-30, 30, 95, 80) - _AROUND_UKRAINE, tolerance=0.06, grid=0.02, least=0)
"""Where borders go that lie in Europe to a good part: they end where they end, not at the edge of a box."""


def mostly_in_europe(parts: Parts) -> bool:
    """Whether a third of the line or more lies in what is drawn as Europe."""
    line = MultiLineString([part for part in parts if len(part) > 1])
    return shapely.intersection(line, _EUROPE).length >= line.length / 3


def polygons(parts: Parts) -> list[Polygon]:
    """The polygons of a shapefile's rings: it winds outer rings clockwise, and holes the other way."""
    rings = [Polygon(ring) for ring in parts]
    outer = [ring for ring in rings if not ring.exterior.is_ccw]
    holes = [ring for ring in rings if ring.exterior.is_ccw]
    return [
        Polygon(shell.exterior, [h.exterior for h in holes if shell.covers(h.representative_point())])
        for shell in outer
    ]


def draw_area(shape: BaseGeometry, tiers: Iterable[Tier]) -> BaseGeometry:
    """The area in every tier that has a part of it, in one piece, without what is too small to be seen."""
    drawn = []
    for tier in tiers:
        drawn += [piece for piece in pieces(tier.draw(shape), Polygon) if piece.area >= tier.least]
    return shapely.unary_union(drawn)


def draw_lines(lines: Sequence[Sequence[tuple[float, float]]], tiers: Iterable[Tier]) -> BaseGeometry:
    """The lines, those that continue each other joined, in every tier.

    They are cut before they are simplified, which keeps ends: so they go on where another tier begins.
    """
    whole = shapely.line_merge(MultiLineString([line for line in lines if len(line) > 1]))
    return shapely.line_merge(
        shapely.union_all([tier.draw(shapely.intersection(whole, tier.where)) for tier in tiers])
    )


def pieces(shape: BaseGeometry, kind: type[BaseGeometry]) -> list[Any]:
    """The parts of the shape that are of this kind: where shapes touch, points and lines are left over."""
    return [
        piece for piece in getattr(shape, "geoms", [shape]) if isinstance(piece, kind) and not piece.is_empty
    ]


def coordinates(shape: BaseGeometry) -> dict[str, Any]:
    """The shape as a GeoJSON geometry, a MultiPolygon, wound as RFC 7946 wants, or a MultiLineString."""
    areas = sorted(
        (
            [_pairs(ring) for ring in (area.exterior, *area.interiors)]
            for area in map(orient, pieces(shape, Polygon))
        ),
        key=len,
    )
    if areas:
        return {"type": "MultiPolygon", "coordinates": areas}
    lines = sorted(_pairs(line) for line in pieces(shape, LineString))
    return {"type": "MultiLineString", "coordinates": lines}


def _pairs(line: BaseGeometry) -> list[list[float]]:
    return [[_number(x), _number(y)] for x, y in line.coords]


def _number(degrees: float) -> float:
    short = round(degrees, 3)
    return int(short) if short == int(short) else short
