"""Follows a how-to in a copy of the tree: writes its files, applies its changes, runs its commands."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.docs.pages import ROOT, Fence

LEFT_OUT = shutil.ignore_patterns(
    ".git",
    ".venv",
    ".palimpsest",
    ".env",
    "__pycache__",
    ".*_cache",
    ".hypothesis",
    "build",
    "dist",
    "*.egg-info",
)


def copy_tree(target: Path) -> Path:
    """A copy of the checkout, to be changed."""
    shutil.copytree(ROOT, target, ignore=LEFT_OUT)
    return target


def follow(fences: Iterable[Fence], tree: Path) -> None:
    """Does what the blocks of a page say, in order."""
    for fence in fences:
        if path := fence.option("append"):
            with (tree / path).open("a", encoding="utf-8") as file:
                file.write(f"\n\n{fence.text}")
        elif path := fence.option("file"):
            if fence.language == "diff":
                change(tree / path, fence)
            else:
                assert not (tree / path).exists(), f"{fence.where}: {path} is there already"
                (tree / path).write_text(fence.text, encoding="utf-8")
        elif "run" in fence.words:
            run(["bash", "-ec", fence.text.replace(".venv/bin/python", sys.executable)], tree)


def change(path: Path, fence: Fence) -> None:
    """Applies a change without line numbers: the lines it does not add stand in the file, once."""
    lines = fence.text.splitlines(keepends=True)
    before = "".join(line[1:] for line in lines if line[0] in " -")
    after = "".join(line[1:] for line in lines if line[0] in " +")
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1, (
        f"{fence.where}: these lines stand in {path.name} {text.count(before)} times"
    )
    path.write_text(text.replace(before, after), encoding="utf-8")


def run(command: list[str], tree: Path) -> str:
    """The output of a command that must end well."""
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    return done.stdout


def failing(tests: Iterable[str], tree: Path, *options: str) -> set[str]:
    """Which of these, files or single tests, fail or cannot even be read."""
    wanted = list(tests)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0", "-rfE", *options, *wanted],
        cwd=tree,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    told = [line.split()[1] for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    assert bool(told) == (done.returncode != 0), done.stdout[-6000:] + done.stderr[-2000:]
    return {test for test in wanted for name in told if name.startswith(test)}
