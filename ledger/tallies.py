"""Histograms in plain numbers: what the ledger counts of itself, for whoever watches it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf


class Tally:
    """How many values there were up to each of some bounds, and their sum. One thread at a time adds."""

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = (*bounds, inf)
        self._counts = [0] * len(self._bounds)
        self.total = 0.0

    def add(self, value: float) -> None:
        """Counts one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def read(self) -> list[tuple[float, int]]:
        """Each bound, the last of them infinity, with how many values there were up to it."""
        return list(zip(self._bounds, accumulate(self._counts), strict=True))


@dataclass(slots=True)
class Appends:
    """What became of appends: how many events were recorded, how many writes went into one transaction, and
    for how many seconds each write waited until it was told what came of it.
    """

    events: int = 0
    writes: Tally = field(default_factory=lambda: Tally((1, 2, 4, 8, 16, 32, 64, 128, 256)))
    seconds: Tally = field(
        default_factory=lambda: Tally((0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0))
    )
