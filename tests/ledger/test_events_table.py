"""What the database itself guarantees of the log, whatever client writes."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from tests.ledger.logs import connect, count_waiting, fetch_value, insert
from tests.servers import wait_until

ANOTHER = (
    "insert into ledger.events (originator_id, originator_version, topic, state) values ('a', 1, 't', 'y')"
)
TIMES = "select recorded_at from ledger.events order by notification_id"


def test_recorded_at_never_runs_backwards_even_when_the_clock_does(database_url: str) -> None:
    future = datetime.now(UTC) + timedelta(days=1)
    with connect(database_url) as connection:
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state, recorded_at)"
            " values ('a', 1, 't', 'x', %s)",
            (future,),
        )
        insert(connection, "b")
        insert(connection, "c")
        times = [row[0] for row in connection.execute(TIMES)]
    assert times == [future, future, future]


def test_recorded_at_is_read_after_the_lock_not_before(database_url: str) -> None:
    """The one who waited for the lock is later than the one who held it, though it began first."""
    with psycopg.connect(database_url) as first, connect(database_url) as second:
        insert(first, "a")
        waiting = threading.Thread(target=insert, args=(second, "b"))
        waiting.start()
        wait_until(lambda: count_waiting(database_url) == 1, what="the second writer to wait")
        committing = first.execute("select clock_timestamp()").fetchone()
        first.commit()
        waiting.join()
        times = [row[0] for row in second.execute(TIMES)]
    assert committing is not None
    assert times[0] < committing[0] < times[1]


def test_one_transaction_is_one_moment(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        insert(connection, "a")
        connection.execute("select pg_sleep(0.002)")
        insert(connection, "b")
        connection.commit()
        insert(connection, "c")
        connection.commit()
        times = [row[0] for row in connection.execute(TIMES)]
    assert times[0] == times[1] < times[2]


def test_copy_is_stamped_like_insert(database_url: str) -> None:
    with connect(database_url) as connection:
        statement = "copy ledger.events (originator_id, originator_version, topic, state) from stdin"
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for number in range(1000):
                copy.write_row((f"a{number}", 1, "t", "x"))
        row = connection.execute(
            "select count(*), count(distinct recorded_at), count(distinct transaction_id),"
            " bool_and(recorded_at between clock_timestamp() - interval '1 minute' and clock_timestamp()),"
            " max(notification_id) - min(notification_id) from ledger.events"
        ).fetchone()
    assert row == (1000, 1, 1, True, 999)


def test_no_position_is_drawn_before_the_lock(database_url: str) -> None:
    """Otherwise a position could become visible after a later one, and a tailing reader would miss it."""
    with psycopg.connect(database_url) as first, connect(database_url) as second:
        insert(first, "a")
        waiting = threading.Thread(target=insert, args=(second, "b"))
        waiting.start()
        wait_until(lambda: count_waiting(database_url) == 1, what="the second writer to wait")
        drawn = fetch_value(database_url, "select last_value from ledger.events_notification_id_seq")
        insert(first, "c")
        first.commit()
        waiting.join()
        order = [
            row[0]
            for row in second.execute("select originator_id from ledger.events order by notification_id")
        ]
    assert drawn == 1
    assert order == ["a", "c", "b"]


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
def test_a_snapshot_from_before_the_lock_is_refused(database_url: str, level: str) -> None:
    with connect(database_url) as connection:
        connection.execute(f"begin isolation level {level}")
        with pytest.raises(psycopg.errors.ActiveSqlTransaction, match="READ COMMITTED"):
            insert(connection, "a")


def test_a_position_cannot_be_chosen(database_url: str) -> None:
    with connect(database_url) as connection, pytest.raises(psycopg.errors.GeneratedAlways):
        connection.execute(
            "insert into ledger.events (notification_id, originator_id, originator_version, topic, state)"
            " values (7, 'a', 1, 't', 'x')"
        )


@pytest.mark.parametrize("replication_role", ["origin", "replica"])
@pytest.mark.parametrize("role", ["postgres", "plain_writer"])
@pytest.mark.parametrize(
    "change",
    [
        "update ledger.events set state = 'y'",
        "delete from ledger.events",
        "truncate ledger.events",
        f"{ANOTHER} on conflict (originator_id, originator_version) do update set state = 'y'",
        "merge into ledger.events using (select 1) as one on true when matched then delete",
    ],
)
def test_nobody_changes_what_is_recorded(
    database_url: str, change: str, role: str, replication_role: str
) -> None:
    with connect(database_url) as connection:
        insert(connection, "a")
        if role == "plain_writer":
            connection.execute(
                "do $$ begin create role plain_writer; exception when duplicate_object then null; end $$"
            )
            connection.execute("grant all on schema ledger to plain_writer")
            connection.execute("grant all on all tables in schema ledger to plain_writer")
        connection.execute(f"set session_replication_role = {replication_role}")
        connection.execute(f"set role {role}")
        with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
            connection.execute(change)
        state = connection.execute("select state from ledger.events").fetchall()
    assert state == [(b"x",)]


def test_replication_settings_do_not_get_round_the_lock(database_url: str) -> None:
    with psycopg.connect(database_url) as first, connect(database_url) as second:
        insert(first, "a")
        second.execute("set session_replication_role = replica")
        second.execute("set lock_timeout = '50ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            insert(second, "b")


def test_appending_does_not_wait_for_vacuum(database_url: str) -> None:
    """LOCK TABLE would: autovacuum then holds up every writer, or is cancelled each time and never ends."""
    with psycopg.connect(database_url) as vacuuming, connect(database_url) as writer:
        vacuuming.execute("lock table ledger.events in share update exclusive mode")  # as VACUUM does
        writer.execute("set lock_timeout = '2s'")
        assert insert(writer, "a") == 1


def test_every_append_is_notified_whatever_the_client(database_url: str) -> None:
    with connect(database_url) as listening, connect(database_url) as writing:
        listening.execute("listen palimpsest_events")
        insert(writing, "a")
        heard = [notify.channel for notify in listening.notifies(timeout=10, stop_after=1)]
    assert heard == ["palimpsest_events"]


def test_reading_the_newest_event_uses_the_index_from_the_first_append_on(database_url: str) -> None:
    """The plan of the trigger's look is made while the log is empty, and kept by the session."""
    with connect(database_url) as connection:
        for number in range(10):
            insert(connection, f"first-{number}")
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state)"
            " select 'many-' || number, 1, 't', 'x' from generate_series(1, 20000) number"
        )
        connection.execute("select pg_stat_force_next_flush()")
        before = fetch_value(
            database_url, "select seq_tup_read from pg_stat_user_tables where relname = 'events'"
        )
        for number in range(10):
            insert(connection, f"last-{number}")
        connection.execute("select pg_stat_force_next_flush()")
        after = fetch_value(
            database_url, "select seq_tup_read from pg_stat_user_tables where relname = 'events'"
        )
    assert before == after


def test_the_log_is_vacuumed_by_its_own_settings(database_url: str) -> None:
    options = fetch_value(
        database_url,
        "select array_to_string(reloptions, ',') from pg_class where oid = 'ledger.events'::regclass",
    )
    assert "autovacuum_vacuum_insert_scale_factor=0.02" in str(options)
    assert "autovacuum_freeze_min_age=0" in str(options)
