"""PostgreSQL goes away under load and comes back: requests fail cleanly, and nothing acknowledged is lost."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from migrations.upgrade import upgrade
from tests.api.contract import check_answer
from tests.api.stories import set_the_stage, statement
from tests.api.talking import Api, Served, served
from tests.servers import Server, wait_until

WRITERS = 4
READERS = 2


class Load:
    """Clients that write and read without a pause, and remember every answer."""

    def __init__(self, api: Api, url: str) -> None:
        self._api = api
        self._url = url
        self._numbers = itertools.count()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._threads = [
            *(threading.Thread(target=self._run, args=(self._write,)) for _ in range(WRITERS)),
            *(threading.Thread(target=self._run, args=(self._read,)) for _ in range(READERS)),
        ]
        self.acknowledged: list[str] = []
        self.refused: list[str] = []
        self.reads = {200: 0, 503: 0}
        self.surprises: list[object] = []

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _run(self, act: Callable[[httpx2.Client], None]) -> None:
        with httpx2.Client(base_url=self._url, timeout=30) as client:
            while not self._stopping.is_set():
                try:
                    act(client)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is not what was promised
                    self.surprises.append(error)

    def _write(self, client: httpx2.Client) -> None:
        name = f"w-{next(self._numbers)}"
        headers = {"Authorization": f"Bearer {self._api.keys['reporter']}"}
        response = client.post("/v1/developments", json=statement(name), headers=headers)
        check_answer(response)
        assert response.status_code in (201, 503), response.text
        with self._lock:
            (self.acknowledged if response.status_code == 201 else self.refused).append(name)

    def _read(self, client: httpx2.Client) -> None:
        response = client.get("/v1/locations/hill")
        check_answer(response)
        with self._lock:
            self.reads[response.status_code] += 1

    def wait_for_success(self) -> None:
        """Waits until writes and reads succeed, again or still."""
        written, read = len(self.acknowledged) + 20, self.reads[200] + 5
        self._wait(lambda: len(self.acknowledged) >= written and self.reads[200] >= read, "succeed")

    def wait_for_refusals(self) -> None:
        """Waits until writes and reads are refused."""
        written, read = len(self.refused) + 2, self.reads[503] + 1
        self._wait(lambda: len(self.refused) >= written and self.reads[503] >= read, "be refused")

    def _wait(self, condition: Callable[[], bool], what: str) -> None:
        wait_until(lambda: bool(self.surprises) or condition(), what=f"requests to {what}")
        assert self.surprises == []


@pytest.fixture
def stage(durable_server: Server, tmp_path: Path) -> Iterator[tuple[Served, Api]]:
    conninfo = durable_server.create_database("palimpsest")
    upgrade(conninfo)
    with served(conninfo, tmp_path) as both:
        set_the_stage(both[1])
        yield both


def test_postgresql_restarted_under_load(durable_server: Server, stage: tuple[Served, Api]) -> None:
    server, api = stage
    with Load(api, server.url) as load:
        load.wait_for_success()
        durable_server.stop()
        load.wait_for_refusals()
        assert api.get("/readyz").status_code == 503
        assert api.get("/healthz").status_code == 200
        durable_server.start()
        load.wait_for_success()
        durable_server.kill()
        durable_server.start()
        load.wait_for_success()
    assert load.surprises == []
    recorded = _recorded(api)
    assert set(load.acknowledged) <= recorded
    # Those whose outcome was not known may be there or not; repeating them is safe.
    for name in load.refused:
        status = api.post("/v1/developments", statement(name)).status_code
        assert status == (200 if name in recorded else 201)
    assert api.get("/readyz").status_code == 200
    assert "Traceback" not in server.log


def _recorded(api: Api) -> set[str]:
    lines = api.get("/v1/events", format="ndjson", limit=10_000).text.splitlines()
    return {json.loads(line)["stream"].removeprefix("development:") for line in lines}
