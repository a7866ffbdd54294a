"""The outcome of a claim, by the rule `outcome/1`."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import Judgement, Outcome, fold_ground, judge_claim
from domain.shares import ALL, MOST, NONE, PART, Share
from tests.domain.builders import (
    BOTH_PART,
    MICROSECOND,
    about,
    assesses,
    between,
    claims,
    confirms,
    day,
    days,
    denies,
    end_of,
    given,
    instant,
    number,
    renounces,
    repeats,
    withdraws,
)

LATER = end_of(28)
CLAIM = claims("c", "russian-army", day(10), holder="russia")
RUSSIA_HAS_ALL, RUSSIA_HAS_NONE = {"russia": ALL}, {"russia": NONE}


def judge(*others: Development, claim: Claim = CLAIM, before: datetime = LATER) -> Outcome:
    return judge_claim(claim, [fold_ground(given(claim, *others), before)], retracted=False)


def verdicts(outcome: Outcome) -> list[tuple[str, str, str, float | None]]:
    return [(said.voice, said.verdict, said.development, said.lead_days) for said in outcome.assessors]


# The values


def test_every_answer_names_the_rule() -> None:
    assert judge().rule == "outcome/1"


def test_a_claim_that_no_assessor_judges_is_open() -> None:
    assert judge() == Outcome(value="open", rule="outcome/1", assessors=())


def test_a_claim_that_has_not_taken_effect_is_open() -> None:
    assessment = assesses("a", "isw", day(1), RUSSIA_HAS_ALL)
    assert judge(assessment, before=instant(10)).value == "open"
    assert judge(assessment, before=instant(10) + MICROSECOND).value == "borne-out"


def test_a_claim_within_which_an_assessor_later_stands_is_borne_out() -> None:
    assert judge(assesses("a", "isw", day(14), RUSSIA_HAS_ALL)) == Outcome(
        value="borne-out",
        rule="outcome/1",
        assessors=(
            Judgement(voice="isw", verdict="bears-out", development="a", since=instant(14), lead_days=4.0),
        ),
    )


def test_a_claim_with_which_an_assessor_disagrees_is_contradicted() -> None:
    outcome = judge(assesses("a", "isw", day(14), BOTH_PART))
    assert outcome.value == "contradicted"
    assert verdicts(outcome) == [("isw", "contradicts", "a", None)]


def test_a_claim_on_which_assessors_differ_is_disputed() -> None:
    outcome = judge(
        assesses("a", "isw", day(14), RUSSIA_HAS_ALL), assesses("b", "deepstate", day(15), BOTH_PART)
    )
    assert outcome.value == "disputed"
    assert [said.verdict for said in outcome.assessors] == ["contradicts", "bears-out"]


def test_an_assessor_that_decides_nothing_leaves_it_open() -> None:
    assert judge(assesses("a", "isw", day(14), {"russia": between(0.9, 1)})) == judge()


def test_a_retracted_claim_is_retracted_whatever_assessors_say() -> None:
    ground = fold_ground(given(CLAIM, assesses("a", "isw", day(14), RUSSIA_HAS_ALL)), LATER)
    outcome = judge_claim(CLAIM, [ground], retracted=True)
    assert (outcome.value, outcome.assessors) == ("retracted", ())


def test_a_claim_its_voice_takes_back_is_renounced() -> None:
    outcome = judge(assesses("a", "isw", day(14), RUSSIA_HAS_ALL), renounces("n", "russia", day(20), "c"))
    assert (outcome.value, outcome.assessors) == ("renounced", ())


def test_until_it_is_renounced_it_is_judged() -> None:
    others = (assesses("a", "isw", day(14), RUSSIA_HAS_ALL), renounces("n", "russia", day(20), "c"))
    assert judge(*others, before=end_of(19)).value == "borne-out"


def test_nobody_renounces_a_claim_for_another_voice() -> None:
    assert judge(renounces("n", "ukraine", day(20), "c")).value == "open"


def test_renouncing_another_claim_leaves_this_one_to_be_judged() -> None:
    other = claims("c2", "russia", day(9), PART)
    assert judge(other, renounces("n", "russia", day(20), "c2")).value == "open"


# Who judges


def test_parties_and_outlets_do_not_judge() -> None:
    outcome = judge(
        denies("d", "ukraine", day(11), "c"),
        claims("o", "outlet", day(12), holder="russia"),
    )
    assert outcome.value == "open"


def test_an_assessor_does_not_judge_itself() -> None:
    claim = claims("c", "isw", day(10), holder="russia")
    assert judge(claim=claim).value == "open"


def test_an_assessor_may_answer_instead_of_assessing() -> None:
    assert judge(denies("d", "isw", day(11), "c")).value == "contradicted"
    assert judge(confirms("k", "isw", day(11), "c")).value == "borne-out"


@pytest.mark.parametrize(
    ("claim", "control", "value"),
    [
        (claims("c", "ukraine", day(10), PART), {"ukraine": PART}, "borne-out"),
        (claims("c", "ukraine", day(10), PART), {"ukraine": number(0.3)}, "borne-out"),
        (claims("c", "ukraine", day(10), PART), {"russia": PART}, "open"),
        (claims("c", "ukraine", day(10), PART), {"russia": ALL}, "contradicted"),
        (claims("c", "ukraine", day(10), MOST), {"ukraine": PART}, "open"),
        (claims("c", "ukraine", day(10), between(0.016, 0.05)), {"ukraine": number(0.03)}, "borne-out"),
        (claims("c", "ukraine", day(10), between(0, 0.5)), {"russia": MOST}, "borne-out"),
        (claims("c", "ukraine", day(10), number(1 / 3)), {"ukraine": number(1 / 3)}, "borne-out"),
        (withdraws("c", "russia", day(10)), {"ukraine": ALL}, "borne-out"),
        (withdraws("c", "russia", day(10)), {"ukraine": PART}, "open"),
        (withdraws("c", "russia", day(10)), {"russia": PART}, "contradicted"),
    ],
)
def test_what_is_implied_judges_like_what_is_stated(
    claim: Claim, control: dict[str, Share], value: str
) -> None:
    assert judge(assesses("a", "isw", day(12), control), claim=claim).value == value


# When


def test_an_assessment_taken_earlier_that_still_stands_counts() -> None:
    outcome = judge(assesses("a", "isw", day(3), RUSSIA_HAS_ALL))
    assert verdicts(outcome) == [("isw", "bears-out", "a", -7.0)]


@pytest.mark.parametrize(
    "end",
    [
        assesses("b", "isw", day(10), {"russia": between(0.9, 1)}),
        assesses("b", "isw", day(9), {"russia": between(0.9, 1)}),
    ],
    ids=["as the claim took effect", "before"],
)
def test_one_that_was_replaced_by_then_does_not(end: Development) -> None:
    assert judge(assesses("a", "isw", day(3), RUSSIA_HAS_ALL), end).value == "open"


def test_the_lead_is_that_of_the_one_that_still_stood() -> None:
    replaced = assesses("a", "isw", day(3), RUSSIA_HAS_ALL)
    outcome = judge(replaced, assesses("b", "isw", day(7), RUSSIA_HAS_ALL))
    assert verdicts(outcome) == [("isw", "bears-out", "b", -3.0)]


@pytest.mark.parametrize(("last_day", "value"), [(9, "open"), (10, "borne-out"), (12, "borne-out")])
def test_one_that_had_lapsed_by_then_does_not(last_day: int, value: str) -> None:
    assessment = assesses("a", "isw", days(3, last_day), RUSSIA_HAS_ALL, during="throughout")
    assert judge(assessment).value == value


def test_one_that_the_assessor_took_back_does_not() -> None:
    own = claims("o", "isw", day(11), NONE, holder="russia")
    assert judge(own).value == "contradicted"
    assert judge(own, renounces("n", "isw", day(13), "o")).value == "open"


def test_the_latest_assessment_decides() -> None:
    bears_out = assesses("a", "isw", day(12), RUSSIA_HAS_ALL)
    contradicts = assesses("b", "isw", day(15), BOTH_PART)
    undecided = assesses("u", "isw", day(18), {"russia": between(0.9, 1)})
    assert judge(bears_out, contradicts).value == "contradicted"
    assert judge(bears_out, contradicts, before=end_of(14)).value == "borne-out"
    assert judge(bears_out, contradicts, undecided).value == "open"


def test_the_lead_is_counted_to_the_first_that_bears_it_out() -> None:
    outcome = judge(
        assesses("a", "isw", day(12), BOTH_PART),
        assesses("b", "isw", day(15), RUSSIA_HAS_ALL),
        assesses("d", "isw", day(20), RUSSIA_HAS_ALL),
    )
    assert verdicts(outcome) == [("isw", "bears-out", "b", 5.0)]


def test_the_lead_is_counted_from_the_earliest_instant_of_effect() -> None:
    claim = claims("c", "russia", about(10))
    assert verdicts(judge(assesses("a", "isw", day(10), RUSSIA_HAS_ALL), claim=claim)) == [
        ("isw", "bears-out", "a", 2.0)
    ]


def test_what_is_replaced_in_the_instant_it_takes_effect_judges_nothing() -> None:
    outcome = judge(
        assesses("a", "isw", day(12), RUSSIA_HAS_ALL),
        assesses("b", "isw", day(12), {"russia": between(0.9, 1)}),
        assesses("d", "isw", day(20), RUSSIA_HAS_ALL),
    )
    assert verdicts(outcome) == [("isw", "bears-out", "d", 10.0)]


# Until the claimant says something else


def test_assessments_after_the_claimant_gave_up_do_not_count() -> None:
    gives_up = withdraws("w", "russia", day(15))
    bears_out = assesses("a", "isw", day(12), RUSSIA_HAS_ALL)
    later = assesses("b", "isw", day(15), RUSSIA_HAS_NONE)
    assert judge(bears_out, gives_up, later).value == "borne-out"
    assert judge(gives_up, later).value == "open"


def test_repeating_or_narrowing_a_claim_without_contradiction_is_not_giving_up() -> None:
    claim = claims("c", "russia", day(10), PART)
    outcome = judge(
        repeats("r", "russia", day(12), "c"),
        claims("c2", "russia", day(13), number(0.4)),
        assesses("a", "isw", day(15), {"russia": number(0.4)}),
        claim=claim,
    )
    assert outcome.value == "borne-out"


def test_what_the_claimant_said_before_is_not_giving_up() -> None:
    outcome = judge(withdraws("w", "russia", day(3)), assesses("a", "isw", day(15), RUSSIA_HAS_ALL))
    assert outcome.value == "borne-out"


def test_a_claim_replaced_in_the_instant_it_took_effect_is_judged_by_nothing() -> None:
    withdrawal = withdraws("w", "russia", day(10))
    assert judge(withdrawal, assesses("a", "isw", day(3), RUSSIA_HAS_NONE)).value == "open"


def test_a_claim_that_comes_last_of_the_same_instant_is_the_one_that_stands() -> None:
    withdrawal = withdraws("b", "russia", day(10))
    assert judge(withdrawal, assesses("a", "isw", day(3), RUSSIA_HAS_NONE)).value == "contradicted"


def test_a_claim_for_an_interval_is_judged_within_it() -> None:
    claim = claims("c", "russia", days(10, 14), during="throughout")
    contradicts = (assesses("a", "isw", day(14), BOTH_PART), assesses("a", "isw", day(15), BOTH_PART))
    assert judge(contradicts[0], claim=claim).value == "contradicted"
    assert judge(contradicts[1], claim=claim).value == "open"


# Several places


def judge_everywhere(claim: Claim, here: list[Development], there: list[Development]) -> Outcome:
    views = [given(claim, *here), given(claim, *there, location="there")]
    return judge_claim(claim, [fold_ground(view, LATER) for view in views], retracted=False)


BOTH_PLACES = claims("c", "russia", day(10), at=("here", "there"))


def test_a_claim_of_two_places_is_borne_out_when_both_are_and_since_the_latter() -> None:
    here, there = assesses("a", "isw", day(12), RUSSIA_HAS_ALL), assesses("b", "isw", day(16), RUSSIA_HAS_ALL)
    assert verdicts(judge_everywhere(BOTH_PLACES, [here], [there])) == [("isw", "bears-out", "b", 6.0)]
    assert judge_everywhere(BOTH_PLACES, [here], []).value == "open"


def test_a_claim_of_two_places_is_contradicted_when_either_is() -> None:
    here, there = assesses("a", "isw", day(12), RUSSIA_HAS_ALL), assesses("b", "isw", day(16), BOTH_PART)
    outcome = judge_everywhere(BOTH_PLACES, [here], [there])
    assert outcome.value == "contradicted"
    assert verdicts(outcome) == [("isw", "contradicts", "b", None)]
    assert judge_everywhere(BOTH_PLACES, [there], []).value == "contradicted"


def test_assessors_may_differ_from_place_to_place() -> None:
    isw = [assesses("a", "isw", day(12), RUSSIA_HAS_ALL)]
    both = [*isw, assesses("b", "deepstate", day(12), BOTH_PART)]
    assert judge_everywhere(BOTH_PLACES, isw, both).value == "disputed"


def test_a_claim_renounced_for_one_place_is_judged_by_the_other() -> None:
    renounced = renounces("n", "russia", day(12), "c")
    contradicts = assesses("a", "isw", day(11), BOTH_PART)
    assert judge_everywhere(BOTH_PLACES, [renounced], [renounced]).value == "renounced"
    assert judge_everywhere(BOTH_PLACES, [renounced, contradicts], []).value == "open"
    assert judge_everywhere(BOTH_PLACES, [renounced], [contradicts]).value == "contradicted"
