"""Other event stores as they are measured: installed, opened, written to, and read back."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, LiteralString

import psycopg
from eventsourcing.persistence import StoredEvent
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.measuring import free_port
from bench.peers.installing import HERE, Missing, node_folder, umadb_binaries

PATIENCE = 600
"""Seconds for one piece of work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a piece of work took: seconds of the clock, and of the processor in the client's own process."""

    seconds: float
    client_cpu: float
    counted: int | None = None


class Store(ABC):
    """A peer on fresh storage. `durable` says what it means there that an append is acknowledged."""

    name: ClassVar[str]
    durable: ClassVar[str]

    @abstractmethod
    def append(self, payloads: Path, *, clients: int, warm_up: int) -> Took:
        """Appends each payload alone, from so many clients. The first few are stored, but not timed."""

    @abstractmethod
    def append_in_batches(self, payloads: Path, *, batch: int) -> Took:
        """Appends so many at a time, by one client."""

    @abstractmethod
    def catch_up(self, **more: Any) -> Took:
        """Counts all events from the first on."""

    @abstractmethod
    def ids(self) -> set[str]:
        """The ids of all that is stored, for the count afterwards."""


class NodeStore(Store):
    """A store on PostgreSQL, in a database of its own, with a client in Node."""

    script: ClassVar[str]
    select_ids: ClassVar[LiteralString]

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo

    def run(self, work: str, **given: Any) -> dict[str, Any]:
        """Has the client do a piece of work. Raises subprocess.CalledProcessError."""
        parts = conninfo_to_dict(self._conninfo)
        database = {
            "host": parts["host"],
            "port": int(parts.get("port") or 5432),
            "user": parts["user"],
            "database": parts["dbname"],
        }
        command = ["node", self.script, json.dumps({"work": work, "database": database, **given})]
        return _answer(command, node_folder())

    def append(self, payloads: Path, *, clients: int, warm_up: int) -> Took:
        return Took(**self.run("append", payloads=str(payloads), clients=clients, warm_up=warm_up))

    def append_in_batches(self, payloads: Path, *, batch: int) -> Took:
        return Took(**self.run("appendInBatches", payloads=str(payloads), batch=batch))

    def catch_up(self, **more: Any) -> Took:
        return Took(**self.run("catchUp", **more))

    def ids(self) -> set[str]:
        with psycopg.connect(self._conninfo) as connection:
            return {row[0] for row in connection.execute(self.select_ids)}


class MessageDb(NodeStore):
    """message-db: a table and functions in PL/pgSQL."""

    name = "message-db"
    durable = "a PostgreSQL commit with fsync, one for each call of write_message"
    script = "message-db.mjs"
    select_ids = "SELECT substr(stream_name, 13) FROM message_store.messages"


class Emmett(NodeStore):
    """Emmett's event store on PostgreSQL."""

    name = "Emmett"
    durable = "a PostgreSQL commit with fsync, one for each appendToStream"
    script = "emmett.mjs"
    select_ids = "SELECT substr(stream_id, 13) FROM emt_messages"


class UmaDb(Store):
    """UmaDB: a server of its own with one writer, reached over gRPC."""

    name = "UmaDB"
    durable = "fdatasync of its file by its one writer thread, which takes waiting requests together"

    def __init__(self, address: str) -> None:
        self._address = address

    def _run(self, work: str, **given: Any) -> dict[str, Any]:
        python = str(umadb_binaries() / "python")
        given = {"work": work, "address": self._address, **given}
        return _answer([python, str(HERE / "uma_client.py"), json.dumps(given)], HERE)

    def append(self, payloads: Path, *, clients: int, warm_up: int) -> Took:
        return Took(**self._run("append", payloads=str(payloads), clients=clients, warm_up=warm_up))

    def append_in_batches(self, payloads: Path, *, batch: int) -> Took:
        return Took(**self._run("appendInBatches", payloads=str(payloads), batch=batch))

    def catch_up(self, **more: Any) -> Took:
        return Took(**self._run("catchUp", **more))

    def ids(self) -> set[str]:
        return set(self._run("listIds")["ids"])


@contextmanager
def open_node_store(kind: type[NodeStore], conninfo: str) -> Iterator[NodeStore]:
    """The store in a fresh database of the cluster. Raises Missing."""
    node_folder()
    name = kind.__name__.lower()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    store = kind(make_conninfo(conninfo, dbname=name))
    store.run("install")
    yield store


@contextmanager
def open_umadb() -> Iterator[UmaDb]:
    """The store with its server on a new file, in its default settings. Raises Missing."""
    server = str(umadb_binaries() / "umadb")
    address = f"127.0.0.1:{free_port()}"
    with tempfile.TemporaryDirectory(prefix="palimpsest-bench-") as folder:
        process = subprocess.Popen(
            [server, "--listen", address, "--db-path", f"{folder}/uma.db"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            store = UmaDb(f"http://{address}")
            _wait_for(store, process)
            yield store
        finally:
            process.terminate()
            process.wait(timeout=30)


def write_payloads(rows: Iterable[StoredEvent], path: Path) -> Path:
    """Writes what the peers are to store: the same topics, and the same bytes of state, a line each."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            payload = {
                "id": str(row.originator_id).partition(":")[2],
                "topic": row.topic,
                "state": row.state.decode(),
            }
            file.write(json.dumps(payload) + "\n")
    return path


def _wait_for(store: UmaDb, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise Missing("its server does not start")
        try:
            store.ids()
        except subprocess.CalledProcessError:
            time.sleep(0.1)
        else:
            return
    raise Missing("its server does not answer")


def _answer(command: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if done.returncode:
        print(done.stderr[-2000:])
        done.check_returncode()
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


__all__ = [
    "Emmett",
    "MessageDb",
    "Missing",
    "Store",
    "Took",
    "UmaDb",
    "open_node_store",
    "open_umadb",
    "write_payloads",
]
