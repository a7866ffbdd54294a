"""Replaying the map along one clock, step by step: only where anything turned is looked at again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import LiteralString

from domain.reels import Along
from domain.status import NOTHING_SAID, Outline, Status
from domain.times import before_instant
from ledger.reading import position_before
from projections.reading.moments import AskedClocks, Moment, Reader
from projections.reading.outlines import find_outlines

NEEDS = ("locations", "states")
STEPS_AT_ONCE = 20
"""Steps that are read from one snapshot. Between them, whoever reads slowly holds none."""

SELECT_WITH_POINT: LiteralString = """
    SELECT location_id FROM projections.location_revisions
    WHERE longitude IS NOT NULL
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

# Between two exclusive bounds: what began, ended or lapsed, and what came to be sure or ceased to be. A place
# that is looked at in vain does no harm.
TURNED_VALID: LiteralString = """
    SELECT DISTINCT location_id FROM projections.location_facts
    WHERE moves AND (effect_from >= %(from)s AND effect_from < %(to)s
                     OR effect_until > %(from)s AND effect_until <= %(to)s
                     OR effect_until = %(from)s AND stated IS NULL
                     OR sure_from >= %(from)s AND sure_from < %(to)s
                     OR sure_until >= %(from)s AND sure_until < %(to)s)
      AND known_from <= %(known_before)s
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

TURNED_KNOWN: LiteralString = """
    SELECT DISTINCT location_id FROM projections.location_facts
    WHERE moves AND known_from > %(from)s AND known_from <= %(to)s AND effect_from < %(valid_before)s
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

# What was recorded, corrected or retracted; where that is answered; where an actor spoke whose voice changed.
TURNED_RECORDED: LiteralString = """
    WITH changed AS (
        SELECT location_id, development_id FROM projections.location_facts
        WHERE moves AND (from_position > %(from)s AND from_position <= %(to)s
                         OR until_position > %(from)s AND until_position <= %(to)s))
    SELECT location_id FROM changed
    UNION
    SELECT location_id FROM projections.location_facts
    WHERE answers IN (SELECT development_id FROM changed)
    UNION
    SELECT location_id FROM projections.location_speakers WHERE actor_id IN (
        SELECT actor_id FROM projections.location_voices
        WHERE from_position > %(from)s AND from_position <= %(to)s
           OR until_position > %(from)s AND until_position <= %(to)s)"""

FIRST_VALID: LiteralString = """
    SELECT effect_from FROM projections.location_facts
    WHERE moves AND known_from <= %(known_before)s
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY effect_from LIMIT 1"""

FIRST_KNOWN: LiteralString = """
    SELECT known_from FROM projections.location_facts
    WHERE moves AND effect_from < %(valid_before)s
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY known_from LIMIT 1"""

FIRST_RECORDED: LiteralString = """
    SELECT min(recorded_at) FROM projections.location_revisions WHERE from_position <= %(position)s"""

_FIRST: dict[Along, LiteralString] = {
    "valid": FIRST_VALID,
    "known": FIRST_KNOWN,
    "recorded": FIRST_RECORDED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceChange:
    """What a map says of a place from a step on."""

    id: str
    status: Status
    holder: str | None
    certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFrame:
    """The changes of the map from the step before to the instant `t`, by place.

    `number` counts the steps; the changes of the first, 0, are from a map on which nothing is said.
    """

    number: int
    t: datetime
    log_position: int
    changes: tuple[PlaceChange, ...]


def find_first_turn(moment: Moment, along: Along) -> datetime | None:
    """The first instant at which anything can change on the map along a clock, or None when nothing does."""
    rows = moment.connection.execute(_FIRST[along], _bounds(moment)).fetchall()
    return rows[0][0] if rows else None


def play_map(
    reader: Reader, asked: AskedClocks, along: Along, instants: Sequence[datetime], after: int | None = None
) -> Iterator[MapFrame]:
    """The map at the first instant, then what is otherwise at each instant than at the one before.

    `asked` names all three clocks and a log position, so that the frames are the same whenever they are
    made. Steps without a change are left out, but for the last. With `after`, the number of a frame, the
    frames that follow it.
    """
    tape, begun = _Tape(along, instants), after or 0
    with reader.at(asked, *NEEDS) as moment:
        whole = tape.begin(moment, begun)
    if after is None:
        yield whole
    for first in range(begun + 1, len(instants), STEPS_AT_ONCE):
        with reader.at(asked, *NEEDS) as moment:
            numbers = range(first, min(first + STEPS_AT_ONCE, len(instants)))
            frames = [tape.step(moment, number) for number in numbers]
        yield from (frame for frame in frames if frame.changes or frame.number == len(instants) - 1)


class _Tape:
    """A replay on its way: what has been said of each place so far."""

    def __init__(self, along: Along, instants: Sequence[datetime]) -> None:
        self._along: Along = along
        self._instants = instants
        self._said: dict[str, Outline] = {}
        self._drawn: frozenset[str] = frozenset()

    def begin(self, moment: Moment, number: int) -> MapFrame:
        """The whole map at a step."""
        self._drawn = _find_drawn(moment)
        at = self._moment_at(moment, number)
        return self._frame(number, at, find_outlines(at))

    def step(self, moment: Moment, number: int) -> MapFrame:
        """What is otherwise at a step than at the one before, which was told last."""
        later = self._moment_at(moment, number)
        turned = _find_turned(self._along, self._moment_at(moment, number - 1), later)
        outlines = dict.fromkeys(turned, NOTHING_SAID)
        return self._frame(number, later, (outlines | find_outlines(later, turned)) if turned else outlines)

    def _moment_at(self, moment: Moment, number: int) -> Moment:
        """The moment with the clock that runs at a step."""
        before = before_instant(self._instants[number])
        match self._along:
            case "valid":
                return replace(moment, valid_before=before)
            case "known":
                return replace(moment, known_before=before)
            case "recorded":
                position = min(position_before(moment.connection, before), moment.position)
                return replace(moment, position=position)

    def _frame(self, number: int, moment: Moment, outlines: dict[str, Outline]) -> MapFrame:
        """The frame that these outlines give; what has been said is brought up to date."""
        changes = []
        for place in sorted(self._drawn & outlines.keys()):
            now, before = outlines[place], self._said.get(place, NOTHING_SAID)
            self._said[place] = now
            if (now.status, now.holder, now.certain) != (before.status, before.holder, before.certain):
                change = PlaceChange(id=place, status=now.status, holder=now.holder, certain=now.certain)
                changes.append(change)
        return MapFrame(
            number=number,
            t=self._instants[number],
            log_position=moment.position,
            changes=tuple(changes),
        )


def _find_drawn(moment: Moment) -> frozenset[str]:
    """The places that have a point when the replay ends on the recorded clock."""
    return frozenset(row[0] for row in moment.connection.execute(SELECT_WITH_POINT, _bounds(moment)))


def _find_turned(along: Along, earlier: Moment, later: Moment) -> list[str]:
    """The places at which anything turned between two moments; some of them in vain."""
    bounds = _bounds(later)
    match along:
        case "valid":
            query = TURNED_VALID
            bounds |= {"from": earlier.valid_before, "to": later.valid_before}
        case "known":
            query = TURNED_KNOWN
            bounds |= {"from": earlier.known_before, "to": later.known_before}
        case "recorded":
            query = TURNED_RECORDED
            bounds |= {"from": earlier.position, "to": later.position}
    return [row[0] for row in later.connection.execute(query, bounds)]


def _bounds(moment: Moment) -> dict[str, object]:
    return {
        "valid_before": moment.valid_before,
        "known_before": moment.known_before,
        "position": moment.position,
    }
