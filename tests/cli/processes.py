"""The `palimpsest` command as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from tests.servers import wait_until

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "cli")


def environment(**more: str) -> dict[str, str]:
    """A clean environment: nothing of ours but what is given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PALIMPSEST_")}
    for name in ("FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        kept.pop(name, None)
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def run(*arguments: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Running:
    """A command that goes on until it is told to stop; what it prints goes to files."""

    def __init__(self, *arguments: str, cwd: Path, **env: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pal-cli-", dir=cwd))
        with self._path("out").open("wb") as out, self._path("err").open("wb") as err:
            self.process = subprocess.Popen(
                [*COMMAND, *arguments],
                cwd=cwd,
                env=environment(**env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _path(self, name: str) -> Path:
        return self._folder / name

    @property
    def out(self) -> str:
        """What it printed so far."""
        return self._path("out").read_text("utf-8")

    @property
    def err(self) -> str:
        """What it said on standard error so far."""
        return self._path("err").read_text("utf-8")

    @property
    def logs(self) -> list[dict[str, Any]]:
        """The whole lines of its log."""
        whole = self.err.rpartition("\n")[0].splitlines()
        return [json.loads(line) for line in whole if line.startswith("{")]

    def wait_for_log(self, event: str) -> dict[str, Any]:
        """The first line of the log with this event, once it is there."""

        def found() -> bool:
            assert self.process.poll() is None or self._find(event), self.err
            return self._find(event) is not None

        wait_until(found, what=f"{event!r} in the log")
        line = self._find(event)
        assert line is not None
        return line

    def _find(self, event: str) -> dict[str, Any] | None:
        return next((line for line in self.logs if line["event"] == event), None)

    def wait_for_url(self) -> str:
        """Where the server answers, once it does."""
        return str(self.wait_for_log("serving")["url"])

    def end(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and waits for the end; the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def get(url: str, **headers: str) -> bytes:
    """The body that a server answers."""
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as response:
        body: bytes = response.read()
    return body
