"""Single developments posted by 64 HTTP clients, beside the library's single saves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import msgspec

from bench.appending import CLIENTS, OUR_BATCH, PLACES, from_many_clients, in_batches, stored
from bench.beside import WARM_UP, recorded_ids
from bench.generating import developments, registry, split_answered
from bench.loading import Load, post
from bench.measuring import Report, fresh_cluster, percentile
from bench.peers.library import append, open_peer
from bench.serving import run_command, served
from cli.previews import as_entry
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item


def measure_posting(count: int, rounds: int) -> Report:
    """What 64 clients post to `palimpsest serve`, and what 64 threads save with the library."""
    answered, rest = split_answered(list(developments((count + WARM_UP) * rounds, PLACES)))
    ours: list[Load] = []
    theirs: list[float] = []
    with fresh_cluster() as conninfo:
        with Database(conninfo) as database, Ledger(database) as ledger:
            known = [Item(event=event) for event in (*registry(PLACES), *answered)]
            in_batches(known, OUR_BATCH, partial(ledger.record, recorded_by="bench"))
        key = run_command(conninfo, "keys", "create", "--role", "reporter", "--name", "bench").strip()
        with served(conninfo) as port, open_peer(conninfo) as (peer, _):
            for number in range(rounds):
                part = rest[number::rounds]
                _post(port, key, part[:WARM_UP])
                ours.append(_post(port, key, part[WARM_UP:]))
                rows = [stored(each) for each in part[WARM_UP:]]
                theirs.append(from_many_clients(lambda row: append(peer, [row]), rows))
        lost = {each.id for each in rest} - recorded_ids(conninfo)
    assert not lost, f"{len(lost)} acknowledged events are missing"
    return _report(ours, theirs, len(lost))


def _post(port: int, key: str, told: Sequence[Development]) -> Load:
    bodies = [msgspec.json.encode(as_entry(each)) for each in told]
    done = post(port, "/v1/developments", bodies, {"Authorization": f"Bearer {key}"}, connections=CLIENTS)
    assert len(done.took) == len(bodies), "not every development was answered"
    return done


def _report(ours: Sequence[Load], theirs: Sequence[float], lost: int) -> Report:
    report = Report(
        title="Single developments over HTTP, 64 clients",
        notes="Each client posts one development and waits for 201, which says that it is durable; all of "
        "them are one light process. The server is `palimpsest serve` with what it does by itself, so the "
        "projections follow meanwhile; only its limits on one client are off. The library's saves are 64 "
        "threads in one process, with rows that were encoded beforehand: no HTTP, no checks, no projection. "
        "In turn, on the same cluster, fsync on. What was acknowledged is looked for in the log afterwards.",
    )
    rates = [each.rate for each in ours]
    report.add("Palimpsest over HTTP", "events/s", rates)
    report.add("eventsourcing, single saves", "events/s", list(theirs))
    report.add("ratio to eventsourcing", "times", [a / b for a, b in zip(rates, theirs, strict=True)], ">= 3")
    for share, name in ((0.5, "median"), (0.99, "p99")):
        report.add(f"a client waits, {name}", "ms", [percentile(each.took, share) for each in ours])
    report.add("acknowledged, and not there afterwards", "events", [float(lost)], "0")
    return report
