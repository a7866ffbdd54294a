"""Kills imports and rebuilds at random moments, resumes them, and compares the bytes with an unbroken run.

`python -m bench.killing [--developments N] [--kills K] [--seed S] [--folder FOLDER]`: two ledgers take the
same file through `palimpsest import`, one undisturbed, the other killed with -9 so often; every third time
PostgreSQL is killed with it. Then the second one is rebuilt, and killed as often. Exits with 1 unless every
read model has the same bytes in the end.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg

from bench.dumping import hash_read_models
from bench.generating import revise, write_dossier
from bench.serving import ROOT, environment
from ledger.application import Ledger
from ledger.database import Database
from ledger.embedded import EmbeddedServer, start_embedded
from projections.catalogue import PROJECTIONS

LOOK_SECONDS = 0.01
SERVER_TOO = 3
"""Every so many kills PostgreSQL is killed as well."""
SELECT_DONE = """
    SELECT (SELECT coalesce(max(notification_id), 0) FROM ledger.events)
         + (SELECT CASE WHEN count(*) < %s THEN 0 ELSE min(position) END FROM projections.checkpoints)"""
"""The log and the read models together: twice the length of the log when all is done."""


class Ground:
    """A ledger in a folder of its own, with its own PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._said = folder.with_suffix(".said")
        self.server: EmbeddedServer = start_embedded(folder)
        self.run("db", "upgrade")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.stop()

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Starts a command of `palimpsest` here, in a group of processes of its own."""
        with self._said.open("wb") as said:  # not a pipe: it would have to be read all the while
            return subprocess.Popen(
                [sys.executable, "-m", "cli", *arguments],
                cwd=ROOT,
                env=environment(self.server.conninfo),
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def finish(self, command: subprocess.Popen[bytes]) -> str:
        """What the last command said, when it has ended. Raises AssertionError when it failed."""
        command.wait()
        output = self._said.read_text(encoding="utf-8", errors="replace")
        assert command.returncode == 0, output
        return output

    def run(self, *arguments: str) -> str:
        """Runs a command to its end, and answers what it said. Raises AssertionError when it failed."""
        return self.finish(self.start(*arguments))

    def kill(self, command: subprocess.Popen[bytes], *, server_too: bool) -> None:
        """kill -9 of a command with all its processes, and of PostgreSQL if wanted, which then recovers."""
        os.killpg(command.pid, signal.SIGKILL)
        if server_too:
            self.server.kill()
            self.server.stop()  # gives back this process's use of what is no more
        command.wait()
        if server_too:
            self.server = start_embedded(self.folder)

    def done(self) -> int:
        """How much of the log and of the read models there is."""
        with psycopg.connect(self.server.conninfo) as connection:
            [(done,)] = connection.execute(SELECT_DONE, (len(PROJECTIONS),)).fetchall()
        return int(done)

    def revise(self, count: int) -> None:
        """Corrects, retracts and links what a seed chooses."""
        with Database(self.server.conninfo) as database, Ledger(database) as ledger:
            revise(ledger, count)


def kill_imports(
    ground: Ground, file: Path, moments: Sequence[float], pause: float, choose: random.Random
) -> None:
    """Starts the import again and again, and kills it up to `pause` seconds after so much is done, or after
    its start when so much was done already; then lets it end.
    """
    for number, moment in enumerate(moments, start=1):
        command = ground.start("import", str(file))
        while command.poll() is None and ground.done() < moment:
            time.sleep(LOOK_SECONDS)
        if _kill_within(ground, command, choose.uniform(0, pause), server_too=number % SERVER_TOO == 0):
            say(f"import killed, {ground.done():,} done")
    say(said_of(file, ground.run("import", str(file))))


def kill_rebuilds(ground: Ground, kills: int, took: float, choose: random.Random) -> None:
    """Starts the rebuild again and again, and kills it at some moment of the time that it takes; then lets
    it end. One that ends before that is not counted.
    """
    killed = 0
    while killed < kills:
        moment, started = choose.uniform(0.05, 0.95) * took, time.monotonic()
        command = ground.start("projections", "rebuild")
        if _kill_within(ground, command, moment, server_too=(killed + 1) % SERVER_TOO == 0):
            killed += 1
            say(f"rebuild killed, {moment:.1f} s after its start")
        else:
            took = min(took, time.monotonic() - started)
    ground.run("projections", "rebuild")


def _kill_within(
    ground: Ground, command: subprocess.Popen[bytes], seconds: float, *, server_too: bool
) -> bool:
    """Kills a command after so many seconds, and PostgreSQL with it if so wanted; False if it had ended."""
    try:
        command.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        ground.kill(command, server_too=server_too)
        if server_too:
            say("PostgreSQL is killed, too")
        return True
    ground.finish(command)
    return False


def said_of(file: Path, output: str) -> str:
    """The last line of an import that is about the file: how much was new."""
    return [line for line in output.splitlines() if line.startswith(f"{file}: ")][-1].removeprefix(
        f"{file}: "
    )


def compare(what: str, one: dict[str, str], other: dict[str, str]) -> None:
    """Says that all tables are the same. Raises AssertionError with those that are not."""
    different = [table for table in one if one[table] != other[table]]
    assert not different, f"{what}: {', '.join(different)} differ"
    say(f"{what}: {len(one)} tables, the same bytes")


def say(sentence: str) -> None:
    """One line of the protocol."""
    print(sentence, flush=True)


def run(folder: Path, developments: int, kills: int, seed: int) -> None:
    """The whole of it. Raises AssertionError at the first thing that is not as it should be."""
    choose = random.Random(seed)
    file = folder / "told.ndjson"
    entries = write_dossier(file, developments)
    say(f"{entries:,} entries, {file.stat().st_size / 2**20:,.0f} MiB")
    with Ground(folder / "unbroken") as unbroken, Ground(folder / "killed") as killed:
        started = time.monotonic()
        say(said_of(file, unbroken.run("import", str(file))))
        took = time.monotonic() - started
        say(f"unbroken import: {took:.1f} s")
        moments = sorted(choose.uniform(0.01, 0.98) * unbroken.done() for _ in range(kills))
        kill_imports(killed, file, moments, took / kills, choose)
        for ground in (unbroken, killed):
            ground.revise(developments)
            ground.run("import", str(file))  # nothing is new; the read models follow
        compare(
            "killed import, and unbroken import",
            hash_read_models(killed.server.conninfo, across_ledgers=True),
            hash_read_models(unbroken.server.conninfo, across_ledgers=True),
        )
        followed = hash_read_models(killed.server.conninfo)
        started = time.monotonic()
        unbroken.run("projections", "rebuild")
        took = time.monotonic() - started
        say(f"unbroken rebuild: {took:.1f} s")
        kill_rebuilds(killed, kills, took, choose)
        compare("before, and after the killed rebuild", followed, hash_read_models(killed.server.conninfo))
        for ground in (unbroken, killed):
            ground.run("projections", "verify")
        say("verified")


def main() -> int:
    """0 when all is the same, 1 when it is not."""
    parser = argparse.ArgumentParser(prog="python -m bench.killing", description=__doc__)
    parser.add_argument("--developments", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=10, help="of the import, and of the rebuild")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the ledgers are, and stay; else they are removed")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)
        try:
            run(folder, given.developments, given.kills, given.seed)
        except AssertionError as error:
            say(f"FAILED: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
