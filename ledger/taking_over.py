"""Taking over a whole log into an empty ledger, with the positions and times that it tells.

The database allows it once, in one transaction under the lock of the log, and marks it: see
migrations/sql/0004_told_logs.sql.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice

import psycopg

from domain.errors import Conflict, Fault, InvalidInput, Unavailable
from ledger.appending import begin_append
from ledger.database import Connection, Database, translated_errors
from ledger.log_checks import TOLD_EVERY, CheckedLog
from ledger.log_files import Line, NoLogLine, Tell, decode_line, encode_line, hash_log, read_lines
from ledger.reading import RawRecorded, head_position
from ledger.texts import DocumentText, hash_text, store_texts

OPEN = """
insert into ledger.told_logs (first_position, last_position, events, sha256, imported_by)
values (%s, %s, %s, %s, %s)
"""
COPY = """
copy ledger.events (notification_id, recorded_at, originator_id, originator_version, topic, state)
from stdin (format binary)
"""
COLUMN_TYPES = ("int8", "timestamptz", "text", "int8", "text", "bytea")
# Events whose version does not follow the one before it in their stream, or stands before it in the log.
MISPLACED = """
select notification_id, originator_id, originator_version, version_before
from (
    select notification_id, originator_id, originator_version,
           lag(originator_version, 1, 0::bigint) over stream as version_before,
           lag(notification_id, 1, 0::bigint) over stream as position_before
    from ledger.events
    window stream as (partition by originator_id order by originator_version)
) as versions
where originator_version <> version_before + 1 or notification_id < position_before
order by notification_id
limit 100
"""
VERIFY = "set constraints all immediate"  # else it would be done by the commit
FIND = """
select first_position, last_position, events, sha256, imported_by, imported_at from ledger.told_logs
"""
BUSY = "Somebody else is writing to the log. Nothing was taken over; try again when they are done."
NOT_EMPTY = (
    "This ledger holds other events (up to log position {head}). A log goes into an empty ledger only."
)
CHANGED = "The file was changed while it was read. Nothing was taken over."


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLog:
    """The log that this one began with. `sha256` is the hash at the end of its file; `imported_at` is when
    the database here took it over.
    """

    first_position: int
    last_position: int
    events: int
    sha256: str
    imported_by: str
    imported_at: datetime


def find_told_log(connection: Connection) -> ToldLog | None:
    """The log that was taken over; None where every event was recorded here."""
    row = connection.execute(FIND).fetchone()
    if row is None:
        return None
    first, last, events, digest, imported_by, imported_at = row
    return ToldLog(
        first_position=first,
        last_position=last,
        events=events,
        sha256=digest,
        imported_by=imported_by,
        imported_at=imported_at,
    )


def told_until(connection: Connection) -> int:
    """Events up to this position were taken over and tell their own times; 0 where there are none."""
    told = find_told_log(connection)
    return told.last_position if told is not None else 0


def read_clock(database: Database) -> datetime:
    """What time it is at the database."""
    with database.connection() as connection:
        now: datetime = connection.execute("select clock_timestamp()").fetchall()[0][0]
    return now


def take_over(database: Database, log: CheckedLog, *, imported_by: str, tell: Tell) -> bool:
    """Takes a log over, whole, in one transaction. False when this ledger holds it already, from its first
    event on; nothing is changed then.

    Raises InvalidInput when versions of a stream are missing or in disorder, Conflict when the ledger holds
    other events, Unavailable.
    """
    with translated_errors(), closing(database.connect()) as connection:
        try:
            begin_append(connection)
        except psycopg.errors.LockNotAvailable:
            raise Unavailable(BUSY) from None
        head = head_position(connection)
        if head == 0 and log.events:
            _fill(connection, log, imported_by, tell)
            connection.execute("commit")
            return True
    if hash_log(database, until=log.last_position) == log.sha256:
        return False
    raise Conflict(NOT_EMPTY.format(head=head))


def _fill(connection: Connection, log: CheckedLog, imported_by: str, tell: Tell) -> None:
    """Everything that the transaction writes."""
    announced = (log.first_position, log.last_position, log.events, log.sha256)
    connection.execute(OPEN, (*announced, imported_by))
    try:
        _copy_events(connection, log, tell)
    except psycopg.errors.UniqueViolation as error:
        raise _say_repeated(log, error) from error
    misplaced = connection.execute(MISPLACED).fetchall()
    if misplaced:
        raise _say_misplaced(log, misplaced)
    if log.texts:
        _store_texts(connection, log)
    connection.execute(VERIFY)


def _copy_events(connection: Connection, log: CheckedLog, tell: Tell) -> None:
    digest = sha256()
    with connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copy.set_types(COLUMN_TYPES)
        for number, (_, row) in enumerate(_read_rows(log), start=1):
            digest.update(encode_line(row))
            copy.write_row((row.log_position, row.recorded_at, row.stream, row.version, row.topic, row.state))
            if number % TOLD_EVERY == 0:
                tell(number, log.events)
    if digest.hexdigest() != log.sha256:
        raise _changed()


def _store_texts(connection: Connection, log: CheckedLog) -> None:
    """One at a time, so that no more than one is in memory."""
    stored = 0
    for _, content in _read_contents(log):
        if isinstance(content, DocumentText):
            if hash_text(content.salt, content.text) != content.sha256:
                raise _changed()
            store_texts(connection, [content])
            stored += 1
    if stored != log.texts:
        raise _changed()


def _read_rows(log: CheckedLog) -> Iterator[tuple[int, RawRecorded]]:
    """The rows of the file, each with its line."""
    for number, content in _read_contents(log):
        if isinstance(content, RawRecorded):
            yield number, content


def _read_contents(log: CheckedLog) -> Iterator[tuple[int, Line]]:
    with log.path.open("rb") as file:
        for number, line in islice(read_lines(file), 1, None):
            try:
                yield number, decode_line(line)
            except NoLogLine:
                raise _changed() from None


def _changed() -> InvalidInput:
    return InvalidInput([Fault(path="", message=CHANGED, code="bad-log")])


def _say_misplaced(log: CheckedLog, misplaced: list[tuple[int, str, int, int]]) -> InvalidInput:
    lines = dict.fromkeys(position for position, *_ in misplaced)
    lines.update((row.log_position, number) for number, row in _read_rows(log) if row.log_position in lines)
    return InvalidInput(
        Fault(
            path="",
            message=f"Version {version} of {stream!r} does not follow version {before} in the log.",
            code="bad-log",
            line=lines[position],
        )
        for position, stream, version, before in misplaced
    )


def _say_repeated(log: CheckedLog, error: psycopg.errors.UniqueViolation) -> InvalidInput:
    """The server names the row of the COPY: in every language, its number is the first in the context."""
    found = re.search(r"\d+", error.diag.context or "")
    line = next(islice(_read_rows(log), int(found[0]) - 1, None), (None,))[0] if found else None
    message = "Another event before it has this version of this stream."
    return InvalidInput([Fault(path="", message=message, code="bad-log", line=line)])
