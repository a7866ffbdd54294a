"""A process that says `ready`, waits for a line, writes, and says what was acknowledged, one line each.

    python -m tests.ledger.writer CONNINFO NAME CLIENT COUNT

CLIENT is `ledger` (threads that record through the ledger), `keyed` (the same under idempotency keys),
`library` (the event sourcing library's own recorder), `insert` or `copy` (plain SQL). COUNT is how many
events; 0 writes until killed.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.conninfo import conninfo_to_dict

from domain.errors import Unavailable
from ledger.application import Ledger
from ledger.database import Database
from ledger.idempotency import AlreadyAnswered, Answer, Once
from ledger.recording import Item, Receipt
from tests.builders import statement
from tests.ledger.logs import connect, insert, stored

THREADS = 4
ROOT = Path(__file__).resolve().parents[2]


def start_writer(conninfo: str, name: str, client: str, count: int) -> subprocess.Popen[str]:
    """Starts such a process."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.ledger.writer", conninfo, name, client, str(count)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def go(writers: list[subprocess.Popen[str]]) -> None:
    """Lets writers write, all at once, when all are ready."""
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()


def acknowledge(stream: str) -> None:
    """One line, in one write, so that a kill cannot cut it in two."""
    os.write(sys.stdout.fileno(), f"{stream}\n".encode())


def numbers(count: int) -> Iterator[int]:
    return iter(range(count)) if count else itertools.count()


def write_ledger(conninfo: str, name: str, count: int) -> None:
    """Records through the ledger; what fails is repeated with the same id."""
    with Database(conninfo) as database, Ledger(database) as ledger:

        def write(thread: int) -> None:
            for number in numbers(count // THREADS):
                thing = statement(f"{name}-{thread}-{number}")
                while True:
                    try:
                        ledger.record([Item(event=thing)], recorded_by=name)
                    except Unavailable:
                        continue
                    break
                acknowledge(f"development:{thing.id}")

        threads = [threading.Thread(target=write, args=(thread,)) for thread in range(THREADS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()


def write_keyed(conninfo: str, name: str, count: int) -> None:
    """Records under a key; what fails is repeated with that key and another id."""

    def tell(receipt: Receipt) -> Answer:
        return Answer(status=201, headers={}, body=receipt.outcomes[0].item.event.id.encode())

    with Database(conninfo) as database, Ledger(database) as ledger:

        def write(thread: int) -> None:
            for number in numbers(count // THREADS):
                key = f"{name}-{thread}-{number}"
                once = Once(principal=name, key=key, fingerprint=bytes(32), tell=tell)
                for attempt in itertools.count():
                    thing = statement(f"{key}.{attempt}")
                    try:
                        ledger.record([Item(event=thing)], recorded_by=name, once=once)
                    except Unavailable:
                        continue
                    except AlreadyAnswered as error:
                        acknowledge(f"development:{error.answer.body.decode()}")
                    else:
                        acknowledge(f"development:{thing.id}")
                    break

        threads = [threading.Thread(target=write, args=(thread,)) for thread in range(THREADS)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()


def write_library(conninfo: str, name: str, count: int) -> None:
    """Records with the library's recorder as it comes, on our table."""
    options = {key: str(value) for key, value in conninfo_to_dict(conninfo).items()}
    with PostgresDatastore(
        options["dbname"],
        options["host"],
        options["port"],
        options["user"],
        "",
        schema="ledger",
        originator_id_type="text",
    ) as datastore:
        recorder = PostgresApplicationRecorder(datastore, events_table_name="events")
        for number in numbers(count):
            recorder.insert_events([stored(f"{name}-{number}")])
            acknowledge(f"{name}-{number}")


def write_inserts(conninfo: str, name: str, count: int) -> None:
    """Plain INSERTs, two to a transaction."""
    with psycopg.connect(conninfo) as connection:
        for number in numbers(count // 2):
            insert(connection, f"{name}-{number}-a")
            insert(connection, f"{name}-{number}-b")
            connection.commit()
            acknowledge(f"{name}-{number}-a")
            acknowledge(f"{name}-{number}-b")


def write_copies(conninfo: str, name: str, count: int) -> None:
    """COPY, ten rows at a time."""
    statement = "copy ledger.events (originator_id, originator_version, topic, state) from stdin"
    with connect(conninfo) as connection:
        for number in numbers(count // 10):
            streams = [f"{name}-{number}-{row}" for row in range(10)]
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for stream in streams:
                    copy.write_row((stream, 1, "statement-made", "x"))
            for stream in streams:
                acknowledge(stream)


CLIENTS: dict[str, Callable[[str, str, int], None]] = {
    "ledger": write_ledger,
    "keyed": write_keyed,
    "library": write_library,
    "insert": write_inserts,
    "copy": write_copies,
}

if __name__ == "__main__":
    # Loading all this takes a while; whoever started several wants them to write at the same time.
    acknowledge("ready")
    sys.stdin.readline()
    CLIENTS[sys.argv[3]](sys.argv[1], sys.argv[2], int(sys.argv[4]))
