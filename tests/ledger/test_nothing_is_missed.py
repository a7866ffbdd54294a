"""A reader that remembers nothing but the last position it saw reads every event, whoever writes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from datetime import datetime

import psycopg

from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import read_raw
from tests.ledger.logs import connect, count_waiting, fetch_value, insert, register
from tests.ledger.writer import go, start_writer
from tests.servers import wait_until

WRITERS = ("ledger", "ledger", "ledger", "ledger", "library", "insert", "insert", "copy")
EACH = 120


class TailingReader:
    """Reads on from its checkpoint, in small portions."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.position = 0
        self.streams: list[str] = []
        self.times: list[datetime] = []

    def read_on(self) -> int:
        """Reads one portion; answers how many events it held."""
        with self.database.connection() as connection:
            rows = read_raw(connection, after=self.position, limit=7)
        for row in rows:
            self.position = row.log_position
            self.streams.append(row.stream)
            self.times.append(row.recorded_at)
        return len(rows)

    def read_until(self, finished: Callable[[], bool]) -> None:
        """Reads as fast as it can until the writers are done, then to the end."""
        while not finished():
            self.read_on()
        while self.read_on():
            pass

    def missed(self, written: Iterable[str]) -> set[str]:
        """What was written and not read."""
        return set(written) - set(self.streams)


def test_eight_writing_processes_and_a_tailing_reader(ledger: Ledger, database_url: str) -> None:
    register(ledger)
    writers = [
        start_writer(database_url, f"w{number}", client, EACH) for number, client in enumerate(WRITERS)
    ]
    go(writers)
    reader = TailingReader(ledger.database)
    reader.read_until(lambda: all(writer.poll() is not None for writer in writers))
    written = [line for writer in writers for line in writer.communicate()[0].split()]

    assert [writer.returncode for writer in writers] == [0] * len(WRITERS)
    assert len(written) == len(WRITERS) * EACH
    assert reader.missed(written) == set()
    assert len(set(reader.streams)) == len(reader.streams), "nothing is read twice"
    assert reader.times == sorted(reader.times), "the recorded clock and the positions agree"
    changes = sum(
        a.split("-")[0] != b.split("-")[0] for a, b in zip(reader.streams, reader.streams[1:], strict=False)
    )
    assert changes > 50, "the writers did write at the same time"
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    assert fetch_value(database_url, deadlocks) == 0


def interleave(url: str, *, second_waits: bool) -> tuple[TailingReader, list[str]]:
    """Two writers; the one that draws the first position commits last, unless the second has to wait.

    Between the commits a reader reads on. Answers the reader and what was written.
    """
    with Database(url) as database, psycopg.connect(url) as first, connect(url) as second:
        reader = TailingReader(database)
        insert(first, "first")
        writing = threading.Thread(target=insert, args=(second, "second"))
        writing.start()
        if second_waits:
            wait_until(lambda: count_waiting(url) == 1, what="the second writer to wait")
        else:
            writing.join()
        reader.read_on()
        first.commit()
        writing.join()
        reader.read_on()
    return reader, ["first", "second"]


def test_without_the_lock_this_reader_misses_events(database_url: str) -> None:
    """So the tests here would notice if the lock were lost."""
    with connect(database_url) as connection:
        connection.execute("alter table ledger.events disable trigger stamp_append")
        connection.execute("alter table ledger.events alter recorded_at set default clock_timestamp()")
    reader, written = interleave(database_url, second_waits=False)
    assert reader.missed(written) == {"first"}


def test_with_the_lock_the_same_interleaving_misses_nothing(database_url: str) -> None:
    reader, written = interleave(database_url, second_waits=True)
    assert reader.missed(written) == set()
    assert reader.streams == ["first", "second"]
