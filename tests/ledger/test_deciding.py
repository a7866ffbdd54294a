"""What waits together is decided one after the other, each on what the ones before it record."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import AlreadyRetracted, IdTaken, InvalidInput, NotFound
from domain.streams import Thing
from ledger.application import Ledger
from ledger.commands import Command
from ledger.recording import Item, Receipt
from ledger.recordings import Recording, RecordingEach, Results
from ledger.revising import Revised, Revision, link, retraction
from tests.builders import claim, denial, document, location, statement
from tests.ledger.logs import count_waiting, fetch_value, held_log, register
from tests.servers import wait_until

TEXT = "The army said that it holds all of Kupiansk."


@pytest.fixture
def registered(ledger: Ledger) -> Ledger:
    register(ledger)
    return ledger


def recording(ledger: Ledger, *things: Thing, text: str | None = None) -> Recording:
    return ledger.recording([Item(event=thing, text=text) for thing in things], recorded_by="k")


def together(ledger: Ledger, url: str, commands: Sequence[Command[Any]]) -> list[object]:
    """What came of commands that one transaction decides in this order: what was told, or the error."""
    with held_log(url):
        futures: list[Future[Any]] = [ledger.submit(statement_first(ledger))]
        wait_until(lambda: count_waiting(url) == 1, what="the committer to wait")
        futures += [ledger.submit(command) for command in commands]
    return [future.exception(10) or future.result() for future in futures[1:]]


def statement_first(ledger: Ledger) -> Recording:
    """Something for the committer to be held up with."""
    return recording(ledger, location("elsewhere"))


def test_one_sees_what_those_before_it_record(registered: Ledger, database_url: str) -> None:
    report = document("told")
    quoting = statement("quoting")
    results = together(
        registered,
        database_url,
        [
            recording(registered, denial()),
            recording(registered, claim()),
            recording(registered, denial()),
            recording(registered, claim()),
            recording(registered, claim(manner="freed")),
            Revision(
                what="development",
                identifier="kupiansk-claimed",
                change=link("supports", "kupiansk-claim-denied", None),
                recorded_by="k",
            ),
            Revision(
                what="development",
                identifier="kupiansk-claimed",
                change=retraction("Never said."),
                recorded_by="k",
            ),
            Revision(
                what="development",
                identifier="kupiansk-claimed",
                change=retraction("Again."),
                recorded_by="k",
            ),
            recording(registered, denial("too-late")),
            recording(registered, claim()),
            recording(registered, report, text=TEXT),
            recording(registered, report, text=TEXT),
            recording(registered, quoting),
            Revision(what="development", identifier="nobody", change=retraction("x"), recorded_by="k"),
        ],
    )
    early, new, denied, again, taken, linked, retracted, twice, late, still, told, retold, quoted, none = (
        results
    )
    assert isinstance(early, InvalidInput)
    assert early.faults[0].code == "unknown-claim"
    assert isinstance(new, Receipt)
    assert isinstance(denied, Receipt)
    assert isinstance(again, Receipt)
    assert (again.outcomes[0].status, again.recorded_at) == ("unchanged", None)
    assert again.log_position == new.log_position
    assert isinstance(taken, IdTaken)
    assert isinstance(linked, Revised)
    assert isinstance(retracted, Revised)
    assert (linked.revision, retracted.revision) == (2, 3)
    assert isinstance(twice, AlreadyRetracted)
    assert isinstance(late, InvalidInput)
    assert late.faults[0].code == "retracted-claim"
    assert isinstance(still, Receipt)
    assert (still.outcomes[0].revision, still.log_position) == (3, retracted.log_position)
    assert isinstance(told, Receipt)
    assert isinstance(retold, Receipt)
    assert retold.log_position == told.log_position
    assert isinstance(quoted, Receipt)
    assert isinstance(none, NotFound)
    positions = [new.log_position, denied.log_position, linked.log_position, retracted.log_position]
    assert positions == sorted(positions, key=lambda position: position or 0)
    assert fetch_value(database_url, "select count(distinct transaction_id) from ledger.events") == 3


def test_a_batch_records_each_by_itself_and_refers_within_itself(
    registered: Ledger, database_url: str
) -> None:
    batch = RecordingEach(
        [
            recording(registered, claim()),
            recording(registered, denial()),
            recording(registered, denial(by="russia")),
            recording(registered, claim("other", at="nowhere")),
            recording(registered, claim()),
            recording(registered, denial("answers-what-failed", claim="other")),
            recording(registered, statement("fine")),
        ]
    )
    results = registered.submit(batch).result(10)
    assert [type(result) for result in results.each] == [
        Receipt,
        Receipt,
        IdTaken,
        InvalidInput,
        Receipt,
        InvalidInput,
        Receipt,
    ]
    first, second, again, last = results.receipts
    assert [each.log_position for each in (first, second, again, last)] == [8, 9, 8, 10]
    assert results.log_position == 10
    assert fetch_value(database_url, "select count(distinct transaction_id) from ledger.events") == 2


def test_a_batch_in_which_all_fails_writes_nothing(registered: Ledger, database_url: str) -> None:
    results = registered.submit(RecordingEach([recording(registered, claim(by="nobody"))])).result(10)
    assert (results.log_position, results.receipts) == (None, [])
    assert registered.submit(RecordingEach([])).result(10) == Results(each=())
    assert fetch_value(database_url, "select count(*) from ledger.events") == 7


EXAMPLES = count()
TOPICS = """
select array_agg(topic order by notification_id) from ledger.events where originator_id like %s
"""
IDS = st.sampled_from(["a", "b", "c"])
WRITES = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), IDS, st.sampled_from(["taken", "freed"])),
        st.tuples(st.just("deny"), IDS, st.just("")),
        st.tuples(st.just("retract"), IDS, st.just("")),
    ),
    max_size=12,
)


def command(ledger: Ledger, what: str, name: str, manner: str) -> Command[Any]:
    match what:
        case "claim":
            return recording(ledger, claim(name, manner=manner))
        case "deny":
            return recording(ledger, denial(f"denial-of-{name}", claim=name))
    return Revision(what="development", identifier=name, change=retraction("No."), recorded_by="k")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(writes=WRITES)
def test_together_or_one_after_the_other_is_the_same(
    registered: Ledger, database_url: str, writes: list[tuple[str, str, str]]
) -> None:
    """In one transaction, what happens is what would happen in a transaction each."""
    number = next(EXAMPLES)
    joint, single = (
        [command(registered, what, f"{prefix}-{number}-{name}", manner) for what, name, manner in writes]
        for prefix in ("joint", "single")
    )
    results = together(registered, database_url, joint)
    assert [_kind_of(result) for result in results] == [
        _kind_of(_outcome(registered.submit(each))) for each in single
    ]
    joint_topics, single_topics = (
        fetch_value(database_url, TOPICS, (f"%:%{prefix}-{number}-%",)) for prefix in ("joint", "single")
    )
    assert joint_topics == single_topics


def _outcome(future: Future[Any]) -> object:
    return future.exception(10) or future.result()


def _kind_of(result: object) -> object:
    if isinstance(result, Receipt):
        [outcome] = result.outcomes
        return outcome.status, outcome.revision
    return result.revision if isinstance(result, Revised) else type(result)
