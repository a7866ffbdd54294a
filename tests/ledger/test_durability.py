"""What was acknowledged is there, whatever is killed or restarted."""

from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from domain.errors import Unavailable
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position, read_events
from ledger.recording import Item
from migrations.upgrade import upgrade
from tests.builders import statement
from tests.ledger.logs import connect, register
from tests.ledger.writer import go, start_writer
from tests.servers import Server, wait_until

STREAMS = "select originator_id from ledger.events where originator_id like 'development:%'"


@pytest.fixture
def durable_url(durable_server: Server) -> str:
    url = durable_server.create_database("durable")
    upgrade(url)
    with Database(url) as database, Ledger(database) as ledger:
        register(ledger)
    return url


def recorded_streams(url: str) -> list[str]:
    with connect(url) as connection:
        return [str(row[0]) for row in connection.execute(STREAMS)]


def read_lines(writer: subprocess.Popen[str], lines: list[str]) -> threading.Thread:
    """Collects what a writer acknowledges, as it comes."""

    def read() -> None:
        assert writer.stdout is not None
        lines.extend(iter(writer.stdout.readline, ""))

    reading = threading.Thread(target=read)
    reading.start()
    return reading


KEPT = "select 'development:' || convert_from(body, 'UTF8') from ledger.idempotency_keys"


@contextmanager
def endless_writer(url: str, client: str = "ledger") -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """A process that writes until it is killed, and the growing list of what it acknowledged."""
    writer = start_writer(url, "w", client, 0)
    go([writer])
    acknowledged: list[str] = []
    reading = read_lines(writer, acknowledged)
    try:
        yield writer, acknowledged
    finally:
        writer.kill()
        writer.wait()
        reading.join()
        assert writer.stdin is not None
        assert writer.stdout is not None
        writer.stdin.close()
        writer.stdout.close()


def test_kill_9_of_the_writing_process(durable_url: str) -> None:
    with endless_writer(durable_url) as (writer, acknowledged):
        wait_until(lambda: len(acknowledged) > 200, what="writes to be acknowledged")
        writer.send_signal(signal.SIGKILL)
    recorded = recorded_streams(durable_url)
    assert {line.strip() for line in acknowledged} - set(recorded) == set()
    # At most what was under way can be there without having been acknowledged: one for each thread.
    assert len(recorded) - len(acknowledged) <= 4


def test_kill_9_of_postgresql(durable_server: Server, durable_url: str) -> None:
    """The writer repeats what failed, with the same ids, and is not restarted."""
    with endless_writer(durable_url) as (writer, acknowledged):
        for _ in range(2):
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) > before + 200, what="writes to be acknowledged")  # noqa: B023
            durable_server.kill()
            durable_server.start()
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + 50, what="writes to go on after the crash")
        assert writer.poll() is None
    with Database(durable_url) as database, database.connection() as connection:
        recorded = [row.stream for row in read_events(connection, after=0, limit=1_000_000)]
    assert {line.strip() for line in acknowledged} - set(recorded) == set()
    assert len(set(recorded)) == len(recorded), "what was repeated is there once"


def test_what_is_repeated_under_its_key_happens_once(durable_server: Server, durable_url: str) -> None:
    """Both the database and the writer are killed in the middle: events and answers are there together."""
    with endless_writer(durable_url, "keyed") as (writer, acknowledged):
        for _ in range(2):
            before = len(acknowledged)
            wait_until(lambda: len(acknowledged) > before + 200, what="writes to be acknowledged")  # noqa: B023
            durable_server.kill()
            durable_server.start()
        before = len(acknowledged)
        wait_until(lambda: len(acknowledged) > before + 50, what="writes to go on after the crash")
        writer.send_signal(signal.SIGKILL)
    recorded = recorded_streams(durable_url)
    with connect(durable_url) as connection:
        kept = [str(row[0]) for row in connection.execute(KEPT)]
    assert sorted(kept) == sorted(recorded)
    assert {line.strip() for line in acknowledged} <= set(recorded)
    assert len({stream.rpartition(".")[0] for stream in recorded}) == len(recorded), "each key wrote once"


def test_a_restart_under_load_needs_no_restart_of_ours(durable_server: Server, durable_url: str) -> None:
    acknowledged: list[str] = []
    refused: list[Unavailable] = []
    stop = threading.Event()

    with Database(durable_url, timeout=1.0) as database, Ledger(database) as ledger:

        def write(thread: int) -> None:
            number = 0
            while not stop.is_set():
                number += 1
                thing = statement(f"s-{thread}-{number}")
                try:
                    ledger.record([Item(event=thing)], recorded_by="k")
                except Unavailable as error:
                    refused.append(error)
                else:
                    acknowledged.append(f"development:{thing.id}")

        threads = [threading.Thread(target=write, args=(thread,)) for thread in range(8)]
        for each in threads:
            each.start()
        wait_until(lambda: len(acknowledged) > 100, what="writes before the restart")
        durable_server.stop()
        wait_until(lambda: len(refused) > 0, what="a write to be refused")
        with pytest.raises(Unavailable), database.connection() as connection:
            head_position(connection)
        durable_server.start()
        after = len(acknowledged)
        wait_until(lambda: len(acknowledged) > after + 100, what="writes after the restart")
        stop.set()
        for each in threads:
            each.join()
        with database.connection() as connection:
            assert head_position(connection) > 0
    assert set(acknowledged) - set(recorded_streams(durable_url)) == set()
    assert all("durable" not in error.message and "/tmp" not in error.message for error in refused)
