"""Comparisons on random ledgers: empty exactly when both states are equal; each difference has a reason."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.comparisons import compare_states, explain
from domain.states import state_at
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from projections.engine.following import Follower
from projections.reading import comparisons, places
from projections.reading.moments import AskedClocks, Reader
from tests.projections.random_ledger import PLACES, START, RandomLedger


@pytest.mark.parametrize("seed", range(3))
def test_compare_is_empty_exactly_when_both_states_are_equal(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()
    with database.connection() as connection:
        head = head_position(connection)
    choose = random.Random(seed)
    told = []
    for _ in range(30):
        valid, known = (START + timedelta(days=choose.randrange(75)) for _ in range(2))
        position = choose.randrange(head // 2, head + 1)
        asked = AskedClocks(valid_before=valid, known_before=known, log_position=position)
        with reader.at(asked, *places.NEEDS, *comparisons.NEEDS) as moment:
            place = choose.choice(PLACES)
            view = places.load_view(moment, place)
            stand = comparisons.load_standpoint(moment, place)
            told.append((place, state_at(view, moment.valid_before), stand))
    differing = 0
    for (one_place, one, one_stand), (other_place, other, other_stand) in pairwise(told):
        changes = compare_states(one, other)
        assert (changes == ()) == (one == other)
        if one_place == other_place:
            differing += bool(changes)
            reasons = explain(changes, one_stand, other_stand)
            named = {name for change in changes for name in change.because}
            assert {reason.development for reason in reasons} == named
            assert all(change.because for change in changes if change.aspect != "status")
    assert differing
