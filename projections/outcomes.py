"""Outcomes: what became of every claim, rendered ahead, for the records of actors.

The rows say how it is at the end of the log. `outcome_facts` holds what bears on claims. When any of that
changes at a place, the claims about the place are judged anew, under the bound of that moment and under every
later bound at which time alone turns an outcome: `claim_outcomes` has a row for each spell. So a row is right
for as long as nothing touches the places of its claim.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import ClassVar

from domain.catalogue import KINDS
from domain.editorial import Corrected, Retracted
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import Ground, OutcomeValue, counts, fold_ground, judge_claim, outcome_turns
from domain.positions import PlaceView
from domain.registry import ActorRegistered
from domain.times import before_instant
from ledger.reading import Recorded
from projections.engine.facts import decode_fact, encode_fact
from projections.engine.projection import Projection, Row, Writer, topics_of

FACT_COLUMNS = (
    "location_id",
    "development_id",
    "actor_id",
    "answers",
    "is_claim",
    "retracted",
    "kind",
    "body",
)
OUTCOME_COLUMNS = (
    "claim_id",
    "starts",
    "ends",
    "touched_by",
    "actor_id",
    "effect_from",
    "value",
    "lead_days",
)

ADD_VOICE = """
    INSERT INTO outcome_voices (actor_id, voice, kind) VALUES (%s, %s, %s)
    ON CONFLICT (actor_id) DO UPDATE SET voice = excluded.voice, kind = excluded.kind"""

SELECT_SPOKEN = "SELECT DISTINCT location_id FROM outcome_facts WHERE actor_id = %s"

# Where a claim is answered: what an answer says there follows from the claim, wherever that is about.
SELECT_ANSWERED_AT = "SELECT DISTINCT location_id FROM outcome_facts WHERE answers = %s"

DROP_FACTS = "DELETE FROM outcome_facts WHERE development_id = %s RETURNING location_id, is_claim"

# A claim stays: it is judged to be retracted.
RETRACT_FACTS = """
    UPDATE outcome_facts SET retracted = true WHERE development_id = %s RETURNING location_id, is_claim"""

DROP_OUTCOMES = "DELETE FROM claim_outcomes WHERE claim_id = ANY(%s)"

# What was rendered for the claims about places says nothing any more.
DROP_OUTCOMES_AT = """
    DELETE FROM claim_outcomes WHERE claim_id IN (
        SELECT development_id FROM outcome_facts WHERE location_id = ANY(%s) AND is_claim)"""

TOUCH_PLACES = """
    INSERT INTO outcome_places (location_id, touched_at, touched_by, stale)
    SELECT *, true FROM unnest(%s::text[], %s::timestamptz[], %s::bigint[])
    ON CONFLICT (location_id) DO UPDATE
    SET touched_at = excluded.touched_at, touched_by = excluded.touched_by, stale = true"""

# Those that have waited longest.
SELECT_STALE = "SELECT location_id FROM outcome_places WHERE stale ORDER BY touched_by LIMIT %s"

SETTLE_PLACES = "UPDATE outcome_places SET stale = false WHERE location_id = ANY(%s)"

# Every place of every claim about some places, with the last event that touched it.
SELECT_TOUCHES = """
    SELECT location_id, touched_at, touched_by FROM outcome_places WHERE location_id IN (
        SELECT every.location_id FROM outcome_facts claim JOIN outcome_facts every USING (development_id)
        WHERE claim.location_id = ANY(%s) AND claim.is_claim)"""

SELECT_FACTS = "SELECT location_id, kind, retracted, body FROM outcome_facts WHERE location_id = ANY(%s)"

SELECT_CLAIMS = """
    SELECT DISTINCT ON (development_id) development_id, kind, body FROM outcome_facts
    WHERE development_id = ANY(%s) AND NOT retracted"""

SELECT_VOICES = "SELECT actor_id, voice, kind FROM outcome_voices"


class Outcomes(Projection):
    """Rows of `outcome_facts`, `outcome_voices`, `outcome_places` and `claim_outcomes`."""

    name: ClassVar[str] = "outcomes"
    tables: ClassVar[tuple[str, ...]] = (
        "outcome_facts",
        "outcome_voices",
        "outcome_places",
        "claim_outcomes",
    )
    topics: ClassVar[frozenset[str]] = topics_of(
        (kind for kind, cls in KINDS.items() if cls.family != "happening"),
        ("corrected", "retracted", "actor-registered", "actor-described"),
    )
    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "outcome_facts": ("development_id", "answers", "actor_id"),
        "outcome_voices": ("actor_id",),
        "outcome_places": ("location_id",),
        "claim_outcomes": ("claim_id",),
    }
    weight: ClassVar[int] = 6

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Keeps the facts, and marks the places whose claims may come out otherwise now."""
        identifier = recorded.stream.partition(":")[2]
        match recorded.event:
            case ActorRegistered() as actor:
                writer.execute(ADD_VOICE, (actor.id, actor.voice, actor.kind), own=True)
                if recorded.version > 1:
                    _touch(writer, recorded, writer.fetch(SELECT_SPOKEN, (actor.id,)))
            case Development() as body:
                _add_facts(writer, recorded, body)
            case Corrected(body=body):
                dropped = writer.fetch(DROP_FACTS, (identifier,), own=True)
                _touch_around(writer, recorded, identifier, dropped, becomes=body)
                writer.execute(DROP_OUTCOMES, ([identifier],), own=True)
                _add_facts(writer, recorded, body)
            case Retracted():
                retracted = writer.fetch(RETRACT_FACTS, (identifier,), own=True)
                _touch_around(writer, recorded, identifier, retracted)
            case _:
                pass

    def close_batch(self, writer: Writer) -> None:
        """Marks the touched places, each with the last event that touched it."""
        if writer.touched:
            places, instants, positions = (
                list(column) for column in zip(*writer.touched.values(), strict=True)
            )
            writer.execute(TOUCH_PLACES, (places, instants, positions))
            writer.execute(DROP_OUTCOMES_AT, (places,))
            writer.touched.clear()

    def settle(self, writer: Writer, limit: int) -> int:
        """Judges the claims about some of the places that were touched since their claims were judged last.

        Not of all at once: questions judge for themselves what is not rendered, so nobody waits for this, and
        it should keep no other projection waiting.
        """
        stale = [row[0] for row in writer.fetch(SELECT_STALE, (limit,))]
        touches = {place: (at, by) for place, at, by in writer.fetch(SELECT_TOUCHES, (stale,))}
        if touches:
            _render_claims(writer, frozenset(stale), touches)
        writer.execute(SETTLE_PLACES, (stale,))
        return len(stale)


def _add_facts(writer: Writer, recorded: Recorded, body: Development) -> None:
    if not body.moves_positions:
        return
    fact = encode_fact(body)
    for place in body.at:
        row = (place, body.id, body.by, body.answers, isinstance(body, Claim), False, body.kind, fact)
        writer.add("outcome_facts", FACT_COLUMNS, row)
    _touch(writer, recorded, ((place,) for place in body.at))


def _touch_around(
    writer: Writer,
    recorded: Recorded,
    identifier: str,
    facts: Iterable[Row],
    becomes: Development | None = None,
) -> None:
    """Touches the places of what was revised, and if that is or was a claim, those where it is answered."""
    was_claim = False
    for place, is_claim in facts:
        was_claim = was_claim or is_claim
        _touch(writer, recorded, [(place,)])
    if was_claim or isinstance(becomes, Claim):
        _touch(writer, recorded, writer.fetch(SELECT_ANSWERED_AT, (identifier,)))


def _touch(writer: Writer, recorded: Recorded, places: Iterable[Row]) -> None:
    for (place,) in places:
        writer.touched[place] = (place, recorded.recorded_at, recorded.log_position)


def _render_claims(
    writer: Writer, places: frozenset[str], touches: Mapping[str, tuple[datetime, int]]
) -> None:
    grounds = _load_grounds(writer, list(touches))
    due = [claim for claim in grounds.claims if not places.isdisjoint(claim.at)]
    writer.execute(DROP_OUTCOMES, ([claim.id for claim in due],))
    for claim in due:
        for row in _rendered(claim, grounds, touches):
            writer.add("claim_outcomes", OUTCOME_COLUMNS, row)


class _Grounds:
    """What the ledger holds of some places now, public yet or not; each is folded once for each bound."""

    def __init__(
        self, views: Mapping[str, PlaceView], claims: Collection[Claim], retracted: Collection[str]
    ) -> None:
        self.claims = claims
        self.retracted = retracted
        self._views = views
        self._folded: dict[tuple[str, datetime], Ground] = {}
        self._turns: dict[tuple[str, datetime], list[datetime]] = {}

    def fold(self, place: str, before: datetime) -> Ground:
        """The place as the world could know it under the bound."""
        key = (place, before)
        if key not in self._folded:
            self._folded[key] = fold_ground(self._views[place].known_by(before), before)
        return self._folded[key]

    def turns(self, place: str, before: datetime) -> list[datetime]:
        """The later bounds at which anything of the place turns by itself."""
        key = (place, before)
        if key not in self._turns:
            self._turns[key] = outcome_turns(self._views[place].developments, before)
        return self._turns[key]


def _load_grounds(writer: Writer, places: list[str]) -> _Grounds:
    held: dict[str, list[Development]] = {place: [] for place in places}
    every: dict[str, Development] = {}
    claims: dict[str, Claim] = {}
    gone: set[str] = set()
    for place, kind, retracted, body in writer.fetch(SELECT_FACTS, (places,)):
        development = decode_fact(kind, body)
        if isinstance(development, Claim):
            claims[development.id] = development
        if retracted:
            gone.add(development.id)
        else:
            every[development.id] = development
            held[place].append(development)
    elsewhere = sorted({each.answers for each in every.values() if each.answers} - every.keys() - gone)
    for identifier, kind, body in writer.fetch(SELECT_CLAIMS, (elsewhere,)) if elsewhere else ():
        every[identifier] = decode_fact(kind, body)
    voices = writer.fetch(SELECT_VOICES)
    views = {
        place: PlaceView(
            location=place,
            developments=tuple(found),
            answered=every,
            voices={actor: voice for actor, voice, _ in voices},
            assessors=frozenset(actor for actor, _, kind in voices if kind == "assessor"),
        )
        for place, found in held.items()
    }
    return _Grounds(views, list(claims.values()), gone)


def _rendered(claim: Claim, grounds: _Grounds, touches: Mapping[str, tuple[datetime, int]]) -> Iterator[Row]:
    """A row for each spell of the claim, from the moment at which a place of it was touched last."""
    touched_at, touched_by = map(max, zip(*(touches[place] for place in claim.at), strict=True))
    before = before_instant(touched_at)
    turns = {turn for place in claim.at for turn in grounds.turns(place, before)}
    bounds = sorted({before, *turns, *outcome_turns([claim], before)})
    spells: list[tuple[datetime, OutcomeValue | None, float | None]] = []
    for bound in bounds:
        told = _judged(claim, grounds, bound)
        if not spells or spells[-1][1:] != told:
            spells.append((bound, *told))
    for (starts, value, lead), following in zip_longest(spells, spells[1:]):
        ends = following[0] if following is not None else None
        yield (claim.id, starts, ends, touched_by, claim.by, claim.occurred.earliest, value, lead)


def _judged(claim: Claim, grounds: _Grounds, before: datetime) -> tuple[OutcomeValue | None, float | None]:
    """The outcome and the lead under the bound; no outcome while the claim does not count."""
    if not counts(claim, before):
        return None, None
    retracted = claim.id in grounds.retracted
    folded = [] if retracted else [grounds.fold(place, before) for place in claim.at]
    outcome = judge_claim(claim, folded, retracted=retracted)
    return outcome.value, outcome.lead_days
