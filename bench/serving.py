"""`palimpsest serve` and other commands of ours, in processes of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from bench.measuring import free_port

ROOT = Path(__file__).parent.parent
UNLIMITED = {"PALIMPSEST_READS_PER_MINUTE": "0", "PALIMPSEST_WRITES_PER_MINUTE": "0"}
"""So that the server is measured, and not its patience with one client."""


def environment(conninfo: str, **settings: str) -> dict[str, str]:
    """The environment of a process of ours on this database."""
    return {**os.environ, "PALIMPSEST_DATABASE_URL": conninfo, **settings}


def run_command(conninfo: str, *arguments: str) -> str:
    """What a command of ours prints. Raises subprocess.CalledProcessError."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env=environment(conninfo),
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


@contextmanager
def process(command: Sequence[str], env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours that runs until the block ends. What it says is shown when it ends before that."""
    with tempfile.TemporaryFile() as said:
        running = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, env=env, stdout=said, stderr=said
        )
        try:
            yield running
        finally:
            if running.poll() is not None:
                said.seek(0)
                print(said.read().decode(errors="replace")[-2_000:])
            running.terminate()
            running.wait(timeout=60)


@contextmanager
def served(conninfo: str, **settings: str) -> Iterator[int]:
    """The port of a server without limits on its clients, once it is ready to answer."""
    port = free_port()
    env = environment(conninfo, **UNLIMITED, **settings)
    with process(["cli", "serve", "--port", str(port)], env) as server:
        _wait_until_ready(port, server)
        yield port


def _wait_until_ready(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert server.poll() is None, "the server ended"
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("the server does not get ready")
