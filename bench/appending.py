"""Appends, single and in bulk, beside the library's own and beside raw COPY of the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TypeVar

import msgspec
import psycopg
from eventsourcing.persistence import StoredEvent

from bench.generating import developments, registry
from bench.measuring import Report, fresh_cluster, timed
from bench.peers.library import append, open_peer
from cli.previews import as_entry
from domain.kinds.envelope import Development
from domain.streams import Thing
from intake.batches import Batch
from intake.ndjson import read_ndjson
from ledger.application import Ledger
from ledger.bulk_appending import append_spooled
from ledger.bulk_checking import BulkCheck
from ledger.codec import Entry, encode
from ledger.database import Database
from ledger.recording import NOTHING_FOUND, Item
from ledger.spool import Spool

T = TypeVar("T")

CLIENTS = 64
OUR_BATCH = 1_000
# Its insert in pipeline mode stops for ever when the parameters overfill the socket; 1,000 rows can.
THEIR_BATCH = 200
PLACES = 500
COPY = "COPY rows_copied (originator_id, originator_version, topic, state) FROM STDIN (FORMAT BINARY)"


def stored(development: Development) -> StoredEvent:
    """The row that our codec gives: every contestant writes these bytes."""
    topic, state = encode(Entry(event=development, recorded_by="bench"))
    return StoredEvent(
        originator_id=f"development:{development.id}", originator_version=1, topic=topic, state=state
    )


def from_many_clients(work: Callable[[T], object], told: Sequence[T]) -> float:
    """Events a second when so many clients each wait for one before the next."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        seconds = timed(lambda: list(pool.map(work, told)))
    return len(told) / seconds


def measure_single(count: int, rounds: int) -> Report:
    """Single durable appends from 64 clients: ours with every check, the library's without any."""
    report = Report(
        title="Single durable appends, 64 clients",
        notes="Ours is the whole use case: references loaded and checked, encoded, appended, durable. "
        "The library's is its recorder's insert of rows that were encoded beforehand. Threads of one "
        "process, the same payloads, the same cluster, fsync on, the two in turn; what was acknowledged is "
        "counted afterwards.",
    )
    with (
        fresh_cluster() as conninfo,
        Database(conninfo, pool_size=24) as database,
        Ledger(database) as ledger,
    ):
        ledger.record([Item(event=event) for event in registry(PLACES)], recorded_by="bench")
        ours, theirs = [], []
        told = list(developments(count * rounds, PLACES))
        with open_peer(conninfo) as (peer, _):
            for number in range(rounds):
                batch = told[number * count : (number + 1) * count]
                # Claims come first, so that no denial waits for one of the same round.
                claims = [each for each in batch if each.family == "claim"]
                ledger.record([Item(event=each) for each in claims], recorded_by="bench")
                rest = [each for each in batch if each.family != "claim"]
                ours.append(from_many_clients(lambda one: _record(ledger, [Item(event=one)]), rest))
                rows = [stored(each) for each in rest]
                theirs.append(from_many_clients(lambda row: append(peer, [row]), rows))
        with psycopg.connect(conninfo) as connection:
            [(held,)] = connection.execute(
                "SELECT count(*) FROM ledger.events WHERE originator_id LIKE 'development:%'"
            ).fetchall()
    assert held == len(told), f"{len(told) - held} acknowledged events are missing"
    report.add("Palimpsest", "events/s", ours)
    report.add("eventsourcing, single saves", "events/s", theirs)
    report.add("ratio", "times", [a / b for a, b in zip(ours, theirs, strict=True)], ">= 3")
    return report


def measure_bulk(count: int, rounds: int) -> Report:
    """Bulk intake: ours checked and durable, the library's best batch, raw COPY into a plain table."""
    report = Report(
        title="Bulk intake",
        notes="Ours is what `palimpsest import` does, with every check: all is checked and set aside on disk "
        "first, then appended; from values that were read already, and from NDJSON as text. The library's is "
        "its insert of 200 rows that were encoded beforehand (with 1,000 it can stop for ever on a Unix "
        "socket). COPY writes the same rows, encoded beforehand, into a table with two of the same indexes. "
        "All durable.",
    )
    ours, read, theirs, copied = [], [], [], []
    for number in range(rounds):
        told = list(developments(count, PLACES, seed=number))
        rows = [stored(each) for each in told]
        lines = [msgspec.json.encode({"development": as_entry(each)}) for each in told]
        with fresh_cluster() as conninfo, Database(conninfo) as database:
            _import(database, [Batch(items=_items(registry(PLACES)), found=NOTHING_FOUND)])
            items = _items(told)
            starts = range(0, count, OUR_BATCH)
            batches = [Batch(items=items[at : at + OUR_BATCH], found=NOTHING_FOUND) for at in starts]
            ours.append(count / timed(partial(_import, database, batches)))
            with open_peer(conninfo) as (peer, _):
                theirs.append(count / timed(partial(in_batches, rows, THEIR_BATCH, partial(append, peer))))
            copied.append(count / timed(partial(_copy, conninfo, rows)))
        with fresh_cluster() as conninfo, Database(conninfo) as database:
            _import(database, [Batch(items=_items(registry(PLACES)), found=NOTHING_FOUND)])
            read.append(count / timed(lambda lines=lines: _import(database, read_ndjson(lines))))  # type: ignore[misc]
    report.add("Palimpsest, from parsed values", "events/s", ours)
    report.add("Palimpsest, from NDJSON", "events/s", read)
    report.add("eventsourcing, batches of 200", "events/s", theirs)
    report.add("raw COPY of the same rows", "events/s", copied)
    report.add("ratio to eventsourcing", "times", [a / b for a, b in zip(ours, theirs, strict=True)], ">= 2")
    report.add("share of raw COPY", "", [a / b for a, b in zip(ours, copied, strict=True)], ">= 0.4")
    return report


def _items(things: Iterable[Thing]) -> tuple[Item, ...]:
    return tuple(Item(event=thing) for thing in things)


def _import(database: Database, batches: Iterable[Batch]) -> None:
    """All of it checked, then all of it appended."""
    with Spool() as spool:
        with closing(database.connect()) as connection:
            check = BulkCheck(connection, spool, recorded_by="bench")
            entries = 0
            for batch in batches:
                check.add(batch.items, batch.found)
                entries += len(batch.items)
            check.raise_if_wrong()
        assert sum(written.new for written in append_spooled(database, spool)) == entries


def in_batches(rows: Sequence[T], size: int, work: Callable[[list[T]], object]) -> None:
    """Does the work on so many rows at a time."""
    for start in range(0, len(rows), size):
        work(list(rows[start : start + size]))


def _record(ledger: Ledger, items: list[Item]) -> object:
    return ledger.record(items, recorded_by="bench")


def _copy(conninfo: str, rows: list[StoredEvent]) -> None:
    with psycopg.connect(conninfo) as connection:
        connection.execute(
            "CREATE TABLE rows_copied (originator_id text, originator_version bigint, topic text,"
            " state bytea, notification_id bigserial UNIQUE,"
            " PRIMARY KEY (originator_id, originator_version))"
        )
        with connection.cursor() as cursor, cursor.copy(COPY) as copy:
            copy.set_types(("text", "int8", "text", "bytea"))
            for row in rows:
                copy.write_row((row.originator_id, row.originator_version, row.topic, row.state))
