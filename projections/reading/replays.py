"""All that a replay of one place needs, loaded at once: it is bounded by what was ever said of the place."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby
from typing import LiteralString

from domain.reels import Befell, Entry, Held, Lasting, Reel, Spoken, Writing
from projections.engine.facts import decode_fact
from projections.reading.moments import Moment

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

SELECT_REGISTERED: LiteralString = """
    SELECT min(from_position) FROM projections.location_revisions WHERE location_id = %s"""

# What was recorded at each of the positions; a retraction has no fact of its own, so both ends count.
SELECT_ENTRIES: LiteralString = """
    SELECT recorded_at, notification_id, topic, originator_id FROM ledger.events
    WHERE notification_id = ANY(%s) ORDER BY notification_id"""

BEFELL: dict[str, Befell] = {
    "location-registered": "registered",
    "actor-registered": "registered",
    "actor-described": "described",
    "corrected": "corrected",
    "retracted": "retracted",
}
"""What an event does to its thing, by topic; every other topic is a kind, and reports it."""


def load_reel(moment: Moment, place: str) -> Reel:
    """The reel of a place that was registered by the moment."""
    bounds = {"place": place, "position": moment.position}
    held = _held(moment, SELECT_EVER_HELD, bounds)
    claims = sorted({fact.development.answers for fact in held if fact.development.answers})
    answered = _held(moment, SELECT_EVER_ANSWERED, {"claims": claims, "position": moment.position})
    rows = moment.connection.execute(SELECT_EVER_SPOKEN, bounds)
    spoken = tuple(
        Spoken(actor=actor, voice=voice, from_position=begun, until_position=ended)
        for actor, voice, begun, ended in rows
    )
    return Reel(
        location=place,
        held=held,
        answered=answered,
        spoken=spoken,
        writings=_writings(moment, place, (*held, *answered, *spoken)),
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


def _writings(moment: Moment, place: str, lasting: Collection[Lasting]) -> tuple[Writing, ...]:
    """The transactions that registered the place, or changed anything of the reel since."""
    [(registered,)] = moment.connection.execute(SELECT_REGISTERED, (place,)).fetchall()
    ends = {position for each in lasting for position in (each.from_position, each.until_position)}
    positions = {registered, *(end for end in ends if end and registered <= end <= moment.position)}
    rows = moment.connection.execute(SELECT_ENTRIES, (sorted(positions),)).fetchall()
    return tuple(
        Writing(recorded_at=recorded_at, entries=tuple(_entry(*row[1:]) for row in same))
        for recorded_at, same in groupby(rows, key=lambda row: row[0])
    )


def _entry(position: int, topic: str, stream: str) -> Entry:
    what, _, identifier = stream.partition(":")
    return Entry(
        what=BEFELL.get(topic, "recorded"),
        development=identifier if what == "development" else None,
        actor=identifier if what == "actor" else None,
        log_position=position,
    )
