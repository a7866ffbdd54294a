"""An actor's record: what became of its claims, counted by one rule (docs/outcomes.md#records).

Open claims are counted openly. Claims of one voice that are one report, told more than once, count once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from domain.outcomes import OUTCOMES, OutcomeValue


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedClaim:
    """A claim as a record counts it: who made it with which voice, when it took effect, what became of it.

    `lead_days` is set for a claim that is borne out: to the first assessment that does so.
    """

    id: str
    actor: str
    voice: str
    effect: datetime
    outcome: OutcomeValue
    lead_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """Claims of one actor that came out alike, counted already: none of them is one report with another."""

    actor: str
    outcome: OutcomeValue
    claims: int
    leads: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A count of claims.

    `claims` counts every one; `distinct` counts those of one voice that are one report once. `outcomes` has
    all values, and adds up to `distinct`. `median_lead_days` rests on `leads` claims that are borne out.
    """

    claims: int
    distinct: int
    outcomes: Mapping[OutcomeValue, int]
    median_lead_days: float | None
    leads: int


def tally(
    counted: Iterable[Counted], claims: Iterable[JudgedClaim], clusters: Mapping[str, frozenset[str]]
) -> Tally:
    """Adds up what is counted already and single claims.

    `clusters` has what is one report with a claim; a claim that is missing from it stands alone.
    """
    every = [*claims]
    first = first_told(every, clusters)
    parts = [*counted, *map(_count_one, first)]
    outcomes: dict[OutcomeValue, int] = dict.fromkeys(OUTCOMES, 0)
    for part in parts:
        outcomes[part.outcome] += part.claims
    distinct = sum(outcomes.values())
    leads = [lead for part in parts for lead in part.leads]
    return Tally(
        claims=distinct + len(every) - len(first),
        distinct=distinct,
        outcomes=outcomes,
        median_lead_days=median_lead(leads),
        leads=len(leads),
    )


def _count_one(claim: JudgedClaim) -> Counted:
    leads = () if claim.lead_days is None else (claim.lead_days,)
    return Counted(actor=claim.actor, outcome=claim.outcome, claims=1, leads=leads)


def tally_by_actor(
    counted: Collection[Counted], claims: Collection[JudgedClaim], clusters: Mapping[str, frozenset[str]]
) -> dict[str, Tally]:
    """The same for each actor alone, by id. A report that two actors told counts for both."""
    return {
        actor: tally(
            [part for part in counted if part.actor == actor],
            [claim for claim in claims if claim.actor == actor],
            clusters,
        )
        for actor in sorted({part.actor for part in counted} | {claim.actor for claim in claims})
    }


def first_told(claims: Iterable[JudgedClaim], clusters: Mapping[str, frozenset[str]]) -> list[JudgedClaim]:
    """One claim of each cluster and voice: the one that took effect first, then by id."""
    alone: list[JudgedClaim] = []
    first: dict[tuple[frozenset[str], str], JudgedClaim] = {}
    for claim in claims:
        cluster = clusters.get(claim.id)
        if cluster is None:
            alone.append(claim)
            continue
        key = (cluster, claim.voice)
        earlier = first.get(key)
        if earlier is None or (claim.effect, claim.id) < (earlier.effect, earlier.id):
            first[key] = claim
    return [*alone, *first.values()]


def median_lead(leads: Sequence[float]) -> float | None:
    """The middle lead in days, or halfway between the two in the middle; None when there is none."""
    return float(median(leads)) if leads else None
