"""CSV (RFC 4180), in UTF-8, with a heading. Text that a spreadsheet would take for a formula is defused.

The columns of a timeline follow from the fields of the kinds, so that no field of any kind is left out.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import msgspec

from api.cursors import written
from api.feeds.base import Format, MapPage, TimelinePage
from api.feeds.headlines import headline
from api.feeds.telling import say_occurred
from domain.catalogue import DEVELOPMENT_KINDS
from domain.kinds.envelope import Development
from domain.times import Clocks
from projections.reading.developments import DevelopmentRevision

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")
"""What a cell must not begin with: spreadsheets run such text. The last one is the mark of a defused one."""

SHARED = tuple(field.name for field in fields(Development))
ENVELOPE = tuple(name for name in SHARED if name not in ("occurred", "reported"))
OWN = dict.fromkeys(field.name for kind in DEVELOPMENT_KINDS for field in fields(kind))
OF_SOME_KINDS = tuple(name for name in OWN if name not in SHARED)
TIMES = ("edtf", "earliest", "latest", "sure_from", "sure_until")
WINDOWS = tuple(f"{clock}_{part}" for clock in ("occurred", "reported") for part in TIMES)
LEDGER = ("voice", "revision", "change", "reason", "log_position", "recorded_at", "recorded_by")
CLOCKS = tuple(f"clocks_{name}" for name in Clocks.__dataclass_fields__)
TIMELINE_COLUMNS = ("headline", "display_date", *ENVELOPE, *WINDOWS, *OF_SOME_KINDS, *LEDGER, *CLOCKS)
MAP_COLUMNS = ("id", "name", "kind", "longitude", "latitude", "status", "holder", "certain", "disagreements")


def write_timeline(page: TimelinePage) -> bytes:
    """A development a row."""
    cited = _clocks(page.clocks)
    rows = (
        [headline(found.body, page.cast), say_occurred(found.body), *_values(found), *cited]
        for found in page.items
    )
    return _table(TIMELINE_COLUMNS, rows)


def write_map(page: MapPage) -> bytes:
    """A place a row."""
    cited = _clocks(page.clocks)
    rows = (
        [
            place.id,
            place.name,
            place.kind,
            *place.point,
            place.outline.status,
            place.outline.holder,
            place.outline.certain,
            place.outline.disagreements,
            *cited,
        ]
        for place in page.drawn.places
    )
    return _table((*MAP_COLUMNS, *CLOCKS), rows)


def _values(found: DevelopmentRevision) -> list[Any]:
    body = found.body
    windows = [getattr(when, part) for when in (body.occurred, body.reported) for part in TIMES]
    has = {field.name for field in fields(body)}
    own = [getattr(body, name) if name in has else None for name in OF_SOME_KINDS]
    return [
        *(getattr(body, name) for name in ENVELOPE),
        *windows,
        *own,
        *(getattr(found, name) for name in LEDGER),
    ]


def _clocks(clocks: Clocks) -> list[Any]:
    return [getattr(clocks, name) for name in Clocks.__dataclass_fields__]


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row] for row in rows)
    return lines.getvalue().encode()


def _cell(value: Any) -> str:
    """A value as text: nothing as an empty cell, ids separated by blanks, whatever has parts as JSON."""
    if value in ((), {}):
        return ""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return str(value)
        case str():
            return f"'{value}" if value.startswith(DANGEROUS) else value
        case datetime():
            return written(value)
        case tuple() if all(isinstance(part, str) for part in value):
            return " ".join(value)
    return msgspec.json.encode(value).decode()


TIMELINE_CSV: Format[TimelinePage] = Format(
    suffix="csv", name="CSV (RFC 4180)", media_type=MEDIA_TYPE, write=write_timeline
)
MAP_CSV: Format[MapPage] = Format(suffix="csv", name="CSV (RFC 4180)", media_type=MEDIA_TYPE, write=write_map)
