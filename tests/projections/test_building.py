"""Building beside the living: the same rows whatever dies, and new projections in the background."""

from __future__ import annotations

import multiprocessing
import multiprocessing.pool
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any, ClassVar

import psycopg
import pytest

from domain.errors import Unavailable
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import Recorded
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.claims import Claims
from projections.engine import building, newcomers, workspaces
from projections.engine.building import build, help_settling
from projections.engine.checkpoints import ProjectionStatus, list_status
from projections.engine.following import Follower
from projections.engine.processes import Workers, share_out
from projections.engine.projection import Projection, Writer
from projections.engine.rebuilding import rebuild
from projections.engine.verifying import verify_all
from projections.engine.workspaces import Workspaces
from projections.reading import places
from projections.reading.moments import AskedClocks, Reader
from projections.states import States
from tests.builders import actor
from tests.projections.random_ledger import PLACES, RandomLedger

NAMES = tuple(projection.name for projection in PROJECTIONS)
TABLES = tuple(table for projection in PROJECTIONS for table in projection.tables)
STEPS = 80
DEADLINE = 60.0


class FragileClaims(Claims):
    """Breaks in the middle of the log."""

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        if recorded.log_position > STEPS // 2:
            raise RuntimeError("this one breaks it")
        super().apply(writer, recorded)


class Idle(Projection):
    """Weighs something, and does nothing."""

    name: ClassVar[str] = "idle"
    tables: ClassVar[tuple[str, ...]] = ()
    topics: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, weight: int) -> None:
        setattr(self, "weight", weight)  # noqa: B010 - a class variable for mypy

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Wants no event."""


@pytest.fixture
def told(database: Database, ledger: Ledger, follower: Follower) -> dict[str, list[Any]]:
    """The rows of a random ledger, folded live."""
    writer = RandomLedger(ledger, 7)
    writer.register()
    for number in range(STEPS):
        writer.step()
        if number % 9 == 0:
            follower.step()
    follower.catch_up()
    return read_rows(database)


def read_rows(database: Database) -> dict[str, list[Any]]:
    """Every row of every read model, by table."""
    with database.connection() as connection:
        connection.execute("LOCK TABLE projections.checkpoints IN ACCESS SHARE MODE")
        return {
            table: sorted(connection.execute(f"SELECT * FROM projections.{table}").fetchall(), key=repr)
            for table in TABLES
        }


def read_indexes(database: Database) -> list[tuple[str, str]]:
    with database.connection() as connection:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'projections' ORDER BY 1"
        return connection.execute(query).fetchall()


def status_of(database: Database) -> dict[str, ProjectionStatus]:
    with database.connection() as connection:
        return {status.name: status for status in list_status(connection, NAMES)}


def forget(database: Database, projection: Projection) -> None:
    """Makes a projection new: it has never run."""
    with database.connection() as connection:
        connection.execute("DELETE FROM projections.checkpoints WHERE name = %s", (projection.name,))
        for table in projection.tables:
            connection.execute(f"TRUNCATE projections.{table}")


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.02)


@contextmanager
def following(database: Database, projections: tuple[Projection, ...] = PROJECTIONS) -> Iterator[Follower]:
    follower = Follower(database, projections)
    follower.start()
    try:
        yield follower
    finally:
        follower.stop()


def in_process(target: Callable[..., None], *arguments: Any) -> int | None:
    """Runs a function in a process of its own; how that ended."""
    process = multiprocessing.get_context("spawn").Process(target=target, args=arguments)
    process.start()
    process.join(DEADLINE)
    return process.exitcode


def rebuild_and_die(conninfo: str, flushes: int) -> None:
    """Rebuilds everything in small transactions, and dies after so many times that rows were written."""
    setattr(workspaces, "STRETCH", 5)  # noqa: B010 - constants for mypy
    setattr(workspaces, "HARDLY_ANY", 1)  # noqa: B010
    setattr(workspaces, "SETTLE_AT_ONCE", 1)  # noqa: B010
    original, left = Writer.flush, flushes

    def flush_or_die(writer: Writer) -> None:
        nonlocal left
        original(writer)
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    setattr(Writer, "flush", flush_or_die)  # noqa: B010
    with Database(conninfo) as database:
        rebuild(database, *PROJECTIONS)


def rebuild_with_workers_and_die(conninfo: str) -> None:
    """Dies while its workers are at work."""
    with Database(conninfo) as database:
        rebuild(database, *PROJECTIONS, processes=2, progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL))


@pytest.mark.once
@pytest.mark.parametrize("seed", range(2))
def test_a_rebuild_killed_at_any_moment_goes_on_to_the_same_rows(
    seed: int, database: Database, database_url: str, told: dict[str, list[Any]]
) -> None:
    choose = random.Random(seed)
    ends, positions = [], [0]
    for _ in range(4):
        ends.append(in_process(rebuild_and_die, database_url, choose.randrange(120)))
        positions.append(begun(database))
        assert read_rows(database) == told
    assert ends[0] == -signal.SIGKILL
    assert positions == sorted(positions)
    assert positions[-1] > 0 or 0 in ends
    rebuild(database, *PROJECTIONS)
    assert read_rows(database) == told
    assert all(mismatches == [] for _, mismatches in verify_all(database, *PROJECTIONS).values())


def begun(database: Database) -> int:
    """How far a build that was broken off has come with the actors; as far as possible when it is done."""
    with database.connection() as connection:
        if connection.execute("SELECT to_regclass('rebuild_actors.checkpoints')").fetchone() == (None,):
            return 1_000_000
        [(position,)] = connection.execute("SELECT position FROM rebuild_actors.checkpoints").fetchall()
        return int(position)


def test_two_processes_give_the_rows_of_one_and_the_indexes_keep_their_names(
    database: Database, told: dict[str, list[Any]]
) -> None:
    before = read_indexes(database)
    stages: list[str] = []
    positions = rebuild(database, *PROJECTIONS, processes=2, progress=lambda stage, *_: stages.append(stage))
    assert read_rows(database) == told
    assert read_indexes(database) == before
    assert positions == {name: status.head for name, status in status_of(database).items()}
    verified = verify_all(database, *PROJECTIONS, processes=2)
    assert verified == {name: (position, []) for name, position in positions.items()}
    assert stages == sorted(stages, key=workspaces.STAGES.index)


@pytest.mark.once
def test_a_worker_that_dies_ends_the_whole_with_one_error(
    database: Database, database_url: str, told: dict[str, list[Any]]
) -> None:
    with Workers(database_url, share_out(PROJECTIONS, 2), build) as workers:
        processes = [process for process, _ in workers._processes.values()]
        os.kill(processes[0].pid or 0, signal.SIGKILL)
        with pytest.raises(Unavailable, match=r"died \(signal 9\).*goes on where it ended"):
            workers.wait(lambda *_: None)
    assert not any(process.is_alive() for process in processes)
    assert read_rows(database) == told
    rebuild(database, *PROJECTIONS, processes=2)
    assert read_rows(database) == told


@pytest.mark.once
def test_workers_whose_starter_was_killed_stand_in_nobodys_way(
    database: Database, database_url: str, told: dict[str, list[Any]]
) -> None:
    assert in_process(rebuild_with_workers_and_die, database_url) == -signal.SIGKILL
    rebuild(database, *PROJECTIONS, processes=2)
    assert read_rows(database) == told


def test_one_at_a_time_builds_a_projection(
    database: Database, told: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.engine.building.PREPARE", "SET lock_timeout = '50ms'")
    with claimed(database, "states"), pytest.raises(Unavailable, match="'states' is being built by another"):
        rebuild(database, *PROJECTIONS)
    assert read_rows(database) == told


def test_those_who_help_to_settle_come_to_the_same_rows(
    database: Database, told: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "SETTLE_AT_ONCE", 1)
    settle, left = Workspaces.settle, list[int]()

    def settle_with_help(mine: Workspaces) -> None:
        left.append(stale_places(database))
        with multiprocessing.pool.ThreadPool(3) as pool:
            pool.map(lambda _: help_settling(database, [States()]), range(3))
        left.append(stale_places(database))
        settle(mine)

    monkeypatch.setattr(Workspaces, "settle", settle_with_help)
    rebuild(database, *PROJECTIONS)
    assert left == [len(PLACES), 0]
    assert read_rows(database) == told


def test_nobody_helps_a_build_that_goes_on_alone(
    database: Database, told: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    swapped, left = building._swapped, list[int]()

    def help_late(connection: psycopg.Connection[Any], mine: Workspaces) -> bool:
        with database.connection() as other:
            other.execute("UPDATE rebuild_states.location_states SET stale = true")
        help_settling(database, [States()])
        left.append(stale_places(database))
        return swapped(connection, mine)

    monkeypatch.setattr(building, "_swapped", help_late)
    rebuild(database, *PROJECTIONS)
    assert left == [len(PLACES)]
    help_settling(database, [States()])
    assert read_rows(database) == told


def stale_places(database: Database) -> int:
    """How many places a build has still to render."""
    with database.connection() as connection:
        query = "SELECT count(*) FROM rebuild_states.location_states WHERE stale"
        [(count,)] = connection.execute(query).fetchall()
        return int(count)


@contextmanager
def claimed(database: Database, name: str) -> Iterator[None]:
    """While it lasts, somebody else builds the projection."""
    with closing(database.connect()) as connection:
        connection.execute(
            "SELECT pg_advisory_lock(hashtextextended('palimpsest builds ' || %s, 0))", (name,)
        )
        yield


@pytest.mark.parametrize("processes", [1, 2])
def test_what_cannot_be_folded_ends_a_rebuild_and_leaves_the_live_rows(
    processes: int, database: Database, told: dict[str, list[Any]]
) -> None:
    others = [projection for projection in PROJECTIONS if projection.name != "claims"]
    with pytest.raises(
        Unavailable, match=r"'claims' cannot fold the event at log position \d+: RuntimeError"
    ):
        rebuild(database, FragileClaims(), *others, processes=processes)
    assert read_rows(database) == told


def test_a_reader_that_stays_long_is_not_waited_for_by_others(
    database: Database, database_url: str, reader: Reader, told: dict[str, list[Any]]
) -> None:
    with psycopg.connect(database_url) as long, multiprocessing.pool.ThreadPool(1) as pool:
        long.execute("LOCK TABLE projections.checkpoints IN ACCESS SHARE MODE")
        building = pool.apply_async(rebuild, (database, States()))
        began = time.monotonic()
        while time.monotonic() - began < 3:
            asked = time.monotonic()
            with reader.at(AskedClocks(), *places.NEEDS):
                assert time.monotonic() - asked < 2
        assert not building.ready()
        long.rollback()
        building.get(DEADLINE)
    assert read_rows(database) == told


def test_a_new_projection_is_built_in_the_background(
    database: Database, ledger: Ledger, told: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "LONG_WAY", 5)
    forget(database, States())
    with following(database), following(database):
        wait_until(lambda: status_of(database)["states"].lag == 0, "building")
        wait_until(lambda: read_rows(database) == told, "the same rows")
        last = ledger.record([Item(event=actor("late"))], recorded_by="test").log_position
        wait_until(lambda: status_of(database)["states"].position == last, "following")
    assert not status_of(database)["states"].building
    assert verify_all(database, *PROJECTIONS)["states"][1] == []


def test_meanwhile_the_others_go_on_and_questions_are_told_to_come_back(
    database: Database,
    ledger: Ledger,
    reader: Reader,
    told: dict[str, list[Any]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(newcomers, "LONG_WAY", 5)
    monkeypatch.setattr(newcomers, "LOOK_SECONDS", 0.1)
    forget(database, States())
    with following(database):
        with claimed(database, "states"):
            wait_until(lambda: status_of(database)["states"].building, "the mark")
            last = ledger.record([Item(event=actor("late"))], recorded_by="test").log_position
            wait_until(lambda: status_of(database)["claims"].position == last, "the others")
            with (
                pytest.raises(Unavailable, match="'states' is being built"),
                reader.at(AskedClocks(), "states"),
            ):
                pass
            with reader.at(AskedClocks(), "claims") as moment:
                assert moment.position == last
        wait_until(lambda: not status_of(database)["states"].building, "building")
        wait_until(lambda: status_of(database)["states"].position == last, "following")
        with reader.at(AskedClocks(), "states") as moment:
            assert moment.position == last


def test_a_new_projection_that_fails_stops_and_another_is_built(
    database: Database, told: dict[str, list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newcomers, "LONG_WAY", 5)
    monkeypatch.setattr(newcomers, "LOOK_SECONDS", 0.1)
    forget(database, Claims())
    forget(database, States())
    with following(database, (FragileClaims(), States())):
        wait_until(lambda: status_of(database)["states"].lag == 0, "the other one")
        wait_until(lambda: status_of(database)["claims"].error is not None, "the failure")
    assert "this one breaks it" in (status_of(database)["claims"].error or "")
    with following(database):
        wait_until(lambda: status_of(database)["claims"].lag == 0, "the next attempt")
        wait_until(lambda: read_rows(database) == told, "the same rows")


@pytest.mark.parametrize("weights", [(10, 1, 1, 6, 4), (1, 1), (5,), (3, 3, 3)])
def test_work_is_shared_out_by_weight(weights: tuple[int, ...]) -> None:
    projections = [Idle(weight) for weight in weights]
    shares = share_out(projections, 2)
    assert sorted(id(each) for share in shares for each in share) == sorted(map(id, projections))
    heaviest = max(sum(each.weight for each in share) for share in shares)
    assert heaviest <= max(*weights, (sum(weights) + max(weights)) / 2)
    assert all(share == [each for each in projections if each in share] for share in shares)
