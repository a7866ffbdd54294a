"""Runs the benchmarks and writes bench/RESULTS.md. `python -m bench [--developments N ...] [--rounds N]`."""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from bench.appending import measure_bulk, measure_single
from bench.rebuilding import measure

RESULTS = Path(__file__).parent / "RESULTS.md"


def main() -> None:
    """Every benchmark, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--developments", type=int, nargs="+", default=[100_000, 1_000_000], help="for reads")
    parser.add_argument("--appends", type=int, default=3_000, help="in each round of appends")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    print("Single appends ...", flush=True)
    reports = [measure_single(given.appends, given.rounds)]
    print("Bulk intake ...", flush=True)
    reports.append(measure_bulk(given.appends * 5, given.rounds))
    for count in given.developments:
        print(f"Rebuilding and asking, {count:,} developments ...", flush=True)
        reports += measure(count)
    head = (
        "# Results\n\n"
        f"Measured by `make bench` on {os.cpu_count()} cores, Python {platform.python_version()}, "
        "the embedded PostgreSQL 18 with fsync on. Machines are noisy: read the ratios.\n\n"
    )
    text = head + "\n".join(report.text for report in reports)
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
