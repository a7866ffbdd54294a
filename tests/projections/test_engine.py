"""The engine: exactly once whatever dies, failures that stay where they are, rebuilding beside the living."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar

import psycopg
import pytest

from domain.errors import InvalidInput, Unavailable
from domain.streams import Thing
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import Recorded, head_position
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.checkpoints import list_status
from projections.engine.following import COMPANY, Follower, advance, clear_errors
from projections.engine.projection import Projection, Writer
from projections.engine.rebuilding import rebuild
from projections.engine.verifying import verify
from projections.reading import places
from projections.reading.moments import AskedClocks, Reader
from projections.states import States
from tests.builders import actor, claim, denial, location, statement

NAMES = tuple(projection.name for projection in PROJECTIONS)
BY_NAME = {projection.name: projection for projection in PROJECTIONS}
DEADLINE = 20.0


class Fragile(Projection):
    """Writes the names of actors, and breaks on one of them."""

    name: ClassVar[str] = "actors"
    tables: ClassVar[tuple[str, ...]] = ("actor_revisions",)
    topics: ClassVar[frozenset[str]] = frozenset({"actor-registered"})

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        if recorded.stream == "actor:cursed":
            raise RuntimeError("this one breaks it")
        BY_NAME["actors"].apply(writer, recorded)


def caught_up(database: Database, position: int, name: str = "actors") -> Callable[[], bool]:
    return lambda: positions(database)[name] == position


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.01)


def register(ledger: Ledger, *names: str) -> int:
    items = [Item(event=actor(name)) for name in names]
    return ledger.record(items, recorded_by="test").log_position or 0


def found_actors(database: Database) -> list[str]:
    with database.connection() as connection:
        rows = connection.execute("SELECT actor_id FROM projections.actor_revisions ORDER BY from_position")
        return [row[0] for row in rows]


def positions(database: Database) -> dict[str, int]:
    with database.connection() as connection:
        return {status.name: status.position for status in list_status(connection, NAMES)}


def workspaces(database: Database) -> list[str]:
    with database.connection() as connection:
        rows = connection.execute(
            "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%' OR nspname LIKE 'verify%'"
        )
        return [row[0] for row in rows]


@contextmanager
def following(database: Database) -> Iterator[Follower]:
    follower = Follower(database, PROJECTIONS)
    follower.start()
    try:
        yield follower
    finally:
        follower.stop()


def test_a_failing_event_stops_one_projection_visibly_and_nothing_else(
    database: Database, ledger: Ledger
) -> None:
    register(ledger, *(f"a{number}" for number in range(30)))
    cursed = register(ledger, "cursed")
    last = register(ledger, "after")
    others = [projection for projection in PROJECTIONS if projection.name != "actors"]
    Follower(database, [Fragile(), *others]).catch_up()

    with database.connection() as connection:
        status = {entry.name: entry for entry in list_status(connection, NAMES)}
    assert status["actors"].position == cursed - 1
    assert status["actors"].error_position == cursed
    assert "this one breaks it" in (status["actors"].error or "")
    assert status["actors"].failed_at is not None
    assert {entry.position for name, entry in status.items() if name != "actors"} == {last}
    assert found_actors(database) == [f"a{number}" for number in range(30)]


def test_a_stopped_projection_goes_on_where_it_stopped_once_it_can(
    database: Database, ledger: Ledger
) -> None:
    register(ledger, "one", "cursed", "two")
    Follower(database, [Fragile()]).catch_up()
    assert found_actors(database) == ["one"]

    clear_errors(database, PROJECTIONS)
    Follower(database, PROJECTIONS).catch_up()

    assert found_actors(database) == ["one", "cursed", "two"]
    with database.connection() as connection:
        assert all(entry.error is None for entry in list_status(connection, NAMES))


def test_an_event_nobody_can_read_stops_every_projection_at_its_position(
    database: Database, ledger: Ledger
) -> None:
    good = register(ledger, "one")
    with database.connection() as connection:
        connection.execute(
            "INSERT INTO ledger.events (originator_id, originator_version, topic, state)"
            " VALUES ('actor:odd', 1, 'from-the-future', '{}')"
        )
    register(ledger, "two")
    Follower(database, PROJECTIONS).catch_up()

    assert set(positions(database).values()) == {good}
    with database.connection() as connection:
        for entry in list_status(connection, NAMES):
            assert entry.error_position == good + 1
            assert "from-the-future" in (entry.error or "")


def test_an_event_that_cannot_be_read_stops_only_those_that_want_it(
    database: Database, ledger: Ledger
) -> None:
    register(ledger, "one")
    with database.connection() as connection:
        connection.execute(
            "INSERT INTO ledger.events (originator_id, originator_version, topic, state)"
            " VALUES ('document:odd', 1, 'document-archived', 'no json')"
        )
    last = register(ledger, "two")
    Follower(database, PROJECTIONS).catch_up()

    reached = positions(database)
    assert reached.pop("documents") == last - 2
    assert set(reached.values()) == {last}


def test_many_followers_at_once_fold_each_event_once(database: Database, ledger: Ledger) -> None:
    with following(database), following(database), following(database):
        for number in range(60):
            last = register(ledger, f"a{number:02}")
        wait_until(lambda: set(positions(database).values()) == {last}, "catching up")
    assert found_actors(database) == [f"a{number:02}" for number in range(60)]
    assert all(verify(database, projection)[1] == [] for projection in PROJECTIONS)


def follow_and_die(conninfo: str, batches: int) -> None:
    """Folds a few batches, then dies with one half done."""
    with Database(conninfo) as database:
        for _ in range(batches):
            for projection in PROJECTIONS:
                advance(database, [projection], limit=3)
        original = Writer.flush

        def flush_and_die(writer: Writer) -> None:
            original(writer)
            os.kill(os.getpid(), signal.SIGKILL)

        setattr(Writer, "flush", flush_and_die)  # noqa: B010 - a method of a class that mypy guards
        for projection in PROJECTIONS:
            advance(database, [projection], limit=3)


@pytest.mark.parametrize("batches", [0, 1, 4])
def test_a_follower_killed_with_rows_half_written_leaves_no_trace(
    batches: int, database: Database, database_url: str, ledger: Ledger
) -> None:
    last = register(ledger, *(f"a{number:02}" for number in range(40)))
    process = multiprocessing.get_context("spawn").Process(
        target=follow_and_die, args=(database_url, batches)
    )
    process.start()
    process.join(DEADLINE)
    assert process.exitcode == -signal.SIGKILL

    Follower(database, PROJECTIONS).catch_up()
    assert set(positions(database).values()) == {last}
    assert found_actors(database) == [f"a{number:02}" for number in range(40)]
    assert all(verify(database, projection)[1] == [] for projection in PROJECTIONS)


def test_a_lost_listening_connection_delays_nobody_for_ever(database: Database, ledger: Ledger) -> None:
    with following(database):
        first = register(ledger, "one")
        wait_until(lambda: positions(database)["actors"] == first, "the first event")
        for number in range(3):
            with database.connection() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                    " AND datname = current_database() AND query ILIKE 'listen%%'"
                )
            last = register(ledger, f"more-{number}")
            wait_until(caught_up(database, last), "an event that was not heard")


def seed(ledger: Ledger, count: int = 40) -> None:
    registry: tuple[Thing, ...] = (actor("russia"), actor("ukraine"), location("kupiansk"), location("izium"))
    told = [claim(), denial(), *(statement(f"s{number:03}", by="russia") for number in range(count))]
    ledger.record([Item(event=event) for event in (*registry, *told)], recorded_by="test")


def test_verify_names_a_row_changed_by_hand_and_leaves_nothing_behind(
    database: Database, ledger: Ledger, follower: Follower
) -> None:
    seed(ledger)
    follower.catch_up()
    with database.connection() as connection:
        connection.execute(
            "UPDATE projections.location_states SET status = 'held' WHERE location_id = 'kupiansk'"
        )
        connection.execute("DELETE FROM projections.location_facts WHERE development_id = 's003'")

    _, mismatches = verify(database, BY_NAME["states"])

    assert [(mismatch.table, mismatch.key) for mismatch in mismatches] == [
        ("location_facts", "location_id=kupiansk, development_id=s003, revision=1"),
        ("location_states", "location_id=kupiansk"),
    ]
    assert mismatches[0].live is None
    assert mismatches[1].live is not None
    assert mismatches[1].rebuilt is not None
    assert "held" in mismatches[1].live
    assert "disputed" in mismatches[1].rebuilt
    assert workspaces(database) == []
    rebuild(database, BY_NAME["states"])
    assert verify(database, BY_NAME["states"])[1] == []


class Watchful(States):
    """Notes, each time it settles, how many places are stale, and whether everybody has to wait for it."""

    def __init__(self) -> None:
        self.settled: list[tuple[int, bool]] = []

    def settle(self, writer: Writer, limit: int) -> int:
        [(stale,)] = writer.fetch("SELECT count(*) FROM location_states WHERE stale")
        [(alone,)] = writer.fetch(
            """SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()
               AND relation = 'projections.checkpoints'::regclass AND mode = 'AccessExclusiveLock'"""
        )
        self.settled.append((stale, alone > 0))
        return super().settle(writer, limit)


def test_nobody_waits_for_a_rebuild_to_settle_and_its_tables_are_known_to_the_planner(
    database: Database, ledger: Ledger
) -> None:
    seed(ledger)
    watchful = Watchful()
    rebuild(database, watchful)
    assert [stale > 0 for stale, _ in watchful.settled] == [True, False]
    assert not any(alone for _, alone in watchful.settled)
    with database.connection() as connection:
        known = connection.execute(
            "SELECT count(*) FROM pg_stats WHERE schemaname = 'projections' AND tablename = 'location_facts'"
        ).fetchone()
    assert known is not None
    assert known[0] > 0


def test_reads_answer_and_nothing_is_lost_while_everything_is_rebuilt_under_writes(
    database: Database, database_url: str, ledger: Ledger, reader: Reader
) -> None:
    seed(ledger)
    stop = threading.Event()
    written: list[int] = []
    answered: list[str] = []
    failures: list[BaseException] = []

    def write() -> None:
        while not stop.is_set():
            event = statement(f"w{len(written):04}", by="ukraine")
            written.append(ledger.record([Item(event=event)], recorded_by="test").log_position or 0)

    def read() -> None:
        with Database(database_url) as own:
            mine = Reader(own, reader.now)
            while not stop.is_set():
                with mine.at(AskedClocks(), *places.NEEDS) as moment:
                    view = places.load_view(moment, "kupiansk")
                    count = len(view.developments)
                    # 4 of the registry, then a development each: none missing, none from beyond.
                    assert count == moment.position - 4
                    answered.append(places.find_place(moment, "kupiansk").id)

    def guarded(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)

        return run

    def more_than(told: list[str], wrong: list[BaseException], goal: int) -> Callable[[], bool]:
        return lambda: len(told) >= goal or bool(wrong)

    with following(database):
        wait_until(lambda: positions(database)["states"] >= 46, "the seed")
        threads = [threading.Thread(target=guarded(work)) for work in (write, read, read)]
        for thread in threads:
            thread.start()
        try:
            for projection in PROJECTIONS:
                goal = len(answered) + 1
                rebuild(database, projection)
                wait_until(more_than(answered, failures, goal), "an answer")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        assert failures == []
        wait_until(lambda: positions(database)["states"] == written[-1], "catching up")
    assert all(verify(database, projection)[1] == [] for projection in PROJECTIONS)
    assert workspaces(database) == []


def test_rebuild_until_a_position_answers_as_of_then_and_goes_on_from_there(
    database: Database, ledger: Ledger
) -> None:
    register(ledger, "one", "two")
    last = register(ledger, "three")
    Follower(database, PROJECTIONS).catch_up()
    rebuild(database, BY_NAME["actors"], until=last - 1)
    assert found_actors(database) == ["one", "two"]
    Follower(database, PROJECTIONS).catch_up()
    assert found_actors(database) == ["one", "two", "three"]


def test_verify_says_so_while_a_projection_is_still_catching_up(database: Database, ledger: Ledger) -> None:
    register(ledger, "one")
    with database.connection() as connection:
        connection.execute("INSERT INTO projections.checkpoints (name, building) VALUES ('actors', true)")
    with pytest.raises(Unavailable, match="still catching up"):
        verify(database, BY_NAME["actors"])


def test_verify_settles_what_was_left_when_the_follower_ended(database: Database, ledger: Ledger) -> None:
    seed(ledger)
    assert advance(database, PROJECTIONS) is not None
    with database.connection() as connection:
        assert not all(entry.settled for entry in list_status(connection, NAMES))
    assert all(verify(database, projection)[1] == [] for projection in PROJECTIONS)
    with database.connection() as connection:
        assert all(entry.settled for entry in list_status(connection, NAMES))


def test_what_a_full_batch_left_is_settled_though_nothing_follows_it(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.engine.following.READ_AT_ONCE", 2)
    register(ledger, "one", "two")
    Follower(database, PROJECTIONS).catch_up()
    assert all(verify(database, projection)[1] == [] for projection in PROJECTIONS)


def test_a_rebuild_that_died_is_begun_anew(database: Database, ledger: Ledger) -> None:
    seed(ledger)
    Follower(database, PROJECTIONS).catch_up()
    with database.connection() as connection:
        connection.execute(
            "SELECT projections.open_workspace('rebuild_states', ARRAY['location_facts'], 'other code')"
        )
    rebuild(database, BY_NAME["states"])
    assert verify(database, BY_NAME["states"])[1] == []


def test_a_position_beyond_the_log_is_refused(database: Database, ledger: Ledger, reader: Reader) -> None:
    last = register(ledger, "one")
    Follower(database, PROJECTIONS).catch_up()
    with database.connection() as connection:
        assert head_position(connection) == last
    with (
        pytest.raises(InvalidInput, match="The log ends at position 1"),
        reader.at(AskedClocks(log_position=last + 1), "actors"),
    ):
        pass


def test_every_table_of_the_schema_belongs_to_one_projection(database: Database) -> None:
    with psycopg.connect(database.conninfo) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'projections'"
        ).fetchall()
    owned = [table for projection in PROJECTIONS for table in projection.tables]
    assert sorted(owned) == sorted({row[0] for row in rows} - {"checkpoints"})


def test_what_comes_alone_is_folded_at_once_and_company_is_waited_for(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.engine.following.PACE_SECONDS", 3600.0)
    several = COMPANY
    follower = Follower(database, PROJECTIONS)
    follower.start()
    try:
        for position in range(1, 4):
            ledger.record([Item(event=actor(f"alone-{position}"))], recorded_by="tests")
            wait_until(caught_up(database, position), "what came alone")
        ledger.record([Item(event=actor(f"many-{number}")) for number in range(several)], recorded_by="tests")
        wait_until(caught_up(database, 3 + several), "what came together")
        ledger.record([Item(event=actor("late"))], recorded_by="tests")
    finally:
        follower.stop()  # which ends the pause, too
    assert positions(database)["actors"] == 3 + several
