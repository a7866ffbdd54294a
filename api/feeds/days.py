"""Windows as calendar days, for formats in which nothing can be imprecise.

A window becomes all of the days that it touches, never one in its middle (docs/feeds.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from domain.times import MICROSECOND, When

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FARTHEST = timedelta(hours=15)
"""No zone's midnight is farther from that of UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The first and the last day of a window; `last` is None where it has no end.

    `exact` when nothing is lost: it is one day as it was written. `start` and `end` are set for a time of
    day: the instants at which the window begins and ends.
    """

    first: date
    last: date | None
    exact: bool = False
    start: datetime | None = None
    end: datetime | None = None


def days_of(when: When, zone: tzinfo) -> Days:
    """The days of a window in a zone. A single day is the day that was written, whatever the zone."""
    if (day := _written_day(when)) is not None:
        return Days(first=day, last=day, exact=True)
    first = _local(when.earliest, zone)
    last = _local(when.latest - MICROSECOND, zone) if when.latest is not None else None
    if "T" in when.edtf and when.latest is not None and last is not None and last.date() == first.date():
        return Days(
            first=first.date(), last=first.date(), exact=True, start=first, end=_local(when.latest, zone)
        )
    return Days(first=first.date(), last=last.date() if last is not None else None)


def _written_day(when: When) -> date | None:
    """The day that the expression names, where the window is that day in some zone."""
    if not _DAY.fullmatch(when.edtf) or when.latest is None:
        return None
    day = date.fromisoformat(when.edtf)
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    is_near = abs(when.earliest - midnight) <= FARTHEST
    return day if is_near and when.latest - when.earliest <= timedelta(hours=26) else None


def _local(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:  # the first and the last year have no other zone at their ends
        return instant.astimezone(UTC)
