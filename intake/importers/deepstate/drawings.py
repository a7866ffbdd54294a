"""The drawings of the file in the order of their days, whatever the order of its rows.

A drawing is a row's GeoJSON geometry as it is written. Rows are kept in a file meanwhile: memory holds one at
a time.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO

import msgspec

from intake.drafts import Draft, read_rows
from intake.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file: the day on which the map was fetched, and the area marked on it."""

    date: date
    geometry: msgspec.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is drawn on a day. `repeated` when it is what the day before had, to the letter."""

    day: date
    line: int
    geometry: bytes
    repeated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    line: int
    start: int
    length: int


def read_drawings(source: Source, draft: Draft) -> Iterator[Drawing]:
    """Every day's drawing, by day. One with two different ones is left out: nothing tells which is right.

    A line that is no row of this format is a fault of the draft.
    """
    with tempfile.TemporaryFile(prefix="palimpsest-") as rows:
        days: dict[date, list[_Kept]] = {}
        for line, row in read_rows(source.file, Row, draft):
            geometry = bytes(row.geometry)
            days.setdefault(row.date, []).append(_Kept(line=line, start=rows.tell(), length=len(geometry)))
            rows.write(geometry)
        before: bytes | None = None
        for day, kept in sorted(days.items()):
            drawn = {_read(rows, each) for each in kept}
            if len(drawn) > 1:
                for each in kept:
                    draft.leave_out(f"There are {len(drawn)} different drawings of {day}.", line=each.line)
                continue
            [geometry] = drawn
            yield Drawing(day=day, line=kept[0].line, geometry=geometry, repeated=geometry == before)
            before = geometry


def _read(rows: IO[bytes], kept: _Kept) -> bytes:
    rows.seek(kept.start)
    return rows.read(kept.length)
