"""What made a change: each combination of clocks and editing, thought through, and what holds for all."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.comparisons import compare_states
from domain.kinds.claims import Claim
from domain.shares import ALL, MOST, NONE, PART, Share
from domain.standpoints import Speaker, Standpoint, differs, explain, standing_of
from domain.states import state_at
from domain.supports import as_it_stood
from tests.domain.builders import (
    assesses,
    claims,
    confirms,
    day,
    days,
    denies,
    develop,
    encircled,
    end_of,
    lifted,
    renounces,
)
from tests.domain.sides import made, side, sides, state_of
from tests.domain.strategies import on_ledgers

CLAIM = claims("claim", "russia", day(5))
LATER = claims("later", "russia", day(8), PART)
DENIAL = denies("denial", "ukraine", day(6), "claim")
RENOUNCED = renounces("renounced", "russia", day(9), "claim")
RUSSIA, UKRAINE, STATUS = ("position", "russia"), ("position", "ukraine"), ("status", "")


# One clock at a time


def test_what_was_recorded_since_made_it() -> None:
    found = made(side(CLAIM), side(CLAIM, LATER))
    assert found[RUSSIA] == ("later",)
    assert found[STATUS] == ("later",)
    assert explain("later", side(CLAIM), side(CLAIM, LATER)) == ("recorded",)


def test_what_it_took_the_place_of_counts_alike_and_is_not_named() -> None:
    assert made(side(CLAIM), side(CLAIM, LATER))[RUSSIA] == ("later",)
    assert made(side(CLAIM, LATER), side(CLAIM))[RUSSIA] == ("later",)


def test_what_takes_a_word_back_is_named_though_nothing_rests_on_it() -> None:
    found = made(side(CLAIM), side(CLAIM, RENOUNCED))
    assert found[RUSSIA] == ("renounced",)
    assert made(side(CLAIM, RENOUNCED), side(CLAIM))[RUSSIA] == ("renounced",)


def test_what_lifts_an_encirclement_is_named() -> None:
    report, lift = encircled("report", "ukraine", day(5)), lifted("lift", "ukraine", day(7))
    too_early = lifted("too-early", "ukraine", day(3))
    found = made(side(report), side(report, lift, too_early))
    assert found == {("encirclement", "ukraine / direct / russia"): ("lift",)}


def test_time_alone_may_make_it() -> None:
    wide = claims("wide", "russia", days(5, 10))
    before, after = side(wide, valid=end_of(7)), side(wide, valid=end_of(12))
    assert made(before, after)[RUSSIA] == ("wide",)
    assert explain("wide", before, after) == ("window",)


def test_a_lapse_is_made_by_what_lapsed() -> None:
    throughout = claims("throughout", "russia", days(5, 10), during="throughout")
    assert made(side(throughout, valid=end_of(7)), side(throughout, valid=end_of(12)))[RUSSIA] == (
        "throughout",
    )


def test_a_window_that_passed_made_nothing_where_something_else_was_said_since() -> None:
    wide = claims("wide", "russia", days(5, 7))
    assert made(side(wide, LATER, valid=end_of(6)), side(wide, LATER, valid=end_of(9)))[RUSSIA] == ("later",)


# What an answer says follows from the claim


def test_a_correction_of_the_claim_makes_what_denies_it_say_something_else() -> None:
    corrected = replace(CLAIM, share=PART)
    found = made(side(CLAIM, DENIAL), side(corrected, DENIAL))
    assert found[UKRAINE] == ("claim",)
    assert found[RUSSIA] == ("claim",)


def test_a_retraction_of_the_claim_takes_away_what_denies_it() -> None:
    assert made(side(CLAIM, DENIAL), side(DENIAL, retracted=[CLAIM]))[UKRAINE] == ("claim",)


def test_the_claim_matters_to_its_answer_even_where_it_is_about_another_place_and_not_public() -> None:
    elsewhere = replace(CLAIM, at=("there",), reported=day(29))
    one, other = (
        side(body, DENIAL, known=end_of(20)) for body in (elsewhere, replace(elsewhere, share=PART))
    )
    assert made(one, other)[UKRAINE] == ("claim",)
    assert explain("claim", one, other) == ("corrected",)


def test_what_a_denial_leaves_depends_on_what_its_voice_held_before() -> None:
    """It stands by what excludes the claim; something in between that does not makes it a denial alone."""
    holds = claims("holds", "ukraine", day(3), MOST)
    between = claims("between", "ukraine", day(4), Share(min=0, max=0.1))
    assert made(side(holds, CLAIM, DENIAL), side(holds, between, CLAIM, DENIAL))[UKRAINE] == ("between",)


# Several clocks at once


def test_a_development_recorded_since_that_was_not_public_then_either() -> None:
    late = replace(LATER, reported=day(15))
    one, other = side(CLAIM, known=end_of(10)), side(CLAIM, late, known=end_of(20))
    assert made(one, other)[RUSSIA] == ("later",)
    assert explain("later", one, other) == ("recorded", "became-public")
    assert (standing_of("later", one, other), standing_of("later", other, one)) == ("not-recorded", "counts")
    assert explain("later", other, one) == ("not-recorded", "not-public")


def test_a_development_corrected_and_newly_public() -> None:
    late, corrected = replace(CLAIM, reported=day(15)), replace(CLAIM, reported=day(15), share=PART)
    one, other = side(late, known=end_of(10)), side(corrected, known=end_of(20))
    assert made(one, other)[RUSSIA] == ("claim",)
    assert explain("claim", one, other) == ("corrected", "became-public")


def test_a_correction_alone_made_it_public() -> None:
    """The date of publication was misread: at either known clock the correct one had passed."""
    late = replace(CLAIM, reported=day(29))
    one, other = side(late, known=end_of(10)), side(CLAIM, known=end_of(20))
    assert explain("claim", one, other) == ("corrected",)
    assert (standing_of("claim", one, other), standing_of("claim", other, one)) == ("not-public", "counts")


def test_a_correction_counts_on_both_sides_though_its_dates_lie_between_the_clocks() -> None:
    later = replace(CLAIM, reported=day(15), share=PART)
    assert explain("claim", side(CLAIM, known=end_of(10)), side(later, known=end_of(20))) == ("corrected",)


def test_a_development_retracted_on_the_older_side() -> None:
    """Compared against a later log position: it counts at the clocks because it was not retracted yet."""
    one, other = side(retracted=[CLAIM]), side(CLAIM)
    assert made(one, other)[RUSSIA] == ("claim",)
    assert explain("claim", one, other) == ("retracted",)
    assert standing_of("claim", one, other) == "retracted"


def test_a_development_recorded_and_retracted_in_between_made_nothing_of_the_state() -> None:
    one, other = side(LATER), side(LATER, retracted=[CLAIM])
    assert made(one, other) == {}
    assert explain("claim", one, other) == ("recorded", "retracted")


def test_a_development_moved_to_another_place_by_a_correction() -> None:
    moved = replace(CLAIM, at=("there",))
    one, other = side(CLAIM), side(moved)
    assert made(one, other)[RUSSIA] == ("claim",)
    assert explain("claim", one, other) == ("corrected",)
    assert (standing_of("claim", one, other), standing_of("claim", other, one)) == ("counts", "elsewhere")


def test_another_place_added_by_a_correction_makes_nothing_here() -> None:
    assert made(side(CLAIM), side(replace(CLAIM, at=("here", "there"), reliability="A"))) == {}


def test_a_correction_that_was_overtaken_is_not_named() -> None:
    corrected = replace(CLAIM, share=MOST)
    assert made(side(CLAIM), side(corrected, LATER))[RUSSIA] == ("later",)


def test_where_each_of_two_would_have_been_enough_both_are_named() -> None:
    assessed = assesses("assessed", "isw", day(5), {"russia": ALL})
    confirmed = confirms("confirmed", "isw", day(9), "gone")
    gone = renounces("gone-back", "isw", day(10), "claim")
    found = made(side(CLAIM, assessed), side(CLAIM, confirmed, gone, retracted=[assessed]))
    assert found["position", "isw"] == ("assessed", "gone-back")


def test_taken_effect_and_public_only_at_the_clocks() -> None:
    one = side(CLAIM, valid=end_of(4), known=end_of(4))
    assert explain("claim", one, side(CLAIM)) == ("became-public", "took-effect")
    assert explain("claim", side(CLAIM), one) == ("not-public", "not-in-effect")


# Voices


def test_an_actor_described_anew_speaks_with_another_voice() -> None:
    said = claims("said", "zelensky", day(5))
    alone = {"zelensky": Speaker(voice="zelensky", kind="official")}
    one, other = side(said), side(said, described=alone)
    found = made(one, other)
    assert found[UKRAINE] == ("said",)
    assert found["position", "zelensky"] == ("said",)
    assert explain("said", one, other) == ("voice",)


def test_another_voice_makes_nothing_of_a_visit() -> None:
    visit = develop("visit-reported", "visit", day(5), by="zelensky", visitor="zelensky")
    later = develop("visit-reported", "later-visit", day(8), by="ukraine", visitor="zelensky")
    alone = {"zelensky": Speaker(voice="zelensky", kind="official")}
    assert made(side(visit), side(visit, later, described=alone)) == {("visit", ""): ("later-visit",)}


def test_a_voice_described_anew_is_no_reason_for_what_was_not_recorded_then() -> None:
    said = claims("said", "zelensky", day(5))
    alone = {"zelensky": Speaker(voice="zelensky", kind="official")}
    assert explain("said", side(), side(said, described=alone)) == ("recorded",)


# The status and disagreements


def test_a_voice_that_has_no_part_in_a_dispute_made_nothing_of_it() -> None:
    bystander = assesses("bystander", "isw", day(7), {"russia": Share(min=0, max=1)})
    found = made(side(CLAIM), side(CLAIM, DENIAL, bystander))
    assert found[STATUS] == ("denial",)
    assert found["position", "isw"] == ("bystander",)


def test_an_older_word_that_makes_a_dispute_last_longer_is_named() -> None:
    said, again = claims("said", "ukraine", day(6)), claims("again", "ukraine", day(9))
    found = made(side(CLAIM, again), side(CLAIM, said, again))
    assert found == {("disagreement", "russia / ukraine"): ("said",)}


def test_a_withdrawal_from_a_dispute_ends_it() -> None:
    gone = claims("gone", "russia", day(9), NONE)
    assert made(side(CLAIM, DENIAL), side(CLAIM, DENIAL, gone))["disagreement", "russia / ukraine"] == (
        "gone",
    )


# What holds for every pair of sides


def claimed(name: str, told: Standpoint) -> object:
    body = told.held.get(name)
    return body.control if isinstance(body, Claim) else None


@on_ledgers
@for_all(sides())
def test_every_change_is_made_by_what_does_not_stand_alike_on_both_sides(
    pair: tuple[Standpoint, Standpoint],
) -> None:
    one, other = pair
    for names in made(one, other).values():
        assert names
        for name in names:
            assert explain(name, one, other)
            counts_otherwise = differs(name, one, other, depth="certainty", voiced=True)
            assert counts_otherwise or claimed(name, one) != claimed(name, other)


@on_ledgers
@for_all(sides(), st.integers(0, 7))
def test_a_development_that_alone_stands_otherwise_made_every_change(
    pair: tuple[Standpoint, Standpoint], number: int
) -> None:
    one, other = pair
    held = {name: body for name, body in one.held.items() if name != f"d{number}"}
    if (body := other.held.get(f"d{number}")) is not None:
        held[body.id] = body
    for names in made(one, replace(one, held=held)).values():
        assert names == (f"d{number}",)


@on_ledgers
@for_all(sides())
def test_either_each_maker_is_needed_or_each_is_one_of_several_that_are_enough(
    pair: tuple[Standpoint, Standpoint],
) -> None:
    """Where one maker is needed by itself, each of them is: nothing is named beside it for company."""
    one, other = pair
    # With the same valid and known clocks, a development stands otherwise only by what was recorded.
    one = replace(one, valid_before=other.valid_before, known_before=other.known_before)
    for part, names in made(one, other).items():
        if part[0] in ("status", "position", "disagreement"):
            alone = [state_at(as_it_stood(name, other.view(), one), other.valid_before) for name in names]
            needed = [
                part in {(each.aspect, each.key) for each in compare_states(state, state_of(other))}
                for state in alone
            ]
            assert all(needed) or not any(needed)


@on_ledgers
@for_all(sides())
def test_the_same_changes_differ_the_other_way_round_and_none_from_itself(
    pair: tuple[Standpoint, Standpoint],
) -> None:
    one, other = pair
    assert made(one, other).keys() == made(other, one).keys()
    assert made(one, one) == {}
