"""The event sourcing library on its own, as its documentation shows it: the peer that we are built on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from eventsourcing.application import Application
from eventsourcing.persistence import StoredEvent, Tracking
from eventsourcing.postgres import PostgresTrackingRecorder
from eventsourcing.projection import Projection, ProjectionRunner
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.mapper import LedgerMapper


class Peer(Application[str]):
    """An application of the library with its own table, in its own database; the events are ours."""

    def construct_mapper(self) -> LedgerMapper:
        """Our codec, so that both decode the same bytes in the same way."""
        return LedgerMapper()


class PeerView(PostgresTrackingRecorder):
    """A view that does the least there is to do: it keeps up the position, one transaction an event."""


class PeerProjection(Projection[PeerView]):
    """Counts events."""

    name = "counter"

    def process_event(self, _domain_event: Any, tracking: Tracking) -> None:
        """The view's transaction."""
        self.view.insert_tracking(tracking)


def environment(conninfo: str) -> dict[str, str]:
    """The library's settings for a database, its own defaults everywhere else."""
    parts = conninfo_to_dict(conninfo)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": str(parts["dbname"]),
        "POSTGRES_HOST": str(parts["host"]),
        "POSTGRES_PORT": str(parts.get("port") or 5432),
        "POSTGRES_USER": str(parts["user"]),
        "POSTGRES_PASSWORD": "",
        "ORIGINATOR_ID_TYPE": "text",
        "POSTGRES_POOL_SIZE": "8",
    }


@contextmanager
def open_peer(conninfo: str) -> Iterator[tuple[Peer, dict[str, str]]]:
    """The peer on a database of its own in the same cluster."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS peer WITH (FORCE)")
        connection.execute("CREATE DATABASE peer")
    settings = environment(make_conninfo(conninfo, dbname="peer"))
    peer = Peer(settings)
    try:
        yield peer, settings
    finally:
        peer.close()


def append(peer: Peer, events: list[StoredEvent]) -> None:
    """What `save` comes to: the recorder's insert."""
    peer.recorder.insert_events(events)


def catch_up(peer: Peer, settings: dict[str, str], count: int) -> float:
    """Seconds that its runner takes to count so many events, from the first on."""
    with ProjectionRunner(
        application_class=type(peer), projection_class=PeerProjection, view_class=PeerView, env=settings
    ) as runner:
        started = time.perf_counter()
        runner.wait(count, timeout=600)
        return time.perf_counter() - started
