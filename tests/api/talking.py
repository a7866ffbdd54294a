"""Clients for tests: one that talks to the application in this process, or to a server of its own process."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from ledger.database import Database
from ledger.keys import create_key
from tests.api.contract import check_answer
from tests.api.forking import fork_command
from tests.servers import wait_until

ROOT = Path(__file__).resolve().parents[2]
KUPIANSK = (ROOT / "examples" / "kupiansk.yaml").read_bytes()
BAKHMUT = (ROOT / "examples" / "bakhmut.yaml").read_bytes()
UNLIMITED = {"reads_per_minute": 0, "writes_per_minute": 0}
"""Tests ask more often than a client does; those of the limits set them."""
YAML = {"Content-Type": "application/yaml"}
NDJSON = "application/x-ndjson"


def make_keys(conninfo: str) -> dict[str, str]:
    """A key of each role, by role."""
    with Database(conninfo) as database, database.connection() as connection:
        return {
            role: create_key(connection, name=f"the {role}", role=role)
            for role in ("reporter", "editor", "admin")
        }


class Api:
    """A client whose every answer is held against the OpenAPI document."""

    def __init__(self, http: httpx2.Client, keys: Mapping[str, str]) -> None:
        self.http = http
        self.keys = keys
        http.event_hooks = {"response": [check_answer]}

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, **query: Any) -> httpx2.Response:
        """A read; parameters that are None are left out."""
        asked = {name: value for name, value in query.items() if value is not None}
        return self.http.get(path, params=asked or None, headers=headers)

    def read(self, path: str, **query: Any) -> dict[str, Any]:
        """The body of a read that succeeds."""
        response = self.get(path, **query)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body

    def post(
        self, path: str, body: object, *, role: str = "editor", headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """A write: bytes as they are, anything else as JSON."""
        sent = {"Authorization": f"Bearer {self.keys[role]}", **(headers or {})}
        if isinstance(body, bytes):
            return self.http.post(path, content=body, headers=sent)
        return self.http.post(path, json=body, headers=sent)

    def write(self, path: str, body: object, **more: Any) -> dict[str, Any]:
        """The receipt of a write that succeeds."""
        response = self.post(path, body, **more)
        assert response.status_code in (200, 201), response.text
        receipt: dict[str, Any] = response.json()
        return receipt

    def record(self, dossier: bytes = KUPIANSK) -> int:
        """Records a dossier; the log position after it."""
        position: int = self.write("/v1/dossiers", dossier, headers=YAML)["log_position"]
        return position

    def state(self, place: str = "kupiansk", **clocks: Any) -> dict[str, Any]:
        """The state of a place."""
        return self.read(f"/v1/locations/{place}", **clocks)

    def head(self) -> int:
        """Where the log ends."""
        position: int = self.read("/v1/events", limit=1)["head"]
        return position


@contextmanager
def in_process(conninfo: str, keys: Mapping[str, str] | None = None, **settings: Any) -> Iterator[Api]:
    """The application in this process, without a socket."""
    configured = Settings(database_url=conninfo, _env_file=None, **{**UNLIMITED, **settings})
    with TestClient(create_app(configured)) as client:
        yield Api(client, keys if keys is not None else make_keys(conninfo))


class Served:
    """The real server: `palimpsest serve` in a process of its own, on a free port of the loopback."""

    command = "serve"

    def __init__(self, conninfo: str, folder: Path, **settings: str) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PALIMPSEST_")},
            "PALIMPSEST_DATABASE_URL": conninfo,
            **{f"PALIMPSEST_{name.upper()}": str(value) for name, value in {**UNLIMITED, **settings}.items()},
        }
        self._folder = folder
        self.port = _free_port()
        self._process: ForkServerProcess | None = None
        self._log = folder / f"serve-{self.port}.log"

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    @property
    def log(self) -> str:
        """What it has said so far."""
        return self._log.read_text(encoding="utf-8")

    def start(self) -> None:
        """Starts it and waits until it is ready."""
        arguments = [self.command, "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = fork_command(arguments, cwd=self._folder, env=self.environment, log=self._log)
        wait_until(self._is_ready, what=f"palimpsest {self.command} to be ready; {self._log}", timeout=90)

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.exitcode is None, self.log
        try:
            return httpx2.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx2.TransportError:
            time.sleep(0.02)
            return False

    def stop(self) -> None:
        """Asks it to end, and waits until it has."""
        if self._process is not None:
            self._process.terminate()
            self._process.join(timeout=30)
            assert self._process.exitcode == 0, self.log
            self._process = None

    def kill(self) -> None:
        """Ends it with SIGKILL: whatever it was about to do is not done."""
        assert self._process is not None
        self._process.kill()
        self._process.join()
        self._process = None

    def restart(self) -> None:
        """Ends it and starts it again at the same address."""
        self.stop()
        self.start()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def served(conninfo: str, folder: Path, **settings: str) -> Iterator[tuple[Served, Api]]:
    """The real server, and a client of it."""
    server = Served(conninfo, folder, **settings)
    try:
        server.start()
        with httpx2.Client(base_url=server.url, timeout=30) as client:
            yield server, Api(client, make_keys(conninfo))
    finally:
        server.stop()
