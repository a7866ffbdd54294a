"""What the ledger held of a place at a moment, whether it counted or not: the sides of a comparison."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, LiteralString

from psycopg import Connection

from domain.kinds.envelope import Development
from domain.registry import LocationRegistered
from domain.standpoints import Speaker, Standpoint
from domain.times import Clocks
from projections.engine.facts import decode_fact, encode_fact
from projections.reading.claims import ClaimAnswer, list_place_claims
from projections.reading.developments import decode_body, load_voices
from projections.reading.moments import Moment
from projections.reading.places import find_place

MANY = 1_000

SELECT_HELD: LiteralString = """
    SELECT development_id, revision, kind, body FROM projections.location_facts
    WHERE location_id = ANY(%(places)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

# What the ledger held of developments wherever they were about, and what it had taken back.
SELECT_CURRENT: LiteralString = """
    SELECT development_id, retracted, kind, body FROM projections.development_revisions
    WHERE development_id = ANY(%(ids)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a comparison: the place, its clocks, what was held, and the claims that stand there."""

    place: LocationRegistered
    clocks: Clocks
    standpoint: Standpoint
    claims: Mapping[str, ClaimAnswer]


def load_side(moment: Moment, place: str) -> Side:
    """A side at the moment. Raises NotFound when there was no such place."""
    found = find_place(moment, place)
    claims = {answer.claim.id: answer for answer in _list_claims(moment, place)}
    places = {place, *(each for answer in claims.values() for each in answer.claim.at)}
    held, revisions = {}, {}
    bounds = {"places": list(places), "position": moment.position}
    for identifier, revision, kind, body in moment.connection.execute(SELECT_HELD, bounds):
        held[identifier], revisions[identifier] = decode_fact(kind, body), revision
    standpoint = Standpoint(
        location=place,
        valid_before=moment.valid_before,
        known_before=moment.known_before,
        log_position=moment.position,
        held=held,
        revisions=revisions,
        speakers={
            actor: Speaker(voice=voice, kind=kind) for actor, (voice, kind) in load_voices(moment).items()
        },
    )
    return Side(place=found, clocks=moment.clocks, standpoint=standpoint, claims=claims)


def _list_claims(moment: Moment, place: str) -> Iterable[ClaimAnswer]:
    after = None
    while True:
        answers, after = list_place_claims(moment, place, after=after, limit=MANY)
        yield from answers
        if after is None:
            return


def complete_sides(connection: Connection[Any], one: Side, other: Side) -> tuple[Side, Side]:
    """Both sides with all that either has to do with: what is answered, and what the other side names."""
    names: set[str] = set()
    for side in (one, other):
        held = side.standpoint.held
        names |= {*held, *side.claims}
        names |= {body.answers for body in held.values() if body.answers is not None}
        names |= {entry.development for answer in side.claims.values() for entry in answer.entries}
    return _complete(connection, one, names), _complete(connection, other, names)


def _complete(connection: Connection[Any], side: Side, names: Collection[str]) -> Side:
    standpoint = side.standpoint
    held = dict(standpoint.held)
    retracted: dict[str, Development] = {}
    missing = sorted(set(names) - held.keys())
    bounds = {"ids": missing, "position": standpoint.log_position}
    for identifier, gone, kind, body in connection.execute(SELECT_CURRENT, bounds):
        (retracted if gone else held)[identifier] = _compact(decode_body(kind, body))
    return replace(side, standpoint=replace(standpoint, held=held, retracted=retracted))


def _compact(body: Development) -> Development:
    """A body in the form in which those of the place are held, so that the two can be compared."""
    return decode_fact(body.kind, encode_fact(body))
