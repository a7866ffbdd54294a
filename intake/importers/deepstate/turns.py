"""When what is marked around a place has turned: a change by the threshold, or of its point, that lasts.

What was said of a place stands until a drawing differs from it by the threshold. So creep is told once it has
added up, and a border that is drawn back and forth is not told at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

HOLE = timedelta(days=2)
"""What is undone by a drawing no later than this was a hole, or a spike: a day, or two where one day only
repeats the one before."""
DECIMALS = 4
"""Shares are told apart to so many decimal places."""
SEAM = 0.001
"""So much of a disc may be seams between polygons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """The marked share of the disc around a place, and whether the place's own point is marked."""

    share: float
    marked: bool

    @classmethod
    def of(cls, share: float, *, marked: bool) -> Measure:
        """A measure, rounded, and without the seams."""
        share = round(share, DECIMALS)
        return cls(share=0.0 if share <= SEAM else 1.0 if share >= 1 - SEAM else share, marked=marked)

    @property
    def is_end(self) -> bool:
        """Whether none or all of the disc is marked."""
        return self.share in (0.0, 1.0)


NOTHING = Measure(share=0.0, marked=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Since a day's drawing it is so. It became so after the drawing of `after`; None at first sight.

    `before` is what was said last, None at first sight.
    """

    day: date
    line: int
    measure: Measure
    after: date | None = None
    before: Measure | None = None


class Trail:
    """What is said of one place, drawing by drawing. It has to see the first drawing, every one that differs
    around the place, and every one while it `is_waiting`.
    """

    __slots__ = ("_said", "_threshold", "_waiting")

    def __init__(self, threshold: float, first: Turn) -> None:
        self._threshold = threshold
        self._said = first.measure
        self._waiting: Turn | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether a turn waits for the next drawing to bear it out."""
        return self._waiting is not None

    def see(self, day: date, line: int, after: date, measure: Measure) -> Turn | None:
        """Takes in a drawing; `after` is the day of the one before. Gives the turn that it bears out."""
        waited, told = self._waiting, None
        if waited is not None and self._bears_out(waited, day, measure):
            self._said, waited, told = waited.measure, None, waited
        self._waiting = None
        if self._has_turned(measure):
            since = waited.after if waited is not None else after
            self._waiting = Turn(day=day, line=line, measure=measure, after=since, before=self._said)
        return told

    def end(self, last: date) -> Turn | None:
        """The turn that waits at the last day of the file, if no later drawing could undo it."""
        waited = self._waiting
        return waited if waited is not None and last - waited.day >= HOLE else None

    def _has_turned(self, measure: Measure) -> bool:
        return measure.marked != self._said.marked or self._direction(measure) != 0

    def _direction(self, measure: Measure) -> int:
        """1 or -1 when the share has grown or shrunk by the threshold, or to all or none; else 0."""
        grown = round(measure.share - self._said.share, DECIMALS)
        if abs(grown) >= self._threshold or (grown and measure.is_end):
            return 1 if grown > 0 else -1
        return 0

    def _bears_out(self, waited: Turn, day: date, measure: Measure) -> bool:
        """Whether a drawing shows the same turn as the one before it, and no return by the threshold."""
        if day - waited.day > HOLE:
            return True
        direction = self._direction(waited.measure)
        went_back = round((waited.measure.share - measure.share) * direction, DECIMALS)
        return waited.measure.marked in (measure.marked, self._said.marked) and (
            direction == 0 or (self._direction(measure) == direction and went_back < self._threshold)
        )
