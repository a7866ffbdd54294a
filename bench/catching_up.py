"""One projection that counts, brought up to a log that is there already: ours, and those of other stores."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import ClassVar

import psycopg

from bench.appending import OUR_BATCH, PLACES, THEIR_BATCH, in_batches, stored
from bench.beside import open_peers, took
from bench.generating import developments, registry
from bench.measuring import Report, fresh_cluster
from bench.peers.library import append, catch_up, open_peer
from bench.peers.stores import Emmett, write_payloads
from domain.catalogue import TOPICS
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import Recorded
from ledger.recording import Item
from projections.engine.following import Follower
from projections.engine.projection import Projection, Writer

BATCH = 1_000
SLOW = 5
"""Those that take their events one by one get so many times fewer of them."""
PACE = {"batchSize": BATCH, "pullingFrequencyInMs": 1}
COUNTED = "bench_counted"


class Counter(Projection):
    """Counts events: the least that a projection can do, in one row of a table of its own."""

    name: ClassVar[str] = "bench_counter"
    tables: ClassVar[tuple[str, ...]] = (COUNTED,)
    topics: ClassVar[frozenset[str]] = frozenset(TOPICS)

    def apply(self, writer: Writer, _recorded: Recorded) -> None:
        (counted,) = writer.left["count"].get("events", (0,))
        writer.left["count"]["events"] = (counted + 1,)

    def close_batch(self, writer: Writer) -> None:
        counted = writer.left["count"].get("events", (0,))
        writer.execute("UPDATE bench_counted SET events = events + %s", counted)


def measure_catching_up(count: int, rounds: int) -> Report:
    """How fast one counter is brought up to a log of so many events."""
    missing: list[str] = []
    told = list(developments(count, PLACES))
    few = told[: count // SLOW]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palimpsest-bench-")))
        conninfo = stack.enter_context(fresh_cluster())
        runs = {"Palimpsest": _ours(conninfo, told, rounds)}
        runs["eventsourcing, ProjectionRunner"] = _library(conninfo, few, rounds)
        for store in open_peers(stack, conninfo, missing):
            part = few if isinstance(store, Emmett) else told
            payloads = write_payloads(map(stored, part), folder / f"{store.name}.ndjson")
            store.append_in_batches(payloads, batch=BATCH)
            if isinstance(store, Emmett):
                runs["Emmett, at its own pace"] = _emmett(store, len(part), rounds)
                runs["Emmett, batches of 1,000 and no pause"] = _emmett(store, len(part), rounds, PACE)
                continue
            caught = [store.catch_up() for _ in range(rounds)]
            assert {each.counted for each in caught} == {len(part)}
            runs[store.name] = [len(part) / each.seconds for each in caught]
    report = Report(
        title="Catching up with one counter",
        notes=f"One projection that counts, from the first event to the last of {count:,}; those that take "
        f"events one by one, the library's runner and Emmett, get {len(few):,}. Ours is our engine: every "
        "event decoded, the count and the checkpoint in one transaction for each batch of its own, which "
        "does not wait for the disk; those of the others do. The "
        "runner writes its position in a transaction for each event. Emmett rebuilds a projection in SQL: "
        "its own pace is 100 events and then a pause of 50 ms. message-db is its `get_category_messages` in "
        "its default batches of 1,000, with count and position in one statement a batch. UmaDB only reads, "
        f"in its client's default batches: nothing is kept.{''.join(f' {each}' for each in missing)}",
    )
    ours = runs["Palimpsest"]
    for name, rates in runs.items():
        report.add(name, "events/s", rates)
    for name, rates in runs.items():
        if rates is not ours:
            report.add(f"ratio to {name}", "times", [a / b for a, b in zip(ours, rates, strict=True)])
    return report


def _ours(conninfo: str, told: list[Development], rounds: int) -> list[float]:
    """Events a second, all of the log counted: the registry as well."""
    rates = []
    with Database(conninfo) as database, Ledger(database) as ledger:
        things = [*registry(PLACES), *told]
        in_batches(
            [Item(event=each) for each in things],
            OUR_BATCH,
            lambda items: ledger.record(items, recorded_by="bench"),
        )
        with psycopg.connect(conninfo) as connection:
            connection.execute("CREATE TABLE projections.bench_counted (events bigint NOT NULL)")
        for _ in range(rounds):
            with psycopg.connect(conninfo) as connection:
                connection.execute("DELETE FROM projections.checkpoints WHERE name = %s", (Counter.name,))
                connection.execute("TRUNCATE projections.bench_counted")
                connection.execute("INSERT INTO projections.bench_counted VALUES (0)")
            spent = took(Follower(database, [Counter()]).catch_up)
            with psycopg.connect(conninfo) as connection:
                [(counted,)] = connection.execute("SELECT events FROM projections.bench_counted").fetchall()
            assert counted == len(things), f"{counted} of {len(things)} events were counted"
            rates.append(counted / spent.seconds)
    return rates


def _library(conninfo: str, told: list[Development], rounds: int) -> list[float]:
    rows = [stored(each) for each in told]
    rates = []
    for _ in range(rounds):
        with open_peer(conninfo) as (peer, settings):
            in_batches(rows, THEIR_BATCH, partial(append, peer))
            rates.append(len(rows) / catch_up(peer, settings, len(rows)))
    return rates


def _emmett(store: Emmett, count: int, rounds: int, pulling: dict[str, int] | None = None) -> list[float]:
    caught = [
        store.catch_up(name=f"{'paced' if pulling else 'own'}-{number}", pulling=pulling)
        for number in range(rounds)
    ]
    assert {each.counted for each in caught} == {count}
    return [count / each.seconds for each in caught]
