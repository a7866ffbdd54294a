"""The statements of one append. Whoever calls them holds a connection in autocommit mode."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from eventsourcing.persistence import StoredEvent

from ledger.database import Connection

COPY_FROM = 300
"""From this many events on, COPY is quicker than INSERT."""
STATEMENT = 5_000
"""At most this many events go into one statement: a bound on memory, here and in the server."""

# The advisory lock is the one that the trigger stamp_append takes (migrations/sql/0001_ledger.sql). It is
# taken early, so that the versions read next cannot change before the commit. The lock that an INSERT needs
# on the table comes first, as it does for every other client: the other way round there would be deadlocks.
BEGIN = """
begin isolation level read committed read write;
select set_config('synchronous_commit', 'on', true)
    where current_setting('synchronous_commit') not in ('on', 'remote_apply');
-- A plan that was made while the log was empty must not be kept.
set local enable_seqscan = off;
set local lock_timeout = '10s';
lock table ledger.events in row exclusive mode;
select pg_advisory_xact_lock(8097872805052314469)
"""
INSERT = """
with inserted as (
    insert into ledger.events (originator_id, originator_version, topic, state)
    select * from unnest(%b::text[], %b::bigint[], %b::text[], %b::bytea[])
    returning notification_id, recorded_at
)
select array_agg(notification_id order by notification_id), max(recorded_at) from inserted
"""
COPY = "copy ledger.events (originator_id, originator_version, topic, state) from stdin (format binary)"
HEAD = "select coalesce(max(notification_id), 0) from ledger.events"
_FIELDS, _LENGTH, _VERSION = struct.Struct("!hi"), struct.Struct("!i"), struct.Struct("!iqi")
_PACKED_HEAD, _PACKED_END = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
AFTER = """
select array_agg(notification_id order by notification_id), max(recorded_at) from ledger.events
where notification_id > %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """The log positions given to the events, in their order, and the one moment they were recorded at."""

    positions: tuple[int, ...]
    recorded_at: datetime


def begin_append(connection: Connection) -> None:
    """Begins a transaction and takes the lock of the log, for at most ten seconds."""
    connection.execute(BEGIN)


def insert_events(connection: Connection, events: Sequence[StoredEvent]) -> Appended:
    """Appends under the lock, at least one. Positions are drawn in the order of the events."""
    if len(events) >= COPY_FROM:
        return _copy_events(connection, events)
    positions, recorded_at = _one_row(
        connection,
        INSERT,
        (
            [event.originator_id for event in events],
            [event.originator_version for event in events],
            [event.topic for event in events],
            [event.state for event in events],
        ),
    )
    return Appended(positions=tuple(positions), recorded_at=recorded_at)


def pack_row(event: StoredEvent) -> bytes:
    """The row of an event as COPY takes it (the binary format of PostgreSQL)."""
    return pack(str(event.originator_id), event.originator_version, event.topic, event.state)


def pack(stream: str, version: int, topic: str, state: bytes) -> bytes:
    """The row of an event as COPY takes it, from its columns."""
    name = stream.encode()
    return b"".join(
        (_FIELDS.pack(4, len(name)), name, _pack_middle(version, topic), _LENGTH.pack(len(state)), state)
    )


@lru_cache(maxsize=1_024)
def _pack_middle(version: int, topic: str) -> bytes:
    word = topic.encode()
    return _VERSION.pack(8, version, len(word)) + word


def unpack_row(packed: bytes, start: int = 0) -> tuple[StoredEvent, int]:
    """The event of the packed row that starts there, and where it ends. Raises struct.error if it is cut."""
    _, size = _FIELDS.unpack_from(packed, start)
    at = start + _FIELDS.size
    stream = packed[at : at + size].decode()
    _, version, topic_size = _VERSION.unpack_from(packed, at + size)
    at += size + _VERSION.size
    topic = packed[at : at + topic_size].decode()
    (state_size,) = _LENGTH.unpack_from(packed, at + topic_size)
    at += topic_size + _LENGTH.size
    if len(packed) < at + state_size:
        raise struct.error("the row is cut off")
    state = packed[at : at + state_size]
    event = StoredEvent(originator_id=stream, originator_version=version, topic=topic, state=state)
    return event, at + state_size


def copy_rows(connection: Connection, packed: bytes) -> None:
    """Appends packed rows under the lock. Positions are drawn in their order."""
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.write(_PACKED_HEAD)
        copy.write(packed)
        copy.write(_PACKED_END)


def _copy_events(connection: Connection, events: Sequence[StoredEvent]) -> Appended:
    (head,) = _one_row(connection, HEAD)
    for start in range(0, len(events), STATEMENT):
        copy_rows(connection, b"".join(map(pack_row, events[start : start + STATEMENT])))
    positions, recorded_at = _one_row(connection, AFTER, (head,))
    return Appended(positions=tuple(positions), recorded_at=recorded_at)


def _one_row(connection: Connection, query: str, parameters: Sequence[object] = ()) -> tuple[Any, ...]:
    """The row of an aggregate, which always answers one."""
    row: tuple[Any, ...] = connection.execute(query, parameters).fetchall()[0]
    return row
