"""Batches of the log, read once and decoded once for all projections that stand at the same position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from psycopg import Connection

from domain.catalogue import TOPICS
from ledger.reading import RawRecorded, Recorded, decode_recorded, read_raw

READ_AT_ONCE = 2_000


class Batch:
    """Consecutive events of the log. Each is decoded when first wanted, and kept."""

    def __init__(self, raw: list[RawRecorded]) -> None:
        self._raw = raw
        self._decoded: list[Recorded | None] = [None] * len(raw)
        self.revised = frozenset(each.stream for each in raw if each.version > 1)
        """The streams of which later versions are in it."""

    def __len__(self) -> int:
        return len(self._raw)

    @property
    def last_position(self) -> int:
        """The log position of the last event."""
        return self._raw[-1].log_position

    def wanted(self, topics: frozenset[str]) -> Iterator[Recorded]:
        """The events of these topics, and of topics nobody knows: those cannot be ruled out.

        Raises UndecodableEvent at the first of them that cannot be read.
        """
        for index, raw in enumerate(self._raw):
            if raw.topic in topics or raw.topic not in TOPICS:
                decoded = self._decoded[index] or decode_recorded(raw)
                self._decoded[index] = decoded
                yield decoded


def read_batch(connection: Connection[Any], *, after: int, limit: int, until: int | None = None) -> Batch:
    """The events after a position, at most `limit` of them, none beyond `until`."""
    return Batch(read_raw(connection, after=after, limit=limit, until=until))
