"""Reading the log by position, by time and by stream."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ledger.application import Ledger
from ledger.reading import (
    head_position,
    position_before,
    read_events,
    read_raw,
    read_stream,
    recorded_at_of,
)
from ledger.recording import Item
from tests.builders import claim, statement
from tests.ledger.logs import connect, insert, register


@pytest.fixture
def filled(ledger: Ledger) -> Ledger:
    """Seven things of the registry, then ten statements, then a correction of the third."""
    register(ledger)
    for number in range(10):
        ledger.record([Item(event=statement(f"s{number}"))], recorded_by="key-1", request_id=f"r{number}")
    ledger.correct("s2", statement("s2", summary="Else."), "It was else.", recorded_by="key-2")
    return ledger


def test_an_empty_log(ledger: Ledger) -> None:
    with ledger.database.connection() as connection:
        assert head_position(connection) == 0
        assert read_events(connection, after=0, limit=10) == []
        assert read_stream(connection, "development:a") == []
        assert position_before(connection, datetime.now(UTC)) == 0
        assert recorded_at_of(connection, 1) is None


def test_everything_known_of_an_event(filled: Ledger) -> None:
    with filled.database.connection() as connection:
        first = read_events(connection, after=7, limit=1)[0]
        assert recorded_at_of(connection, 8) == first.recorded_at
    assert first.log_position == 8
    assert first.recorded_at.tzinfo is UTC
    assert (first.recorded_by, first.request_id) == ("key-1", "r0")
    assert (first.stream, first.version, first.topic) == ("development:s0", 1, "statement-made")
    assert first.event == statement("s0")


def test_portions(filled: Ledger) -> None:
    with filled.database.connection() as connection:
        assert head_position(connection) == 18
        positions = [row.log_position for row in read_events(connection, after=3, limit=4)]
        assert positions == [4, 5, 6, 7]
        assert [row.log_position for row in read_events(connection, after=3, limit=100, until=6)] == [4, 5, 6]
        some = read_events(connection, after=0, limit=100, topics=["corrected", "location-registered"])
        assert [row.log_position for row in some] == [6, 7, 18]
        raw = read_raw(connection, after=0, limit=1, topics=("corrected",))
    assert [(row.log_position, row.topic) for row in raw] == [(18, "corrected")]
    assert raw[0].state.startswith(b'{"recorded_by":"key-2"')


def test_a_stream(filled: Ledger) -> None:
    with filled.database.connection() as connection:
        rows = read_stream(connection, "development:s2")
    assert [(row.version, row.topic, row.log_position) for row in rows] == [
        (1, "statement-made", 10),
        (2, "corrected", 18),
    ]


def test_positions_by_time(filled: Ledger) -> None:
    with filled.database.connection() as connection:
        at = recorded_at_of(connection, 12)
        assert at is not None
        assert position_before(connection, at) == 11
        assert position_before(connection, at + timedelta(microseconds=1)) == 12
        assert position_before(connection, datetime(2000, 1, 1, tzinfo=UTC)) == 0
        assert position_before(connection, datetime(9999, 1, 1, tzinfo=UTC)) == 18


def test_a_position_given_back_with_its_transaction_is_as_good_as_the_one_before(
    filled: Ledger, database_url: str
) -> None:
    with connect(database_url) as connection:
        connection.execute("begin")
        assert insert(connection, "given-back") == 19
        connection.execute("rollback")
    filled.record([Item(event=statement("s20"))], recorded_by="k")
    with filled.database.connection() as connection:
        assert head_position(connection) == 20
        assert recorded_at_of(connection, 19) == recorded_at_of(connection, 18)
        assert recorded_at_of(connection, 10**9) == recorded_at_of(connection, 20)


def test_the_time_of_a_request_holds_all_of_it_or_nothing(ledger: Ledger) -> None:
    """No setting of the recorded clock shows half of a dossier, however big it is."""
    register(ledger)
    items = [Item(event=statement(f"s{number}")) for number in range(6000)]
    receipt = ledger.record(items, recorded_by="k")
    assert receipt.recorded_at is not None
    with ledger.database.connection() as connection:
        assert position_before(connection, receipt.recorded_at) == 7
        assert position_before(connection, receipt.recorded_at + timedelta(microseconds=1)) == 6007


def test_a_plan_made_on_an_empty_log_does_not_read_it_whole_later(ledger: Ledger) -> None:
    """The streams of a decision are looked up by index, from the first append on."""
    register(ledger)
    with ledger.database.connection() as connection:
        for number in range(10):
            read_stream(connection, f"development:{number}")
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state)"
            " select 'many-' || number, 1, 't', 'x' from generate_series(1, 20000) number"
        )
    ledger.record([Item(event=claim())], recorded_by="k")
    with ledger.database.connection() as connection:
        connection.execute("select pg_stat_force_next_flush()")
        before = connection.execute(SEQUENTIAL).fetchall()
        for number in range(10):
            read_stream(connection, f"development:{number}")
            read_raw(connection, after=20_000, limit=10)
        connection.execute("select pg_stat_force_next_flush()")
        assert connection.execute(SEQUENTIAL).fetchall() == before


SEQUENTIAL = "select seq_tup_read from pg_stat_user_tables where relname = 'events'"
