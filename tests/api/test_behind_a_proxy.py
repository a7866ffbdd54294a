"""The real server behind proxies: whose word it takes for where a request came from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.api.talking import Api, served

KINDS = "/v1/kinds"
HSTS = "strict-transport-security"


@pytest.fixture
def trusting(module_url: str, tmp_path: Path) -> Iterator[Api]:
    """One that trusts proxies on its own machine, as it does unless told otherwise."""
    with served(module_url, tmp_path, reads_per_minute="3", hsts_seconds="600") as (_, api):
        yield api


@pytest.fixture
def trusting_nobody(module_url: str, tmp_path: Path) -> Iterator[Api]:
    with served(module_url, tmp_path, reads_per_minute="3", hsts_seconds="600", trusted_proxies="") as (
        _,
        api,
    ):
        yield api


def ask(api: Api, forwarded: str, proto: str = "http") -> httpx2.Response:
    return api.get(KINDS, headers={"X-Forwarded-For": forwarded, "X-Forwarded-Proto": proto})


def test_clients_behind_a_proxy_that_is_trusted_are_told_apart(trusting: Api) -> None:
    assert [ask(trusting, "192.0.2.1").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(trusting, "192.0.2.2").status_code == 200
    # What the client wrote itself stands before what the proxy adds, and counts for nothing.
    assert ask(trusting, "198.51.100.7, 192.0.2.1").status_code == 429
    assert ask(trusting, "192.0.2.3", "https").headers[HSTS] == "max-age=600"
    assert HSTS not in ask(trusting, "192.0.2.4").headers


def test_nobody_else_is_taken_at_his_word(trusting_nobody: Api) -> None:
    answers = [ask(trusting_nobody, f"192.0.2.{number}", "https") for number in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert not any(HSTS in answer.headers for answer in answers)


def test_the_server_does_not_say_what_it_is(trusting: Api) -> None:
    for path in ("/healthz", KINDS, "/docs", "/nowhere"):
        assert "server" not in trusting.get(path).headers
