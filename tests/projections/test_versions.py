"""Versions of places: while a place is at the same version and nothing turned by itself, so is its state."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from domain.registry import LocationRegistered
from domain.states import PlaceState, state_at
from ledger.application import Ledger
from ledger.database import Database
from projections.engine.following import Follower, advance
from projections.engine.rebuilding import rebuild
from projections.locations import Locations
from projections.reading import places
from projections.reading.moments import AskedClocks, Reader
from projections.reading.versions import Lasting, Reached, find_lasting, find_version
from projections.states import States
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

STEPS = 120
Answer = tuple[LocationRegistered, PlaceState]


def read_now(reader: Reader, place: str) -> tuple[Answer, Lasting | None]:
    """What is answered about a place at all clocks now, and how long that lasts."""
    with reader.at(AskedClocks(), *places.NEEDS) as moment:
        found = places.find_place(moment, place)
        state = state_at(places.load_view(moment, place), moment.valid_before)
        return (found, state), find_lasting(moment, place)


def version_of(database: Database, place: str) -> Reached | None:
    with database.connection() as connection:
        return find_version(connection, place)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_still_holds_would_be_answered_again(
    seed: int, database: Database, ledger: Ledger, follower: Follower
) -> None:
    writer, choose, now = RandomLedger(ledger, seed), random.Random(seed), START
    writer.register()
    reader = Reader(database, lambda: now)
    kept: dict[str, tuple[Answer, Lasting]] = {}
    held = changed = 0
    for _ in range(STEPS):
        if choose.random() < 0.6:
            writer.step()
        if choose.random() < 0.7:
            now += timedelta(hours=choose.choice((0, 1, 24)))
        follower.catch_up()
        for place in PLACES:
            answer, lasting = read_now(reader, place)
            reached = version_of(database, place)
            assert reached is not None
            if place in kept and kept[place][1].holds(reached.version, now + timedelta(microseconds=1)):
                assert kept[place][0] == answer
                held += 1
            else:
                changed += 1
            if lasting is not None:
                kept[place] = answer, lasting
    # Else nothing was tried.
    assert held > STEPS / 2
    assert changed > STEPS / 4


def test_a_rebuild_is_another_version(database: Database, ledger: Ledger, follower: Follower) -> None:
    RandomLedger(ledger, 1).register()
    follower.catch_up()
    versions = [version_of(database, "alpha")]
    for projection in (States(), Locations()):
        rebuild(database, projection)
        versions.append(version_of(database, "alpha"))
    assert None not in versions
    assert len(set(versions)) == 3


def test_nothing_is_said_of_a_place_whose_read_models_are_not_equally_far(
    database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, 1)
    writer.register()
    follower.catch_up()
    while version_of(database, "alpha") is not None:
        writer.step()
        advance(database, [States()], limit=100)
    _, lasting = read_now(reader, "alpha")
    assert lasting is None
    follower.catch_up()
    assert version_of(database, "alpha") is not None


def test_a_place_that_is_not_there_has_no_version(database: Database) -> None:
    assert version_of(database, "nowhere") is None
