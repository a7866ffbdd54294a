"""Appends beside other event stores: the same bytes, the same clients, the same disk, in turn."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench.appending import CLIENTS, OUR_BATCH, PLACES, in_batches, stored
from bench.generating import developments, registry, split_answered
from bench.measuring import Report, fresh_cluster
from bench.peers.stores import (
    Emmett,
    MessageDb,
    Missing,
    Store,
    Took,
    open_node_store,
    open_umadb,
    write_payloads,
)
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item

WARM_UP = 200
SELECT_OURS = "SELECT substr(originator_id, 13) FROM ledger.events WHERE originator_id LIKE 'development:%'"
"""The ids of developments."""


@dataclass(slots=True)
class Measured:
    """What each contestant took in each round, and why some were not measured."""

    runs: dict[str, list[Took]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def add(self, name: str, took: Took) -> None:
        """One more round."""
        self.runs.setdefault(name, []).append(took)


def measure_single_beside(count: int, rounds: int) -> Report:
    """Single durable appends from 64 clients, ours and those of other stores."""
    measured = Measured()
    with _stores(measured) as (ledger, stores, folder):
        answered, rest = split_answered(list(developments((count + WARM_UP) * rounds, PLACES)))
        in_batches(answered, OUR_BATCH, partial(_record, ledger))
        for number in range(rounds):
            part = rest[number::rounds]
            payloads = write_payloads(map(stored, part), folder / f"single-{number}.ndjson")
            measured.add("Palimpsest", _append(ledger, part))
            for store in stores:
                measured.add(store.name, store.append(payloads, clients=CLIENTS, warm_up=WARM_UP))
        lost = _count_lost(ledger.database.conninfo, stores, {each.id for each in rest})
    report = Report(
        title="Single durable appends beside other stores, 64 clients",
        notes="Each refuses a second event under an id. Ours is the whole use case, with what a development "
        "points at loaded and checked. The others store the same topics and the same JSON, without any check "
        "of it: message-db by one call of its `write_message` over a connection for each client, Emmett by "
        "`appendToStream` over the ten connections of its pool, UmaDB by a request with an append condition. "
        "None of the three gathers appends on the client's side; UmaDB does in its server. "
        f"{''.join(f'Durable in {store.name}: {store.durable}. ' for store in stores)}"
        "Clients are threads or coroutines of one process in the store's own language (UmaDB's: Python), and "
        "their processor time is shown, because they share the cores with the store. Every event that was "
        f"acknowledged is looked for afterwards.{_say(measured.missing)}",
    )
    _fill(report, measured, len(rest) // rounds - WARM_UP)
    report.add("acknowledged, and not there afterwards", "events", [float(lost)], "0")
    return report


def measure_batches_beside(count: int, rounds: int, batch: int = 1_000) -> Report:
    """Appends of many at a time, by one client, ours and those of other stores."""
    measured = Measured()
    with _stores(measured) as (ledger, stores, folder):
        told = list(developments(count * rounds, PLACES))
        for number in range(rounds):
            part = told[number * count : (number + 1) * count]
            payloads = write_payloads(map(stored, part), folder / f"batches-{number}.ndjson")
            items = [Item(event=each) for each in part]
            measured.add(
                "Palimpsest", took(partial(in_batches, items, batch, partial(_record_items, ledger)))
            )
            for store in stores:
                measured.add(store.name, store.append_in_batches(payloads, batch=batch))
    report = Report(
        title=f"Batches of {batch:,} beside other stores, one client",
        notes="Ours is `Ledger.record` of so many at a time, each checked, a stream each. Emmett has no "
        "append to several streams: its batch goes into one. message-db has no batch at all: its "
        "`write_message` is called for every row of one statement. UmaDB takes the batch as one request, "
        f"without a condition.{_say(measured.missing)}",
    )
    _fill(report, measured, count)
    return report


def took(work: Callable[[], object]) -> Took:
    """Does the work in this process."""
    spent, started = time.process_time(), time.perf_counter()
    work()
    return Took(seconds=time.perf_counter() - started, client_cpu=time.process_time() - spent)


@contextmanager
def _stores(measured: Measured) -> Iterator[tuple[Ledger, list[Store], Path]]:
    """Our ledger and every peer that can be had, on fresh storage, and a folder for payloads."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="palimpsest-bench-")))
        conninfo = stack.enter_context(fresh_cluster())
        database = stack.enter_context(Database(conninfo, pool_size=24))
        ledger = stack.enter_context(Ledger(database))
        ledger.record([Item(event=event) for event in registry(PLACES)], recorded_by="bench")
        stores = open_peers(stack, conninfo, measured.missing)
        yield ledger, stores, folder


def open_peers(stack: ExitStack, conninfo: str, missing: list[str]) -> list[Store]:
    """Every peer that can be had here; why one cannot is added to `missing`."""
    stores: list[Store] = []
    opening: dict[str, Callable[[], Any]] = {
        "message-db": partial(open_node_store, MessageDb, conninfo),
        "Emmett": partial(open_node_store, Emmett, conninfo),
        "UmaDB": open_umadb,
    }
    for name, open_store in opening.items():
        try:
            stores.append(stack.enter_context(open_store()))
        except Missing as error:
            missing.append(f"{name} is not measured: {error}.")
    return stores


def _append(ledger: Ledger, told: Sequence[Development]) -> Took:
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda one: _record(ledger, [one]), told[:WARM_UP]))
        return took(lambda: list(pool.map(lambda one: _record(ledger, [one]), told[WARM_UP:])))


def _record(ledger: Ledger, told: Sequence[Development]) -> object:
    return _record_items(ledger, [Item(event=each) for each in told])


def _record_items(ledger: Ledger, items: Sequence[Item]) -> object:
    return ledger.record(items, recorded_by="bench")


def _count_lost(conninfo: str, stores: Sequence[Store], acknowledged: set[str]) -> int:
    held = [recorded_ids(conninfo), *(store.ids() for store in stores)]
    lost = sum(len(acknowledged - ids) for ids in held)
    assert not lost, f"{lost} acknowledged events are missing"
    return lost


def recorded_ids(conninfo: str) -> set[str]:
    """The ids of all developments in our log."""
    with psycopg.connect(conninfo) as connection:
        return {row[0] for row in connection.execute(SELECT_OURS)}


def _fill(report: Report, measured: Measured, count: int) -> None:
    """Rates, how many times theirs ours is, and what the client's process spent on each event."""
    rates = {name: [count / each.seconds for each in runs] for name, runs in measured.runs.items()}
    ours = rates["Palimpsest"]
    for name, runs in rates.items():
        report.add(name, "events/s", runs)
    for name, runs in rates.items():
        if runs is not ours:
            report.add(f"ratio to {name}", "times", [a / b for a, b in zip(ours, runs, strict=True)])
    for name, spent in measured.runs.items():
        report.add(
            f"{name}, the client's processor time",
            "ms an event",
            [each.client_cpu * 1000 / count for each in spent],
        )


def _say(missing: Sequence[str]) -> str:
    return "".join(f" {each}" for each in missing)
