"""The base map of the console: GeoJSON, small, in three languages, and on nobody's side."""

from __future__ import annotations

import gzip
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from geojson_pydantic import Feature, FeatureCollection
from geojson_pydantic.geometries import Geometry, LineString, MultiLineString, MultiPolygon, Point

FOLDER = Path(__file__).parents[2] / "api" / "console" / "basemap"
FILES = sorted(FOLDER.glob("*.geojson"))
BUDGET = 100_000
"""In bytes, compressed, of all files together."""

Properties = dict[str, str | int]
Shape = Feature[Geometry, Properties]
Place = tuple[float, float]


def features(name: str) -> list[Shape]:
    text = (FOLDER / f"{name}.geojson").read_text(encoding="utf-8")
    return FeatureCollection[Shape].model_validate_json(text).features


AREAS, LINES, TRIBUTARIES, LABELS = map(features, ("areas", "lines", "tributaries", "labels"))
EVERYTHING = [*AREAS, *LINES, *TRIBUTARIES, *LABELS]


def far(point: Place, start: Place, end: Place) -> float:
    """Degrees of latitude from a point to the line between two others."""
    short = math.cos(math.radians(point[1]))
    (x, y), (dx, dy) = (
        ((one[0] - other[0]) * short, one[1] - other[1]) for one, other in ((point, start), (end, start))
    )
    along = max(0.0, min(1.0, (x * dx + y * dy) / (dx * dx + dy * dy or 1.0)))
    return math.hypot(x - along * dx, y - along * dy)


def sides(shape: Shape) -> Iterator[tuple[Place, Place]]:
    assert isinstance(shape.geometry, MultiLineString)
    for line in shape.geometry.coordinates:
        yield from pairwise((x, y) for x, y, *_ in line)


def near(point: Place, shapes: list[Shape], within: float = 0.02) -> bool:
    return any(far(point, start, end) < within for shape in shapes for start, end in sides(shape))


def only(shapes: list[Shape], **wanted: str) -> list[Shape]:
    return [shape for shape in shapes if wanted.items() <= (shape.properties or {}).items()]


def contains(area: MultiPolygon, point: Place) -> bool:
    """Whether a point lies in an area, by how often a ray to the east crosses its rings."""
    x, y = point
    crossed = 0
    for ring in (ring for polygon in area.coordinates for ring in polygon):
        for (x1, y1), (x2, y2) in pairwise((at, north) for at, north, *_ in ring):
            crossed += (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1)
    return crossed % 2 == 1


def test_it_is_small() -> None:
    assert sum(len(gzip.compress(file.read_bytes())) for file in FILES) < BUDGET


def test_each_shape_has_a_class_that_the_style_draws() -> None:
    classes = {shape.properties["class"] for shape in EVERYTHING if shape.properties}
    assert classes == {"land", "lake", "drained", "border", "region", "river", "country", "sea", "city"}
    style = (FOLDER.parent / "map-style.js").read_text(encoding="utf-8")
    assert {kind for kind in classes if f'"{kind}"' in style} == classes


def test_no_area_belongs_to_a_country() -> None:
    said = {name for shape in AREAS for name in shape.properties or {}}
    assert said == {"class", "since"}
    assert len(only(AREAS, **{"class": "land"})) == 1


@pytest.mark.parametrize(
    "point",
    [
        (34.10, 44.95),  # Simferopol
        (30.52, 50.45),  # Kyiv
        (37.62, 55.75),  # Moscow
        (28.86, 47.01),  # Chișinău
        (-3.70, 40.42),  # Madrid
        (-99.13, 19.43),  # Mexico City
        (36.82, -1.29),  # Nairobi
    ],
)
def test_cities_stand_on_land(point: Place) -> None:
    [land] = only(AREAS, **{"class": "land"})
    assert isinstance(land.geometry, MultiPolygon)
    assert contains(land.geometry, point)


@pytest.mark.parametrize("point", [(34.0, 43.4), (36.6, 46.1), (0.0, 0.0), (-30.0, 45.0)])
def test_seas_are_no_land(point: Place) -> None:
    [land] = only(AREAS, **{"class": "land"})
    assert isinstance(land.geometry, MultiPolygon)
    assert not contains(land.geometry, point)


def test_the_kakhovka_reservoir_is_drained() -> None:
    [lakes], [drained] = only(AREAS, **{"class": "lake"}), only(AREAS, **{"class": "drained"})
    assert isinstance(lakes.geometry, MultiPolygon)
    assert isinstance(drained.geometry, MultiPolygon)
    middle = (34.2, 47.47)
    assert contains(drained.geometry, middle)
    assert not contains(lakes.geometry, middle)
    assert (drained.properties or {})["since"] == "2023-06"


@pytest.mark.parametrize(
    "point",
    [
        (33.7, 46.2),  # Perekop
        (36.53, 45.2),  # Kerch
        (29.30, 47.12),  # Transnistria, on the Dniester
        (21.4, 42.87),  # between Kosovo and Serbia
        (41.9, 42.6),  # Abkhazia, on the Inguri
    ],
)
def test_contested_lines_are_drawn_as_contested(point: Place) -> None:
    assert near(point, only(LINES, status="contested"), within=0.06)
    assert not near(point, only(LINES, status="agreed"))
    assert not near(point, only(LINES, **{"class": "region"}))


@pytest.mark.parametrize(
    "point",
    [
        (35.86, 50.43),  # between Sumy and Belgorod
        (40.08, 49.6),  # east of Luhansk
        (29.0, 45.33),  # on the Danube
        (24.1, 50.85),  # on the Bug
    ],
)
def test_borders_are_drawn_as_agreed(point: Place) -> None:
    assert near(point, only(LINES, status="agreed"), within=0.12)
    assert not near(point, only(LINES, status="contested"), within=0.12)


def test_every_border_has_a_status_and_nothing_else_has() -> None:
    for shape in EVERYTHING:
        properties = shape.properties or {}
        assert ("status" in properties) == (properties["class"] == "border")
    assert {(shape.properties or {})["status"] for shape in only(LINES, **{"class": "border"})} == {
        "agreed",
        "contested",
    }


@pytest.mark.parametrize(
    ("river", "point"),
    [
        ("Oskil", (37.6, 49.7)),  # Kupiansk
        ("Siverskyi Donets", (37.27, 49.2)),  # Izium
        ("Dnipro", (35.07, 48.47)),  # Dnipro
        ("Dnipro", (32.6, 46.63)),  # Kherson
        ("Dniester", (29.5, 46.83)),  # Bender
        ("Inhulets", (33.3, 47.8)),  # Kryvyi Rih
    ],
)
def test_rivers_run_by_their_cities(river: str, point: Place) -> None:
    assert near(point, only([*LINES, *TRIBUTARIES], **{"class": "river", "en": river}), within=0.06)


def test_what_is_named_is_named_in_every_language() -> None:
    named = [shape for shape in EVERYTHING if "en" in (shape.properties or {})]
    assert len(named) > len(LABELS)
    for shape in [*named, *LABELS]:
        names = [(shape.properties or {}).get(language) for language in ("en", "uk", "ro")]
        assert all(isinstance(name, str) and name.strip() == name != "" for name in names), names
        assert not str(names[1]).isascii(), names


def test_labels_are_points_and_each_is_there_once() -> None:
    assert all(isinstance(label.geometry, Point) for label in LABELS)
    names = [((label.properties or {})["class"], (label.properties or {})["uk"]) for label in LABELS]
    assert len(names) == len(set(names))
    assert sum(kind == "region" for kind, _ in names) == 25, "Crimea, and 24 oblasts"


@pytest.mark.parametrize(
    "shape", [*LINES, *TRIBUTARIES, *AREAS], ids=lambda shape: str(shape.properties)[:60]
)
def test_geometries_are_complete(shape: Shape) -> None:
    geometry = shape.geometry
    assert not isinstance(geometry, LineString)
    if isinstance(geometry, MultiPolygon):
        rings = [ring for polygon in geometry.coordinates for ring in polygon]
        assert all(ring[0] == ring[-1] and len(ring) >= 4 for ring in rings)
    else:
        assert isinstance(geometry, MultiLineString)
        assert geometry.coordinates
        assert all(len(line) >= 2 for line in geometry.coordinates)
