"""The current state of a place over HTTP, beside the least that FastAPI can do on this machine."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from bench.generating import PLACES, place_ids
from bench.loading import Load, get_each, load
from bench.measuring import Report, free_port, fresh_cluster, percentile
from bench.rebuilding import fill
from bench.serving import process, served
from ledger.application import Ledger
from ledger.database import Database
from projections.catalogue import PROJECTIONS
from projections.engine.rebuilding import rebuild

CONNECTIONS = 16
DEVELOPMENTS = 20_000
ASKED = 500
"""Places that are asked for in turn."""
NOTES = (
    f"`GET /v1/locations/{{id}}` at all clocks now, of {ASKED} places of {PLACES:,} in turn, over "
    f"{CONNECTIONS} connections that each ask again at once. Each was asked for once before: `asked for "
    "anew`. Beside it, in turn, an application with one route that answers the bytes of one of "
    "those states, under the same settings of uvicorn: by a function, as ours are, which FastAPI runs on a "
    "thread (the bare route), and by a coroutine. Ours asks the database each time whether anything changed, "
    "and logs, counts and limits each request (limits are off here)."
)


def measure_reading(rounds: int, seconds: float) -> Report:
    """Rates, their ratios, and how long an answer takes."""
    paths = [f"/v1/locations/{place}" for place in place_ids(PLACES)[: ASKED + 1]]
    loads: dict[str, list[Load]] = {"state": [], "the bare route": [], "a bare coroutine": []}
    with ExitStack() as stack:
        conninfo = stack.enter_context(_ledger())
        port = stack.enter_context(served(conninfo, PALIMPSEST_PROJECTOR="off"))
        with urlopen(f"http://127.0.0.1:{port}{paths[0]}", timeout=30) as response:
            bare = stack.enter_context(_bare(response.read()))
        anew = get_each(port, paths[1:], connections=CONNECTIONS)
        asked = {
            "state": (port, paths),
            "the bare route": (bare, ["/plain"]),
            "a bare coroutine": (bare, ["/coroutine"]),
        }
        for _ in range(rounds):
            for name, (where, wanted) in asked.items():
                loads[name].append(load(where, wanted, connections=CONNECTIONS, seconds=seconds))
    return _report(anew, loads)


def _report(anew: Load, loads: Mapping[str, Sequence[Load]]) -> Report:
    report = Report(title="Reads over HTTP", notes=NOTES)
    for name, runs in loads.items():
        report.add(name, "answers/s", [each.rate for each in runs])
    for name, target in (("the bare route", ">= 0.6"), ("a bare coroutine", "")):
        pairs = zip(loads["state"], loads[name], strict=True)
        report.add(f"share of {name}", "", [ours.rate / theirs.rate for ours, theirs in pairs], target)
    for name, runs in loads.items():
        target = "< 10" if name == "state" else ""
        report.add(f"{name}, median", "ms", [percentile(each.took, 0.5) for each in runs])
        report.add(f"{name}, p99", "ms", [percentile(each.took, 0.99) for each in runs], target)
    report.add("state, asked for anew", "answers/s", [anew.rate])
    report.add("state, asked for anew, p99", "ms", [percentile(anew.took, 0.99)])
    return report


@contextmanager
def _ledger() -> Iterator[str]:
    """The connection string of a ledger with read models that are up to date."""
    with fresh_cluster() as conninfo, Database(conninfo) as database, Ledger(database) as ledger:
        fill(ledger, DEVELOPMENTS)
        rebuild(database, *PROJECTIONS)
        yield conninfo


@contextmanager
def _bare(body: bytes) -> Iterator[int]:
    """The port of the bare application."""
    port = free_port()
    with tempfile.NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        with process(["bench.bare", str(port), file.name], dict(os.environ)):
            _wait_until_there(port)
            yield port


def _wait_until_there(port: int) -> None:
    for _ in range(200):
        try:
            with urlopen(f"http://127.0.0.1:{port}/plain", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the bare application does not start")
