"""Actors' records at a moment: what became of the claims of an actor in numbers, and those claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from domain.kinds.claims import Claim
from domain.records import Counted, JudgedClaim, Tally, tally, tally_by_actor
from domain.registry import ActorRegistered
from projections.reading import claims, places, registry
from projections.reading.claims import ClaimAnswer, judge_claims, load_claims
from projections.reading.developments import decode_body, load_voices
from projections.reading.links import find_clusters
from projections.reading.moments import Moment

NEEDS = (*claims.NEEDS, *registry.ACTOR_NEEDS, *places.NEEDS)

# The claims of some actors, each with its outcome where one was rendered that holds at this position: nothing
# has touched the places of the claim since. It holds when the valid and the known clock are alike.
TOLD: LiteralString = """
    WITH told AS (
        SELECT c.claim_id, c.actor_id, c.retracted, c.location_ids, o.effect_from, o.value, o.lead_days,
               same.development_id IS NOT NULL AS tied
        FROM projections.claims c
        LEFT JOIN (SELECT DISTINCT development_id FROM projections.development_links
                   WHERE type = 'same-report') AS same ON same.development_id = c.claim_id
        LEFT JOIN projections.claim_outcomes o
          ON %(alike)s AND o.claim_id = c.claim_id AND o.actor_id = ANY(%(actors)s)
         AND o.touched_by <= %(position)s
         AND o.starts <= %(valid_before)s AND (o.ends IS NULL OR o.ends > %(valid_before)s)
        WHERE c.actor_id = ANY(%(actors)s) AND c.from_position <= %(position)s
          AND (c.until_position IS NULL OR c.until_position > %(position)s)
          AND (o.claim_id IS NULL OR (o.value IS NOT NULL
               AND (%(made_from)s::timestamptz IS NULL OR o.effect_from >= %(made_from)s)
               AND (%(made_before)s::timestamptz IS NULL OR o.effect_from < %(made_before)s)))
          AND (%(area)s::text[] IS NULL
               OR EXISTS (SELECT FROM unnest(c.location_ids) place WHERE place = ANY(%(area)s))))"""

# Claims that came out alike are counted at once; one that is not judged yet, or may be one report with
# another, has a row of its own.
COUNT_TOLD: LiteralString = """
    SELECT CASE WHEN value IS NULL OR tied THEN claim_id END AS single, actor_id, value, bool_or(retracted),
           min(location_ids), min(effect_from), count(*),
           array_agg(lead_days) FILTER (WHERE lead_days IS NOT NULL)
    FROM told GROUP BY single, actor_id, value"""

# Claims by id, after the last one of the page before; one that is not judged yet may have any outcome.
LIST_TOLD: LiteralString = """
    SELECT claim_id, retracted, value FROM told
    WHERE (%(after)s::text IS NULL OR claim_id > %(after)s)
      AND (%(outcomes)s::text[] IS NULL OR value IS NULL OR value = ANY(%(outcomes)s))
    ORDER BY claim_id LIMIT %(limit)s"""

# The bodies of claims that count and took effect in the period, retracted ones too.
SELECT_BODIES: LiteralString = """
    SELECT kind, body FROM projections.development_revisions
    WHERE development_id = ANY(%(ids)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND effect_from < %(valid_before)s AND known_from <= %(known_before)s
      AND (%(made_from)s::timestamptz IS NULL OR effect_from >= %(made_from)s)
      AND (%(made_before)s::timestamptz IS NULL OR effect_from < %(made_before)s)"""

# Places within a box, which may cross the 180th meridian.
SELECT_BOX: LiteralString = """
    SELECT location_id FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND latitude BETWEEN %(south)s AND %(north)s
      AND CASE WHEN %(west)s <= %(east)s THEN longitude BETWEEN %(west)s AND %(east)s
               ELSE longitude >= %(west)s OR longitude <= %(east)s END"""

JUDGED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQuestion:
    """Which claims are wanted: those that took effect from `made_from` on and before `made_before`; about
    `part_of` or anything below it, and about a place within `bbox` (west, south, east, north in degrees).
    None means any.
    """

    made_from: datetime | None = None
    made_before: datetime | None = None
    part_of: str | None = None
    bbox: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRecord:
    """What became of an actor's claims, and of those of each actor who spoke with its voice."""

    actor: ActorRegistered
    total: Tally
    by_actor: dict[str, Tally]


def find_record(moment: Moment, actor: str, question: RecordQuestion) -> ActorRecord:
    """The record of an actor: for a party, of all claims made with its voice. Raises NotFound."""
    found = registry.find_actor(moment, actor).body
    speakers = _speakers(moment, actor)
    bounds = _bounds(moment, speakers, question)
    counted: list[Counted] = []
    single: list[JudgedClaim] = []
    unjudged: list[tuple[list[str], str, bool]] = []
    for claim, by, value, retracted, named, effect, count, leads in moment.connection.execute(
        TOLD + COUNT_TOLD, bounds
    ):
        if value is None:
            unjudged.append((named, claim, retracted))
        elif claim is None:
            counted.append(Counted(actor=by, outcome=value, claims=count, leads=tuple(leads or ())))
        else:
            judged = JudgedClaim(
                id=claim,
                actor=by,
                voice=speakers[by],
                effect=effect,
                outcome=value,
                lead_days=leads[0] if leads else None,
            )
            single.append(judged)
    # By place, so that what is about one place comes together, and it is folded once for all of that.
    due = [(claim, retracted) for _, claim, retracted in sorted(unjudged)]
    for start in range(0, len(due), JUDGED_AT_ONCE):
        single += _judge(moment, dict(due[start : start + JUDGED_AT_ONCE]), speakers, bounds)
    clusters = find_clusters(moment, speakers, [claim.id for claim in single])
    return ActorRecord(
        actor=found,
        total=tally(counted, single, clusters),
        by_actor=tally_by_actor(counted, single, clusters),
    )


def list_actor_claims(
    moment: Moment,
    actor: str,
    question: RecordQuestion,
    outcomes: Collection[str] | None = None,
    *,
    after: str | None = None,
    limit: int = 100,
) -> tuple[list[ClaimAnswer], str | None]:
    """The claims that a record counts, by id, only those of `outcomes` if given; and where to go on.

    Raises NotFound.
    """
    registry.find_actor(moment, actor)
    speakers = _speakers(moment, actor)
    wanted = list(outcomes) if outcomes is not None else None
    bounds = {**_bounds(moment, speakers, question), "outcomes": wanted, "limit": limit + 1}
    page: list[tuple[str, bool]] = []
    while len(page) <= limit:
        rows = moment.connection.execute(TOLD + LIST_TOLD, {**bounds, "after": after}).fetchall()
        unjudged = {claim: retracted for claim, retracted, value in rows if value is None}
        judged = {claim.id: claim.outcome for claim in _judge(moment, unjudged, speakers, bounds)}
        for claim, retracted, value in rows:
            told = value or judged.get(claim)
            if told is not None and (wanted is None or told in wanted):
                page.append((claim, retracted))
        if len(rows) <= limit:
            break
        after = rows[-1][0]
    return load_claims(moment, page[:limit]), page[limit - 1][0] if len(page) > limit else None


def _speakers(moment: Moment, actor: str) -> dict[str, str]:
    """The actor and whoever speaks with its voice, each with the voice it speaks with."""
    voices = {speaker: voice for speaker, (voice, _) in load_voices(moment).items()}
    return {
        actor: voices.get(actor, actor),
        **{speaker: voice for speaker, voice in voices.items() if voice == actor},
    }


def _bounds(moment: Moment, speakers: Mapping[str, str], question: RecordQuestion) -> dict[str, Any]:
    """The parameters that all questions about some actors' claims share. Raises NotFound."""
    return {
        "actors": list(speakers),
        "position": moment.position,
        "alike": moment.valid_before == moment.known_before,
        "valid_before": moment.valid_before,
        "known_before": moment.known_before,
        "made_from": question.made_from,
        "made_before": question.made_before,
        "area": _find_area(moment, question),
    }


def _find_area(moment: Moment, question: RecordQuestion) -> list[str] | None:
    """The places that the question asks about; None for any. Raises NotFound for an area that is none."""
    within: list[Collection[str]] = []
    if question.part_of is not None:
        within.append(places.find_area(moment, question.part_of))
    if question.bbox is not None:
        bounds = dict(zip(("west", "south", "east", "north"), question.bbox, strict=True))
        rows = moment.connection.execute(SELECT_BOX, {**bounds, "position": moment.position})
        within.append([row[0] for row in rows])
    return sorted(set(within[0]).intersection(*within)) if within else None


def _judge(
    moment: Moment, unjudged: Mapping[str, bool], speakers: Mapping[str, str], bounds: Mapping[str, Any]
) -> Iterator[JudgedClaim]:
    """Those of the claims that count, each given with whether it is retracted, judged now."""
    if not unjudged:
        return
    found = moment.connection.execute(SELECT_BODIES, {**bounds, "ids": list(unjudged)}).fetchall()
    made = [body for kind, stored in found if isinstance(body := decode_body(kind, stored), Claim)]
    outcomes = judge_claims(moment, made, {claim for claim, retracted in unjudged.items() if retracted})
    for claim in made:
        yield JudgedClaim(
            id=claim.id,
            actor=claim.by,
            voice=speakers[claim.by],
            effect=claim.occurred.earliest,
            outcome=outcomes[claim.id].value,
            lead_days=outcomes[claim.id].lead_days,
        )
