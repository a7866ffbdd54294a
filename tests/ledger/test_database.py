"""Connections: every option of libpq, errors in one sentence, and finding the way back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from domain.errors import NotConfigured, Unavailable
from ledger.database import Database, translated_errors
from tests.ledger.logs import connect, fetch_value
from tests.servers import Server, wait_until

SECRET = "hunter2"


def test_a_connection_is_one_transaction(database: Database, database_url: str) -> None:
    with database.connection() as connection:
        connection.execute("create table public.kept (a int)")
    with pytest.raises(RuntimeError):
        fail_after_writing(database)
    tables = "select string_agg(tablename, ',') from pg_tables where schemaname = 'public'"
    assert fetch_value(database_url, tables) == "kept"


def fail_after_writing(database: Database) -> None:
    with database.connection() as connection:
        connection.execute("create table public.lost (a int)")
        raise RuntimeError


def test_times_come_back_in_utc(database_url: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with connect(database_url) as connection:
        connection.execute(f"alter database \"{name}\" set timezone = 'Europe/Kyiv'")
        connection.execute(f"alter database \"{name}\" set datestyle = 'SQL, DMY'")
    query = "select now()"
    with Database(database_url) as database:
        with database.connection() as pooled:
            now = pooled.execute(query).fetchall()[0][0]
        own = database.connect()
        assert own.autocommit
        also = own.execute(query).fetchall()[0][0]
        own.close()
    assert now.tzinfo is also.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)


def test_urls_and_any_option_of_libpq(server: Server, database_url: str) -> None:
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    folder = str(server.folder).replace("/", "%2F")
    url = f"postgresql://postgres@{folder}:5432/{name}?application_name=mine&options=-c%20work_mem%3D5MB"
    with Database(url) as database, database.connection() as connection:
        assert connection.execute("show application_name").fetchone() == ("mine",)
        assert connection.execute("show work_mem").fetchone() == ("5MB",)


@pytest.mark.parametrize(
    "conninfo", [f"host=/nowhere password={SECRET}", f"postgresql://u:{SECRET}@127.0.0.1:1/db"]
)
def test_a_server_that_is_not_there(conninfo: str) -> None:
    with Database(conninfo, timeout=0.5) as database:
        start = time.monotonic()
        with pytest.raises(Unavailable) as pooled, database.connection():
            pass
        with pytest.raises(Unavailable) as own:
            database.connect()
        assert time.monotonic() - start < 10
    assert SECRET not in pooled.value.message + own.value.message
    assert pooled.value.message.endswith(".")


def test_a_connection_string_that_cannot_be_read() -> None:
    with pytest.raises(NotConfigured) as caught:
        Database(f"host=a password={SECRET} no such option")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_closed_database_stays_closed(database_url: str) -> None:
    database = Database(database_url)
    with database:
        pass
    with pytest.raises(Unavailable), database.connection():
        pass


def test_a_database_opens_itself_when_it_is_first_used(database_url: str) -> None:
    database = Database(database_url)
    with database.connection() as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    database.close()


def test_sessions_thrown_out_while_idle_cost_nobody_anything(database: Database, database_url: str) -> None:
    """The pool notices before it hands a dead connection out, and that one is seldom dead alone."""
    start = time.monotonic()
    for _ in range(3):
        with ExitStack() as several:
            for _ in range(6):
                several.enter_context(database.connection()).execute("select 1")
        with connect(database_url) as administrator:
            administrator.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        with database.connection() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    assert time.monotonic() - start < 3


def test_those_who_wait_are_served_as_soon_as_the_server_is_back(durable_server: Server) -> None:
    """And not after the pool's back-off, or after a timeout and a second request."""
    with Database(durable_server.conninfo(), timeout=60) as database, ThreadPoolExecutor(4) as threads:
        assert ask(database) == (1,)
        durable_server.stop()
        waiting = [threads.submit(ask, database) for _ in range(4)]
        wait_until(lambda: database.pool_stats["requests_waiting"] == 4, what="all to wait")
        time.sleep(2)  # so long that a back-off would have grown
        durable_server.start()
        back = time.monotonic()
        assert [each.result(60) for each in waiting] == [(1,)] * 4
        assert time.monotonic() - back < 3


def ask(database: Database) -> object:
    with database.connection() as connection:
        return connection.execute("select 1").fetchone()


def test_a_session_thrown_out_while_it_works(database: Database) -> None:
    with pytest.raises(Unavailable), database.connection() as connection:
        connection.execute("select pg_terminate_backend(pg_backend_pid())")
    with database.connection() as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_more_users_than_connections_wait_their_turn(database_url: str) -> None:
    with Database(database_url, pool_size=1, timeout=0.2) as database:
        with database.connection(), pytest.raises(Unavailable), database.connection():
            pass
        with database.connection() as connection:
            assert connection.execute("select 1").fetchone() == (1,)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (psycopg.errors.UndefinedTable, NotConfigured),
        (psycopg.errors.InvalidSchemaName, NotConfigured),
        (psycopg.errors.AdminShutdown, Unavailable),
        (psycopg.errors.CannotConnectNow, Unavailable),
        (psycopg.errors.LockNotAvailable, Unavailable),
        (psycopg.errors.QueryCanceled, Unavailable),
        (psycopg.errors.ReadOnlySqlTransaction, Unavailable),
        (psycopg.errors.DiskFull, Unavailable),
        (psycopg.InterfaceError, Unavailable),
        (psycopg.errors.ProgramLimitExceeded, psycopg.errors.ProgramLimitExceeded),
        (psycopg.errors.UniqueViolation, psycopg.errors.UniqueViolation),
        (psycopg.errors.SyntaxError, psycopg.errors.SyntaxError),
        (ZeroDivisionError, ZeroDivisionError),
    ],
)
def test_what_becomes_of_errors(error: type[Exception], expected: type[Exception]) -> None:
    with pytest.raises(Exception, match=r".*") as caught, translated_errors():
        raise error(SECRET)
    assert type(caught.value) is expected
    assert expected is error or SECRET not in str(caught.value)


@pytest.mark.parametrize("error", [psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled])
def test_a_database_that_is_slow_is_not_said_to_be_away(error: type[Exception]) -> None:
    with pytest.raises(Unavailable, match="took longer than it may"), translated_errors():
        raise error(SECRET)


def test_a_statement_that_takes_too_long_is_ended_and_the_next_one_is_not(database_url: str) -> None:
    with Database(database_url, statement_timeout=0.05) as database:
        for slow in (database.connection, database.connect):
            started = time.monotonic()
            with pytest.raises(Unavailable, match="took longer"), translated_errors(), slow() as connection:
                connection.execute("select pg_sleep(5)")
            assert time.monotonic() - started < 3
        with database.connection() as connection:
            assert connection.execute("select 1").fetchone() == (1,)
    with Database(database_url) as patient, patient.connection() as connection:
        assert connection.execute("show statement_timeout").fetchone() == ("0",)
