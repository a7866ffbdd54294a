"""When a place came into a layer and left it, from the rows of the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from typing import Literal

from intake.importers.isw_layers.layers import LAYERS, Layer
from intake.places import Point

Where = Literal["inside", "outside"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a file: where a place is when a layer begins (`state`), or where it went (`to`).

    `date` is the day of the map, `prev_date` that of the map before.
    """

    layer: str
    geonameid: int
    name: str
    state: Where | None = None
    to: Where | None = None
    prev_date: date | None = None
    lat: float | None = None
    lon: float | None = None
    date: date

    @property
    def where(self) -> Where | None:
        """Where the place is on that day; None for a row that does not say."""
        return self.to or self.state

    @property
    def point(self) -> Point | None:
        """Longitude and latitude, where the line has both."""
        return (self.lon, self.lat) if self.lon is not None and self.lat is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row with its number."""

    number: int
    row: Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From the map of `day` on a place lies in this layer of a voice, or in none.

    `after` is the day of the map before; None when the file begins with this one.
    """

    day: date
    line: int
    layer: Layer | None
    after: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """What became of one place among the layers of one voice, with how often it was in a hole of the drawing,
    and whether it left on the last day of the file.
    """

    changes: tuple[Change, ...]
    holes: int
    unsettled: int


def find_clashes(lines: Iterable[Line]) -> set[int]:
    """The numbers of the lines about one place, layer and day that do not say the same."""
    told: dict[tuple[int, str, date], list[Line]] = {}
    for line in lines:
        told.setdefault((line.row.geonameid, line.row.layer, line.row.date), []).append(line)
    return {
        line.number
        for group in told.values()
        if len({each.row.where for each in group}) > 1
        for line in group
    }


def list_stays(lines: Sequence[Line], last: date) -> Stays:
    """When one place came into the layers of one voice and left them, by day; `last` is that of the file.

    A hole is a place in no layer on one map that was in one before, and is in one on the map after. It never
    left. Nor does leaving count on the last day, for nothing tells yet that it is no hole.
    """
    changes, stood = _read_changes(lines)
    kept: list[Change] = []
    holes = unsettled = 0
    for number, change in enumerate(changes):
        following = changes[number + 1] if number + 1 < len(changes) else None
        if change.layer is None and following is not None and following.after == change.day:
            holes += 1
            changes[number + 1] = replace(following, after=change.after)
        elif change.layer is None and change.day == last:
            unsettled += 1
        elif change.layer != stood:
            kept.append(change)
            stood = change.layer
    return Stays(changes=tuple(kept), holes=holes, unsettled=unsettled)


def _read_changes(lines: Sequence[Line]) -> tuple[list[Change], Layer | None]:
    """Every change, and the layer that the place lay in before the first, as that row implies."""
    ordered = sorted(lines, key=lambda line: (line.row.date, line.row.layer, line.number))
    first: dict[str, Where | None] = {}
    for line in ordered:
        first.setdefault(line.row.layer, line.row.to)
    inside = {layer for layer, to in first.items() if to == "outside"}
    before = _uppermost(inside)
    changes: list[Change] = []
    for day, group in groupby(ordered, key=lambda line: line.row.date):
        rows = list(group)
        for line in rows:
            (inside.add if line.row.where == "inside" else inside.discard)(line.row.layer)
        layer = _uppermost(inside)
        if layer != (changes[-1].layer if changes else before):
            changes.append(Change(day=day, line=rows[0].number, layer=layer, after=_day_before(rows[0].row)))
    return changes, before


def _uppermost(names: set[str]) -> Layer | None:
    return next((layer for layer in LAYERS if layer.name in names), None)


def _day_before(row: Row) -> date | None:
    """The day of the map before; None for a row that a file begins with."""
    if row.state is not None:
        return None
    return row.prev_date or row.date - timedelta(days=1)
