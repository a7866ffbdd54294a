"""A real shell beside a real server: for pages whose commands only a shell, or only a socket, can run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

from tests.docs.sessions import HERE

END = "-- that was all --"


class Terminal:
    """Somebody at a shell, who sees standard output and standard error together, as one does."""

    def __init__(self, shell: subprocess.Popen[str]) -> None:
        assert shell.stdin is not None
        assert shell.stdout is not None
        self._typed, self._seen = shell.stdin, shell.stdout

    def run(self, command: str) -> str:
        """What a command prints. Variables stay for the next one."""
        # Not the shell's own input: a command that reads would swallow what is typed next.
        self._typed.write(f"{{ {command}\n}} </dev/null\nprintf '\\n%s\\n' '{END}'\n")
        self._typed.flush()
        lines = takewhile(lambda line: line.rstrip("\n") != END, iter(self._seen.readline, ""))
        return "".join(lines).removesuffix("\n")


@contextmanager
def opened_terminal(folder: Path, environment: Mapping[str, str], port: int) -> Iterator[Terminal]:
    """A terminal in a folder. What curl is to ask of the pages' address, it asks of that port."""
    surroundings = {
        **environment,
        "COLUMNS": "80",
        "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
        "PYTHONIOENCODING": "utf-8",
    }
    with subprocess.Popen(
        ["bash", "--noprofile", "--norc"],
        cwd=folder,
        env=surroundings,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    ) as shell:
        terminal = Terminal(shell)
        terminal.run(f'curl() {{ command curl -q --connect-to {HERE}:127.0.0.1:{port} "$@"; }}')
        yield terminal
