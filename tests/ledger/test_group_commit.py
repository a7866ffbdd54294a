"""Many requests in one transaction, each standing or falling by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from eventsourcing.persistence import StoredEvent

from domain.errors import InvalidInput, NotConfigured, Unavailable
from ledger.appending import Appended
from ledger.commands import AppendConflict, Appending
from ledger.database import Connection, Database
from ledger.group_commit import CLOSED, NOT_RECORDED, TOO_MANY, UNKNOWN, GroupCommit
from ledger.texts import DocumentText, hash_text
from tests.ledger.logs import connect, count_waiting, fetch_value, held_log, stored
from tests.servers import Server, wait_until

SALT = bytes(16)
TRANSACTIONS = "select count(distinct transaction_id) from ledger.events"
COUNT = "select count(*) from ledger.events"


@pytest.fixture
def group_commit(database: Database) -> Iterator[GroupCommit]:
    with GroupCommit(database.connect) as group_commit:
        yield group_commit


def submit(
    group_commit: GroupCommit, events: Sequence[StoredEvent], texts: Sequence[DocumentText] = ()
) -> Future[Appended]:
    return group_commit.submit(Appending(events, texts))


def submit_together(
    group_commit: GroupCommit, url: str, all_of_it: Callable[[], list[Future[Appended]]]
) -> list[Future[Appended]]:
    """Submits while somebody holds the lock, so that all of it ends up in one batch."""
    with held_log(url):
        first = submit(group_commit, [stored("first")])
        wait_until(lambda: count_waiting(url) == 1, what="the committer to wait")
        futures = all_of_it()
    first.result(10)
    return futures


def outcome(future: Future[Appended]) -> Any:
    """What a request came to: its positions, or the error."""
    error = future.exception(10)
    return future.result().positions if error is None else type(error)


def text(value: str) -> DocumentText:
    return DocumentText(sha256=hash_text(SALT, value), salt=SALT, text=value)


def test_an_append_answers_its_positions_and_its_moment(group_commit: GroupCommit, database_url: str) -> None:
    one = group_commit.append([stored("a"), stored("a", 2), stored("b")])
    two = group_commit.append([stored("a", 3)])
    assert one.positions == (1, 2, 3)
    assert two.positions == (4,)
    recorded_at = fetch_value(database_url, "select recorded_at from ledger.events where notification_id = 2")
    assert one.recorded_at == recorded_at
    assert two.recorded_at > one.recorded_at


@pytest.mark.parametrize("count", [1, 299, 300, 301, 5000, 5001])
def test_positions_follow_the_order_of_the_events(
    group_commit: GroupCommit, database_url: str, count: int
) -> None:
    """By INSERT and by COPY alike."""
    appended = group_commit.append(
        [stored(f"s{number:05d}", 1, str(number).encode()) for number in range(count)]
    )
    with connect(database_url) as connection:
        rows = connection.execute("select notification_id, state from ledger.events order by 1").fetchall()
    assert [row[0] for row in rows] == list(appended.positions)
    assert [row[1] for row in rows] == [str(number).encode() for number in range(count)]
    assert fetch_value(database_url, "select count(distinct recorded_at) from ledger.events") == 1


def test_twenty_thousand_events_in_one_request_do_not_dead_lock(
    group_commit: GroupCommit, database_url: str
) -> None:
    state = b"x" * 700
    appended = group_commit.append([stored(f"s{number}", 1, state) for number in range(20_000)])
    assert len(appended.positions) == 20_000
    assert fetch_value(database_url, TRANSACTIONS) == 1


def test_many_threads_share_transactions(group_commit: GroupCommit, database_url: str) -> None:
    with ThreadPoolExecutor(64) as threads:
        done = list(threads.map(lambda number: group_commit.append([stored(f"s{number}")]), range(512)))
    assert sorted(position for each in done for position in each.positions) == list(range(1, 513))
    assert int(str(fetch_value(database_url, TRANSACTIONS))) < 256


def test_what_waited_together_is_one_transaction(group_commit: GroupCommit, database_url: str) -> None:
    futures = submit_together(
        group_commit,
        database_url,
        lambda: [submit(group_commit, [stored(f"s{number}")]) for number in range(100)],
    )
    assert [outcome(future) for future in futures] == [(number + 2,) for number in range(100)]
    assert fetch_value(database_url, TRANSACTIONS) == 2


def test_a_conflict_fails_its_own_request_only(group_commit: GroupCommit, database_url: str) -> None:
    group_commit.append([stored("taken")])
    futures = submit_together(
        group_commit,
        database_url,
        lambda: [
            submit(group_commit, [stored("a")]),
            submit(group_commit, [stored("b"), stored("taken")]),
            submit(group_commit, [stored("c")]),
            submit(group_commit, [stored("far", 3)]),
        ],
    )
    assert [outcome(future) for future in futures] == [(3,), AppendConflict, (4,), AppendConflict]
    with connect(database_url) as connection:
        streams = [row[0] for row in connection.execute("select originator_id from ledger.events order by 1")]
    assert streams == ["a", "c", "first", "taken"], "b came with the conflict and is not recorded"


def test_of_two_in_one_batch_the_first_wins(group_commit: GroupCommit, database_url: str) -> None:
    futures = submit_together(
        group_commit,
        database_url,
        lambda: [
            submit(group_commit, [stored("a"), stored("b")]),
            submit(group_commit, [stored("b"), stored("c")]),
            submit(group_commit, [stored("c")]),
            submit(group_commit, [stored("b", 2)]),
        ],
    )
    assert [outcome(future) for future in futures] == [(2, 3), AppendConflict, (4,), (5,)]
    error = futures[1].exception()
    assert isinstance(error, AppendConflict)
    assert (error.stream, error.version, error.newest) == ("b", 1, 1)


def test_bad_data_fails_its_own_request_only(group_commit: GroupCommit, database_url: str) -> None:
    bad = stored("n\0l")
    half = stored("\ud800")
    long = stored("x" * 10_000_000)  # no index takes it
    futures = submit_together(
        group_commit,
        database_url,
        lambda: [
            submit(group_commit, [stored("a")], [text("kept")]),
            submit(group_commit, [stored("b"), bad]),
            submit(group_commit, [stored("c")], [text("with \0")]),
            submit(group_commit, [half]),
            submit(group_commit, [long]),
            submit(group_commit, [stored("d")]),
        ],
    )
    assert [outcome(future) for future in futures][1:5] == [InvalidInput] * 4
    assert all(isinstance(outcome(futures[number]), tuple) for number in (0, 5))
    assert fetch_value(database_url, COUNT) == 3
    assert fetch_value(database_url, "select string_agg(text, ',') from ledger.document_texts") == "kept"


def test_one_who_goes_away_harms_nobody(group_commit: GroupCommit, database_url: str) -> None:
    """Its write was handed in, and is carried out."""

    def submit_and_leave() -> list[Future[Appended]]:
        futures = [submit(group_commit, [stored(name)]) for name in ("a", "b", "c")]
        assert not futures[1].cancel()
        return futures

    futures = submit_together(group_commit, database_url, submit_and_leave)
    assert [outcome(future) for future in futures] == [(2,), (3,), (4,)]


def test_a_text_is_stored_with_its_event_or_not_at_all(group_commit: GroupCommit, database_url: str) -> None:
    group_commit.append([stored("a")], [text("one")])
    with pytest.raises(AppendConflict):
        group_commit.append([stored("a")], [text("two")])
    assert fetch_value(database_url, "select string_agg(text, ',') from ledger.document_texts") == "one"


def test_too_many_waiting_are_refused(database: Database, database_url: str) -> None:
    with GroupCommit(database.connect, max_waiting=3) as group_commit, held_log(database_url):
        first = submit(group_commit, [stored("first")])
        wait_until(lambda: count_waiting(database_url) == 1, what="the committer to wait")
        waiting = [submit(group_commit, [stored(f"s{number}")]) for number in range(3)]
        with pytest.raises(Unavailable, match=TOO_MANY):
            submit(group_commit, [stored("one too many")])
    assert [outcome(future) for future in (first, *waiting)] == [(1,), (2,), (3,), (4,)]


def test_closing_commits_what_waits_and_refuses_what_comes(database: Database, database_url: str) -> None:
    group_commit = GroupCommit(database.connect)
    with held_log(database_url):
        futures = [submit(group_commit, [stored("first")])]
        wait_until(lambda: count_waiting(database_url) == 1, what="the committer to wait")
        futures += [submit(group_commit, [stored(f"s{number}")]) for number in range(10)]
        closing = threading.Thread(target=group_commit.close)
        closing.start()
        wait_until(lambda: _is_closed(group_commit), what="the gate to close")
    closing.join(10)
    assert [outcome(future) for future in futures] == [(number,) for number in range(1, 12)]
    group_commit.close()


def _is_closed(group_commit: GroupCommit) -> bool:
    try:
        submit(group_commit, [])
    except Unavailable as error:
        return error.message == CLOSED
    return False


def test_an_open_ledger_that_nobody_writes_to_starts_nothing(database_url: str) -> None:
    def connect_never() -> Connection:
        raise AssertionError("nothing was to be opened")

    before = threading.active_count()
    with GroupCommit(connect_never):
        assert threading.active_count() == before


class Breaking:
    """Connections that break just before, or just after, the next commit is carried out."""

    def __init__(self, database: Database, *, after: bool) -> None:
        self.database = database
        self.after = after
        self.armed = True

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
def test_a_break_at_commit_is_told_as_an_unknown_outcome(
    database: Database, database_url: str, after: bool
) -> None:
    """Only the database knows which of the two happened. The next append finds a new connection."""
    with GroupCommit(Breaking(database, after=after)) as group_commit:
        with pytest.raises(Unavailable, match="not known") as caught:
            group_commit.append([stored("a")])
        assert caught.value.message == UNKNOWN
        assert fetch_value(database_url, COUNT) == int(after)
        group_commit.append([stored("b")])


def test_a_session_thrown_out_while_idle_costs_nobody_anything(
    group_commit: GroupCommit, database_url: str
) -> None:
    group_commit.append([stored("a")])
    throw_out(database_url)
    assert group_commit.append([stored("b")]).positions == (2,)


def test_a_session_thrown_out_before_its_commit_is_tried_again(
    group_commit: GroupCommit, database_url: str
) -> None:
    group_commit.append([stored("a")])
    with held_log(database_url):
        future = submit(group_commit, [stored("b")])
        wait_until(lambda: count_waiting(database_url) == 1, what="the committer to wait")
        throw_out(database_url, "and wait_event_type = 'Lock'")
        wait_until(lambda: count_waiting(database_url) == 1, what="the committer to wait again")
    assert future.result(10).positions == (2,)


def throw_out(url: str, which: str = "and application_name = 'palimpsest'") -> None:
    """Ends sessions, as an administrator would."""
    with connect(url) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
            f" where datname = current_database() and pid <> pg_backend_pid() {which}"
        )


def test_a_database_without_our_tables_says_what_to_do(server: Server) -> None:
    with (
        Database(server.conninfo("template1")) as database,
        GroupCommit(database.connect) as group_commit,
        pytest.raises(NotConfigured, match="palimpsest db upgrade"),
    ):
        group_commit.append([stored("a")])


def test_a_lock_that_is_never_given_back_is_told(database: Database, database_url: str) -> None:
    """After ten seconds; here the wait is cut short."""

    def connect_impatient() -> Connection:
        connection = database.connect()
        execute = connection.execute
        connection.execute = lambda query, *more, **options: execute(  # type: ignore[method-assign]
            query.replace("'10s'", "'50ms'") if isinstance(query, str) else query, *more, **options
        )
        return connection

    with GroupCommit(connect_impatient) as group_commit:
        with held_log(database_url), pytest.raises(Unavailable) as caught:
            group_commit.append([stored("a")])
        assert caught.value.message == NOT_RECORDED
        assert group_commit.append([stored("a")]).positions == (1,)


def test_acknowledged_means_flushed_even_where_the_server_does_not_insist(
    server: Server, database_url: str, database: Database
) -> None:
    """With synchronous_commit off the log would be flushed only after up to 10 s here."""
    name = psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    with server.connect() as connection:
        connection.execute(f'alter database "{name}" set synchronous_commit = off')
        connection.execute("alter system set wal_writer_delay = '10s'")
        connection.execute("select pg_reload_conf()")
    try:
        with GroupCommit(database.connect) as group_commit:
            for number in range(20):
                before = fetch_value(database_url, "select pg_current_wal_insert_lsn()")
                group_commit.append([stored(f"s{number}")])
                flushed = fetch_value(
                    database_url, "select pg_current_wal_flush_lsn() > %s::pg_lsn", (before,)
                )
                assert flushed is True
    finally:
        with server.connect() as connection:
            connection.execute("alter system reset wal_writer_delay")
            connection.execute("select pg_reload_conf()")
