"""What made a claim come out otherwise: assessments, words taken back, and what ended the judging."""

from __future__ import annotations

from dataclasses import replace

from domain.claim_makers import JudgedSide, find_outcome_makers
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import fold_ground, judge_claim
from domain.shares import ALL, NONE
from domain.standpoints import Speaker, Standpoint
from tests.domain.builders import assesses, claims, day, end_of, renounces
from tests.domain.sides import side

CLAIM = claims("claim", "russia", day(5))
AGAINST = assesses("against", "isw", day(8), {"russia": NONE})
FOR = assesses("for", "isw", day(8), {"russia": ALL})
NO_ASSESSOR = {"isw": Speaker(voice="isw", kind="outlet")}


def judged(told: Standpoint) -> JudgedSide:
    claim = told.held["claim"]
    assert isinstance(claim, Claim)
    grounds = [fold_ground(told.view(place), told.valid_before) for place in claim.at]
    outcome = judge_claim(claim, grounds, retracted=False)
    return JudgedSide(standpoint=told, claim=claim, outcome=outcome)


def makers(one: Standpoint, other: Standpoint) -> tuple[set[str], set[str]]:
    sides = judged(one), judged(other)
    assert sides[0].outcome != sides[1].outcome
    return find_outcome_makers(*sides)


def test_an_assessment_recorded_since() -> None:
    assert makers(side(CLAIM), side(CLAIM, AGAINST)) == ({"against"}, set())


def test_an_assessment_at_another_place_of_the_claim() -> None:
    both = replace(CLAIM, at=("here", "there"))
    there = replace(AGAINST, at=("there",))
    assert makers(side(both, valid=end_of(7)), side(both, there)) == ({"against"}, set())
    assert makers(side(both, there, valid=end_of(7)), side(both, there)) == ({"against"}, set())


def test_an_assessment_corrected() -> None:
    corrected = assesses("against", "isw", day(8), {"russia": ALL})
    assert makers(side(CLAIM, AGAINST), side(CLAIM, corrected)) == ({"against"}, set())


def test_the_claim_taken_back_by_its_voice() -> None:
    gone = renounces("gone", "russia", day(9), "claim")
    assert makers(side(CLAIM, AGAINST), side(CLAIM, AGAINST, gone)) == ({"gone"}, set())


def test_what_ended_the_judging_is_named_though_no_outcome_names_it() -> None:
    """The claimant said something incompatible before the assessment, so that this judges it no more."""
    withdrew: Development = claims("withdrew", "russia", day(7), NONE)
    still = claims("still", "russia", day(6))
    assert makers(side(CLAIM, AGAINST), side(CLAIM, AGAINST, withdrew, still)) == ({"withdrew"}, set())
    assert makers(side(CLAIM, AGAINST, withdrew, still), side(CLAIM, AGAINST)) == ({"withdrew"}, set())


def test_an_actor_that_became_an_assessor() -> None:
    one, other = side(CLAIM, FOR, described=NO_ASSESSOR), side(CLAIM, FOR)
    assert makers(one, other) == (set(), {"isw"})
