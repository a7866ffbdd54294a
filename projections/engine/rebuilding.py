"""Rebuilding projections beside the live ones, which go on answering until the new ones take their place."""

from __future__ import annotations

from functools import partial

from ledger.database import Database
from ledger.reading import head_position
from projections.engine.building import build, help_settling
from projections.engine.processes import share_work
from projections.engine.projection import Projection
from projections.engine.workspaces import Progress


def rebuild(
    database: Database,
    *projections: Projection,
    until: int | None = None,
    progress: Progress = lambda *_: None,
    processes: int | None = None,
) -> dict[str, int]:
    """Builds projections anew beside the live tables, then puts them in their place; their positions by name.

    Reads keep answering from the live tables until the swap, which takes as long as the events that arrived
    in the last moment. With `until`, builds as of that log position; a running follower carries on from
    there. A build that was broken off, in whatever way, is gone on with.

    The work is shared by as many processes as there are processors, or as told. Raises Unavailable when an
    event cannot be folded, when somebody else builds one of them, or when a process dies.
    """
    with database.connection() as connection:
        events = until if until is not None else head_position(connection)
    task = partial(build, until=until)
    return share_work(
        database,
        projections,
        task,
        events=events,
        processes=processes,
        progress=progress,
        helping=help_settling,
    )
