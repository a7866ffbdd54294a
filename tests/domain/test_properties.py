"""What holds for every ledger, whatever was reported: checked on ledgers made at random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.kinds.claims import Claim
from domain.outcomes import Outcome, counts, fold_ground, judge_claim, outcome_turns
from domain.positions import PlaceView
from domain.states import PlaceState, next_change, state_at, trace_history, verdict_at
from domain.times import END_OF_TIME
from tests.domain import plain_reading
from tests.domain.builders import MICROSECOND, ids_named, instant
from tests.domain.strategies import MOVERS, SPEAKERS, bounds, on_ledgers, places, turning_points

AFTER_ALL = instant(100)


def bounds_around(view: PlaceView) -> list[datetime]:
    """Bounds at each instant where something changes, just after it, and half-way to the next."""
    turns = [instant(0), *turning_points(view), instant(30)]
    half_way = [one + (other - one) / 2 for one, other in pairwise(turns)]
    return sorted({*turns, *(turn + MICROSECOND for turn in turns), *half_way})


def claims_in(view: PlaceView) -> list[Claim]:
    return [development for development in view.developments if isinstance(development, Claim)]


def judge(claim: Claim, view: PlaceView, before: datetime) -> Outcome:
    return judge_claim(claim, [fold_ground(view, before)], retracted=False)


# The order of recording never matters


@on_ledgers
@for_all(places(), bounds, st.randoms(use_true_random=False))
def test_nothing_depends_on_the_order_in_which_developments_were_recorded(
    view: PlaceView, before: datetime, random: Any
) -> None:
    shuffled = list(view.developments)
    random.shuffle(shuffled)
    other = replace(view, developments=tuple(shuffled))
    assert state_at(other, before) == state_at(view, before)
    assert state_at(other.known_by(before), before) == state_at(view.known_by(before), before)
    assert trace_history(other, before) == trace_history(view, before)
    assert next_change(other, before) == next_change(view, before)
    for claim in claims_in(view):
        assert judge(claim, other, before) == judge(claim, view, before)


# A plain reading of docs/positions.md comes to the same


def read_positions(state: PlaceState) -> plain_reading.Reading:
    """The positions of a state as the plain reading puts them."""

    def covered(shares: Any) -> dict[str, plain_reading.Cells]:
        return {party: plain_reading.cells(share) for party, share in shares.items()}

    return {
        position.voice: (
            covered(position.shares),
            position.since,
            position.certain,
            list(position.because),
            position.previous and (covered(position.previous.shares), list(position.previous.because)),
        )
        for position in state.positions
    }


@on_ledgers
@for_all(places(), st.lists(bounds, min_size=1, max_size=5))
def test_a_plain_reading_finds_the_same_positions_and_status(
    view: PlaceView, befores: Sequence[datetime]
) -> None:
    for before in befores:
        state = state_at(view, before)
        assert read_positions(state) == plain_reading.positions(view, before)
        assert (state.status, state.holder) == plain_reading.status(view, before)


@on_ledgers
@for_all(places(kinds=MOVERS), bounds)
def test_a_plain_reading_finds_the_same_disagreements(view: PlaceView, before: datetime) -> None:
    found = {
        each.between: (each.party, each.gap, each.since) for each in state_at(view, before).disagreements
    }
    assert found == plain_reading.disagreements(view, before)


@on_ledgers
@for_all(places(kinds=("encirclement-reported", "encirclement-lifted", "supply-cut")), bounds)
def test_a_plain_reading_finds_the_same_encirclements(view: PlaceView, before: datetime) -> None:
    found = {
        (entry.voice, entry.mode, entry.force): (entry.since, entry.last_reported, list(entry.because))
        for entry in state_at(view, before).encirclements
    }
    assert found == plain_reading.encirclements(view, before)


@on_ledgers
@for_all(places(kinds=MOVERS), bounds)
def test_a_plain_reading_finds_the_same_outcomes(view: PlaceView, before: datetime) -> None:
    for claim in claims_in(view):
        outcome = judge(claim, view, before)
        found = {said.voice: (said.verdict, said.development) for said in outcome.assessors}
        assert (outcome.value, found) == plain_reading.outcome(view, claim, before)


# The history and the state tell the same


def spell_at(spells: Sequence[Any], t: datetime) -> Any:
    """The spell that contains an instant, if any."""
    return next(
        (spell for spell in spells if spell.start <= t and (spell.end is None or t < spell.end)), None
    )


@on_ledgers
@for_all(places())
def test_the_state_at_any_instant_is_that_of_the_spell_it_lies_in(view: PlaceView) -> None:
    """But for the last microsecond of a window, in which a query already answers that it is certain."""
    history = trace_history(view, AFTER_ALL)
    turns = turning_points(view)
    for before in bounds_around(view):
        t = before - MICROSECOND
        if before in turns:
            continue
        verdict, spell = verdict_at(view, before), spell_at(history.status, t)
        if spell is None:
            assert verdict.status == "unknown"
        else:
            assert (spell.value, spell.holder, spell.certain) == (
                verdict.status,
                verdict.holder,
                verdict.certain,
            )
        positions = {position.voice: position for position in state_at(view, before).positions}
        for voice, spells in history.voices.items():
            position, said = positions.pop(voice, None), spell_at(spells, t)
            if position is None:
                assert said is None or not said.shares
            else:
                assert (said.shares, said.certain, said.because) == (
                    position.shares,
                    position.certain,
                    position.because,
                )
        assert positions == {}, "the history has every voice"
        pairs = {
            (tuple(sorted(found.between)), found.since) for found in state_at(view, before).disagreements
        }
        told = [
            spell
            for spell in history.disagreements
            if spell.start <= t and (spell.end is None or t < spell.end)
        ]
        assert {(spell.between, spell.start) for spell in told} == pairs


@on_ledgers
@for_all(places())
def test_only_certainty_comes_a_microsecond_before_its_spell(view: PlaceView) -> None:
    history = trace_history(view, AFTER_ALL)
    for before in turning_points(view):
        verdict, spell = verdict_at(view, before), spell_at(history.status, before - MICROSECOND)
        value = (spell.value, spell.holder) if spell is not None else ("unknown", None)
        assert (verdict.status, verdict.holder) == value
        assert spell is None or verdict.certain or not spell.certain


@on_ledgers
@for_all(places())
def test_a_plain_reading_finds_the_same_history(view: PlaceView) -> None:
    """At any instant a spell says what the plain reading finds, and is uncertain where that is; before the
    first there is nothing.
    """
    history, turns = trace_history(view, AFTER_ALL), turning_points(view)
    for before in bounds_around(view):
        if before in turns:
            continue  # in the last microsecond of a window a query already answers that it is certain
        spell, read = spell_at(history.status, before - MICROSECOND), plain_reading.positions(view, before)
        said = {voice: spell_at(spells, before - MICROSECOND) for voice, spells in history.voices.items()}
        assert (spell and (spell.value, spell.holder)) in (None, plain_reading.status(view, before))
        assert spell is not None or plain_reading.status(view, before) == ("unknown", None)
        assert {voice for voice, each in said.items() if each is not None and each.shares} == read.keys()
        for voice, (shares, _, certain, because, _) in read.items():
            told = {party: plain_reading.cells(share) for party, share in said[voice].shares.items()}
            assert (told, said[voice].certain, list(said[voice].because)) == (shares, certain, because)


@on_ledgers
@for_all(places(), bounds)
def test_spells_follow_on_one_another_and_differ(view: PlaceView, before: datetime) -> None:
    history = trace_history(view, before)
    said: list[Sequence[Any]] = [history.status, *history.voices.values()]
    for spells in said:
        for spell, following in pairwise(spells):
            assert spell.start < spell.end == following.start
            assert replace(spell, start=following.start, end=following.end) != following
        if spells:
            assert spells[-1].end is None
            assert spells[-1].start < before


@on_ledgers
@for_all(places(), bounds, bounds)
def test_a_longer_history_begins_with_the_shorter_one(
    view: PlaceView, one: datetime, other: datetime
) -> None:
    """What takes effect later changes nothing of what was so before."""
    early, late = min(one, other), max(one, other)
    short, long = trace_history(view, early), trace_history(view, late)
    pairs: list[tuple[Sequence[Any], Sequence[Any]]] = [(short.status, long.status)]
    pairs += [(spells, long.voices[voice]) for voice, spells in short.voices.items()]
    for spells, more in pairs:
        assert all(
            replace(spell, end=None) == replace(same, end=None)
            for spell, same in zip(spells, more[: len(spells)], strict=True)
        )


# Voices


@on_ledgers
@for_all(places(), bounds)
def test_to_ask_for_every_voice_is_to_ask_for_none_in_particular(view: PlaceView, before: datetime) -> None:
    assert state_at(view, before, SPEAKERS) == state_at(view, before)
    assert trace_history(view, before, SPEAKERS) == trace_history(view, before)


@on_ledgers
@for_all(places(), bounds, st.sets(st.sampled_from(SPEAKERS)))
def test_voices_that_are_not_asked_for_might_as_well_have_said_nothing(
    view: PlaceView, before: datetime, voices: set[str]
) -> None:
    theirs = tuple(
        development
        for development in view.developments
        if view.voice_of(development) in voices or development.family == "happening"
    )
    assert state_at(view, before, voices) == state_at(replace(view, developments=theirs), before)


# Because


@on_ledgers
@for_all(places(), bounds)
def test_every_reason_is_a_development_that_was_given_and_has_begun(
    view: PlaceView, before: datetime
) -> None:
    began = {development.id for development in view.developments if development.occurred.began(before)}
    assert ids_named(state_at(view, before)) <= began


@on_ledgers
@for_all(places(), bounds)
def test_what_a_state_does_not_rest_on_could_be_taken_away(view: PlaceView, before: datetime) -> None:
    """The positions follow from the developments they name: the others of that voice do not matter."""
    state = state_at(view, before)
    for position in state.positions:
        named = {*position.because, *(position.previous.because if position.previous else ())}
        kept = tuple(development for development in view.developments if development.id in named)
        (alone,) = state_at(replace(view, developments=kept), before).positions
        assert alone == position


@on_ledgers
@for_all(places(), bounds)
def test_whoever_disagrees_rests_on_what_both_said(view: PlaceView, before: datetime) -> None:
    state = state_at(view, before)
    positions = {position.voice: position for position in state.positions}
    for found in state.disagreements:
        one, other = (positions[voice] for voice in found.between)
        assert set(found.because) == {*one.because, *other.because}
        assert max(one.since, other.since) < before
        assert found.since < before
        assert set(found.because) <= set(state.because)
    assert (state.status == "disputed") == bool(state.disagreements)


@on_ledgers
@for_all(places(), bounds)
def test_disagreement_is_mutual(view: PlaceView, before: datetime) -> None:
    """Voices under names that sort the other way round disagree just as much."""
    mirrored = {name: f"{chr(219 - ord(name[0]))}-{view.voices.get(name, name)}" for name in SPEAKERS}
    renamed = {view.voices.get(name, name): mirrored[view.voices.get(name, name)] for name in SPEAKERS}
    other = replace(view, voices={name: renamed[view.voices.get(name, name)] for name in SPEAKERS})
    here, there = state_at(view, before), state_at(other, before)
    assert {
        (frozenset(renamed[voice] for voice in found.between), found.party, found.gap, found.since)
        for found in here.disagreements
    } == {(frozenset(found.between), found.party, found.gap, found.since) for found in there.disagreements}
    assert here.status == there.status


# What changes by itself


def as_the_world_knew_it(view: PlaceView, before: datetime) -> PlaceState:
    return state_at(view.known_by(before), before)


@on_ledgers
@for_all(places(), bounds, st.floats(0, 1, exclude_max=True))
def test_until_the_next_change_a_state_stays_as_it_is(view: PlaceView, before: datetime, part: float) -> None:
    change = next_change(view, before)
    assert change is None or change >= before
    end = change if change is not None else END_OF_TIME
    later = before + (end - before) * part
    assert as_the_world_knew_it(view, min(later, end - MICROSECOND) if end > before else before) == (
        as_the_world_knew_it(view, before)
    )


# Outcomes


@on_ledgers
@for_all(places(most=5), bounds)
def test_time_alone_turns_an_outcome_only_at_its_turns(view: PlaceView, before: datetime) -> None:
    turns = outcome_turns(view.developments, before)
    assert turns == sorted(turn for turn in set(turns) if turn > before)
    for claim in claims_in(view):
        for bound in [each for each in bounds_around(view) if each >= before]:
            last = max([before, *(turn for turn in turns if turn <= bound)])
            assert counts(claim, bound) == counts(claim, last)
            if counts(claim, bound):
                found, rendered = (judge(claim, view.known_by(at), at) for at in (bound, last))
                assert (found.value, found.lead_days) == (rendered.value, rendered.lead_days)


@on_ledgers
@for_all(places(), bounds)
def test_the_lead_of_a_claim_is_that_of_the_first_to_bear_it_out(view: PlaceView, before: datetime) -> None:
    for claim in claims_in(view):
        outcome = judge(claim, view, before)
        leads = [said.lead_days for said in outcome.assessors if said.lead_days is not None]
        assert outcome.lead_days == (min(leads) if outcome.value == "borne-out" else None)


@on_ledgers
@for_all(places(), bounds)
def test_the_value_of_an_outcome_follows_from_its_verdicts(view: PlaceView, before: datetime) -> None:
    for claim in claims_in(view):
        outcome = judge(claim, view, before)
        by_verdict = {
            frozenset[str](): {"open", "renounced"},
            frozenset({"bears-out"}): {"borne-out"},
            frozenset({"contradicts"}): {"contradicted"},
            frozenset({"bears-out", "contradicts"}): {"disputed"},
        }
        assert outcome.value in by_verdict[frozenset(said.verdict for said in outcome.assessors)]
        for said in outcome.assessors:
            assert said.voice in view.assessors
            assert (said.lead_days is None) == (said.verdict == "contradicts")
            if said.lead_days is not None:
                assert (said.lead_days > 0) == (said.since > claim.occurred.earliest)
