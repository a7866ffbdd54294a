"""Work on projections, shared by processes. Killing any of them, or all, breaks nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing.connection import Connection as Pipe
from multiprocessing.connection import wait
from types import TracebackType
from typing import Generic, Self, TypeVar, cast

from domain.errors import PalimpsestError, Unavailable
from ledger.database import Database
from projections.engine.folding import ProjectionFailed
from projections.engine.projection import Projection
from projections.engine.workspaces import RENDERING, STAGES, Progress

Result = TypeVar("Result")

Task = Callable[[Database, Sequence[Projection], Progress], dict[str, Result]]
"""What is done with a share of the projections, within one process; the results by name."""

Help = Callable[[Database, Sequence[Projection]], None]
"""What is done for a share that another process is rendering."""

Told = tuple[str, int, int | None]
"""What is told of progress: see `Progress`."""

WORTH_PROCESSES = 20_000
"""Fewer events are folded before a process has started."""


def share_work(
    database: Database,
    projections: Sequence[Projection],
    task: Task[Result],
    *,
    events: int,
    processes: int | None,
    progress: Progress,
    helping: Help | None = None,
) -> dict[str, Result]:
    """Does a task by as many processes as there are processors, or as told; within this one where there are
    few events. Whichever is done first then helps the others, if the task can be helped. The results by name.

    Raises Unavailable when an event cannot be folded or a process dies, and what else the task raises.
    """
    parts = processes or ((os.cpu_count() or 1) if events >= WORTH_PROCESSES else 1)
    shares = share_out(projections, parts)
    try:
        if len(shares) == 1:
            return task(database, shares[0], progress)
        with Workers(database.conninfo, shares, task, helping=helping) as workers:
            return workers.wait(progress)
    except ProjectionFailed as failed:
        raise Unavailable(str(failed), retry_after=60) from failed


def share_out(projections: Sequence[Projection], parts: int) -> list[list[Projection]]:
    """The projections in so many parts of about the same weight, or fewer; each in the given order."""
    shares: list[list[Projection]] = [[] for _ in range(parts)]
    for projection in sorted(projections, key=lambda each: -each.weight):
        min(shares, key=lambda share: sum(each.weight for each in share)).append(projection)
    return [sorted(share, key=projections.index) for share in shares if share]


class Workers(Generic[Result]):
    """A process for each share of the projections. They end with the `with` block, whatever ends that."""

    def __init__(
        self,
        conninfo: str,
        shares: Sequence[Sequence[Projection]],
        task: Task[Result],
        *,
        helping: Help | None = None,
        nice: int = 0,
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._told: dict[Pipe, Told] = {}
        self.results: dict[str, Result] = {}
        """What came of the shares that are done, by the names of their projections."""
        self._processes = {}
        self._shares: dict[Pipe, list[Projection]] = {}
        self._helping: dict[Pipe, set[Pipe]] = {}
        self._idle: set[Pipe] = set()
        self._can_help = helping is not None
        for share in shares:
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(theirs, conninfo, list(share), task, helping, nice))
            process.start()
            # Only they hold their end, so that it closes with them.
            theirs.close()
            self._told[ours] = (STAGES[0], 0, None)
            self._shares[ours] = list(share)
            self._processes[ours] = (process, ", ".join(projection.name for projection in share))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends what is still at work. Whoever is done ends by itself, with its pipe."""
        for pipe, (process, _) in self._processes.items():
            if pipe not in self._idle:
                process.kill()
            pipe.close()
            process.join()

    def wait(self, progress: Progress) -> dict[str, Result]:
        """The results of all, by name.

        Raises ProjectionFailed, and Unavailable for whatever else went wrong: a process that died, too.
        """
        while self.poll(None):
            progress(*self._furthest_back())
        return self.results

    def poll(self, timeout: float | None) -> bool:
        """Hears what the processes tell, waiting for so many seconds; whether any is still at work."""
        for pipe in cast(list[Pipe], wait([*self._told, *self._helping], timeout)):
            try:
                message = pipe.recv()
            except (EOFError, ConnectionError):
                raise self._died(pipe) from None
            match message:
                case dict():
                    self.results |= message
                    del self._told[pipe]
                    if self._can_help:
                        self._helping[pipe] = set()
                        self._idle.add(pipe)
                case None:
                    self._idle.add(pipe)
                case BaseException():
                    raise message
                case _:
                    self._told[pipe] = message
        self._send_to_help()
        return bool(self._told)

    def _send_to_help(self) -> None:
        """Gives whoever is done a share to help with that another has come to render, each of them once."""
        for idle in [*self._idle]:
            for pipe, (stage, _, _) in self._told.items():
                if stage == RENDERING and pipe not in self._helping[idle]:
                    self._helping[idle].add(pipe)
                    self._idle.remove(idle)
                    idle.send(self._shares[pipe])
                    break

    def _furthest_back(self) -> Told:
        """What the process tells that has the furthest to go."""
        return min(self._told.values(), key=lambda told: (STAGES.index(told[0]), told[1]))

    def _died(self, pipe: Pipe) -> Unavailable:
        process, names = self._processes[pipe]
        process.join()
        code = process.exitcode or 0
        end = f"signal {-code}" if code < 0 else f"exit code {code}"
        return Unavailable(
            f"The process that worked on {names} died ({end}). Nothing is lost: begin again, and a build "
            "goes on where it ended."
        )


def _work(
    pipe: Pipe,
    conninfo: str,
    projections: Sequence[Projection],
    task: Task[Result],
    helping: Help | None,
    nice: int,
) -> None:
    """What a process does. When nobody listens any more, it cannot tell, and so it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it
    os.nice(nice)

    def tell(stage: str, done: int, total: int | None) -> None:
        pipe.send((stage, done, total))

    with suppress(BrokenPipeError, EOFError):
        try:
            with Database(conninfo) as database:
                pipe.send(task(database, projections, tell))
                while helping is not None:
                    helping(database, pipe.recv())
                    pipe.send(None)
        except ProjectionFailed as failed:
            pipe.send(failed)
        except PalimpsestError as error:
            pipe.send(Unavailable(error.message))
