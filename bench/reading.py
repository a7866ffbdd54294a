"""Rebuilding beside the library's runner, and as-of questions as the ledger grows."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from bench.appending import THEIR_BATCH, in_batches, stored
from bench.generating import DAYS, START, developments, place_ids, registry
from bench.measuring import Report, fresh_cluster, peak_memory, percentile, timed
from bench.peers import PeerProjection, PeerView, ProjectionRunner, append, open_peer
from domain.positions import PlaceView
from domain.states import state_at, trace_history
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.rebuilding import rebuild
from projections.reading import claims, places
from projections.reading.moments import AskedClocks, Moment, Reader

PLACES = 5_488
QUESTIONS = 400
PEER_EVENTS = 3_000


def fill(ledger: Ledger, count: int) -> None:
    """Records the registry and so many developments."""
    ledger.record([Item(event=event) for event in registry(PLACES)], recorded_by="bench")
    batch = []
    for development in developments(count, PLACES):
        batch.append(Item(event=development))
        if len(batch) == 2_000:
            ledger.record(batch, recorded_by="bench")
            batch = []
    if batch:
        ledger.record(batch, recorded_by="bench")


def measure(count: int) -> list[Report]:
    """Rebuild, then ask, on one ledger of so many developments."""
    with fresh_cluster() as conninfo, Database(conninfo) as database, Ledger(database) as ledger:
        fill(ledger, count)
        rebuilding = _measure_rebuild(conninfo, database, count)
        return [rebuilding, _measure_questions(database, count)]


def _measure_rebuild(conninfo: str, database: Database, count: int) -> Report:
    report = Report(
        title=f"Rebuild of all projections, {count:,} developments over {PLACES:,} places",
        notes="One process, one projection after the other; events a second count every event once for all "
        "seven projections. The library's ProjectionRunner keeps up one counter, one transaction an event.",
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


def _measure_questions(database: Database, count: int) -> Report:
    report = Report(
        title=f"As-of questions, {count:,} developments over {PLACES:,} places",
        notes="Each at random clocks and a random place; from the question to the answer in the domain's "
        "types, within the process. Milliseconds.",
    )
    reader = Reader(database, lambda: datetime(2026, 1, 1, tzinfo=UTC))
    kinds: dict[str, Callable[[Reader, int], None]] = {
        "state": _ask_state,
        "history": _ask_history,
        "claims": _ask_claims,
    }
    for name, ask in kinds.items():
        took = [timed(partial(ask, reader, number)) * 1000 for number in range(QUESTIONS)]
        report.add(f"{name}, median", "ms", [percentile(took, 0.5)])
        report.add(
            f"{name}, p99", "ms", [percentile(took, 0.99)], "< 20 over HTTP" if name == "state" else ""
        )
    return report


def _asked(number: int) -> tuple[AskedClocks, str]:
    choose = random.Random(number)
    valid, known = (START + timedelta(days=choose.randrange(DAYS)) for _ in range(2))
    return AskedClocks(valid_before=valid, known_before=known), choose.choice(place_ids(PLACES))


def _ask_state(reader: Reader, number: int) -> None:
    asked, place = _asked(number)
    with reader.at(asked, *places.NEEDS) as moment:
        view = _view(moment, place)
    state_at(view, moment.valid_before)


def _ask_history(reader: Reader, number: int) -> None:
    asked, place = _asked(number)
    with reader.at(asked, *places.NEEDS) as moment:
        view = _view(moment, place)
    trace_history(view, moment.valid_before)


def _ask_claims(reader: Reader, number: int) -> None:
    asked, place = _asked(number)
    with reader.at(asked, *places.NEEDS, *claims.NEEDS) as moment:
        claims.list_place_claims(moment, place, limit=20)


def _view(moment: Moment, place: str) -> PlaceView:
    places.find_place(moment, place)
    return places.load_view(moment, place)
