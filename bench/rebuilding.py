"""A ledger of many developments: rebuilt beside the library's runner, then asked."""

from __future__ import annotations

import resource
from functools import partial

from bench.appending import THEIR_BATCH, in_batches, stored
from bench.asking import measure_questions
from bench.generating import PLACES, developments, registry, revise
from bench.measuring import Report, fresh_cluster, timed
from bench.peers.library import append, catch_up, open_peer
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
        notes="All projections in one go, by as many processes as there are processors; then each alone, by "
        "one. Events a second count every event once for all projections. The time includes indexes, "
        "rendering and the swap. The library's ProjectionRunner keeps up one counter, one transaction an "
        "event.",
    )
    with database.connection() as connection:
        head = head_position(connection)
    ours = head / timed(partial(rebuild, database, *PROJECTIONS))
    report.add("all projections", "events/s", [ours], ">= 50,000")
    theirs = _library_rate(conninfo)
    report.add("eventsourcing ProjectionRunner", "events/s", [theirs])
    report.add("ratio", "times", [ours / theirs], ">= 40")
    report.add("peak memory of a process", "MB", [_peak_of_processes()], "< 400")
    for projection in PROJECTIONS:
        seconds = timed(partial(rebuild, database, projection, processes=1))
        report.add(f"{projection.name} alone", "events/s", [head / seconds])
    return report


def _peak_of_processes() -> float:
    """The largest resident size, in MB, that any process had which this one started and saw end."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _library_rate(conninfo: str) -> float:
    with open_peer(conninfo) as (peer, settings):
        rows = [stored(each) for each in developments(PEER_EVENTS, 50)]
        in_batches(rows, THEIR_BATCH, partial(append, peer))
        return PEER_EVENTS / catch_up(peer, settings, PEER_EVENTS)
