"""Every section: what it is called, and what measures it. A new one is a line here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

from bench.appending import measure_single
from bench.beside import measure_batches_beside, measure_single_beside
from bench.catching_up import measure_catching_up
from bench.importing import measure_bulk
from bench.lagging import measure_lag
from bench.measuring import Report
from bench.posting import measure_posting
from bench.reading import measure_reading
from bench.rebuilding import measure
from bench.showing import measure_showing
from bench.streaming import measure_streaming

Measure = Callable[[], list[Report]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured. `rounds` is how often each contestant has its turn."""

    rounds: int = 3
    appends: int = 3_000
    batched: int = 15_000
    imported: int = 100_000
    counted: int = 30_000
    developments: tuple[int, ...] = (100_000, 1_000_000)
    rate: int = 1_000
    seconds: int = 20
    streams: int = 500


TINY = Sizes(
    rounds=2,
    appends=300,
    batched=2_000,
    imported=8_000,
    counted=2_000,
    developments=(1_000,),
    rate=50,
    seconds=3,
    streams=20,
)
"""Enough to see that everything works, and nothing to compare."""


def sections(sizes: Sizes) -> dict[str, Measure]:
    """Every section at these sizes, by name, in the order of the results."""
    rounds = sizes.rounds
    return {
        "single": lambda: [measure_single(sizes.appends, rounds)],
        "single-beside": lambda: [measure_single_beside(sizes.appends, rounds)],
        "posting": lambda: [measure_posting(sizes.appends, rounds)],
        "bulk": lambda: [measure_bulk(sizes.imported, rounds)],
        "batches-beside": lambda: [measure_batches_beside(sizes.batched, rounds)],
        "catching-up": lambda: [measure_catching_up(sizes.counted, rounds)],
        "reads": lambda: [measure_reading(rounds, sizes.seconds / 4)],
        "lag": lambda: [measure_lag(sizes.rate, sizes.seconds)],
        "streaming": lambda: [measure_streaming(sizes.streams, reads=200, writes=20, seconds=sizes.seconds)],
        "console": lambda: [measure_showing(min(sizes.developments), rounds)],
        **{f"volume-{count}": partial(measure, count) for count in sizes.developments},
    }


def measure_apart(sizes: Sizes, name: str) -> list[Report]:
    """Measures a section in a process of its own, so that none has the memory of another."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measure, sizes, name).result()


def _measure(sizes: Sizes, name: str) -> list[Report]:
    return sections(sizes)[name]()


def chosen(named: list[str], names: list[str]) -> list[str]:
    """The sections that were asked for: by their names, or by what a group's names begin with.

    Raises ValueError for a name that none has.
    """
    found: set[str] = set()
    for wanted in named:
        matching = {name for name in names if name == wanted or name.startswith(f"{wanted}-")}
        if wanted in names:
            matching = {wanted}
        if not matching:
            raise ValueError(f"there is no section {wanted!r}; there are {', '.join(names)}")
        found |= matching
    return [name for name in names if name in found]
