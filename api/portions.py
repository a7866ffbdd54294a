"""Portions of the log as it is told outside: up to an event that cannot be read, never past it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.shapes.events import event_fields
from domain.errors import UndecodableEvent
from ledger.database import Connection
from ledger.reading import Recorded, decode_recorded, read_raw
from ledger.taking_over import told_until


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Consecutive events, of a log that was taken over up to a position."""

    events: Sequence[Recorded]
    told_until: int

    @property
    def end(self) -> int:
        """The position of the last event."""
        return self.events[-1].log_position

    def fields(self) -> list[dict[str, Any]]:
        """The fields of each event."""
        return [event_fields(event, self.told_until) for event in self.events]


def read_portion(connection: Connection, after: int, limit: int) -> Portion:
    """The next events, up to one that cannot be read. Raises UndecodableEvent when the first cannot."""
    events: list[Recorded] = []
    for raw in read_raw(connection, after=after, limit=limit):
        try:
            events.append(decode_recorded(raw))
        except UndecodableEvent:
            if not events:
                raise
            break
    # Asked after the events: where some of a log that was just taken over are seen, so is that it was.
    return Portion(events=events, told_until=told_until(connection))
