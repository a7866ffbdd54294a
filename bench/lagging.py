"""How far projections are behind the log while it is written to, in the database and over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

import httpx2
import psycopg

from bench.appending import OUR_BATCH, in_batches
from bench.generating import PLACES, developments, place_ids, registry
from bench.measuring import Report, fresh_cluster, percentile
from bench.pacing import told_at
from bench.serving import ROOT, environment, process, run_command, served
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item
from projections.catalogue import PROJECTIONS

HELD = 20_000
"""So many developments are in the log already."""
LOOK_SECONDS = 0.004
PROBE_SECONDS = 0.1
PATIENCE = 120
"""Seconds."""
IDLE_PROBES = 50
SHARES = ((0.5, "median"), (0.99, "p99"), (1.0, "max"))
SELECT_SEEN = "SELECT clock_timestamp(), name, position FROM projections.checkpoints"
SELECT_WRITTEN = (
    "SELECT notification_id, recorded_at FROM ledger.events WHERE notification_id > %s ORDER BY 1"
)


@dataclass(slots=True)
class Seen:
    """When each projection was seen to have come how far, by the database's clock."""

    times: dict[str, list[datetime]] = field(default_factory=dict)
    positions: dict[str, list[int]] = field(default_factory=dict)

    def add(self, at: datetime, name: str, position: int) -> None:
        """Notes where a projection stands, if it has moved."""
        positions = self.positions.setdefault(name, [])
        if not positions or positions[-1] < position:
            positions.append(position)
            self.times.setdefault(name, []).append(at)

    def lags(self, name: str, written: Sequence[tuple[int, datetime]]) -> list[float]:
        """Milliseconds from each event's time in the log until the projection was seen to cover it."""
        times, positions = self.times[name], self.positions[name]
        return [
            (times[bisect_left(positions, position)] - at).total_seconds() * 1000 for position, at in written
        ]


def measure_lag(rate: int, seconds: int) -> Report:
    """Lag at so many writes a second, for so long: of every projection, and from a POST to a GET."""
    with fresh_cluster() as conninfo:
        last = _fill(conninfo, [told_at(rate, seconds, seed)[0] for seed in (1, 2)])
        report = Report(
            title=f"Projection lag at {rate:,} writes a second", notes=_notes(last, rate, seconds)
        )
        with process(["cli", "projections", "run"], environment(conninfo)):
            _wait_for(conninfo, last)
            seen, wrote = _watch_while_writing(conninfo, rate, seconds)
        _report_writer(report, wrote, rate)
        _report_lags(report, conninfo, seen, last)
        key = run_command(conninfo, "keys", "create", "--role", "reporter", "--name", "bench").strip()
        with (
            served(conninfo) as port,
            httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client,
        ):
            probe = partial(_probe, client, key)
            _report_probes(report, "idle", [probe(number) for number in range(IDLE_PROBES)])
            with _writing(conninfo, rate, seconds, seed=2) as writer:
                _report_probes(report, "at that load", list(_probe_while(writer, probe)))
    return report


def _notes(held: int, rate: int, seconds: int) -> str:
    return (
        f"{held:,} events are in the log already. A process records single developments through "
        f"`Ledger.record`, one every {1000 / rate:g} ms whether or not the last one is done, for {seconds} "
        "s; `palimpsest projections run` follows in another. The lag of an event is the time from "
        "`recorded_at`, which is stamped before its commit, until its projection's checkpoint is seen at or "
        f"after it by a third process, which looks every {LOOK_SECONDS * 1000:g} ms: so what is shown is a "
        "little more than there is. Of all projections means until the last of them has it. Over HTTP, the "
        "same load goes on while `palimpsest serve` follows the log itself; the lag is from the answer to a "
        "POST until a GET of the place's state with its `min_log_position` is answered."
    )


def _fill(conninfo: str, claims: Sequence[Sequence[Any]]) -> int:
    """Records the registry, a past, and what the writers answer; the last log position."""
    with Database(conninfo) as database, Ledger(database) as ledger:
        things = [*registry(PLACES), *developments(HELD, PLACES), *(each for some in claims for each in some)]
        items = [Item(event=each) for each in things]
        in_batches(items, OUR_BATCH, partial(ledger.record, recorded_by="bench"))
        with database.connection() as connection:
            return head_position(connection)


def _wait_for(conninfo: str, position: int) -> None:
    """Waits until every projection has come so far."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        for _ in range(PATIENCE * 10):
            rows = connection.execute(SELECT_SEEN).fetchall()
            if len(rows) >= len(PROJECTIONS) and min(row[2] for row in rows) >= position:
                return
            time.sleep(0.1)
    raise AssertionError("the projections do not come to the end of the log")


@contextmanager
def _writing(conninfo: str, rate: int, seconds: int, seed: int) -> Iterator[subprocess.Popen[str]]:
    """The writer, in a process of its own."""
    given = json.dumps({"conninfo": conninfo, "rate": rate, "seconds": seconds, "seed": seed})
    writer = subprocess.Popen(
        [sys.executable, "-m", "bench.pacing", given], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield writer
    finally:
        writer.terminate()
        writer.wait(timeout=60)


def _watch_while_writing(conninfo: str, rate: int, seconds: int) -> tuple[Seen, dict[str, Any]]:
    """Looks at the checkpoints while the writer writes, and until they have come to the end."""
    seen = Seen()
    written: list[str] = []
    with (
        psycopg.connect(conninfo, autocommit=True) as connection,
        _writing(conninfo, rate, seconds, seed=1) as writer,
    ):
        assert writer.stdout is not None
        reading = threading.Thread(target=lambda: written.append(writer.stdout.read()))  # type: ignore[union-attr]
        reading.start()
        until = time.monotonic() + seconds + PATIENCE
        while reading.is_alive() or not _is_caught_up(connection, seen):
            assert time.monotonic() < until, "the projections do not come to the end of the log"
            for row in connection.execute(SELECT_SEEN):
                seen.add(*row)
            time.sleep(LOOK_SECONDS)
    assert written[0], "the writer failed"
    return seen, json.loads(written[0])


def _is_caught_up(connection: psycopg.Connection[Any], seen: Seen) -> bool:
    [(head,)] = connection.execute("SELECT max(notification_id) FROM ledger.events").fetchall()
    return all(positions[-1] >= head for positions in seen.positions.values())


def _probe(client: httpx2.Client, key: str, number: int) -> float:
    """Milliseconds from the answer to a POST until the state that has it is answered."""
    place = place_ids(PLACES)[number % PLACES]
    written = {
        "kind": "fighting-reported",
        "at": place,
        "by": "paper",
        "reported": "2025-12-01",
        "summary": f"Probe {number}.",
    }
    posted = client.post("/v1/developments", json=written, headers={"Authorization": f"Bearer {key}"})
    assert posted.status_code == 201, posted.text
    position, started = posted.json()["log_position"], time.perf_counter()
    while True:
        answer = client.get(f"/v1/locations/{place}", params={"min_log_position": position})
        if answer.status_code == 200:
            return (time.perf_counter() - started) * 1000
        assert answer.status_code == 503, answer.text


def _probe_while(writer: subprocess.Popen[str], probe: Callable[[int], float]) -> Iterator[float]:
    """Probes as long as the writer writes."""
    number = IDLE_PROBES
    reading = threading.Thread(target=lambda: writer.stdout and writer.stdout.read())
    reading.start()
    while reading.is_alive():
        yield probe(number)
        number += 1
        time.sleep(PROBE_SECONDS)


def _report_writer(report: Report, wrote: dict[str, Any], rate: int) -> None:
    waits = wrote["waits"]
    report.add("written", "events/s", [len(waits) / wrote["seconds"]], f">= {rate * 0.95:,.0f}")
    for share, name in SHARES:
        report.add(f"a write waits, {name}", "ms", [percentile(waits, share)])


def _report_lags(report: Report, conninfo: str, seen: Seen, after: int) -> None:
    with psycopg.connect(conninfo) as connection:
        written = connection.execute(SELECT_WRITTEN, (after,)).fetchall()
    lags = {name: seen.lags(name, written) for name in sorted(seen.positions)}
    worst = [max(each) for each in zip(*lags.values(), strict=True)]
    for share, name in SHARES:
        target = "< 250" if name == "p99" else ""
        report.add(f"lag of all projections, {name}", "ms", [percentile(worst, share)], target)
    for name, values in lags.items():
        report.add(f"lag of {name}, p99", "ms", [percentile(values, 0.99)])


def _report_probes(report: Report, when: str, took: Sequence[float]) -> None:
    for share, name in SHARES:
        report.add(f"from POST to GET, {when}, {name}", "ms", [percentile(list(took), share)])
