"""The cells of a row, each read by one stated rule; what no rule covers is None, and never guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from intake.places import Point

Kind = Literal["add", "as_of", "control_change", "text_edit", "remove"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_STAMP = re.compile(r"(\d{1,2}) ([A-Za-z]+) (\d{4}) (\d{2})h(\d{2}) UTC")
_DAY_FIRST = re.compile(r"(\d{1,2})[ -]([A-Za-z]+)[ -](\d{4}|\d{2})")
_MONTH_FIRST = re.compile(r"([A-Za-z]+) (\d{1,2}) (\d{4})")
_EDITORIAL = re.compile(r"\[[^\]]*\]")
_BEHIND = re.compile(r"(,| \().*")
WEST, SOUTH, EAST, NORTH = 21.0, 43.0, 42.0, 53.0
"""The box in which the places of the table lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file: a row of the table as it came, changed or went. A row that went has no cells."""

    seen_at: str
    kind: Kind
    place: str
    population: str
    dup: int
    commit: str
    wiki_stamp: str = ""
    lat: str = ""
    lon: str = ""
    held_by: str = ""
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a cell of the column "Held by" says: its word, and the control that it stands for."""

    word: str
    stated: Mapping[str, Any]


def _held(party: str) -> Mapping[str, Any]:
    return {"holder": party, "share": "all"}


def _of_both(share: str) -> Mapping[str, Any]:
    return {"control": {"russia": share, "ukraine": share}}


OPEN = _of_both("[0, 1]")
HOLDINGS = {
    "russia": Holding(word="Russia", stated=_held("russia")),
    "ukraine": Holding(word="Ukraine", stated=_held("ukraine")),
    "donetsk pr": Holding(word="Donetsk PR", stated=_held("donetsk-pr")),
    "dpr": Holding(word="Donetsk PR", stated=_held("donetsk-pr")),
    "luhansk pr": Holding(word="Luhansk PR", stated=_held("luhansk-pr")),
    "contested": Holding(word="Contested", stated=_of_both("[0, 1)")),
    "uncontrolled": Holding(word="Uncontrolled", stated=_of_both("none")),
    "unknown": Holding(word="Unknown", stated=OPEN),
    "not known": Holding(word="Unknown", stated=OPEN),
    "truce": Holding(word="Truce", stated=OPEN),
}
"""Every wording that is understood. Nothing else is."""
GONE = Holding(word="no row", stated=OPEN)
"""The table no longer lists the place, so it no longer says anything of it."""


def plain(cell: str) -> str:
    """The cell with plain, single spaces."""
    return " ".join(cell.split())


def read_holding(cell: str) -> Holding | None:
    """What the cell says of control, or None for prose."""
    return HOLDINGS.get(plain(cell).lower())


def read_name(cell: str) -> str:
    """The name of a place without marks of the editors, such as "[disambiguation needed]"."""
    return plain(_EDITORIAL.sub("", cell))


def short_name(name: str) -> str:
    """The name without what tells namesakes apart: "Promin" of "Promin, Bashtanka Raion"."""
    return _BEHIND.sub("", name)


def read_stamp(cell: str) -> datetime | None:
    """The time of an edit, as in "2 March 2022 02h41 UTC"."""
    found = _STAMP.fullmatch(plain(cell))
    if found is None:
        return None
    day, month, year, hour, minute = found.groups()
    on = _date(day, month, year)
    if on is None or int(hour) > 23 or int(minute) > 59:
        return None
    return datetime(on.year, on.month, on.day, int(hour), int(minute), tzinfo=UTC)


def read_day(cell: str) -> date | None:
    """A day, as in "9 March 2022", "9 Mar 2022", "09-Mar-22" and "March 9 2022"."""
    text = plain(cell)
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = found.groups()
        return _date(day, month, year if len(year) == 4 else f"20{year}")
    if found := _MONTH_FIRST.fullmatch(text):
        month, day, year = found.groups()
        return _date(day, month, year)
    return None


def _date(day: str, month: str, year: str) -> date | None:
    try:
        return date(int(year), MONTHS.index(month[:3].lower()) + 1, int(day))
    except ValueError:
        return None


def read_point(row: Row) -> Point | None:
    """Longitude and latitude, where both are numbers and lie in the box of the table."""
    try:
        point = (float(row.lon), float(row.lat))
    except ValueError:
        return None
    return point if WEST <= point[0] <= EAST and SOUTH <= point[1] <= NORTH else None


def count_of_inhabitants(population: str) -> int | None:
    """The population as a number, if the cell has one."""
    return int(population) if population.isdecimal() else None
