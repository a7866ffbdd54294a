"""States: what bears on each place, in the form that the fold reads, and the state that follows, rendered.

`location_facts` holds each development in compact form, once for each place and revision, so that the
state at any clocks is a fold over one place's rows. `location_states` holds the state as rendered at the
moment of the last event that touched the place, for lists by status.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import msgspec

from domain.catalogue import EDITORIAL_TOPICS, KINDS
from domain.editorial import Corrected, Retracted
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.registry import ActorRegistered, LocationRegistered
from domain.states import next_change, state_at
from domain.times import before_instant
from ledger.reading import Recorded
from projections.engine.facts import decode_fact, encode_fact, encode_stated
from projections.engine.projection import Projection, Row, Writer, topics_of

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

# Ends the voice that an actor speaks with so far.
CLOSE_VOICE = "UPDATE location_voices SET until_position = %s WHERE actor_id = %s AND until_position IS NULL"

# Ends the facts of a development, and says which places they were about, and whether it was a claim.
CLOSE_FACTS = """
    UPDATE location_facts SET until_position = %s
    WHERE development_id = %s AND until_position IS NULL RETURNING location_id, kind"""

# Where a claim is answered: what an answer says there follows from the claim, wherever that is about.
SELECT_ANSWERED_AT = (
    "SELECT DISTINCT location_id FROM location_facts WHERE answers = %s AND until_position IS NULL"
)

SELECT_SPOKEN = (
    "SELECT DISTINCT location_id FROM location_facts WHERE actor_id = %s AND until_position IS NULL"
)

# Superfluous pairs do no harm, so none is ever taken away.
ADD_SPEAKERS = """
    INSERT INTO location_speakers (location_id, actor_id)
    SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING"""

TOUCH_STATES = """
    INSERT INTO location_states (location_id, touched_at, touched_by, stale)
    SELECT *, true FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[])
    ON CONFLICT (location_id) DO UPDATE
    SET touched_at = excluded.touched_at, touched_by = excluded.touched_by, stale = true"""

# Those that have waited longest.
SELECT_STALE = "SELECT location_id, touched_at FROM location_states WHERE stale ORDER BY touched_by LIMIT %s"

SELECT_FACTS = """
    SELECT location_id, kind, body FROM location_facts
    WHERE location_id = ANY(%s) AND until_position IS NULL"""

SELECT_CLAIMS = """
    SELECT DISTINCT ON (development_id) development_id, kind, body FROM location_facts
    WHERE development_id = ANY(%s) AND until_position IS NULL"""

SELECT_VOICES = "SELECT actor_id, voice, kind FROM location_voices WHERE until_position IS NULL"

# The states of many places in one statement: as arrays, a column each.
RENDER_STATES = """
    UPDATE location_states
    SET stale = false, good_until = new.good_until, status = new.status, holder = new.holder,
        certain = new.certain, disagreements = new.disagreements, state = new.state
    FROM unnest(%s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::boolean[], %s::integer[],
                %s::bytea[])
         AS new (location_id, good_until, status, holder, certain, disagreements, state)
    WHERE location_states.location_id = new.location_id"""


class States(Projection):
    """Rows of `location_facts`, `location_speakers`, `location_voices` and `location_states`."""

    name: ClassVar[str] = "states"
    tables: ClassVar[tuple[str, ...]] = (
        "location_facts",
        "location_speakers",
        "location_voices",
        "location_states",
    )
    topics: ClassVar[frozenset[str]] = topics_of(
        KINDS,
        EDITORIAL_TOPICS,
        ("location-registered", "actor-registered", "actor-described"),
    )
    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "location_facts": ("development_id", "answers", "actor_id"),
        "location_speakers": ("location_id",),
        "location_voices": ("actor_id",),
        "location_states": ("location_id",),
    }
    weight: ClassVar[int] = 10

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds the rows of one event, and marks the places whose state may follow otherwise now."""
        identifier = recorded.stream.partition(":")[2]
        match recorded.event:
            case LocationRegistered() as place:
                _touch(writer, recorded, {place.id})
            case ActorRegistered() as actor:
                _add_voice(writer, recorded, actor)
            case Development() as body:
                _add_facts(writer, recorded, body)
                _touch(writer, recorded, set(body.at), _speaker(body))
            case Corrected(body=body):
                places = _close_facts(writer, recorded, identifier, becomes=body)
                _add_facts(writer, recorded, body)
                _touch(writer, recorded, places | set(body.at), _speaker(body))
            case Retracted():
                _touch(writer, recorded, _close_facts(writer, recorded, identifier))
            case _:
                pass

    def close_batch(self, writer: Writer) -> None:
        """Marks the touched places, each with the last event that touched it, and adds who spoke there."""
        if not writer.touched:
            return
        *touched, spoken = (list(column) for column in zip(*writer.touched.values(), strict=True))
        writer.execute(TOUCH_STATES, touched)
        pairs = [(place, actor) for place, actors in zip(touched[0], spoken, strict=True) for actor in actors]
        if pairs:
            writer.execute(ADD_SPEAKERS, [list(column) for column in zip(*pairs, strict=True)])
        writer.touched.clear()

    def settle(self, writer: Writer, limit: int) -> int:
        """Renders the state of some of the places that were touched since they were rendered last.

        Questions fold for themselves what is not rendered, so nobody waits for this.
        """
        touched: dict[str, datetime] = dict(writer.fetch(SELECT_STALE, (limit,)))
        if touched:
            views = _load_views(writer, touched)
            rendered = [_rendered(view, before_instant(touched[place])) for place, view in views.items()]
            writer.execute(RENDER_STATES, [list(column) for column in zip(*rendered, strict=True)])
        return len(touched)


def _add_voice(writer: Writer, recorded: Recorded, actor: ActorRegistered) -> None:
    if recorded.version > 1:
        writer.execute(CLOSE_VOICE, (recorded.log_position, actor.id), own=True)
        spoken = writer.fetch(SELECT_SPOKEN, (actor.id,))
        _touch(writer, recorded, {row[0] for row in spoken})
    row = (actor.id, recorded.log_position, None, actor.voice, actor.kind)
    writer.add("location_voices", VOICE_COLUMNS, row)


def _close_facts(
    writer: Writer, recorded: Recorded, identifier: str, becomes: Development | None = None
) -> set[str]:
    """Ends the facts of a development; the places whose state followed from it."""
    closed = writer.fetch(CLOSE_FACTS, (recorded.log_position, identifier), own=True)
    places = {place for place, _ in closed}
    if isinstance(becomes, Claim) or any(issubclass(KINDS[kind], Claim) for _, kind in closed):
        places |= {row[0] for row in writer.fetch(SELECT_ANSWERED_AT, (identifier,))}
    return places


def _add_facts(writer: Writer, recorded: Recorded, body: Development) -> None:
    fact, stated = encode_fact(body), encode_stated(body)
    for place in body.at:
        row = (
            place,
            body.id,
            recorded.version,
            recorded.log_position,
            None,
            body.occurred.earliest,
            body.occurred.ends,
            body.occurred.sure_from,
            body.occurred.sure_until,
            body.reported.ends,
            body.moves_positions,
            stated,
            body.by,
            body.answers,
            body.kind,
            fact,
        )
        writer.add("location_facts", FACT_COLUMNS, row)


def _speaker(body: Development) -> frozenset[str]:
    """Whose position it may move, if anybody's."""
    return frozenset({body.by} if body.by is not None and body.moves_positions else ())


def _touch(
    writer: Writer, recorded: Recorded, places: set[str], speakers: frozenset[str] = frozenset()
) -> None:
    """Remembers the places, with the event and all who spoke there in this batch."""
    for place in places:
        *_, spoken = writer.touched.get(place, (frozenset(),))
        writer.touched[place] = (place, recorded.recorded_at, recorded.log_position, spoken | speakers)


def _load_views(writer: Writer, touched: dict[str, datetime]) -> dict[str, PlaceView]:
    """All that the ledger holds for each place now, whether it is known to the world yet or not."""
    developments: dict[str, list[Development]] = {place: [] for place in touched}
    every: dict[str, Development] = {}
    for place, kind, body in writer.fetch(SELECT_FACTS, (list(touched),)):
        development = decode_fact(kind, body)
        every[development.id] = development
        developments[place].append(development)
    elsewhere = {
        answer for development in every.values() if (answer := development.answers) and answer not in every
    }
    for identifier, kind, body in writer.fetch(SELECT_CLAIMS, (sorted(elsewhere),)) if elsewhere else ():
        every[identifier] = decode_fact(kind, body)
    voices = writer.fetch(SELECT_VOICES)
    return {
        place: PlaceView(
            location=place,
            developments=tuple(found),
            answered=every,
            voices={actor: voice for actor, voice, _ in voices},
            assessors=frozenset(actor for actor, _, kind in voices if kind == "assessor"),
        )
        for place, found in developments.items()
    }


def _rendered(view: PlaceView, before: datetime) -> Row:
    """The state as the world could know it at that moment, and until when it stays so by itself."""
    state = state_at(view.known_by(before), before)
    good_until = next_change(view, before)
    return (
        view.location,
        good_until,
        state.status,
        state.holder,
        state.certain,
        len(state.disagreements),
        msgspec.json.encode(state),
    )
