"""Single appends beside the library's own, and what other sections need to append."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import psycopg
from eventsourcing.persistence import StoredEvent

from bench.generating import developments, registry
from bench.measuring import Report, fresh_cluster, timed
from bench.peers.library import append, open_peer
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.codec import Entry, encode
from ledger.database import Database
from ledger.recording import Item

T = TypeVar("T")

CLIENTS = 64
OUR_BATCH = 1_000
# Its insert in pipeline mode stops for ever when the parameters overfill the socket; 1,000 rows can.
THEIR_BATCH = 200
PLACES = 500


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


def in_batches(rows: Sequence[T], size: int, work: Callable[[list[T]], object]) -> None:
    """Does the work on so many rows at a time."""
    for start in range(0, len(rows), size):
        work(list(rows[start : start + size]))


def _record(ledger: Ledger, items: list[Item]) -> object:
    return ledger.record(items, recorded_by="bench")
