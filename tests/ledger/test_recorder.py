"""The event sourcing library on our log: what it gives, and what is kept from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from eventsourcing.persistence import IntegrityError, ProgrammingError, Tracking
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from domain.errors import Unavailable
from ledger.application import Ledger
from ledger.codec import Entry
from ledger.database import Database
from ledger.mapper import LedgerEvent
from ledger.reading import read_events
from ledger.recorder import LedgerRecorder
from tests.builders import REGISTRY, statement
from tests.ledger.logs import connect, fetch_value, insert, register, stored
from tests.servers import Server


def recorder_of(ledger: Ledger) -> LedgerRecorder:
    recorder = ledger.recorder
    assert isinstance(recorder, LedgerRecorder)
    return recorder


def event(id: str, version: int = 1) -> LedgerEvent:
    entry = Entry(event=statement(id), recorded_by="k")
    return LedgerEvent(originator_id=f"development:{id}", originator_version=version, entry=entry)


def test_the_application_saves_and_reads_back(ledger: Ledger) -> None:
    recordings = ledger.save(event("a"), event("b"))
    assert [recording.notification.id for recording in recordings] == [1, 2]
    assert list(ledger.events.get("development:a")) == [event("a")]
    assert [notification.topic for notification in ledger.notification_log.select(1, 10)] == [
        "statement-made"
    ] * 2
    assert recorder_of(ledger).max_notification_id() == 2
    with ledger.database.connection() as connection:
        assert [row.event for row in read_events(connection, after=0, limit=10)] == [
            statement("a"),
            statement("b"),
        ]


def test_a_version_that_is_taken_is_the_librarys_own_error(ledger: Ledger) -> None:
    ledger.save(event("a"))
    with pytest.raises(IntegrityError):
        ledger.save(event("a"))


def test_the_librarys_selects(ledger: Ledger) -> None:
    register(ledger)
    recorder = recorder_of(ledger)
    notifications = recorder.select_notifications(2, 3, topics=["actor-registered"])
    assert [notification.id for notification in notifications] == [2, 3, 4]
    assert [each.originator_version for each in recorder.select_events("location:kupiansk", desc=True)] == [1]
    assert recorder.insert_events([]) == []


def test_the_librarys_connections_go_back_as_they_were(ledger: Ledger) -> None:
    recorder_of(ledger).max_notification_id()
    for _ in range(20):
        with ledger.database.connection() as connection:
            assert connection.autocommit is False
            assert connection.execute("select 1").fetchone() == (1,)


def test_the_librarys_subscription_hears_us(ledger: Ledger, database_url: str) -> None:
    subscription = recorder_of(ledger).subscribe(gt=0)
    with subscription:
        register(ledger)
        seen = [next(subscription).originator_id for _ in REGISTRY]
        with connect(database_url) as connection:
            insert(connection, "by-hand")
        assert next(subscription).originator_id == "by-hand"
    assert len(seen) == len(REGISTRY)


@pytest.fixture
def tempting_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("POSTGRES_ENABLE_DB_FUNCTIONS", "LEDGER_POSTGRES_ENABLE_DB_FUNCTIONS", "CREATE_TABLE"):
        monkeypatch.setenv(name, "y")
    monkeypatch.setenv("PERSISTENCE_MODULE", "eventsourcing.popo")
    monkeypatch.setenv("TRANSCODER_TOPIC", "nowhere:Nothing")
    monkeypatch.setenv("MAPPER_TOPIC", "nowhere:Nothing")
    monkeypatch.setenv("COMPRESSOR_TOPIC", "zlib")
    monkeypatch.setenv("CIPHER_KEY", "x" * 32)
    monkeypatch.setenv("IS_SNAPSHOTTING_ENABLED", "y")


@pytest.mark.usefixtures("tempting_environment")
def test_no_variable_of_the_environment_changes_how_events_are_stored(
    database: Database, database_url: str
) -> None:
    with Ledger(database) as ledger:
        recorder = recorder_of(ledger)
        assert recorder.datastore.enable_db_functions is False
        register(ledger)
        assert recorder.max_notification_id() == 7
    functions = "select count(*) from pg_proc where proname like 'es_insert%%'"
    tables = "select count(*) from pg_tables where tablename like '%%snapshots' or schemaname = 'public'"
    assert fetch_value(database_url, functions) == 0
    assert fetch_value(database_url, tables) == 0
    state = fetch_value(database_url, "select state from ledger.events limit 1")
    assert isinstance(state, bytes)
    assert state.startswith(b'{"recorded_by"')


def test_the_shape_of_the_database_is_not_the_librarys(ledger: Ledger) -> None:
    with pytest.raises(ProgrammingError, match="migrations"):
        recorder_of(ledger).create_table()
    with pytest.raises(ProgrammingError, match="tracking"):
        recorder_of(ledger).insert_events([stored("a")], tracking=Tracking("a", 1))


@pytest.fixture
def library_recorder(database_url: str) -> Iterator[PostgresApplicationRecorder]:
    """The library's recorder as it comes, on our table."""
    options: dict[str, Any] = conninfo_to_dict(database_url)
    with PostgresDatastore(
        options["dbname"],
        options["host"],
        options["port"],
        options["user"],
        "",
        schema="ledger",
        originator_id_type="text",
    ) as datastore:
        yield PostgresApplicationRecorder(datastore, events_table_name="events")


def test_the_librarys_own_recorder_works_on_our_table(
    library_recorder: PostgresApplicationRecorder, database_url: str
) -> None:
    assert library_recorder.insert_events([stored("a"), stored("b")]) == [1, 2]
    assert [each.originator_id for each in library_recorder.select_notifications(1, 10)] == ["a", "b"]
    stamped = "select count(*) from ledger.events where recorded_at > clock_timestamp() - interval '1 minute'"
    assert fetch_value(database_url, stamped) == 2


def test_making_a_ledger_opens_no_connection(durable_server: Server) -> None:
    """A service starts, and says that it is not ready, while its database is away."""
    durable_server.stop()
    with Database(durable_server.conninfo(), timeout=0.5) as database, Ledger(database) as ledger:
        with pytest.raises(Unavailable):
            register(ledger)
        with pytest.raises(Unavailable):
            recorder_of(ledger).max_notification_id()
