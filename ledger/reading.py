"""Reading the log, in the order of its positions. Every reader decodes, and so verifies, what it reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from domain.catalogue import Event
from domain.errors import Fault, InvalidInput, UndecodableEvent
from ledger.codec import Undecodable, decode
from ledger.database import Connection

READ = """
select notification_id, recorded_at, originator_id, originator_version, topic, state
from ledger.events
where notification_id > %(after)s
  and (%(until)s::bigint is null or notification_id <= %(until)s)
  and (%(topics)s::text[] is null or topic = any(%(topics)s))
order by notification_id
limit %(limit)s
"""
STREAMS = """
select notification_id, recorded_at, originator_id, originator_version, topic, state
from ledger.events
where originator_id = any(%s)
order by originator_id, originator_version
"""
HEAD = "select coalesce(max(notification_id), 0) from ledger.events"
RECORDED_AT = """
select recorded_at from ledger.events where notification_id <= %s order by notification_id desc limit 1
"""
BEFORE = """
select notification_id from ledger.events
where recorded_at < %s
order by recorded_at desc, notification_id desc
limit 1
"""


class RawRecorded(NamedTuple):
    """A row of the log as it is stored; `state` is JSON (see codec.py)."""

    log_position: int
    recorded_at: datetime
    stream: str
    version: int
    topic: str
    state: bytes


class Recorded(NamedTuple):
    """An event of the log: where and when it was recorded, by whom, and in which stream."""

    log_position: int
    recorded_at: datetime
    recorded_by: str
    request_id: str | None
    stream: str
    version: int
    topic: str
    event: Event


def read_events(
    connection: Connection, *, after: int, limit: int, until: int | None = None, topics: Sequence[str] = ()
) -> list[Recorded]:
    """At most `limit` events with `after < log_position <= until`, of these topics if any are named.

    Raises UndecodableEvent at the first one that cannot be read.
    """
    return [
        decode_recorded(raw)
        for raw in read_raw(connection, after=after, limit=limit, until=until, topics=topics)
    ]


def read_raw(
    connection: Connection, *, after: int, limit: int, until: int | None = None, topics: Sequence[str] = ()
) -> list[RawRecorded]:
    """The same rows, not decoded."""
    # In binary, bytes are not written out in digits and read back.
    with connection.cursor(binary=True) as cursor:
        cursor.execute(READ, {"after": after, "limit": limit, "until": until, "topics": list(topics) or None})
        return [RawRecorded._make(row) for row in cursor]


def read_stream(connection: Connection, stream: str) -> list[Recorded]:
    """Every event of one stream, oldest first. Raises UndecodableEvent."""
    return read_streams(connection, [stream])


def read_streams(connection: Connection, streams: Iterable[str]) -> list[Recorded]:
    """Every event of these streams, stream by stream, oldest first. Raises UndecodableEvent."""
    return [decode_recorded(RawRecorded._make(row)) for row in connection.execute(STREAMS, (list(streams),))]


def head_position(connection: Connection) -> int:
    """The position of the newest event; 0 when there is none."""
    position: int = connection.execute(HEAD).fetchall()[0][0]
    return position


def refuse_beyond(connection: Connection, position: int, path: str) -> None:
    """Raises InvalidInput, with the path of what named it, for a position that the log has not reached."""
    if position > (head := head_position(connection)):
        message = f"The log ends at position {head}; {position} is of another log, or was never written."
        raise InvalidInput([Fault(path=path, message=message, code="beyond-the-log")])


def recorded_at_of(connection: Connection, position: int) -> datetime | None:
    """When the newest event at or before a position was recorded; None when there is none.

    A position that was drawn and given back with its transaction holds nothing, and is as good as the one
    before it.
    """
    row = connection.execute(RECORDED_AT, (position,)).fetchone()
    return row[0] if row is not None else None


def position_before(connection: Connection, before: datetime) -> int:
    """The greatest position recorded before this instant; 0 when there is none."""
    row = connection.execute(BEFORE, (before,)).fetchone()
    position: int = row[0] if row is not None else 0
    return position


def decode_recorded(raw: RawRecorded) -> Recorded:
    """A row decoded. Raises UndecodableEvent, which names its position."""
    position, recorded_at, stream, version, topic, state = raw
    try:
        entry = decode(topic, state)
    except Undecodable as error:
        raise UndecodableEvent(position, topic, str(error)) from error
    return Recorded(
        position, recorded_at, entry.recorded_by, entry.request_id, stream, version, topic, entry.event
    )
