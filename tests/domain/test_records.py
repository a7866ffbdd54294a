"""Records: claims counted by outcome, reports told twice counted once, and the median of their leads."""

from __future__ import annotations

import random
from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.outcomes import OUTCOMES, OutcomeValue
from domain.records import Counted, JudgedClaim, Tally, first_told, median_lead, tally, tally_by_actor
from tests.domain.builders import instant

leads = st.floats(min_value=-10_000, max_value=10_000, allow_nan=False)


def judged(id: str, outcome: OutcomeValue = "open", lead: float | None = None, **fields: Any) -> JudgedClaim:
    filled: dict[str, Any] = {"actor": "army", "voice": "party", "effect": instant(1), **fields}
    return JudgedClaim(id=id, outcome=outcome, lead_days=lead, **filled)


def counts(total: Tally) -> dict[str, int]:
    return {value: count for value, count in total.outcomes.items() if count}


# The counts


def test_of_nothing_everything_is_zero() -> None:
    assert tally([], [], {}) == Tally(
        claims=0, distinct=0, outcomes=dict.fromkeys(OUTCOMES, 0), median_lead_days=None, leads=0
    )


def test_every_claim_is_counted_by_its_outcome_open_ones_too() -> None:
    total = tally([], [judged("a"), judged("b"), judged("c", "borne-out", 3.0), judged("d", "retracted")], {})
    assert list(total.outcomes) == list(OUTCOMES)
    assert counts(total) == {"open": 2, "borne-out": 1, "retracted": 1}
    assert (total.claims, total.distinct, total.median_lead_days, total.leads) == (4, 4, 3.0, 1)


def test_one_report_told_twice_by_a_voice_counts_once_as_what_took_effect_first() -> None:
    first, again = judged("b", "contradicted", effect=instant(1)), judged("a", "open", effect=instant(2))
    both = frozenset({"a", "b", "elsewhere"})
    total = tally([], [again, first], {"a": both, "b": both})
    assert (total.claims, total.distinct, counts(total)) == (2, 1, {"contradicted": 1})
    assert first_told([first, again], {"a": both, "b": both}) == [first]


def test_what_took_effect_together_is_told_apart_by_id() -> None:
    both = frozenset({"a", "b"})
    assert first_told([judged("b"), judged("a")], {"a": both, "b": both}) == [judged("a")]


def test_the_same_report_by_two_voices_is_two_claims() -> None:
    both = frozenset({"a", "b"})
    total = tally([], [judged("a"), judged("b", voice="other")], {"a": both, "b": both})
    assert (total.claims, total.distinct) == (2, 2)


def test_each_actor_counts_what_two_of_them_told() -> None:
    both = frozenset({"a", "b"})
    claims = [judged("a", "borne-out", 2.0), judged("b", "borne-out", 4.0, actor="ministry")]
    clusters = {"a": both, "b": both}
    assert tally([], claims, clusters).distinct == 1
    by_actor = tally_by_actor([], claims, clusters)
    assert list(by_actor) == ["army", "ministry"]
    assert [each.median_lead_days for each in by_actor.values()] == [2.0, 4.0]


# The median


def test_the_median_of_an_even_number_lies_half_way() -> None:
    assert median_lead([4.0, -2.0]) == 1.0
    assert median_lead([9.0, 4.0, -2.0]) == 4.0
    assert median_lead([]) is None


@for_all(st.lists(leads, min_size=1))
def test_as_many_leads_lie_below_the_median_as_above(found: list[float]) -> None:
    middle = median_lead(found)
    assert middle is not None
    assert min(found) <= middle <= max(found)
    below, above = sum(lead < middle for lead in found), sum(lead > middle for lead in found)
    assert below <= len(found) / 2
    assert above <= len(found) / 2


@for_all(st.lists(leads, min_size=1), st.randoms())
def test_the_order_of_the_leads_plays_no_part(found: list[float], choose: random.Random) -> None:
    shuffled = list(found)
    choose.shuffle(shuffled)
    assert median_lead(shuffled) == median_lead(found)


@for_all(st.lists(st.integers(-1000, 1000), min_size=1), st.integers(-1000, 1000))
def test_claims_that_all_came_earlier_move_the_median_by_as_much(found: list[int], days: int) -> None:
    moved = median_lead([float(lead + days) for lead in found])
    assert moved == (median_lead([float(lead) for lead in found]) or 0.0) + days


@for_all(st.lists(leads, min_size=1, max_size=20))
def test_a_lead_that_grows_never_lowers_the_median(found: list[float]) -> None:
    medians = [median_lead([*found[:place], 20_000.0, *found[place + 1 :]]) for place in range(len(found))]
    assert all(grown is not None and grown >= (median_lead(found) or 0.0) for grown in medians)


# What the counts have in common

effects = st.integers(1, 5).map(instant)


@st.composite
def told(draw: st.DrawFn) -> tuple[list[JudgedClaim], dict[str, frozenset[str]]]:
    """Claims of two actors of one voice and a third of its own, some of them in one cluster."""
    claims = []
    groups: dict[int, set[str]] = {}
    for number in range(draw(st.integers(0, 12))):
        outcome = draw(st.sampled_from(OUTCOMES))
        actor = draw(st.sampled_from(("army", "ministry", "paper")))
        effect: datetime = draw(effects)
        claim = judged(
            f"c{number:02}",
            outcome,
            draw(leads) if outcome == "borne-out" else None,
            actor=actor,
            voice="paper" if actor == "paper" else "party",
            effect=effect,
        )
        claims.append(claim)
        groups.setdefault(draw(st.integers(0, 6)), set()).add(claim.id)
    clusters = {id: frozenset(group) for group in groups.values() if len(group) > 1 for id in group}
    return claims, clusters


@for_all(told())
def test_the_outcomes_add_up_to_the_distinct_claims(made: tuple[list[JudgedClaim], Any]) -> None:
    total = tally([], *made)
    assert sum(total.outcomes.values()) == total.distinct <= total.claims == len(made[0])
    assert total.leads == total.outcomes["borne-out"]
    assert (total.median_lead_days is None) == (total.leads == 0)


@for_all(told(), st.randoms())
def test_the_order_of_the_claims_plays_no_part(
    made: tuple[list[JudgedClaim], dict[str, frozenset[str]]], choose: random.Random
) -> None:
    claims, clusters = made
    shuffled = list(claims)
    choose.shuffle(shuffled)
    assert tally([], shuffled, clusters) == tally([], claims, clusters)
    assert tally_by_actor([], shuffled, clusters) == tally_by_actor([], claims, clusters)


@for_all(told())
def test_what_stands_alone_may_be_counted_beforehand(
    made: tuple[list[JudgedClaim], dict[str, frozenset[str]]],
) -> None:
    claims, clusters = made
    counted = [
        Counted(
            actor=claim.actor,
            outcome=claim.outcome,
            claims=1,
            leads=() if claim.lead_days is None else (claim.lead_days,),
        )
        for claim in claims
        if claim.id not in clusters
    ]
    single = [claim for claim in claims if claim.id in clusters]
    assert tally(counted, single, clusters) == tally([], claims, clusters)
    assert tally_by_actor(counted, single, clusters) == tally_by_actor([], claims, clusters)


@for_all(told())
def test_nothing_is_lost_between_the_actors(made: tuple[list[JudgedClaim], Any]) -> None:
    by_actor = tally_by_actor([], *made)
    assert sum(each.claims for each in by_actor.values()) == len(made[0])
    assert all(one < other for one, other in pairwise(by_actor))
