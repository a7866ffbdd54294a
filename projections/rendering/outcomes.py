"""The outcome of a claim under every bound from now on: a row for each spell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import zip_longest

from domain.kinds.claims import Claim
from domain.outcomes import OutcomeValue, counts, judge_claim, outcome_turns
from domain.times import before_instant
from projections.engine.projection import Row, Writer
from projections.rendering.grounds import Grounds

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


DROP_OUTCOMES = "DELETE FROM claim_outcomes WHERE claim_id = ANY(%s)"


def render_outcomes(writer: Writer, grounds: Grounds, places: set[str]) -> None:
    """Judges the claims about the places; one that waits at several is judged with the first of them."""
    due = [claim for claim in grounds.claims.values() if not places.isdisjoint(claim.at)]
    grounds.widen(due)
    due = [claim for claim in due if min(grounds.unjudged.intersection(claim.at)) in places]
    if due:
        writer.execute(DROP_OUTCOMES, ([claim.id for claim in due],))
    for claim in due:
        for row in _rendered(claim, grounds):
            writer.add("claim_outcomes", OUTCOME_COLUMNS, row)


def _rendered(claim: Claim, grounds: Grounds) -> Iterator[Row]:
    """A row for each spell of the claim, from the moment at which anything moved at a place of it last."""
    touched_at, touched_by = map(max, zip(*(grounds.moves[place] for place in claim.at), strict=True))
    before = before_instant(touched_at)
    turns = {turn for place in claim.at for turn in grounds.turns(place, before)}
    bounds = sorted({before, *turns, *outcome_turns([claim], before)})
    spells: list[tuple[datetime, OutcomeValue | None, float | None]] = []
    for bound in bounds:
        told = _judge(claim, grounds, bound)
        if not spells or spells[-1][1:] != told:
            spells.append((bound, *told))
    for (starts, value, lead), following in zip_longest(spells, spells[1:]):
        ends = following[0] if following is not None else None
        yield (claim.id, starts, ends, touched_by, claim.by, claim.occurred.earliest, value, lead)


def _judge(claim: Claim, grounds: Grounds, before: datetime) -> tuple[OutcomeValue | None, float | None]:
    """The outcome and the lead under the bound; no outcome while the claim does not count."""
    if not counts(claim, before):
        return None, None
    retracted = claim.id in grounds.retracted
    folded = [] if retracted else [grounds.fold(place, before) for place in claim.at]
    outcome = judge_claim(claim, folded, retracted=retracted)
    return outcome.value, outcome.lead_days
