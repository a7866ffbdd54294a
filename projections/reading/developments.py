"""Developments at a moment: one, its revisions, and those of a place in effect order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import msgspec

from domain.catalogue import KINDS
from domain.errors import NotFound, NotPublicYet
from domain.kinds.envelope import Development
from domain.positions import EffectOrder
from projections.reading.moments import Moment

NEEDS = ("developments", "states")

_DECODERS = {kind: msgspec.json.Decoder(cls) for kind, cls in KINDS.items()}

SELECT_REVISIONS: LiteralString = """
    SELECT development_id, revision, change, from_position, until_position, recorded_at, recorded_by,
           request_id, reason, detail, retracted, kind, body
    FROM projections.development_revisions
    WHERE development_id = ANY(%s) AND from_position <= %s ORDER BY development_id, revision"""

SELECT_CURRENT: LiteralString = """
    SELECT development_id, revision, change, from_position, until_position, recorded_at, recorded_by,
           request_id, reason, detail, retracted, kind, body
    FROM projections.development_revisions
    WHERE development_id = ANY(%s) AND from_position <= %s
      AND (until_position IS NULL OR until_position > %s)"""

SELECT_VOICES: LiteralString = """
    SELECT actor_id, voice, kind FROM projections.location_voices
    WHERE from_position <= %s AND (until_position IS NULL OR until_position > %s)"""

ACTOR_EVER: LiteralString = "SELECT 1 FROM projections.location_voices WHERE actor_id = %s LIMIT 1"

# The places of a development hold for as long as its body does; later links only add revisions.
SELECT_TIMELINE: LiteralString = """
    SELECT d.development_id, d.revision, d.change, d.from_position, d.until_position, d.recorded_at,
           d.recorded_by, d.request_id, d.reason, d.detail, d.retracted, d.kind, d.body
    FROM projections.development_places p
    JOIN projections.development_revisions d ON d.development_id = p.development_id
     AND d.from_position <= %(position)s AND (d.until_position IS NULL OR d.until_position > %(position)s)
    WHERE p.location_id = %(place)s
      AND p.from_position <= %(position)s AND (p.until_position IS NULL OR p.until_position > %(position)s)
      AND p.effect_from < %(valid_before)s AND p.known_from <= %(known_before)s
      AND (%(kinds)s::text[] IS NULL OR p.kind = ANY(%(kinds)s))
      AND (%(actors)s::text[] IS NULL OR p.actor_id = ANY(%(actors)s))
      AND (%(valid_from)s::timestamptz IS NULL OR p.effect_until > %(valid_from)s)
      AND (%(valid_to)s::timestamptz IS NULL OR p.effect_from < %(valid_to)s)"""

# What `effect_order` answers, column by column. The primary key has them in this order, so that a page is one
# stretch of it.
EFFECT_COLUMNS = ("effect_from", "effect_until", "reported_from", "known_from", "is_answer", "development_id")
_PLACE_IN_ORDER = ", ".join(f"p.{column}" for column in EFFECT_COLUMNS)
_LAST_ON_PAGE = ", ".join(f"%({column})s" for column in EFFECT_COLUMNS)

FORWARD: LiteralString = f"""
    ORDER BY {_PLACE_IN_ORDER} LIMIT %(limit)s"""
AFTER: LiteralString = f"""
      AND ({_PLACE_IN_ORDER}) > ({_LAST_ON_PAGE})"""

BACKWARD: LiteralString = f"""
    ORDER BY {_PLACE_IN_ORDER.replace(",", " DESC,")} DESC LIMIT %(limit)s"""
BEFORE: LiteralString = f"""
      AND ({_PLACE_IN_ORDER}) < ({_LAST_ON_PAGE})"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DevelopmentRevision:
    """One revision of a development as the ledger held it.

    `log_position` is that of this revision; `detail` is the link of a `linked` one, `voice` whose
    position it moves.
    """

    body: Development
    revision: int
    change: str
    log_position: int
    until_position: int | None
    recorded_at: datetime
    recorded_by: str
    request_id: str | None
    reason: str | None
    detail: Any
    retracted: bool
    voice: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineQuestion:
    """What of a timeline is wanted; None means all. `after` is where the page before ended: the
    `effect_order` of the last development on it.
    """

    kinds: Sequence[str] | None = None
    voices: Sequence[str] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    backward: bool = False
    after: EffectOrder | None = None
    limit: int = 100


def decode_body(kind: str, body: bytes) -> Development:
    """The development of a stored body."""
    return _DECODERS[kind].decode(body)


def load_voices(moment: Moment) -> dict[str, tuple[str, str]]:
    """Every actor's voice and kind at the moment, by actor."""
    if moment.position not in moment.voices:
        rows = moment.connection.execute(SELECT_VOICES, (moment.position, moment.position))
        moment.voices[moment.position] = {actor: (voice, kind) for actor, voice, kind in rows}
    return moment.voices[moment.position]


def check_actors(moment: Moment, named: Iterable[str | None]) -> None:
    """Raises NotFound for one that the ledger did not hold at the moment: an answer with nothing in it would
    look as if that one had said nothing. None names nobody.
    """
    for identifier in named:
        if identifier is not None and identifier not in load_voices(moment):
            if moment.connection.execute(ACTOR_EVER, (identifier,)).fetchone():
                raise moment.not_recorded("actor", identifier)
            raise NotFound("actor", identifier)


def _read_row(
    moment: Moment, row: tuple[Any, ...], voices: dict[str, tuple[str, str]]
) -> DevelopmentRevision:
    (_, revision, change, from_position, until_position, recorded_at, recorded_by) = row[:7]
    (request_id, reason, detail, retracted, kind, stored) = row[7:]
    body = decode_body(kind, stored)
    # What ended it later was not so yet at this moment.
    ended = until_position is not None and until_position <= moment.position
    return DevelopmentRevision(
        body=body,
        revision=revision,
        change=change,
        log_position=from_position,
        until_position=until_position if ended else None,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        request_id=request_id,
        reason=reason,
        detail=msgspec.json.decode(detail) if detail is not None else None,
        retracted=retracted,
        voice=voices.get(body.by, (body.by, ""))[0] if body.by is not None else None,
    )


def find_revisions(moment: Moment, identifier: str) -> list[DevelopmentRevision]:
    """Every revision recorded and public by the moment, first first. Raises NotFound."""
    revisions = list_revisions(moment, [identifier])
    if not revisions:
        raise _absent(moment, identifier)
    public = [each for each in revisions if each.body.reported.surely_over(moment.known_before)]
    if not public:
        raise NotPublicYet("development", identifier, moment.clocks.known_at)
    return public


def list_revisions(moment: Moment, identifiers: Sequence[str]) -> list[DevelopmentRevision]:
    """Every revision of the named developments recorded by the moment, public or not: by id, first first."""
    rows = moment.connection.execute(SELECT_REVISIONS, (list(identifiers), moment.position)).fetchall()
    voices = load_voices(moment)
    return [_read_row(moment, row, voices) for row in rows]


def find_development(moment: Moment, identifier: str) -> DevelopmentRevision:
    """The development as the ledger held it and the world knew it. Raises NotFound."""
    found = find_developments(moment, [identifier]).get(identifier)
    if found is None:
        raise _absent(moment, identifier)
    if not found.body.reported.surely_over(moment.known_before):
        raise NotPublicYet("development", identifier, moment.clocks.known_at)
    return found


def find_developments(moment: Moment, identifiers: Sequence[str]) -> dict[str, DevelopmentRevision]:
    """Those of the named developments that the ledger held, retracted ones too, by id."""
    parameters = (list(identifiers), moment.position, moment.position)
    rows = moment.connection.execute(SELECT_CURRENT, parameters).fetchall()
    voices = load_voices(moment)
    return {row[0]: _read_row(moment, row, voices) for row in rows}


def _absent(moment: Moment, identifier: str) -> NotFound:
    query: LiteralString = "SELECT 1 FROM projections.development_revisions WHERE development_id = %s LIMIT 1"
    if moment.connection.execute(query, (identifier,)).fetchone():
        return moment.not_recorded("development", identifier)
    return NotFound("development", identifier)


def list_timeline(moment: Moment, place: str, question: TimelineQuestion) -> list[DevelopmentRevision]:
    """The developments of a place that count at the moment, in the order of effect or backward.

    Raises NotFound for a voice of an actor that was never recorded.
    """
    check_actors(moment, question.voices or ())
    voices = load_voices(moment)
    query, parameters = compose_timeline(moment, place, question, voices)
    rows = moment.connection.execute(query, parameters)
    return [_read_row(moment, row, voices) for row in rows]


def compose_timeline(
    moment: Moment, place: str, question: TimelineQuestion, voices: dict[str, tuple[str, str]]
) -> tuple[LiteralString, dict[str, object]]:
    """The query for one page of a timeline, and its parameters."""
    actors = None
    if question.voices is not None:
        actors = [actor for actor, (voice, _) in voices.items() if voice in question.voices]
    parameters: dict[str, object] = {
        "place": place,
        "position": moment.position,
        "valid_before": moment.valid_before,
        "known_before": moment.known_before,
        "kinds": list(question.kinds) if question.kinds is not None else None,
        "actors": actors,
        "valid_from": question.valid_from,
        "valid_to": question.valid_to,
        "limit": question.limit,
    }
    beyond, order = (BEFORE, BACKWARD) if question.backward else (AFTER, FORWARD)
    if question.after is None:
        return SELECT_TIMELINE + order, parameters
    parameters |= zip(EFFECT_COLUMNS, question.after, strict=True)
    return SELECT_TIMELINE + beyond + order, parameters
