"""Builds the console's base map, api/console/basemap/, from published packages at pinned versions.

    python -m scripts.build_basemap            writes the files
    python -m scripts.build_basemap --check    compares them with what lies there; exit 1 if one differs

The packages (280 MB) are fetched by pip into the folder for temporary files and kept there. The same
packages and the same shapely (2.2.0, as in .venv) give the same bytes. What is drawn, and why, is told in
docs/basemap.md.
"""

from __future__ import annotations

import csv
import itertools
import json
import sys
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from scripts.basemap.drawing import (
    BEYOND,
    DETAIL,
    EUROPE,
    WORLD,
    coordinates,
    draw_area,
    draw_lines,
    mostly_in_europe,
    polygons,
)
from scripts.basemap.naming import (
    BORDERS,
    CONTESTED,
    DRAINED,
    INSIDE,
    LANGUAGES,
    OTHER_RIVERS,
    RIVER_LINES,
    RIVERS,
    TRIBUTARIES,
    Names,
)
from scripts.basemap.sources import (
    GSHHG,
    GSHHG_LICENCES,
    NATURAL_EARTH,
    OLDER_NATURAL_EARTH,
    Parts,
    cache_folder,
    read_rivers,
    read_shapes,
    read_table,
)

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "api" / "console" / "basemap"
LABELS = Path(__file__).parent / "basemap" / "labels.csv"

Feature = dict[str, Any]


def main() -> int:
    """Writes the files, or compares them; 1 if one differs."""
    files = {**{name: render(features) for name, features in drawn().items()}, **licences()}
    if "--check" not in sys.argv:
        for name, text in files.items():
            (TARGET / name).write_text(text, encoding="utf-8")
        return 0
    differing = [name for name, text in files.items() if (TARGET / name).read_text(encoding="utf-8") != text]
    print("\n".join(f"{name} differs" for name in differing), end="\n" if differing else "")
    return 1 if differing else 0


def drawn() -> dict[str, Iterable[Feature]]:
    """The features of each file."""
    cache = cache_folder()
    current, older = NATURAL_EARTH.open(cache), OLDER_NATURAL_EARTH.open(cache)
    borders, inside = read_shapes(current, BORDERS), read_shapes(older, INSIDE)
    return {
        "areas.geojson": areas(read_shapes(current, "ne_10m_land"), read_shapes(current, "ne_10m_lakes")),
        "lines.geojson": itertools.chain(
            border_lines({BORDERS: borders, INSIDE: inside}),
            region_lines(inside, read_table(older, INSIDE)),
            rivers(read_shapes(older, RIVER_LINES), read_table(older, RIVER_LINES)),
        ),
        "tributaries.geojson": tributaries(read_rivers(GSHHG.open(cache))),
        "labels.geojson": labels(),
    }


def licences() -> dict[str, str]:
    """The licence of GSHHG, under which tributaries.geojson is: the LGPL adds to the GPL, so both."""
    folder = zipfile.Path(GSHHG.open(cache_folder()).root, f"{GSHHG_LICENCES}/")
    return {name: (folder / name).read_text(encoding="utf-8") for name in ("COPYING", "COPYING.LESSER")}


def areas(land: list[Parts], lakes: list[Parts]) -> Iterator[Feature]:
    """All land as one area, which no country divides; lakes; and lakes that are no more."""
    ground = shapely.union_all([polygon for parts in land for polygon in polygons(parts)])
    yield feature(draw_area(ground, (DETAIL, EUROPE, WORLD)), {"class": "land"})
    water = [(number, polygon) for number, parts in enumerate(lakes) for polygon in polygons(parts)]
    lasting = shapely.union_all([polygon for number, polygon in water if number not in DRAINED])
    yield feature(draw_area(lasting, (DETAIL, EUROPE, WORLD)), {"class": "lake"})
    for number, polygon in water:
        if number in DRAINED:
            yield feature(draw_area(polygon, (DETAIL,)), {"class": "drained", "since": DRAINED[number]})


def border_lines(sources: dict[str, list[Parts]]) -> Iterator[Feature]:
    """Borders between countries that both sides of a line, and others, agree on; then each contested line."""
    contested = {number for line in CONTESTED if line.source == BORDERS for number in line.records}
    agreed = [
        part
        for number, parts in enumerate(sources[BORDERS])
        if number not in contested and mostly_in_europe(parts)
        for part in parts
    ]
    yield feature(draw_lines(agreed, (DETAIL, BEYOND)), {"class": "border", "status": "agreed"})
    for line in CONTESTED:
        parts = [part for number in line.records for part in sources[line.source][number]]
        drawn = draw_lines(parts, (DETAIL, BEYOND))
        yield feature(drawn, {"class": "border", "status": "contested", **named(line.names)})


def region_lines(lines: list[Parts], table: list[dict[str, str]]) -> Iterator[Feature]:
    """The borders of Ukraine's oblasts with each other. That of Crimea is a contested line."""
    inside = [
        part for row, parts in zip(table, lines, strict=True) if row["adm0_a3"] == "UKR" for part in parts
    ]
    yield feature(draw_lines(inside, (DETAIL,)), {"class": "region"})


def rivers(lines: list[Parts], table: list[dict[str, str]]) -> Iterator[Feature]:
    """Rivers that have a name on the map, each by itself; then others of Europe that fill the gaps."""
    for river in RIVERS:
        own = [
            part
            for row, parts in zip(table, lines, strict=True)
            if row["name"] in river.called
            for part in parts
        ]
        yield feature(
            draw_lines(own, (DETAIL, EUROPE)), {"class": "river", "rank": river.rank, **named(river.names)}
        )
    called = {name for river in RIVERS for name in river.called}
    others = [
        part
        for row, parts in zip(table, lines, strict=True)
        if row["name"] not in called and float(row["scalerank"]) <= OTHER_RIVERS
        for part in parts
    ]
    yield feature(draw_lines(others, (DETAIL, EUROPE)), {"class": "river", "rank": 2})


def tributaries(lines: list[list[tuple[float, float]]]) -> Iterator[Feature]:
    """Rivers from GSHHG, in a file of their own, as it has a licence of its own."""
    for river in TRIBUTARIES:
        drawn = draw_lines([lines[number] for number in river.records], (DETAIL,))
        yield feature(drawn, {"class": "river", "rank": river.rank, **named(river.names)})


def labels() -> Iterator[Feature]:
    """What is written on the map, as points."""
    with LABELS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            point = {"type": "Point", "coordinates": [float(row["lon"]), float(row["lat"])]}
            names = {language: row[language] for language in LANGUAGES}
            yield {
                "type": "Feature",
                "properties": {"class": row["kind"], "rank": int(row["rank"]), **names},
                "geometry": point,
            }


def named(names: Names) -> dict[str, str]:
    return dict(zip(LANGUAGES, names, strict=True))


def feature(shape: BaseGeometry, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": coordinates(shape)}


def render(features: Iterable[Feature]) -> str:
    """A FeatureCollection, a feature a line."""
    lines = (json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in features)
    return '{"type":"FeatureCollection","features":[\n' + ",\n".join(lines) + "\n]}\n"


if __name__ == "__main__":
    sys.exit(main())
