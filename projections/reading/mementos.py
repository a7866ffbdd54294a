"""When what is answered about a place changed: told from indexed rows, without making any of the answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from projections.reading import developments, places
from projections.reading.moments import Moment

# Every log position at which the state of a place may have changed: where what is said there begins and ends,
# and while it holds, where the claim does that it answers, and the voice of who says it.
STATE_TURNS: LiteralString = """
    facts AS (
        SELECT actor_id, answers, from_position, until_position FROM projections.location_facts
        WHERE location_id = %(place)s AND from_position <= %(position)s),
    turns (position) AS (
        SELECT from_position FROM projections.location_revisions WHERE location_id = %(place)s
        UNION SELECT unnest(ARRAY[from_position, until_position]) FROM facts
        UNION SELECT turn FROM facts
              JOIN projections.location_facts claims ON claims.development_id = facts.answers
              CROSS JOIN unnest(ARRAY[claims.from_position, claims.until_position]) AS turn
              WHERE turn > facts.from_position AND turn < coalesce(facts.until_position, turn + 1)
        UNION SELECT voices.from_position FROM facts
              JOIN projections.location_voices voices USING (actor_id)
              WHERE voices.from_position > facts.from_position
                AND voices.from_position < coalesce(facts.until_position, voices.from_position + 1))"""

# The same of its timeline: a link is a revision too.
TIMELINE_TURNS: LiteralString = """
    entries AS (
        SELECT development_id, actor_id, from_position, until_position FROM projections.development_places
        WHERE location_id = %(place)s AND from_position <= %(position)s),
    turns (position) AS (
        SELECT min(from_position) FROM projections.location_revisions WHERE location_id = %(place)s
        UNION SELECT unnest(ARRAY[from_position, until_position]) FROM entries
        UNION SELECT revisions.from_position FROM entries
              JOIN projections.development_revisions revisions USING (development_id)
              WHERE revisions.from_position > entries.from_position
                AND revisions.from_position < coalesce(entries.until_position, revisions.from_position + 1)
        UNION SELECT voices.from_position FROM entries
              JOIN projections.location_voices voices USING (actor_id)
              WHERE voices.from_position > entries.from_position
                AND voices.from_position < coalesce(entries.until_position, voices.from_position + 1))"""

# Nothing is answered before all that a question names was recorded. One transaction is one moment: nobody
# ever saw what it had half written.
MEMENTOS: LiteralString = """,
    named (position) AS (
        SELECT min(from_position) FROM projections.location_revisions WHERE location_id = %(place)s
        UNION SELECT min(from_position) FROM projections.location_voices
              WHERE actor_id = ANY(%(voices)s) GROUP BY actor_id),
    beginning (position) AS (SELECT max(position) FROM named),
    mementos AS (
        SELECT max(e.notification_id) AS position, e.recorded_at
        FROM (SELECT position FROM turns UNION SELECT position FROM beginning) AS turns
        JOIN ledger.events e ON e.notification_id = turns.position
        WHERE turns.position <= %(position)s AND turns.position >= (SELECT position FROM beginning)
        GROUP BY e.recorded_at)"""

PAGE: LiteralString = """
    SELECT position, recorded_at FROM mementos
    WHERE position > %(after)s ORDER BY position LIMIT %(limit)s"""

# The first, the last, the one that held just before an instant, and those next to it.
AROUND: LiteralString = """,
    found AS (
        SELECT min(position) AS first, max(position) AS last,
               coalesce(max(position) FILTER (WHERE recorded_at < %(before)s), min(position)) AS here
        FROM mementos),
    near AS (
        SELECT max(position) FILTER (WHERE position < here) AS earlier,
               min(position) FILTER (WHERE position > here) AS later
        FROM mementos, found)
    SELECT position, recorded_at, position = here FROM mementos, found, near
    WHERE position IN (first, earlier, here, later, last) ORDER BY position"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A kind of answer about a place: where its changes are found, and the projections that needs."""

    turns: LiteralString
    needs: tuple[str, ...]


STATE = Source(turns=STATE_TURNS, needs=places.NEEDS)
TIMELINE = Source(turns=TIMELINE_TURNS, needs=(*places.NEEDS, *developments.NEEDS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """A state of an answer that lasted: it was so from this log position on, recorded then."""

    log_position: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A memento among all of its place: it may be the first or the last itself."""

    first: Memento
    before: Memento | None
    here: Memento
    after: Memento | None
    last: Memento


def list_mementos(
    moment: Moment,
    source: Source,
    place: str,
    voices: Collection[str] | None = None,
    *,
    after: int,
    limit: int,
) -> list[Memento]:
    """Those of a place after a log position, up to that of the moment, the oldest first; for all voices or
    for those asked for. Raises NotFound.
    """
    bounds = {**_bounds(moment, place, voices), "after": after, "limit": limit}
    rows = moment.connection.execute("WITH" + source.turns + MEMENTOS + PAGE, bounds)
    return [Memento(log_position=position, recorded_at=recorded_at) for position, recorded_at in rows]


def find_memento(
    moment: Moment, source: Source, place: str, before: datetime, voices: Collection[str] | None = None
) -> Around:
    """The one of a place that held just before this instant; before all of them, the first.

    Raises NotFound.
    """
    bounds = {**_bounds(moment, place, voices), "before": before}
    rows = moment.connection.execute("WITH" + source.turns + MEMENTOS + AROUND, bounds).fetchall()
    found = [Memento(log_position=position, recorded_at=recorded_at) for position, recorded_at, _ in rows]
    here = next(index for index, row in enumerate(rows) if row[2])
    return Around(
        first=found[0],
        before=found[here - 1] if here else None,
        here=found[here],
        after=found[here + 1] if here + 1 < len(found) else None,
        last=found[-1],
    )


def _bounds(moment: Moment, place: str, voices: Collection[str] | None) -> dict[str, object]:
    """The parameters of MEMENTOS, all of which were recorded."""
    places.find_place(moment, place)
    named = list(voices or ())
    developments.check_actors(moment, named)
    return {"place": place, "voices": named, "position": moment.position}
