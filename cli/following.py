"""Brings the read models up to date from a command, for when no server follows the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from api.words import count_of
from cli.terminal import progress, remark, stages
from domain.errors import NotFound, Unavailable

if TYPE_CHECKING:
    from ledger.database import Database
    from projections.engine.checkpoints import ProjectionStatus
    from projections.reading.moments import AskedClocks


def read_status(database: Database) -> list[ProjectionStatus]:
    """How every projection stands."""
    from projections.catalogue import PROJECTIONS
    from projections.engine.checkpoints import list_status

    with database.connection() as connection:
        return list_status(connection, tuple(projection.name for projection in PROJECTIONS))


def catch_up(database: Database) -> None:
    """Folds all that is recorded into the read models; safe beside a server that does the same.

    Those with most of a long log before them are built anew, which is quicker.
    """
    from projections.catalogue import PROJECTIONS
    from projections.engine.following import Follower

    _build_far_behind(database)
    follower = Follower(database, PROJECTIONS)
    with progress("Read models") as tell:
        while follower.step():
            status = read_status(database)
            running = [each for each in status if each.error is None]
            if running:
                tell(min(each.position for each in running), running[0].head)
    for each in read_status(database):
        if each.error is not None:
            remark(say_stopped(each))


def _build_far_behind(database: Database) -> None:
    from projections.catalogue import PROJECTIONS
    from projections.engine.processes import WORTH_PROCESSES
    from projections.engine.rebuilding import rebuild

    behind = {
        each.name
        for each in read_status(database)
        if each.error is None and each.lag > max(WORTH_PROCESSES, each.position)
    }
    if behind:
        # When somebody else is at it, or an event cannot be folded, following deals with that.
        with stages("Read models") as tell, suppress(Unavailable):
            rebuild(database, *(each for each in PROJECTIONS if each.name in behind), progress=tell)


def say_stopped(status: ProjectionStatus) -> str:
    """What stopped a projection, and where."""
    return f"The projection {status.name!r} stopped at log position {status.error_position}: {status.error}"


@contextmanager
def lag_told(database: Database, asked: AskedClocks, needs: tuple[str, ...]) -> Iterator[None]:
    """Says so when an answer given inside leaves out what is recorded, because nobody follows the log."""
    try:
        yield
    except NotFound:
        _remark_lag(database, asked, needs)
        raise
    _remark_lag(database, asked, needs)


def _remark_lag(database: Database, asked: AskedClocks, needs: tuple[str, ...]) -> None:
    if asked.log_position is not None or asked.recorded_before is not None:
        return
    late = [each for each in read_status(database) if each.name in needs and each.lag > 0]
    stopped = [each for each in late if each.error is not None]
    if stopped:
        remark(say_stopped(stopped[0]))
    elif late:
        remark(
            f"Note: the read models are {count_of(max(each.lag for each in late), 'event')} behind the log. "
            "`palimpsest serve` or `palimpsest projections run` brings them up to date."
        )
