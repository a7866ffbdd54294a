"""Clusters to measure on, and results as people read them."""

from __future__ import annotations

import socket
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from ledger.embedded import start_embedded
from migrations.upgrade import upgrade


@contextmanager
def fresh_cluster() -> Iterator[str]:
    """The connection string of a new PostgreSQL 18 with fsync on, migrated; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        try:
            upgrade(server.conninfo)
            with psycopg.connect(server.conninfo) as connection:
                [(fsync,)] = connection.execute("SHOW fsync").fetchall()
                assert fsync == "on", "a figure without durability is none"
            yield server.conninfo
        finally:
            server.stop()


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def timed(work: Callable[[], object]) -> float:
    """Seconds that the work takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def percentile(values: list[float], share: float) -> float:
    """The value below which this share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(slots=True)
class Figure:
    """One figure: what was measured, each run of it, and the target if there is one."""

    name: str
    unit: str
    runs: list[float]
    target: str = ""

    @property
    def row(self) -> str:
        """A row of the table of results."""
        median, low, high = statistics.median(self.runs), min(self.runs), max(self.runs)
        spread = f"{low:,.2f} to {high:,.2f}" if len(self.runs) > 1 else ""
        return f"| {self.name} | {median:,.2f} {self.unit} | {spread} | {self.target} |"


@dataclass(slots=True)
class Report:
    """The figures of one benchmark, and what has to be said of them."""

    title: str
    notes: str
    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, unit: str, runs: list[float], target: str = "") -> None:
        """Adds a figure."""
        self.figures.append(Figure(name=name, unit=unit, runs=runs, target=target))

    @property
    def text(self) -> str:
        """The report in Markdown."""
        rows = "\n".join(figure.row for figure in self.figures)
        head = "| what | median | spread | target |\n| --- | --- | --- | --- |"
        return f"## {self.title}\n\n{self.notes}\n\n{head}\n{rows}\n"
