"""What the table said of a place, edit by edit: only what changed what it said of some day.

The table has one row for a place, and the row says how things stand since some day. What it says replaces
all that it said before, also of later days. So each statement is held against the days the table spoke of:
where it changes nothing it is no news, and where it contradicts an earlier statement about a later day,
that day is stated anew.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from intake.importers.wiki_control.cells import GONE, Holding, read_day, read_holding
from intake.importers.wiki_control.places import Listed
from intake.importers.wiki_control.versions import Line, Version

HOLE = timedelta(hours=24)
"""A row that comes back within this time was not taken out: the page was being worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A moment at which the row of a place changed; no line when it went."""

    edited: datetime
    line: Line | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The table says since the version of `edited` that it is so from `day` on.

    `instead` marks a later day about which it had said something else.
    """

    edited: datetime
    line: Line | None
    holding: Holding
    day: date
    dated: bool
    instead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An edit whose cell says nothing that is understood; the statement before it stands."""

    line: Line


def list_edits(place: Listed, versions: Sequence[Version]) -> Iterator[Edit]:
    """The edits of a place in their order; a row that is away for less than a day is not gone."""
    for life, following in zip(place.lives, [*place.lives[1:], None], strict=True):
        for number, line in life.lines:
            yield Edit(edited=versions[number].edited, line=line)
        if life.until is None:
            continue
        gone = versions[life.until].edited
        back = versions[following.since].edited if following else None
        if back is None or back - gone >= HOLE:
            yield Edit(edited=gone, line=None)


def read_statements(edits: Iterator[Edit]) -> Iterator[Statement | Unread]:
    """The statements that the edits of one place make, and what could not be read of them."""
    said = _Said()
    holding: Holding | None = None
    as_of: date | None = None
    for edit in edits:
        now = read_holding(edit.line.row.held_by) if edit.line else GONE
        if now is None and edit.line:
            yield Unread(line=edit.line)
        if now is None or (now is GONE and holding is None):
            continue
        written = read_day(edit.line.row.as_of) if edit.line else None
        fresh = written if holding is None or written != as_of else None
        if holding is None or now.word != holding.word or fresh is not None:
            day = _day_of(edit, fresh)
            yield from said.state(edit, now, day, dated=day == fresh)
        holding, as_of = (now, written) if edit.line else (None, None)


def _day_of(edit: Edit, fresh: date | None) -> date:
    """The day since which it is so: the one that was written with the edit, else that of the edit.

    A date that was left standing when the holder changed belongs to the holder before, and what is known
    at the edit cannot be of a later day.
    """
    edited = edit.edited.date()
    return fresh if fresh is not None and fresh <= edited else edited


class _Said:
    """What the table says of each day so far, as the days on which something begins."""

    def __init__(self) -> None:
        self._days: list[date] = []
        self._words: dict[date, str] = {}

    def state(self, edit: Edit, holding: Holding, day: date, *, dated: bool) -> Iterator[Statement]:
        """The statements it takes to say this from the day on: none, when that is what is said."""
        at = bisect_right(self._days, day)
        later = self._days[at:]
        before = self._words[self._days[at - 1]] if at else None
        stated = Statement(edited=edit.edited, line=edit.line, holding=holding, day=day, dated=dated)
        if before != holding.word:
            yield self._keep(stated)
        for other in later:
            if self._words[other] != holding.word:
                yield self._keep(replace(stated, day=other, dated=False, instead=True))

    def _keep(self, statement: Statement) -> Statement:
        if statement.day not in self._words:
            insort(self._days, statement.day)
        self._words[statement.day] = statement.holding.word
        return statement
