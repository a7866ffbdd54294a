"""Comparisons on random ledgers: whatever the clocks, each difference is told, and was made by something."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.standpoints import explain
from domain.states import state_at
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from projections.engine.following import Follower
from projections.reading import claims, places
from projections.reading.comparisons import NEEDS, PlaceComparison, compare_place
from projections.reading.developments import TimelineQuestion, list_timeline
from projections.reading.makers import Made
from projections.reading.moments import AskedClocks, Reader
from projections.reading.standpoints import complete_sides, load_side
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

STEPS = 90
Pair = tuple[AskedClocks, AskedClocks]


def write(seed: int, ledger: Ledger, follower: Follower, database: Database) -> tuple[int, int]:
    """A random ledger; the log positions after the registry and at the end."""
    writer = RandomLedger(ledger, seed)
    writer.register()
    with database.connection() as connection:
        first = head_position(connection)
    for _ in range(STEPS):
        writer.step()
    follower.catch_up()
    with database.connection() as connection:
        return first, head_position(connection)


def pairs(seed: int, first: int, last: int) -> Iterator[Pair]:
    """Two settings of the clocks that differ in any of them, or in all."""
    choose = random.Random(seed)
    for number in range(24):
        one, other = (
            AskedClocks(
                valid_before=START + timedelta(days=choose.randrange(75)),
                known_before=START + timedelta(days=choose.randrange(75)),
                log_position=choose.randrange(first, last + 1),
            )
            for _ in range(2)
        )
        if number % 4 == 1:
            other = replace(one, log_position=other.log_position)
        if number % 4 == 2:
            other = replace(one, valid_before=other.valid_before, known_before=other.known_before)
        yield one, other


def names_of(compared: PlaceComparison) -> set[str]:
    """Every development that made anything; each difference has to be made by something."""
    made: list[tuple[str, Made]] = [
        *((f"{change.change.aspect} {change.change.key}", change.made) for change in compared.changes),
        *((change.claim, change.made) for change in compared.claims),
        *((change.development, change.made) for change in compared.happenings),
    ]
    assert [what for what, by in made if not (by.developments or by.actors)] == []
    return {name for _, by in made for name in by.developments}


def read_answers(reader: Reader, asked: AskedClocks, place: str) -> tuple[Any, dict[str, Any], set[str]]:
    """What is answered of a place at one setting: its state, outcomes by claim, the happenings that count."""
    with reader.at(asked, *NEEDS) as moment:
        state = state_at(places.load_view(moment, place), moment.valid_before)
        found, _ = claims.list_place_claims(moment, place, limit=1000)
        told = list_timeline(moment, place, TimelineQuestion(limit=1000))
    happened = {each.body.id for each in told if each.body.family == "happening"}
    return state, {each.claim.id: each.outcome for each in found}, happened


@pytest.mark.parametrize("seed", SEEDS)
def test_a_comparison_names_all_that_differs_and_what_made_it(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    first, last = write(seed, ledger, follower, database)
    differing = 0
    for number, (against, asked) in enumerate(pairs(seed, first, last)):
        place = PLACES[number % len(PLACES)]
        compared = compare_place(reader, asked, against, place)
        one, other = read_answers(reader, against, place), read_answers(reader, asked, place)
        assert (compared.changes == ()) == (one[0] == other[0])
        differing += one[0] != other[0]
        otherwise = {claim for claim in {*one[1], *other[1]} if one[1].get(claim) != other[1].get(claim)}
        assert otherwise <= {change.claim for change in compared.claims}
        assert one[2] ^ other[2] <= {change.development for change in compared.happenings}
        assert {maker.development for maker in compared.makers} == names_of(compared)
    assert differing > 8


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_named_that_stands_alike_and_made_no_link(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    first, last = write(seed, ledger, follower, database)
    named = 0
    for against, asked in pairs(seed, first, last):
        compared = compare_place(reader, asked, against, "beta")
        sides = []
        for clocks in (against, asked):
            with reader.at(clocks, *NEEDS) as moment:
                sides.append(load_side(moment, "beta"))
        with database.connection() as connection:
            one, other = (side.standpoint for side in complete_sides(connection, *sides))
        for maker in compared.makers:
            linked = any(step.revision.change == "linked" for step in maker.steps)
            assert maker.reasons == (*explain(maker.development, one, other), *(["linked"] if linked else []))
            assert maker.reasons
            between = sorted((one.log_position, other.log_position))
            assert all(between[0] < step.revision.log_position <= between[1] for step in maker.steps)
            named += 1
        for actor in compared.actors:
            assert actor.one != actor.other
            assert actor.descriptions
    assert named > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_the_other_way_round_the_same_things_differ(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    first, last = write(seed, ledger, follower, database)
    for one, other in pairs(seed, first, last):
        there, back = compare_place(reader, other, one, "alpha"), compare_place(reader, one, other, "alpha")
        assert {(each.change.aspect, each.change.key) for each in there.changes} == {
            (each.change.aspect, each.change.key) for each in back.changes
        }
        assert [(each.claim, each.new, each.gone) for each in there.claims] == [
            (each.claim, each.gone, each.new) for each in back.claims
        ]
        assert [(each.development, each.one, each.other) for each in there.happenings] == [
            (each.development, each.other, each.one) for each in back.happenings
        ]
