"""Versions of places: whether what was answered about a place at all clocks now would be answered again.

An answer follows from the rows of its place. They change with the events that touch the place, with a new
description, and with a rebuild; and without any of that, time goes on and a window begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from ledger.asking import Asker
from ledger.database import Connection
from projections.reading.moments import Moment

# The checkpoints come first, so that they are locked first: no table is swapped meanwhile. Rebuilt tables are
# told from those before by their `tableoid`.
SELECT_VERSIONS: LiteralString = """
    SELECT state.location_id, least(locations.position, states.position),
           state.tableoid, state.touched_by, revision.tableoid, revision.from_position
    FROM projections.checkpoints locations, projections.checkpoints states,
         projections.location_states state, projections.location_revisions revision
    WHERE locations.name = 'locations' AND states.name = 'states'
      AND state.location_id = ANY(%s)
      AND revision.location_id = state.location_id AND revision.until_position IS NULL"""

# The next instant at which anything turns at a place by itself, of all that the ledger holds of it.
SELECT_NEXT_TURN: LiteralString = """
    SELECT min(turn) FROM projections.location_facts f
    CROSS JOIN LATERAL (VALUES (f.effect_from), (f.effect_until), (f.sure_from), (f.sure_until),
                               (f.known_from)) AS turns (turn)
    WHERE f.location_id = %(place)s AND f.from_position <= %(position)s
      AND (f.until_position IS NULL OR f.until_position > %(position)s) AND turn >= %(before)s"""


@dataclass(frozen=True, slots=True)
class Version:
    """The events that last touched and described a place, and the tables that this was read from."""

    states: int
    touched_by: int
    locations: int
    described_by: int


@dataclass(frozen=True, slots=True)
class Reached:
    """The version of a place, and how far in the log it is known to be that one."""

    version: Version
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasting:
    """Of which version of its place an answer is, and under which bounds it stays so by itself: from `since`
    up to, and not including, `until`, when a window begins or ends; None for ever.
    """

    version: Version
    since: datetime
    until: datetime | None

    def holds(self, version: Version, before: datetime) -> bool:
        """Whether it is the answer still, under the bound, where the place is at that version."""
        return (
            self.version == version and self.since <= before and (self.until is None or before < self.until)
        )


async def find_versions(asker: Asker, places: Sequence[str]) -> list[Reached | None]:
    """The version of each of the places, asked from an event loop; None where there is none, or where the
    read models of a place are not equally far.
    """
    found = _versions(await asker.ask(SELECT_VERSIONS, (list(set(places)),)))
    return [found.get(place) for place in places]


def find_version(connection: Connection, place: str) -> Reached | None:
    """The same of one place."""
    return _versions(connection.execute(SELECT_VERSIONS, ([place],))).get(place)


def _versions(rows: Iterable[tuple[Any, ...]]) -> dict[str, Reached]:
    found = {}
    for place, position, *version in rows:
        _, touched_by, _, described_by = version
        if max(touched_by, described_by) <= position:
            found[place] = Reached(Version(*version), position)
    return found


def find_lasting(moment: Moment, place: str) -> Lasting | None:
    """How long what is answered about a place at all clocks now lasts; None where that cannot be said,
    because the rows of the place were read further than the moment goes.
    """
    reached = find_version(moment.connection, place)
    if reached is None or reached.position != moment.position:
        return None
    bounds = {"place": place, "position": moment.position, "before": moment.valid_before}
    [(turn,)] = moment.connection.execute(SELECT_NEXT_TURN, bounds).fetchall()
    return Lasting(version=reached.version, since=moment.valid_before, until=turn)
