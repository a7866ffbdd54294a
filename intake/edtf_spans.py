"""One date, season or date-time of EDTF (ISO 8601-2:2019), and what it spans on the clocks of its place.

Unspecified digits and qualified components are checked by the library `edtf`; the common forms are
read here, because the library takes 2 to 25 ms for each. No bound is ever taken from the library:
its own drop the time of day, end a winter in December and fail on `2022-09-1X`.
"""

from __future__ import annotations

import re
import warnings
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from types import ModuleType
from typing import Literal, NamedTuple

Precision = Literal["day", "month", "year"]
PADDING_DAYS: dict[Precision, int] = {"day": 2, "month": 10, "year": 90}
"""The calendar days by which a qualifier widens a date each way."""

SEASON_STARTS = {"21": "03", "22": "06", "23": "09", "24": "12"}
"""The first month of each northern meteorological season; a winter has the year of its December."""

DAY = timedelta(days=1)
QUALIFIERS = ("~", "?", "%")
NOT_EDTF = (
    "it is not EDTF (ISO 8601-2); write it like 2025-11-20, 2025-11~, 2022-02-27/2022-09-10 "
    "or 2025-11-20T14:00:00Z"
)

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_CLOCK = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2})"
    r"(?:(:[0-9]{2})(?:\.[0-9]+)?)?([Zz]|[+-][0-9]{2}(?::[0-9]{2})?)?"
)
_UNSPECIFIED = re.compile(r"[0-9X]{4}(?:-[0-9X]{2}){0,2}")
_QUALIFIED_PARTS = re.compile(r"[0-9~?%-]{4,15}[0-9]")
_OTHER_YEAR = re.compile(r"-?Y-?[0-9].*|-[0-9X]{3}.*|[0-9]{5,7}(?:-.*)?")


class Bounds(NamedTuple):
    """`start <= t < end` as clocks show it: naive in the timeline's zone, aware if an offset was written."""

    start: datetime
    end: datetime
    precision: Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A date with its canonical text, its bounds, and the days its qualifiers widen it by each way.

    `padding` goes by the precision of the whole, and is 0 without a qualifier. A date-time is as precise
    as a day, a season as a month, a decade or century as a year, and a date with unspecified digits as
    the part before them, so `2022-09-1X` as a month and anything vaguer as a year.
    """

    edtf: str
    start: datetime
    end: datetime
    padding: int

    @property
    def is_local_clock(self) -> bool:
        """Whether it is a time of day on the clocks of the timeline's zone."""
        return self.start.tzinfo is None and self.end - self.start < DAY


def read_span(text: str) -> Span:
    """A date, season or date-time with its qualifiers.

    Raises ValueError with the reason as a clause ("there is no month 13 ..."), or OverflowError when
    it ends after the year 9999.
    """
    bare = text[:-1] if text.endswith(QUALIFIERS) else text
    edtf = text
    if found := _DATE.fullmatch(bare):
        start, end, precision = _calendar_bounds(*found.groups())
    elif found := _CLOCK.fullmatch(bare):
        day, minute, second, offset = found.groups()
        clock = f"{minute}{second or ''}{(offset or '').upper()}"
        edtf = f"{day}T{clock}{text[len(bare) :]}"  # a fraction of a second is dropped
        start, precision = read_time(day, clock), "day"
        end = start + (timedelta(seconds=1) if second else timedelta(minutes=1))
    else:
        start, end, precision = _rare_bounds(bare)
    is_qualified = any(mark in text for mark in QUALIFIERS)
    return Span(edtf=edtf, start=start, end=end, padding=PADDING_DAYS[precision] if is_qualified else 0)


def read_time(day: str, clock: str) -> datetime:
    """`2022-09-10` and `14:00:00+03:00` together, naive without an offset; ValueError with the reason."""
    midnight = _read_day(*day.split("-"))
    try:
        return datetime.combine(midnight, time.fromisoformat(clock))
    except ValueError:
        reason = "hours are 00 to 23, minutes and seconds 00 to 59, offsets less than a day"
        raise ValueError(f"there is no time {clock}; {reason}") from None


def _read_day(year: str, month: str = "01", day: str = "01") -> datetime:
    y, m, d = int(year), int(month), int(day)
    if not y:
        raise ValueError("there is no year 0000; the years run from 0001 to 9999")
    if not 1 <= m <= 12:
        raise ValueError(f"there is no month {month}; months are 01 to 12, seasons of a year 21 to 24")
    if not 1 <= d <= monthrange(y, m)[1]:
        raise ValueError(f"there is no day {day} in {year}-{month}, which has {monthrange(y, m)[1]} days")
    return datetime.combine(date(y, m, d), time.min)


def _calendar_bounds(year: str, month: str | None, day: str | None) -> Bounds:
    """A year, month, season or day in digits."""
    if month is None:
        start = _read_day(year)
        return Bounds(start, _months_after(start, 12), "year")
    if day is None and (first := SEASON_STARTS.get(month)):
        start = _read_day(year, first)
        return Bounds(start, _months_after(start, 3), "month")
    start = _read_day(year, month, day or "01")
    if day is None:
        return Bounds(start, _months_after(start, 1), "month")
    return Bounds(start, start + DAY, "day")


def _months_after(start: datetime, months: int) -> datetime:
    years, month = divmod(start.month - 1 + months, 12)
    if start.year + years > 9999:
        raise OverflowError
    return start.replace(year=start.year + years, month=month + 1)  # always from the first of a month


@lru_cache(maxsize=4096)
def _rare_bounds(text: str) -> Bounds:
    """Unspecified digits and qualified components.

    Nothing else is handed to the library: on other input it may print to standard output or raise
    AttributeError.
    """
    if _OTHER_YEAR.fullmatch(text):
        raise ValueError("years are written with four digits, from 0001 to 9999")
    if _UNSPECIFIED.fullmatch(text):
        # Before the library, which raises AttributeError where there is no such day: `2022-1X-45`.
        bounds = _unspecified_bounds(*text.split("-"))
        # So it does for `2022-1X`; with the day `XX` it means the same.
        _check_syntax(f"{text}-XX" if text.count("-") == 1 else text)
        return bounds
    plain = _DATE.fullmatch(re.sub("[~?%]", "", text)) if _QUALIFIED_PARTS.fullmatch(text) else None
    if plain is None:
        raise ValueError(NOT_EDTF)
    bounds = _calendar_bounds(*plain.groups())  # before the library, to name an impossible part
    _check_syntax(text)
    return bounds


def _check_syntax(text: str) -> None:
    library = edtf_library()
    try:
        library.parse_edtf(text)
    except library.EDTFParseException:
        raise ValueError(NOT_EDTF) from None


@lru_cache(maxsize=1)
def edtf_library() -> ModuleType:
    """The module `edtf`, imported on first use."""
    # The parser generator that it brings warns about the library's grammar, which stops the import
    # when warnings are errors.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import edtf  # noqa: PLC0415 - takes a third of a second, and few dates need it
    return edtf


def _unspecified_bounds(year: str, month: str = "XX", day: str = "XX") -> Bounds:
    """From the first to the last real day that the digits allow."""
    years, months, days = _matching(year, 1, 9999), _matching(month, 1, 12), _matching(day, 1, 31)
    first = _first_day(years, months, days)
    last = _first_day(years[::-1], months[::-1], days[::-1])
    if first is None or last is None:
        raise ValueError("no day of the years 0001 to 9999 has these digits")
    start, last_start = (datetime.combine(found, time.min) for found in (first, last))
    return Bounds(start, last_start + DAY, "year" if "X" in year + month else "month")


def _matching(digits: str, low: int, high: int) -> list[int]:
    """The numbers from `low` to `high` that can be written with these digits, X being any."""
    shape = re.compile(digits.replace("X", "[0-9]"))
    return [number for number in range(low, high + 1) if shape.fullmatch(f"{number:0{len(digits)}}")]


def _first_day(years: list[int], months: list[int], days: list[int]) -> date | None:
    for year, month, day in product(years, months, days):
        if day <= monthrange(year, month)[1]:
            return date(year, month, day)
    return None
