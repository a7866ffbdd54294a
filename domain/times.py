"""When a thing happened or became public, as a window resolved once, and the clocks a reader sets.

A window is half-open, `earliest <= t < latest`, in UTC. A query becomes an exclusive bound
`before`: date D gives the start of D+1, instant T gives T + 1 µs (docs/clocks.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

MICROSECOND = timedelta(microseconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

During = Literal["within", "throughout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """An imprecise time, resolved once when it was recorded and never again.

    `edtf` is the ISO 8601-2 expression. The thing lies somewhere in `earliest <= t < latest` (UTC);
    `latest` is None for an open end. Qualifiers (`~`, `?`, `%`) widen that window; they shrink the
    part that a `throughout` reading is sure of, `sure_from <= t < sure_until`, where None means the
    window's own bound.
    """

    edtf: str
    earliest: datetime
    latest: datetime | None
    sure_from: datetime | None = None
    sure_until: datetime | None = None

    @property
    def ends(self) -> datetime:
        """`latest`, with an open end written as the end of time, so that windows can be ordered."""
        return self.latest if self.latest is not None else END_OF_TIME

    def surely_over(self, before: datetime) -> bool:
        """Whether the window had surely ended for a query bounded by `before`."""
        return self.latest is not None and self.latest <= before

    def began(self, before: datetime) -> bool:
        """Whether the window had begun for a query bounded by `before`."""
        return self.earliest < before


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """The three clocks an answer was given at, as a client reads them back.

    Each instant is the last one that counts (`before` less 1 µs), so that sending the same value
    again asks the same question. `log_position` is the exact form of the recorded clock.
    """

    valid_at: datetime
    known_at: datetime
    recorded_at: datetime
    log_position: int


def instant_of(before: datetime) -> datetime:
    """The last instant that counts under the exclusive bound `before`."""
    return before - MICROSECOND


def before_instant(instant: datetime) -> datetime:
    """The exclusive bound of a query at `instant`."""
    return instant if instant >= END_OF_TIME else instant + MICROSECOND
