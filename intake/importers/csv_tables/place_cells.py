"""Cells that name a place: by its name, by its id in another register, or by its id here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from domain.registry import LocationRegistered
from intake.importers.csv_tables.rows import Row
from intake.importers.csv_tables.specs import BadCell, Cell, Spec
from intake.places import PlaceBook

WITHIN_KM = 10.0
LISTED = 5
"""Of many namesakes, so many are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """The columns of a row's point, in degrees, and how far from it the place may lie."""

    longitude: str
    latitude: str
    within_km: float = WITHIN_KM

    def point(self, row: Row) -> tuple[float, float]:
        """The point of a row. Raises BadCell for what is none."""
        degrees = []
        for column, most in ((self.longitude, 180), (self.latitude, 90)):
            try:
                number = float(row[column])
            except ValueError:
                number = float("nan")
            if not -most <= number <= most:
                raise BadCell(f"The column {column!r} says {row[column]!r}, which is no number of degrees.")
            degrees.append(number)
        return degrees[0], degrees[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCell(Cell):
    """A cell that names a registered place, whose id is the value. `values` hold ids and are looked up first.

    `register` is the other register whose ids the cell has; without it the cell has a name. Of namesakes
    `part_of` tells which, or `near`; one that is still not told apart is never guessed.
    """

    book: PlaceBook
    register: str | None = None
    part_of: Spec | None = None
    near: Near | None = None

    def columns(self) -> Iterator[str]:
        """Its own, and those that tell namesakes apart."""
        yield self.column
        if self.part_of is not None:
            yield from self.part_of.columns()
        if self.near is not None:
            yield from (self.near.longitude, self.near.latitude)

    def one(self, text: str, row: Row) -> object:
        """The id of the place that the text names."""
        if self.values is not None and text in self.values:
            return self.values[text]
        if not text:
            return None
        if self.register is not None:
            found = self.book.with_ref(self.register, text)
            places = [found] if found is not None else []
            what = f"an id of {self.register!r} that no place has"
        else:
            places, what = self._named(text, row), "a name that no place has"
        if len(places) == 1:
            return places[0].id
        self.unknown(text, self._say(text, places, what))
        return None

    def _named(self, name: str, row: Row) -> list[LocationRegistered]:
        parent = self.part_of.value(row) if self.part_of is not None else None
        places = list(self.book.named(name))
        if self.near is not None and (row[self.near.longitude] or row[self.near.latitude]):
            found = self.book.nearest_named(name, self.near.point(row), within_km=self.near.within_km)
            places = [found] if found is not None else []
        return [place for place in places if parent is None or place.part_of == parent]

    def _say(self, text: str, places: list[LocationRegistered], what: str) -> str:
        if places:
            told = ", ".join(place.id for place in places[:LISTED])
            more = f" and {len(places) - LISTED} more" if len(places) > LISTED else ""
            many = f"{self.said(text)}, which {len(places)} places are called: {told}{more}."
            return f"{many} Say which with part_of or near, or name its id in values."
        asked = [
            *(["within the part named"] if self.part_of is not None else []),
            *([f"within {self.near.within_km:g} km of its point"] if self.near is not None else []),
        ]
        said = " ".join([f"{self.said(text)}, {what}", *asked])
        others = [*self.book.named(text), *self.book.known_as(text)] if self.register is None else []
        told = ", ".join(dict.fromkeys(place.id for place in others[:LISTED]))
        return f"{said}. Is it {told}? Then name that in values." if told else f"{said}."
