"""Appending what was checked and set aside, by COPY, one bounded transaction after the other.

Each takes the lock of the log, as every append does, and gives it back at its commit: between two of them
others get their turn. What somebody else recorded since the check is found by its stream, which is there
already then, and is decided anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace

import psycopg
from eventsourcing.persistence import StoredEvent

from domain.errors import Unavailable
from domain.registry import DocumentArchived
from ledger.appending import begin_append, copy_rows, pack_row
from ledger.database import Connection, Database, translate
from ledger.group_commit import UNKNOWN
from ledger.known import Recorded
from ledger.reading import head_position
from ledger.recording import Item, decide_item, raise_if_wrong
from ledger.spool import Portion, Spool, thing_of, unpack_rows
from ledger.texts import DocumentText, store_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What became of a portion: so many rows are new, at the log positions from `first` to `last`, which
    nobody else's stand between; so many others recorded meanwhile. Without a new row both positions are 0.
    """

    new: int
    unchanged: int = 0
    first: int = 0
    last: int = 0


def append_spooled(database: Database, spool: Spool) -> Iterator[Written]:
    """Appends portion by portion, and tells of each when it is durable.

    Raises IdTaken or Conflicts when somebody recorded one of the ids with other content since the check, and
    Unavailable, whose message says whether the outcome is known. What was told of before stays recorded.
    """
    with closing(database.connect()) as connection:
        for portion in spool.portions:
            yield _append(connection, spool, portion)


def _append(connection: Connection, spool: Spool, portion: Portion) -> Written:
    packed, texts = spool.read(portion), spool.read_texts(portion)
    try:
        with _transaction(connection):
            return _write(connection, portion.count, packed, texts)
    except psycopg.errors.UniqueViolation:
        return _append_rest(connection, packed, texts)


def _append_rest(connection: Connection, packed: bytes, texts: Sequence[DocumentText]) -> Written:
    """Appends of a portion what nobody recorded since the check. Raises IdTaken or Conflicts."""
    by_hash = {text.sha256: text for text in texts}
    events = list(unpack_rows(packed))
    with _transaction(connection):
        recorded = Recorded(connection)
        recorded.load(str(event.originator_id) for event in events)
        outcomes = [decide_item(_item_of(event, by_hash), recorded) for event in events]
        raise_if_wrong(outcomes, [])
        pairs = zip(events, outcomes, strict=True)
        left = [(event, outcome) for event, outcome in pairs if outcome.status == "new"]
        hashes = {getattr(outcome.item.event, "sha256", None) for _, outcome in left}
        rest = b"".join(pack_row(event) for event, _ in left)
        kept = [text for text in texts if text.sha256 in hashes]
        written = _write(connection, len(left), rest, kept)
    return replace(written, unchanged=len(events) - len(left))


def _item_of(event: StoredEvent, texts: Mapping[str, DocumentText]) -> Item:
    """What the row was made of."""
    thing = thing_of(event)
    text = texts.get(thing.sha256 or "") if isinstance(thing, DocumentArchived) else None
    return Item(event=thing, text=text.text if text is not None else None)


def _write(connection: Connection, count: int, packed: bytes, texts: Sequence[DocumentText]) -> Written:
    """Writes packed rows and their texts under the lock."""
    if not count:
        return Written(new=0)
    before = head_position(connection)
    copy_rows(connection, packed)
    if texts:
        store_texts(connection, texts)
    return Written(new=count, first=before + 1, last=head_position(connection))


@contextmanager
def _transaction(connection: Connection) -> Iterator[None]:
    """One transaction with the lock of the log. UniqueViolation passes through, the rest is translated."""
    committing = False
    try:
        begin_append(connection)
        yield
        committing = True
        connection.execute("commit")
    except psycopg.errors.UniqueViolation:
        raise
    except psycopg.Error as error:
        raise Unavailable(UNKNOWN) if committing else translate(error) from error
    finally:
        with suppress(psycopg.Error):
            connection.rollback()  # which does nothing after a commit
