"""Prepared batches come to what the same entries come to one by one."""

from __future__ import annotations

import random
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

import pytest

from domain.kinds.envelope import Quote, Source
from domain.shares import PART
from domain.streams import Thing
from ledger.application import Ledger
from ledger.bulk_appending import append_spooled
from ledger.bulk_checking import BulkCheck
from ledger.database import Database
from ledger.prepared import Packing, Prepared
from ledger.recording import Findings, Item, make_row
from ledger.spool import Spool, thing_of
from tests.builders import REGISTRY, actor, claim, denial, document, location, statement
from tests.ledger.logs import register
from tests.ledger.test_bulk import SALT, TEXT, entries, items, log_of, outcome_of, random_batch, salt


def prepared(batch: Sequence[Item], by: str = "k") -> Prepared | None:
    """The batch as a helper makes it ready; None where anything is wrong in an entry by itself."""
    packing = Packing()
    for item in batch:
        row = make_row(item, by, None, salt)
        if row.event is None or list(item.event.find_faults()):
            return None
        packing.add(thing_of(row.event), row.event.topic, row.event.state, item.line or 0, row.text)
    return packing.close()


def add(check: BulkCheck, batch: Sequence[Item]) -> bool:
    """Adds a batch as a whole if that can be done, else entry by entry; whether it could."""
    ready = prepared(batch)
    if ready is not None and check.add_prepared(ready):
        return True
    check.add(batch, Findings())
    return False


@pytest.mark.parametrize("seed", range(4))
def test_batches_come_to_the_same_either_way(database: Database, ledger: Ledger, seed: int) -> None:
    """The same faults, conflicts and rows, of several batches on a growing log."""
    register(ledger)
    choose = random.Random(seed)
    ways = Counter[bool]()
    for number in range(40):
        size = choose.choice([1, 1, 1, 2, 25])
        batches = [random_batch(choose, number)[:size] for _ in range(choose.choice([1, 2, 4]))]
        with closing(database.connect()) as connection, Spool() as one, Spool() as other:
            expected = BulkCheck(connection, one, recorded_by="k", make_salt=salt)
            check = BulkCheck(connection, other, recorded_by="k", make_salt=salt)
            for batch in batches:
                expected.add(batch, Findings())
                ways[add(check, batch)] += 1
            assert outcome_of(check.raise_if_wrong) == outcome_of(expected.raise_if_wrong)
            assert [other.read(each) for each in other.portions] == [one.read(each) for each in one.portions]
            assert [other.read_texts(each) for each in other.portions] == [
                one.read_texts(each) for each in one.portions
            ]
            assert (check.unchanged, check.log_position, check.counts, check.checked) == (
                *(expected.unchanged, expected.log_position, expected.counts),
                len(one) + expected.unchanged,
            )
            if not check.wrong:
                list(append_spooled(database, other))
    assert min(ways[True], ways[False]) > 10


def test_what_is_recorded_to_the_same_bytes_is_unchanged(database: Database, ledger: Ledger) -> None:
    register(ledger)
    things = items(claim(), denial(), *(statement(f"s{number}") for number in range(8)))
    ledger.record(things[:5], recorded_by="k")
    ready = prepared(things)
    assert ready is not None
    with closing(database.connect()) as connection, Spool() as spool:
        check = BulkCheck(connection, spool, recorded_by="k")
        assert check.add_prepared(ready)
        assert (check.unchanged, check.log_position) == (5, len(REGISTRY) + 5)
        list(append_spooled(database, spool))
    assert [row.stream for row in log_of(database)][-5:] == [
        f"development:s{number}" for number in range(3, 8)
    ]


def test_what_is_recorded_by_another_is_looked_at_one_by_one(database: Database, ledger: Ledger) -> None:
    register(ledger)
    things = items(statement("a"))
    ledger.record(things, recorded_by="another")
    with closing(database.connect()) as connection, Spool() as spool:
        check = BulkCheck(connection, spool, recorded_by="k")
        ready = prepared(things)
        assert ready is not None
        assert not check.add_prepared(ready)
        assert (check.unchanged, len(spool)) == (0, 0), "nothing was done"


def test_what_takes_more_than_a_pointer_is_asked_as_well() -> None:
    """Quotes, claims that are answered, places within places; in one batch, and of a batch before."""
    report = Item(event=document(), text=TEXT)
    quoting = statement("q", sources=(Source(document="report", quote=Quote(exact="taken the town")),))
    misquoting = replace(quoting, id="m", sources=(Source(document="report", quote=Quote(exact="lost")),))
    within: list[Thing] = [
        location("street", part_of="kupiansk"),
        location("one", part_of="two"),
        location("two", part_of="one"),
    ]
    with Spool() as spool:
        check = BulkCheck(None, spool, recorded_by="k", make_salt=lambda: SALT)
        assert add(check, items(*REGISTRY))
        assert add(check, [report, *items(claim(), denial(), quoting, within[0])])
        assert add(check, items(denial("d2"), replace(quoting, id="q2")))
        wrong: list[list[Thing]] = [
            [misquoting],
            [denial("d3", claim="q")],
            [denial("d4", at="lyman")],
            within[1:],
            [claim("c2", holder="outlet")],
            [actor("u", "unit", speaks_for="nobody")],
            [statement("s", at=("nowhere",))],
            [claim(share=PART)],
        ]
        for things in wrong:
            before = check.wrong
            assert not add(check, items(*things))
            assert check.wrong > before, things


def test_memory_does_not_grow_with_what_is_prepared() -> None:
    def peak_of(count: int) -> int:
        with Spool() as spool:
            check = BulkCheck(None, spool, recorded_by="k")
            assert add(check, items(*REGISTRY))
            tracemalloc.start()
            try:
                for batch in entries(count):
                    assert add(check, batch)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
                assert check.checked == count + len(REGISTRY)

    peak_of(1_000)  # what is made once
    assert peak_of(6_000) < 1.25 * peak_of(1_000)
