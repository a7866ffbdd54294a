"""Batches of the log, read once for all projections that stand at the same position."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

from ledger.reading import RawRecorded, read_raw

READ_AT_ONCE = 2_000


class Batch:
    """Consecutive events of the log."""

    def __init__(self, raw: list[RawRecorded]) -> None:
        self.raw = raw
        self.revised = frozenset(each.stream for each in raw if each.version > 1)
        """The streams of which later versions are in it."""

    def __len__(self) -> int:
        return len(self.raw)

    @property
    def last_position(self) -> int:
        """The log position of the last event."""
        return self.raw[-1].log_position


def read_batch(connection: Connection[Any], *, after: int, limit: int, until: int | None = None) -> Batch:
    """The events after a position, at most `limit` of them, none beyond `until`."""
    return Batch(read_raw(connection, after=after, limit=limit, until=until))
