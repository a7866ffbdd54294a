"""Processes of the `palimpsest` command, forked from one that has imported everything already.

Imports and the look through all routes take three seconds of a processor, and the tests start some fifty
servers. That the command starts by itself is tested in tests/cli/.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.api.preloaded"])


def fork_command(
    arguments: Sequence[str], *, cwd: Path, env: Mapping[str, str], log: Path
) -> ForkServerProcess:
    """Starts the command in this folder and this environment; whatever it says is added to the log."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))  # for what is preloaded
        forkserver.ensure_running()
    process = CONTEXT.Process(target=_run, args=(tuple(arguments), cwd, dict(env), log))
    process.start()
    return process


def _run(arguments: tuple[str, ...], cwd: Path, env: dict[str, str], log: Path) -> None:
    from tests.api.preloaded import main

    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.argv = ["palimpsest", *arguments]
    main()
