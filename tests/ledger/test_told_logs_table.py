"""What the database itself guarantees of a log that is taken over, whatever client does it."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from ledger.database import Database
from ledger.reading import read_raw
from tests.ledger.logs import connect, fetch_value, insert

TABLES = ("events", "told_logs")
TOLD = (
    "insert into ledger.told_logs (first_position, last_position, events, sha256, imported_by)"
    " values (%s, %s, %s, repeat('0', 64), 'k')"
)
EVENT = (
    "insert into ledger.events"
    " (notification_id, recorded_at, originator_id, originator_version, topic, state)"
    " overriding system value values (%s, %s, %s, 1, 't', 'x')"
)
EARLY, LATE = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)


def by_hand(url: str, told: tuple[int, int, int], *events: tuple[int, object]) -> None:
    with psycopg.connect(url) as connection:
        connection.execute(TOLD, told)
        for position, recorded_at in events:
            connection.execute(EVENT, (position, recorded_at, f"s{position}"))
        connection.commit()


def test_by_hand_it_can_be_done_as_well(database: Database, database_url: str) -> None:
    by_hand(database_url, (3, 7, 2), (3, EARLY), (7, LATE))
    with database.connection() as connection:
        assert [row.recorded_at for row in read_raw(connection, after=0, limit=9)] == [EARLY, LATE]
    with connect(database_url) as connection:
        assert insert(connection, "after") == 8


@pytest.mark.parametrize(
    ("told", "events"),
    [
        ((1, 1, 1), []),
        ((1, 2, 2), [(1, EARLY)]),
        ((1, 3, 2), [(1, EARLY), (2, LATE)]),
        ((1, 2, 1), [(1, EARLY), (2, LATE)]),
        ((2, 3, 2), [(1, EARLY), (3, LATE)]),
        ((1, 2, 2), [(1, LATE), (2, EARLY)]),
        ((1, 2, 2), [(1, EARLY), (2, "infinity")]),
        ((1, 2, 2), [(1, EARLY), (2, datetime.now(UTC).replace(year=2999))]),
        ((1, 2, 2), [(2, LATE), (1, EARLY)]),
    ],
)
def test_events_other_than_those_announced_are_refused(
    database: Database, database_url: str, told: tuple[int, int, int], events: list[tuple[int, object]]
) -> None:
    with pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.CheckViolation)):
        by_hand(database_url, told, *events)
    with database.connection() as connection:
        for table in TABLES:
            assert connection.execute(f"select count(*) from ledger.{table}".encode()).fetchone() == (0,)


def test_it_is_opened_for_its_own_transaction_only(database_url: str) -> None:
    by_hand(database_url, (1, 1, 1), (1, EARLY))
    with connect(database_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(EVENT, (2, LATE, "s2"))


@pytest.mark.parametrize("filled", [True, False], ids=["a told ledger", "a ledger of its own"])
def test_it_is_done_at_the_beginning_or_never(database_url: str, *, filled: bool) -> None:
    if filled:
        by_hand(database_url, (1, 1, 1), (1, EARLY))
    else:
        with connect(database_url) as connection:
            insert(connection, "a")
    with pytest.raises(psycopg.errors.RestrictViolation, match="empty ledger only"):
        by_hand(database_url, (5, 5, 1), (5, LATE))


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_snapshot_from_before_the_lock_is_refused(database_url: str, level: str) -> None:
    with connect(database_url) as connection:
        connection.execute(f"begin isolation level {level}")
        with pytest.raises(psycopg.errors.ActiveSqlTransaction, match="READ COMMITTED"):
            connection.execute(TOLD, (1, 1, 1))


@pytest.mark.parametrize("replication_role", ["origin", "replica"])
@pytest.mark.parametrize(
    "statement",
    [
        "update ledger.told_logs set imported_by = 'x'",
        "delete from ledger.told_logs",
        "truncate ledger.told_logs",
    ],
)
def test_nobody_changes_the_mark(database_url: str, statement: str, replication_role: str) -> None:
    by_hand(database_url, (1, 1, 1), (1, EARLY))
    with connect(database_url) as connection:
        connection.execute(f"set session_replication_role = {replication_role}")
        with pytest.raises(psycopg.errors.RestrictViolation, match=r"append-only: \w+ of ledger\.told_logs"):
            connection.execute(statement.encode())


def test_imported_at_is_stamped_whatever_is_given(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "insert into ledger.told_logs values (1, 1, 1, repeat('0', 64), 'k', '1999-01-01', '1')"
        )
        connection.execute(EVENT, (1, EARLY, "s1"))
    stamped = "select imported_at > clock_timestamp() - interval '1 minute' from ledger.told_logs"
    assert fetch_value(database_url, stamped) is True
