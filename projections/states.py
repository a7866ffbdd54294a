"""States: what bears on each place, in the form that the fold reads, and what follows from it, rendered.

`location_facts` holds each development in compact form, once for each place and revision, so that the
state at any clocks is a fold over one place's rows. Two things are rendered when a place was touched, since
they are asked for of many places at once. `location_states` holds the state at the moment of the last event
that touched the place, for lists by status. `claim_outcomes` holds what became of the claims about it, for
the records of actors: time alone turns an outcome as well, so a claim has a row for each spell from the
moment on at which anything moved at its places last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import ClassVar, LiteralString

import msgspec

from domain.catalogue import KINDS
from domain.editorial import Corrected, Retracted
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, LocationRegistered
from domain.states import next_change
from domain.times import before_instant
from ledger.reading import Recorded
from projections.engine.facts import encode_fact, encode_stated
from projections.engine.projection import Projection, Row, Writer, topics_of
from projections.rendering.grounds import CLAIM_KINDS, Grounds
from projections.rendering.outcomes import DROP_OUTCOMES, render_outcomes

FACT_COLUMNS = (
    "location_id",
    "development_id",
    "revision",
    "from_position",
    "until_position",
    "effect_from",
    "effect_until",
    "sure_from",
    "sure_until",
    "known_from",
    "moves",
    "stated",
    "actor_id",
    "answers",
    "kind",
    "body",
)
VOICE_COLUMNS = ("actor_id", "from_position", "until_position", "voice", "kind")

TOUCHED, SPOKEN, CLAIMS, ACTORS = "touched", "spoken", "claims", "actors"
"""What `apply` leaves for the end of the batch: the places touched, each with the last event that touched it
and the last that may have moved a position there; who spoke where; the claims that were revised and the
actors that were described anew, each with the event.
"""

UNTOUCHED = (None, None, None, None)

# Where claims are answered: what an answer says there follows from the claim, wherever that is about.
SELECT_ANSWERED_AT = """
    SELECT answers, location_id, true FROM location_facts
    WHERE answers = ANY(%s) AND until_position IS NULL"""

SELECT_SPOKEN_AT = """
    SELECT actor_id, location_id, bool_or(moves) FROM location_facts
    WHERE actor_id = ANY(%s) AND until_position IS NULL GROUP BY actor_id, location_id"""

# Superfluous pairs do no harm, so none is ever taken away.
ADD_SPEAKERS = """
    INSERT INTO location_speakers (location_id, actor_id)
    SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING"""

TOUCH_STATES = """
    INSERT INTO location_states AS held
        (location_id, touched_at, touched_by, moved_at, moved_by, stale, unjudged)
    SELECT *, true, moved_by IS NOT NULL
    FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[], %s::timestamptz[], %s::bigint[])
         AS new (location_id, touched_at, touched_by, moved_at, moved_by)
    ON CONFLICT (location_id) DO UPDATE
    SET touched_at = excluded.touched_at, touched_by = excluded.touched_by,
        moved_at = coalesce(excluded.moved_at, held.moved_at),
        moved_by = coalesce(excluded.moved_by, held.moved_by),
        stale = true, unjudged = held.unjudged OR excluded.unjudged"""

# What was rendered for the claims about places, retracted ones too, says nothing any more. Nothing is while a
# build folds, and then the claims are not looked for.
DROP_OUTCOMES_AT = """
    DELETE FROM claim_outcomes WHERE EXISTS (SELECT FROM claim_outcomes) AND claim_id IN (
        SELECT development_id FROM location_facts held
        WHERE location_id = ANY(%s) AND kind = ANY(%s) AND (until_position IS NULL OR NOT EXISTS (
            SELECT FROM location_facts next
            WHERE next.development_id = held.development_id AND next.from_position = held.until_position)))"""

# Those that have waited longest, but for what somebody else renders.
SELECT_STALE = """
    SELECT location_id, touched_at, unjudged FROM location_states WHERE stale
    ORDER BY touched_by LIMIT %s FOR UPDATE SKIP LOCKED"""

# The states of many places in one statement: as arrays, a column each.
RENDER_STATES = """
    UPDATE location_states
    SET stale = false, unjudged = false, good_until = new.good_until, status = new.status,
        holder = new.holder, certain = new.certain, disagreements = new.disagreements, state = new.state
    FROM unnest(%b::text[], %b::timestamptz[], %b::text[], %b::text[], %b::boolean[], %b::integer[],
                %b::bytea[])
         AS new (location_id, good_until, status, holder, certain, disagreements, state)
    WHERE location_states.location_id = new.location_id"""


class States(Projection):
    """Rows of `location_facts`, `location_speakers`, `location_voices`, `location_states` and
    `claim_outcomes`.
    """

    name: ClassVar[str] = "states"
    tables: ClassVar[tuple[str, ...]] = (
        "location_facts",
        "location_speakers",
        "location_voices",
        "location_states",
        "claim_outcomes",
    )
    topics: ClassVar[frozenset[str]] = topics_of(
        KINDS,
        ("corrected", "retracted", "location-registered", "actor-registered", "actor-described"),
    )
    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "location_facts": ("development_id", "answers", "actor_id"),
        "location_speakers": ("location_id",),
        "location_voices": ("actor_id",),
        "location_states": ("location_id",),
        "claim_outcomes": ("claim_id",),
    }
    weight: ClassVar[int] = 10

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds the rows of one event, and marks the places where anything may follow otherwise now."""
        match recorded.event:
            case Development() as body:
                _add_facts(writer, recorded, body)
            case LocationRegistered() as place:
                _touch(writer, recorded, (place.id,))
            case ActorRegistered() as actor:
                _add_voice(writer, recorded, actor)
            case Corrected(body=body):
                _end_facts(writer, recorded, becomes=body)
                _add_facts(writer, recorded, body)
            case Retracted():
                _end_facts(writer, recorded)
            case _:
                pass

    def close_batch(self, writer: Writer) -> None:
        """Marks the touched places, and adds who spoke there.

        An answer is touched with its claim, and whatever an actor said with the actor. What held then holds
        still, or its place was touched again when it ended: so the rows may be looked for now.
        """
        touched = writer.left[TOUCHED]
        _touch_also(writer, SELECT_ANSWERED_AT, writer.left[CLAIMS])
        _touch_also(writer, SELECT_SPOKEN_AT, writer.left[ACTORS])
        if touched:
            writer.execute(TOUCH_STATES, [[*touched], *map(list, zip(*touched.values(), strict=True))])
        if moved := [place for place, (*_, moved_by) in touched.items() if moved_by is not None]:
            writer.execute(DROP_OUTCOMES_AT, (moved, CLAIM_KINDS))
        if claims := writer.left[CLAIMS]:
            writer.execute(DROP_OUTCOMES, ([*claims],))
        if spoken := writer.left[SPOKEN]:
            writer.execute(ADD_SPEAKERS, [list(column) for column in zip(*sorted(spoken), strict=True)])
        writer.left.clear()

    def settle(self, writer: Writer, limit: int) -> int:
        """Renders some of the places that were touched since they were rendered last.

        Questions fold for themselves what is not rendered, so nobody waits for this.
        """
        stale = writer.fetch(SELECT_STALE, (limit,))
        if stale:
            grounds = Grounds(writer, [place for place, _, _ in stale])
            render_outcomes(writer, grounds, {place for place, _, unjudged in stale if unjudged})
            states = [_rendered(grounds, place, before_instant(at)) for place, at, _ in stale]
            writer.execute(RENDER_STATES, [list(column) for column in zip(*states, strict=True)])
        return len(stale)


def _add_voice(writer: Writer, recorded: Recorded, actor: ActorRegistered) -> None:
    if recorded.version > 1:
        writer.end("location_voices", "actor_id", recorded.log_position)
        writer.left[ACTORS][actor.id] = (recorded.recorded_at, recorded.log_position)
    row = (actor.id, recorded.log_position, None, actor.voice, actor.kind)
    writer.add("location_voices", VOICE_COLUMNS, row)


def _end_facts(writer: Writer, recorded: Recorded, becomes: Development | None = None) -> None:
    """Ends the facts of a development, where the state followed from it."""
    held = writer.find("location_facts", "development_id", ("location_id", "development_id", "kind", "moves"))
    writer.end("location_facts", "development_id", recorded.log_position)
    for place, identifier, kind, moves in held:
        _touch(writer, recorded, (place,), moves=moves)
        if kind in CLAIM_KINDS or isinstance(becomes, Claim):
            writer.left[CLAIMS][identifier] = (recorded.recorded_at, recorded.log_position)


def _add_facts(writer: Writer, recorded: Recorded, body: Development) -> None:
    fact, stated, moves = encode_fact(body), encode_stated(body), body.moves_positions
    occurred = body.occurred
    for place in body.at:
        row = (
            place,
            body.id,
            recorded.version,
            recorded.log_position,
            None,
            occurred.earliest,
            occurred.ends,
            occurred.sure_from,
            occurred.sure_until,
            body.reported.ends,
            moves,
            stated,
            body.by,
            body.answers,
            body.kind,
            fact,
        )
        writer.add("location_facts", FACT_COLUMNS, row)
        if moves and body.by is not None:
            writer.left[SPOKEN][place, body.by] = ()
    _touch(writer, recorded, body.at, moves=moves)


def _touch(writer: Writer, recorded: Recorded, places: Iterable[str], *, moves: bool = False) -> None:
    """Remembers the places, with the event."""
    touched, event = writer.left[TOUCHED], (recorded.recorded_at, recorded.log_position)
    for place in places:
        moved = event if moves else touched.get(place, UNTOUCHED)[2:]
        touched[place] = (*event, *moved)


def _touch_also(writer: Writer, query: LiteralString, events: Mapping[str, Row]) -> None:
    """Remembers the places that the query has for what was revised, unless later events touched them."""
    touched = writer.left[TOUCHED]
    for revised, place, moves in writer.fetch(query, ([*events],)) if events else ():
        event = events[revised]
        *last, moved_at, moved_by = touched.get(place, UNTOUCHED)
        moved = max((event, (moved_at, moved_by)), key=_position) if moves else (moved_at, moved_by)
        touched[place] = (*max((event, tuple(last)), key=_position), *moved)


def _position(event: Row) -> int:
    position: int | None = event[1]
    return position or 0


def _rendered(grounds: Grounds, place: str, before: datetime) -> Row:
    """The state as the world could know it at that moment, and until when it stays so by itself."""
    state = grounds.state(place, before)
    return (
        place,
        next_change(grounds.view(place), before),
        state.status,
        state.holder,
        state.certain,
        len(state.disagreements),
        msgspec.json.encode(state),
    )
