"""Steps of time: durations as ISO 8601 writes them, by whole hours, days, weeks, months and years."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import count

_WRITTEN = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,4})Y)?(?:(?P<months>\d{1,5})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?P<hours>\d{1,6})H)?"
)
_MONTHS_A_YEAR = 12
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A duration. Months and days are those of the calendar of a time zone, hours are always as long."""

    months: int = 0
    days: int = 0
    hours: int = 0

    @classmethod
    def read(cls, written: str) -> Step:
        """The step of an ISO 8601 duration, such as P1D, PT6H, P7D or P1M. Raises ValueError."""
        found = _WRITTEN.fullmatch(written)
        parts = {name: int(value or 0) for name, value in found.groupdict().items()} if found else {}
        if not any(parts.values()):
            raise ValueError("Write an ISO 8601 duration of whole hours at least: PT6H, P1D, P7D, P1M.")
        return cls(
            months=parts["years"] * _MONTHS_A_YEAR + parts["months"],
            days=parts["weeks"] * _DAYS_A_WEEK + parts["days"],
            hours=parts["hours"],
        )

    def instants(self, start: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
        """The start, every step after it that comes before the end, and the end, in UTC.

        Every step is counted from the start, so that months from the 31st come back to the 31st.
        """
        yield start
        for number in count(1):
            try:
                instant = self._after(start, number, zone)
            except (OverflowError, ValueError):  # beyond the last year there is
                break
            if instant >= end:
                break
            yield instant
        if end > start:
            yield end

    def _after(self, start: datetime, number: int, zone: tzinfo) -> datetime:
        hours = timedelta(hours=self.hours * number)
        if not (self.months or self.days):
            return start + hours
        local = start.astimezone(zone)
        year, month = divmod(
            local.year * _MONTHS_A_YEAR + local.month - 1 + self.months * number, _MONTHS_A_YEAR
        )
        day = min(local.day, monthrange(year, month + 1)[1])
        stepped = local.replace(year=year, month=month + 1, day=day) + timedelta(days=self.days * number)
        return stepped.astimezone(UTC) + hours
