"""All places watched from drawing to drawing. Only what lies near a change is measured again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from shapely.geometry.base import BaseGeometry

from intake.drafts import Draft
from intake.importers.deepstate.areas import Surroundings, find_changes, read_area
from intake.importers.deepstate.drawings import Drawing, read_drawings
from intake.importers.deepstate.turns import NOTHING, Trail, Turn
from intake.places import Point
from intake.sources import Source


class Watch:
    """What a file tells of places, given by their points; `untouched` ones too, or only those touched.

    After `follow` the counts are those of the file: days, those that repeat the one before, places told of,
    and turns of the last day, which no later one bears out yet.
    """

    def __init__(
        self, points: Sequence[Point], radius_km: float, threshold: float, *, untouched: bool
    ) -> None:
        self.days = self.repeated = self.told = self.unsettled = 0
        self._surroundings = Surroundings(points, radius_km)
        self._places = range(len(points))
        self._threshold = threshold
        self._untouched = untouched
        self._trails: list[Trail] = []
        self._waiting: set[int] = set()
        self._unsaid: dict[int, Turn] = {}

    def follow(self, source: Source, draft: Draft) -> Iterator[tuple[int, Turn]]:
        """The turns of every place, by its number, in the order in which drawings bear them out."""
        day: date | None = None
        after: date | None = None
        before: BaseGeometry | None = None
        for drawing in read_drawings(source, draft):
            day = drawing.day
            self.days += 1
            if drawing.repeated:
                self.repeated += 1
                continue
            try:
                area = read_area(drawing.geometry)
            except ValueError as error:
                draft.leave_out(str(error), line=drawing.line)
                continue
            if before is None or after is None:
                yield from self._start(drawing, area)
            else:
                yield from self._go_on(drawing, after, area, find_changes(area, before))
            after, before = drawing.day, area
        if day is not None:
            yield from self._end(day)

    def _start(self, drawing: Drawing, area: BaseGeometry) -> Iterator[tuple[int, Turn]]:
        found = dict(self._surroundings.measure(area, self._surroundings.touched(area)))
        for number in self._places:
            first = Turn(day=drawing.day, line=drawing.line, measure=found.get(number, NOTHING))
            self._trails.append(Trail(self._threshold, first))
            if first.measure.share or self._untouched:
                self.told += 1
                yield number, first
            else:
                self._unsaid[number] = first

    def _go_on(
        self, drawing: Drawing, after: date, area: BaseGeometry, changes: BaseGeometry
    ) -> Iterator[tuple[int, Turn]]:
        near = {*self._surroundings.touched(changes), *self._waiting}
        for number, measure in self._surroundings.measure(area, sorted(near)):
            turn = self._trails[number].see(drawing.day, drawing.line, after, measure)
            self._waiting.discard(number)
            if self._trails[number].is_waiting:
                self._waiting.add(number)
            yield from self._tell(number, turn)

    def _end(self, last: date) -> Iterator[tuple[int, Turn]]:
        for number in sorted(self._waiting):
            turn = self._trails[number].end(last)
            self.unsettled += turn is None
            yield from self._tell(number, turn)

    def _tell(self, number: int, turn: Turn | None) -> Iterable[tuple[int, Turn]]:
        """The turn, and before the first one of a place what it was at first sight."""
        if turn is None:
            return
        first = self._unsaid.pop(number, None)
        if first is not None:
            self.told += 1
            yield number, first
        yield number, turn
