"""Where words go: tables to standard output, progress and remarks to standard error.

Off a terminal there are no colours and no bars; widths follow COLUMNS, else 80.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

Progress = Callable[[int, int | None], None]
"""Is told how much is done, and of how much in all, if that is known."""

FIRST_LINE, NEXT_LINE = 2.0, 10.0
"""Seconds after which a line of progress is printed where there is no bar."""


def output() -> Console:
    """Standard output. Brackets in data are no markup there, and numbers get no colours."""
    return _console(stderr=False)


def remarks() -> Console:
    """Standard error, likewise."""
    return _console(stderr=True)


def _console(*, stderr: bool) -> Console:
    from rich.console import Console

    return Console(stderr=stderr, markup=False, highlight=False, emoji=False)


def remark(sentence: str) -> None:
    """A sentence on standard error."""
    typer.echo(sentence, err=True)


@contextmanager
def progress(what: str) -> Iterator[Progress]:
    """A bar on a terminal, which goes away at the end; elsewhere a line now and then."""
    if sys.stderr.isatty():
        with _bar(what) as tell:
            yield tell
    else:
        yield _lines(what)


@contextmanager
def stages(what: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Progress of work in stages, each with a bar of its own: is told the stage, how much is done, in all."""
    with ExitStack() as stack:
        bars: dict[str, Progress] = {}

        def tell(stage: str, done: int, total: int | None) -> None:
            if stage not in bars:
                stack.close()
                bars[stage] = stack.enter_context(progress(f"{what}: {stage}"))
            bars[stage](done, total)

        yield tell


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    count = TextColumn("{task.completed:,.0f}{task.fields[rate]}")
    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(), TaskProgressColumn(), count, TimeElapsedColumn())
    started = monotonic()
    with Progress(*columns, console=remarks(), transient=True) as bar:
        task = bar.add_task(what, total=None, rate="")

        def tell(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total, rate=_say_rate(done, started))

        yield tell


def _lines(what: str) -> Progress:
    started = monotonic()
    due = started + FIRST_LINE

    def tell(done: int, total: int | None) -> None:
        nonlocal due
        if monotonic() >= due:
            told = f"{done:,}" + (f" of {total:,}" if total is not None else "")
            remark(f"{what}: {told}{_say_rate(done, started)}")
            due = monotonic() + NEXT_LINE

    return tell


def _say_rate(done: int, started: float) -> str:
    """How much is done in a second, since the start."""
    seconds = monotonic() - started
    return f", {done / seconds:,.0f}/s" if done and seconds > 0 else ""
