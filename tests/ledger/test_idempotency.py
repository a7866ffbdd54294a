"""A write under a key happens once, and its answer is there exactly when its events are."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from domain.errors import IdTaken, KeyInFlight, KeyReused, RevisionConflict, Unavailable
from ledger.application import Ledger
from ledger.database import Connection, Database
from ledger.group_commit import GroupCommit
from ledger.idempotency import PRUNED_AT_ONCE, AlreadyAnswered, Answer, Once, complete_answer
from ledger.recording import Item
from tests.builders import claim, denial, statement
from tests.ledger.logs import connect, count_waiting, fetch_value, held_log, register
from tests.servers import wait_until

KEYS = "select count(*) from ledger.idempotency_keys"
EVENTS = "select count(*) from ledger.events where originator_id like 'development:%%'"
AGE = "update ledger.idempotency_keys set created_at = created_at - interval '3 days'"


def tell(told: Any) -> Answer:
    """What these tests answer: where the write ended up."""
    return Answer(status=201, headers={"ETag": f'"{told.log_position}"'}, body=b"done")


def once(key: str = "k", *, asked: bytes = b"a", principal: str = "desk") -> Once:
    return Once(principal=principal, key=key, fingerprint=asked * 32, tell=tell)


@pytest.fixture
def registered(ledger: Ledger) -> Ledger:
    register(ledger)
    return ledger


def record(ledger: Ledger, *things: Any, under: Once) -> Any:
    return ledger.record([Item(event=thing) for thing in things], recorded_by="k", once=under)


def answer_to(write: Callable[[], object]) -> Answer:
    """What a write that was carried out before is answered."""
    with pytest.raises(AlreadyAnswered) as caught:
        write()
    return caught.value.answer


def test_the_same_again_is_answered_and_not_carried_out(registered: Ledger, database_url: str) -> None:
    receipt = record(registered, statement("one"), under=once())
    # Another id: what is sent does not matter any more, only that it is said to be the same.
    answer = answer_to(lambda: record(registered, statement("two"), under=once()))
    assert answer == Answer(status=201, headers={"ETag": f'"{receipt.log_position}"'}, body=b"done")
    assert fetch_value(database_url, EVENTS) == 1


def test_another_write_under_a_key_in_use_is_refused(registered: Ledger, database_url: str) -> None:
    record(registered, statement("one"), under=once())
    with pytest.raises(KeyReused):
        record(registered, statement("two"), under=once(asked=b"b"))
    record(registered, statement("two"), under=once(asked=b"b", principal="another desk"))
    assert fetch_value(database_url, EVENTS) == 2


def test_what_changes_nothing_is_answered_again_too(registered: Ledger, database_url: str) -> None:
    record(registered, statement("one"), under=once("first"))
    record(registered, statement("one"), under=once("second"))
    assert fetch_value(database_url, KEYS) == 2
    answer_to(lambda: record(registered, statement("one"), under=once("second")))


def test_a_write_that_fails_leaves_no_key(registered: Ledger, database_url: str) -> None:
    record(registered, statement("one"), under=once("other"))
    with pytest.raises(IdTaken):
        record(registered, statement("one", summary="Something else."), under=once())
    assert fetch_value(database_url, KEYS) == 1
    assert record(registered, statement("two"), under=once(asked=b"b")).outcomes[0].status == "new"


def test_changes_to_a_thing_happen_once(registered: Ledger) -> None:
    record(registered, claim(), under=once("claim"))
    registered.correct(
        claim().id, claim(manner="taken"), "why", recorded_by="k", once=once(), expected_revision=1
    )

    # It is at revision 2 by now, and would be refused.
    def again() -> object:
        return registered.correct(
            claim().id, claim(manner="taken"), "why", recorded_by="k", once=once(), expected_revision=1
        )

    assert answer_to(again).status == 201
    with pytest.raises(RevisionConflict):
        registered.retract(claim().id, "why", recorded_by="k", expected_revision=1)


def test_many_items_are_recorded_once(registered: Ledger, database_url: str) -> None:
    """So many are decided beforehand, outside of the transaction."""
    things = [statement(f"s{number}") for number in range(250)]
    record(registered, *things, under=once())
    answer_to(lambda: record(registered, *things, under=once()))
    assert record(registered, *things, under=once("unchanged")).outcomes[0].status == "unchanged"
    answer_to(lambda: record(registered, *things, under=once("unchanged")))
    assert fetch_value(database_url, EVENTS) == 250


def test_fifty_threads_with_one_key_write_once(registered: Ledger, database_url: str) -> None:
    def write(number: int) -> object:
        try:
            with registered.in_flight.enter(once()):
                return record(registered, statement(f"s{number}"), under=once()).log_position
        except AlreadyAnswered as error:
            return error.answer.headers["ETag"]
        except KeyInFlight:
            return None

    with ThreadPoolExecutor(50) as threads:
        results = list(threads.map(write, range(50)))
    [position] = [result for result in results if isinstance(result, int)]
    assert set(results) <= {position, f'"{position}"', None}
    assert fetch_value(database_url, EVENTS) == 1


def test_of_two_in_one_transaction_the_second_is_told_that_the_first_is_under_way(
    registered: Ledger, database_url: str
) -> None:
    """Two processes cannot meet there, and threads of one are kept apart before; this is the last line."""
    with held_log(database_url):
        futures = [
            registered.submit(registered.recording([Item(event=statement(name))], recorded_by="k"), under)
            for name, under in (("one", once()), ("two", once()), ("three", once(asked=b"b")))
        ]
        wait_until(lambda: count_waiting(database_url) == 1, what="the committer to wait")
    errors = [future.exception(10) for future in futures]
    assert [type(error) for error in errors] == [type(None), KeyInFlight, KeyReused]


def test_two_processes_with_one_key_write_once(registered: Ledger, database_url: str) -> None:
    with Database(database_url) as database, Ledger(database) as other:
        with held_log(database_url):
            futures = [
                ledger.submit(ledger.recording([Item(event=statement("one"))], recorded_by="k"), once())
                for ledger in (registered, other)
            ]
            wait_until(lambda: count_waiting(database_url) == 2, what="both to wait for the log")
        errors = [future.exception(10) for future in futures]
    assert sorted(type(error).__name__ for error in errors) == ["AlreadyAnswered", "NoneType"]


class Breaking:
    """Connections of which the next commit breaks, before or after it is carried out."""

    def __init__(self, database: Database, *, after: bool) -> None:
        self.database = database
        self.after = after
        self.armed = False

    def __call__(self) -> Connection:
        connection = self.database.connect()
        execute = connection.execute

        def breaking(query: Any, *arguments: Any, **options: Any) -> Any:
            if query != "commit" or not self.armed:
                return execute(query, *arguments, **options)
            self.armed = False
            if self.after:
                execute(query)
            connection.close()
            raise psycopg.OperationalError("the connection broke")

        connection.execute = breaking  # type: ignore[method-assign]
        return connection


@pytest.mark.parametrize("after", [False, True])
def test_a_break_at_commit_leaves_the_event_and_its_answer_or_neither(
    registered: Ledger, database: Database, database_url: str, after: bool
) -> None:
    """Whichever it was, sending it again under the key has it happen once."""
    breaking = Breaking(database, after=after)
    with Ledger(database, group_commit=GroupCommit(breaking)) as ledger:
        breaking.armed = True
        with pytest.raises(Unavailable, match="not known"):
            record(ledger, statement("one"), under=once())
        assert fetch_value(database_url, KEYS) == fetch_value(database_url, EVENTS) == int(after)
        if after:
            assert answer_to(lambda: record(ledger, statement("one"), under=once())).body == b"done"
        else:
            record(ledger, statement("one"), under=once())
    assert fetch_value(database_url, KEYS) == fetch_value(database_url, EVENTS) == 1


def test_an_answer_is_completed(registered: Ledger, database: Database) -> None:
    record(registered, statement("one"), under=once())
    with database.connection() as connection:
        complete_answer(connection, once(), b"done, and more")
        complete_answer(connection, once(asked=b"b"), b"of another write")
    answer = answer_to(lambda: record(registered, statement("one"), under=once()))
    assert answer.body == b"done, and more"


def test_after_its_time_a_key_is_as_good_as_new(registered: Ledger, database_url: str) -> None:
    record(registered, statement("one"), under=once())
    with connect(database_url) as connection:
        connection.execute(AGE)
    record(registered, statement("two"), under=once(asked=b"b"))
    assert fetch_value(database_url, KEYS) == 1
    answer_to(lambda: record(registered, statement("two"), under=once(asked=b"b")))


def test_answers_that_are_too_old_are_taken_away_little_by_little(
    registered: Ledger, database_url: str
) -> None:
    with connect(database_url) as connection:
        connection.execute(
            "insert into ledger.idempotency_keys (principal, key, fingerprint, status, headers, body)"
            " select 'desk', 'old ' || n, decode(repeat('00', 32), 'hex'), 201, '{}', ''"
            " from generate_series(1, %s) n",
            (PRUNED_AT_ONCE + 5,),
        )
        connection.execute(AGE)
    for name, left in (("one", 6), ("two", 2), ("three", 3)):
        record(registered, statement(name), under=once(name))
        assert fetch_value(database_url, KEYS) == left


def test_a_key_of_somebody_else_says_nothing(registered: Ledger) -> None:
    record(registered, claim(), under=once())
    other = replace(once(), principal="another desk")
    assert record(registered, denial(), under=other).outcomes[0].status == "new"
