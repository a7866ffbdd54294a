"""What the database itself guarantees of the log, whatever client writes."""

from __future__ import annotations

import threading
import uuid
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
        # As if the clock had been a day fast until now.
        connection.execute("alter table ledger.events drop constraint position_and_time_from_the_database")
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state, recorded_at)"
            " values ('a', 1, 't', 'x', %s)",
            (future,),
        )
        insert(connection, "b")
        insert(connection, "c")
        times = [row[0] for row in connection.execute(TIMES)]
    assert times == [future, future, future]


def test_the_stamp_is_exact_to_the_microsecond(database_url: str) -> None:
    """It is passed on as a number and not as a date."""
    with psycopg.connect(database_url) as connection:
        before = connection.execute("select clock_timestamp()").fetchall()[0][0]
        insert(connection, "a")
        passed_on = connection.execute("select current_setting('palimpsest.recorded_at')").fetchall()[0][0]
        [(stamped,)] = connection.execute(TIMES).fetchall()
    since = stamped - datetime(1970, 1, 1, tzinfo=UTC)
    assert since // timedelta(microseconds=1) == int(passed_on)
    assert before < stamped < before + timedelta(minutes=1)


COLUMNS = ("notification_id", "recorded_at", "transaction_id")
STAMPED = "to_timestamp(current_setting('palimpsest.recorded_at')::numeric / 1000000)"
HONEST = {
    "notification_id": "nextval('ledger.events_notification_id_seq')",
    "recorded_at": STAMPED,
    "transaction_id": "pg_current_xact_id()",
}


@pytest.mark.parametrize("replication_role", ["origin", "replica"])
@pytest.mark.parametrize(
    ("column", "lie"),
    [
        ("recorded_at", "clock_timestamp() - interval '1 year'"),
        ("recorded_at", "clock_timestamp() + interval '1 year'"),
        ("recorded_at", f"{STAMPED} - interval '1 microsecond'"),
        ("recorded_at", "'-infinity'"),
        ("notification_id", "2"),  # one that was given back
        ("notification_id", "1000"),  # one that nobody has drawn yet
        ("notification_id", "-1"),
        ("transaction_id", "'1'"),
    ],
)
def test_no_event_brings_its_own_position_or_time(
    database_url: str, column: str, lie: str, replication_role: str
) -> None:
    with connect(database_url) as connection:
        insert(connection, "a")
        connection.execute("begin")
        assert insert(connection, "given-back") == 2
        connection.execute("rollback")
        insert(connection, "b")
        connection.execute(f"set session_replication_role = {replication_role}")
        statement = (
            f"insert into ledger.events ({', '.join(COLUMNS)},"
            " originator_id, originator_version, topic, state)"
            " overriding system value values ({values}, 'liar', 1, 't', 'x')"
        )
        told = {**HONEST, column: lie}
        with pytest.raises(psycopg.errors.CheckViolation, match="from_the_database"):
            connection.execute(statement.format(values=", ".join(told[name] for name in COLUMNS)))
        assert connection.execute("select count(*) from ledger.events").fetchone() == (2,)
        connection.execute(statement.format(values=", ".join(HONEST[name] for name in COLUMNS)))
        after = insert(connection, "c")
    assert after == (5 if column == "notification_id" else 6)


def test_one_lie_among_many_rows_refuses_them_all(database_url: str) -> None:
    with connect(database_url) as connection:
        with pytest.raises(psycopg.errors.CheckViolation, match="from_the_database"):
            connection.execute(
                "insert into ledger.events (originator_id, originator_version, topic, state, recorded_at)"
                " select 'many-' || number, 1, 't', 'x',"
                f" {STAMPED} - case number when 1500 then interval '1 second' else '0' end"
                " from generate_series(1, 3000) number"
            )
        assert connection.execute("select count(*) from ledger.events").fetchone() == (0,)


def test_copy_is_held_to_it_as_well(database_url: str) -> None:
    columns = "notification_id, recorded_at, originator_id, originator_version, topic, state"
    row = (7, datetime.now(UTC), "a", 1, "t", "x")
    with connect(database_url) as connection:

        def copy_row() -> None:
            with (
                connection.cursor() as cursor,
                cursor.copy(f"copy ledger.events ({columns}) from stdin") as copy,
            ):
                copy.write_row(row)

        with pytest.raises(psycopg.errors.CheckViolation, match="from_the_database"):
            copy_row()
        assert connection.execute("select count(*) from ledger.events").fetchone() == (0,)


def test_a_role_that_may_only_append_can(database_url: str) -> None:
    """The rule is evaluated as whoever inserts, and needs no more than that."""
    with connect(database_url) as connection:
        role = f"appender_{uuid.uuid4().hex[:12]}"
        connection.execute(f"create role {role}")
        connection.execute(f"grant usage on schema ledger to {role}")
        connection.execute(f"grant select, insert on ledger.events, ledger.told_logs to {role}")
        connection.execute(f"set role {role}")
        assert [insert(connection, "a"), insert(connection, "b")] == [1, 2]
        connection.execute("reset role")
        connection.execute(f"drop owned by {role}")
        connection.execute(f"drop role {role}")


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
