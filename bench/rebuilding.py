"""A ledger of many developments: rebuilt beside the library's runner, then asked."""

from __future__ import annotations

import time
from functools import partial

from bench.appending import THEIR_BATCH, in_batches, stored
from bench.asking import measure_questions
from bench.generating import PLACES, developments, registry, revise
from bench.measuring import Report, fresh_cluster, peak_memory, timed
from bench.peers import PeerProjection, PeerView, ProjectionRunner, append, open_peer
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.rebuilding import rebuild

PEER_EVENTS = 3_000


def fill(ledger: Ledger, count: int) -> None:
    """Records the registry, so many developments, and what editors did to one in forty of them."""
    ledger.record([Item(event=event) for event in registry(PLACES)], recorded_by="bench")
    batch = []
    for development in developments(count, PLACES):
        batch.append(Item(event=development))
        if len(batch) == 2_000:
            ledger.record(batch, recorded_by="bench")
            batch = []
    if batch:
        ledger.record(batch, recorded_by="bench")
    revise(ledger, count)


def measure(count: int) -> list[Report]:
    """Rebuild, then ask, on one ledger of so many developments."""
    with fresh_cluster() as conninfo, Database(conninfo) as database, Ledger(database) as ledger:
        fill(ledger, count)
        rebuilding = _measure_rebuild(conninfo, database, count)
        return [rebuilding, measure_questions(conninfo, database, count)]


def _measure_rebuild(conninfo: str, database: Database, count: int) -> Report:
    report = Report(
        title=f"Rebuild of all projections, {count:,} developments over {PLACES:,} places",
        notes="One process, one projection after the other; events a second count every event once for all "
        "projections. The library's ProjectionRunner keeps up one counter, one transaction an event.",
    )
    with database.connection() as connection:
        head = head_position(connection)
    total = 0.0
    for projection in PROJECTIONS:
        seconds = timed(partial(rebuild, database, projection))
        total += seconds
        report.add(f"{projection.name}", "events/s", [head / seconds])
    report.add("all projections", "events/s", [head / total], ">= 50,000")
    theirs = _library_rate(conninfo)
    report.add("eventsourcing ProjectionRunner", "events/s", [theirs])
    report.add("ratio", "times", [head / total / theirs], ">= 40")
    report.add("peak memory of the process", "MB", [peak_memory()], "< 400")
    return report


def _library_rate(conninfo: str) -> float:
    with open_peer(conninfo) as (peer, settings):
        rows = [stored(each) for each in developments(PEER_EVENTS, 50)]
        in_batches(rows, THEIR_BATCH, partial(append, peer))
        with ProjectionRunner(
            application_class=type(peer),
            projection_class=PeerProjection,
            view_class=PeerView,
            env=settings,
        ) as runner:
            started = time.perf_counter()
            runner.wait(PEER_EVENTS, timeout=120)
            return PEER_EVENTS / (time.perf_counter() - started)
