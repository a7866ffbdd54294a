"""Histograms in plain numbers, and what group commit counts of its appends."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.commands import AppendConflict
from ledger.database import Database
from ledger.group_commit import GroupCommit
from ledger.tallies import Tally
from tests.ledger.logs import stored

BOUNDS = (1.0, 2.0, 5.0)


@given(st.lists(st.floats(0, 10)))
def test_a_tally_counts_what_is_up_to_each_bound(values: list[float]) -> None:
    tally = Tally(BOUNDS)
    for value in values:
        tally.add(value)
    assert tally.read() == [(bound, sum(value <= bound for value in values)) for bound in (*BOUNDS, math.inf)]
    assert tally.total == pytest.approx(sum(values))


def test_appends_are_counted_by_transaction_by_event_and_by_wait(database: Database) -> None:
    with GroupCommit(database.connect) as group_commit:
        group_commit.append([stored("a"), stored("b")])
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: group_commit.append([stored(f"c{number}")]), range(40)))
        with pytest.raises(AppendConflict):
            group_commit.append([stored("a")])
        appends = group_commit.appends
        assert appends.events == 42
        assert appends.writes.total == 42, "each write, also the one that was refused"
        transactions = appends.writes.read()[-1][1]
        assert 1 < transactions <= 42
        assert appends.seconds.read()[-1][1] == 42
        assert 0 < appends.seconds.total < 42 * 10
