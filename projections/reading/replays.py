"""All that a replay of one place needs, loaded at once: it is bounded by what was ever said of the place."""

from __future__ import annotations

from typing import LiteralString

from domain.replays import Held, Lasting, Reel, Spoken
from projections.reading.moments import Moment
from projections.states import decode_fact

NEEDS = ("locations", "states")

SELECT_EVER_HELD: LiteralString = """
    SELECT kind, body, from_position, until_position FROM projections.location_facts
    WHERE location_id = %(place)s AND from_position <= %(position)s
    ORDER BY from_position"""

SELECT_EVER_ANSWERED: LiteralString = """
    SELECT DISTINCT ON (development_id, revision) kind, body, from_position, until_position
    FROM projections.location_facts
    WHERE development_id = ANY(%(claims)s) AND from_position <= %(position)s"""

# The voices of those who ever spoke of the place.
SELECT_EVER_SPOKEN: LiteralString = """
    SELECT actor_id, voice, from_position, until_position FROM projections.location_voices
    WHERE from_position <= %(position)s
      AND actor_id IN (SELECT actor_id FROM projections.location_facts WHERE location_id = %(place)s)"""

# When each of the positions was recorded; a retraction has no fact of its own, so both ends count.
SELECT_INSTANTS: LiteralString = """
    SELECT notification_id, recorded_at FROM ledger.events WHERE notification_id = ANY(%s)"""

SELECT_REGISTERED: LiteralString = """
    SELECT min(from_position) FROM projections.location_revisions WHERE location_id = %s"""


def load_reel(moment: Moment, place: str) -> Reel:
    """The reel of a place at the moment."""
    bounds = {"place": place, "position": moment.position}
    held = _held(moment, SELECT_EVER_HELD, bounds)
    claims = sorted({fact.development.answers for fact in held if fact.development.answers})
    answered = _held(moment, SELECT_EVER_ANSWERED, {"claims": claims, "position": moment.position})
    rows = moment.connection.execute(SELECT_EVER_SPOKEN, bounds)
    spoken = tuple(
        Spoken(actor=actor, voice=voice, from_position=begun, until_position=ended)
        for actor, voice, begun, ended in rows
    )
    [(registered,)] = moment.connection.execute(SELECT_REGISTERED, (place,)).fetchall()
    lasting: tuple[Lasting, ...] = (*held, *answered, *spoken)
    positions = {registered, *(each.from_position for each in lasting)}
    positions |= {each.until_position for each in lasting if each.until_position is not None}
    instants = moment.connection.execute(SELECT_INSTANTS, (sorted(positions),)).fetchall()
    return Reel(
        held=held,
        answered=answered,
        spoken=spoken,
        recorded=dict(instants),
        location=place,
        valid_before=moment.valid_before,
        known_before=moment.known_before,
        log_position=moment.position,
    )


def _held(moment: Moment, query: LiteralString, bounds: dict[str, object]) -> tuple[Held, ...]:
    rows = moment.connection.execute(query, bounds)
    return tuple(
        Held(development=decode_fact(kind, body), from_position=begun, until_position=ended)
        for kind, body, begun, ended in rows
    )
