"""Helpers of the ledger's tests: the lock of the log held on purpose, rows put in by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from eventsourcing.persistence import StoredEvent

from ledger.application import Ledger
from ledger.recording import Item
from tests.builders import REGISTRY

LOCK = 8097872805052314469
INSERT = (
    "insert into ledger.events (originator_id, originator_version, topic, state)"
    " values (%s, %s, 'statement-made', 'x') returning notification_id"
)
WAITING = (
    "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    " and database = (select oid from pg_database where datname = current_database())"
)


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection in autocommit mode."""
    return psycopg.connect(url, autocommit=True)


@contextmanager
def held_log(url: str) -> Iterator[None]:
    """Nobody can append while this lasts."""
    with psycopg.connect(url) as connection:
        connection.execute("select pg_advisory_xact_lock(%s)", (LOCK,))
        yield


def count_waiting(url: str) -> int:
    """How many sessions wait for the lock of the log."""
    return int(str(fetch_value(url, WAITING)))


def fetch_value(url: str, query: str, parameters: Sequence[object] = ()) -> object:
    """The one value a query answers."""
    with connect(url) as connection:
        row = connection.execute(query, parameters).fetchone()
    assert row is not None
    return row[0]


def insert(connection: psycopg.Connection[tuple[object, ...]], stream: str, version: int = 1) -> int:
    """A row put in by hand, as any client could; answers its position."""
    row = connection.execute(INSERT, (stream, version)).fetchone()
    assert row is not None
    return int(str(row[0]))


def stored(stream: str, version: int = 1, state: bytes = b"{}") -> StoredEvent:
    """A row as the recorder takes it."""
    return StoredEvent(originator_id=stream, originator_version=version, topic="statement-made", state=state)


def register(ledger: Ledger) -> None:
    """Records the actors and places that most developments point at."""
    ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by="setup")
