"""Runs the benchmarks and writes bench/RESULTS.md. `python -m bench [--only SECTION ...] [--tiny] ...`."""

from __future__ import annotations

import argparse
import compileall
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.measuring import Report
from bench.results import HERE, Section, load_kept, measured_now, render, save_kept
from bench.sections import TINY, Sizes, chosen, measure_apart, sections

MEASURED = ("api", "cli", "domain", "intake", "ledger", "migrations", "projections")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what was asked for; 1 when a section failed. The results of the others stay as they are."""
    parser = _parser()
    given = parser.parse_args(arguments)
    sizes = replace(
        TINY if given.tiny else Sizes(),
        **{name: value for name in Sizes.__slots__ if (value := getattr(given, name)) is not None},
    )
    every = list(sections(sizes))
    if given.list:
        print("\n".join(every))
        return 0
    try:
        names = chosen(given.only, every) if given.only else every
    except ValueError as error:
        parser.error(str(error))
    compile_rooms()
    command = " ".join(["python -m bench", *(sys.argv[1:] if arguments is None else arguments)])
    measured, failed = measure_sections(names, partial(measure_apart, sizes), command)
    if given.tiny:
        print(render(measured.values(), [name for name in every if name not in measured]))
    else:
        write_results(measured, every, given.output)
    for name in failed:
        print(f"{name} failed", file=sys.stderr)
    return 1 if failed else 0


def compile_rooms() -> None:
    """Compiles our own modules beforehand, as an installation does. Where Python is told to keep nothing
    compiled, every process that a measurement starts would else compile all that it imports.
    """
    for room in MEASURED:
        compileall.compile_dir(HERE.parent / room, quiet=1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="SECTION", help="these sections; the others are kept")
    parser.add_argument("--list", action="store_true", help="the names of the sections")
    parser.add_argument(
        "--tiny", action="store_true", help="very small sizes, to see that it works; nothing is kept"
    )
    parser.add_argument("--output", type=Path, default=HERE, metavar="FOLDER", help="of RESULTS.md")
    parser.add_argument("--rounds", type=int, help="how often each contestant has its turn")
    parser.add_argument("--appends", type=int, help="single appends in a round")
    parser.add_argument("--batched", type=int, help="appends in batches in a round")
    parser.add_argument("--imported", type=int, help="entries of the file that is imported in a round")
    parser.add_argument("--counted", type=int, help="events that one counter catches up with")
    parser.add_argument(
        "--developments", type=int, nargs="+", help="in the ledgers that are rebuilt and asked"
    )
    parser.add_argument("--rate", type=int, help="writes a second while the lag is measured")
    parser.add_argument("--seconds", type=int, help="how long the lag and the streams are measured")
    parser.add_argument("--streams", type=int, help="event streams that are open at once")
    return parser


def measure_sections(
    names: Sequence[str], measure: Callable[[str], list[Report]], command: str
) -> tuple[dict[str, Section], list[str]]:
    """Measures one section after the other; one that fails does not keep the others from it."""
    measured: dict[str, Section] = {}
    failed = []
    for name in names:
        print(f"{name} ...", end=" ", flush=True)
        started = time.monotonic()
        try:
            measured[name] = measured_now(name, command, measure(name))
        except Exception:  # noqa: BLE001 - whatever went wrong is told, and the next section has its turn
            traceback.print_exc()
            failed.append(name)
        print(f"{time.monotonic() - started:.0f} s", flush=True)
    return measured, failed


def write_results(measured: dict[str, Section], names: Sequence[str], folder: Path) -> None:
    """Keeps what was measured beside what earlier runs measured, and writes all of it."""
    kept = {**load_kept(folder / "results.json"), **measured}
    ordered = [kept[name] for name in (*names, *sorted(kept.keys() - set(names))) if name in kept]
    save_kept(ordered, folder / "results.json")
    missing = [name for name in names if name not in kept]
    (folder / "RESULTS.md").write_text(render(ordered, missing), encoding="utf-8")
    print(f"written: {folder / 'RESULTS.md'}")


if __name__ == "__main__":
    sys.exit(main())
