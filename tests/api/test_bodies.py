"""Bodies without end are refused by the real server: at once, in little memory, and it answers on."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from tests.api.stories import set_the_stage, statement
from tests.api.talking import YAML, Api, Served

MEGABYTE = 1024 * 1024
LARGE = 50 * MEGABYTE


@pytest.fixture(scope="module")
def told(running: tuple[Served, Api]) -> Api:
    set_the_stage(running[1])
    return running[1]


def peak_memory(pid: int) -> int:
    """The most memory that the process ever held, in bytes."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:  # noqa: PTH123 - no file of ours
        [line] = [line for line in file if line.startswith("VmHWM:")]
    return int(line.split()[1]) * 1024


def chunks(total: int) -> Iterator[bytes]:
    for _ in range(total // MEGABYTE):
        yield b" " * MEGABYTE


@pytest.mark.parametrize("path", ["/v1/developments", "/v1/dossiers"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with its length", "in chunks"])
def test_a_body_of_fifty_megabytes_is_refused(
    running: tuple[Served, Api], told: Api, path: str, chunked: bool
) -> None:
    server = running[0]
    head, memory, started = told.head(), peak_memory(server.pid), time.monotonic()
    headers = {"Authorization": f"Bearer {told.keys['editor']}", "Content-Type": "application/json"}
    response = told.http.post(path, content=chunks(LARGE) if chunked else b" " * LARGE, headers=headers)
    assert response.status_code == 413
    assert response.json()["type"] == "/v1/problems/too-large"
    assert "over 10485760 bytes" in response.json()["detail"]
    assert time.monotonic() - started < 5
    assert peak_memory(server.pid) - memory < 60 * MEGABYTE
    assert told.head() == head


def test_the_answer_comes_before_the_body(running: tuple[Served, Api], told: Api) -> None:
    """The length alone is enough to refuse it."""
    head = (
        f"POST /v1/dossiers HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LARGE}\r\n"
        f"Authorization: Bearer {told.keys['editor']}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running[0].port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"application/problem+json" in answer


def test_a_client_that_goes_away_half_way_does_no_harm(running: tuple[Served, Api], told: Api) -> None:
    head = told.head()
    request = (
        "POST /v1/developments HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
        f"Authorization: Bearer {told.keys['editor']}\r\n\r\n{{"
    )
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", running[0].port), timeout=10) as connection:
            connection.sendall(request.encode())
    assert told.read("/healthz")["status"] == "ok"
    assert told.head() == head
    assert "unexpected error" not in running[0].log
    assert "Traceback" not in running[0].log


def test_a_body_within_the_limit_is_read_whole(told: Api) -> None:
    text = "A long text. " * 400_000  # 5 MB
    document = {"id": "long", "publisher": "gazette", "title": "Long", "text": text}
    assert told.post("/v1/documents", document).status_code == 201
    assert told.read("/v1/documents/long")["text"] == text
    dossier = "palimpsest: 1\ndocuments:\n- {id: longer, publisher: gazette, title: L, text: '" + text + "'}"
    assert told.post("/v1/dossiers", dossier.encode(), headers=YAML).status_code == 201


def test_others_are_answered_while_a_large_dossier_is_read(told: Api, running: tuple[Served, Api]) -> None:
    """Reading YAML takes a while, and does so on a thread of its own."""
    from concurrent.futures import ThreadPoolExecutor

    entries = [f"- {{id: s{n}, kind: statement-made, at: hill, reported: 2025-01-01}}" for n in range(12_000)]
    dossier = "palimpsest: 1\ndevelopments:\n" + "\n".join(entries)
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(told.post, "/v1/dossiers", dossier.encode(), headers=YAML)
        slowest = 0.0
        while not writing.done():
            started = time.monotonic()
            told.read("/healthz")
            slowest = max(slowest, time.monotonic() - started)
    assert writing.result().status_code == 422
    assert len(writing.result().json()["errors"]) == 1000
    assert slowest < 1.0


def test_the_server_still_works(told: Api) -> None:
    assert told.post("/v1/developments", statement("after-all")).status_code == 201
    assert told.read("/v1/developments/after-all")["id"] == "after-all"
