"""Queries without end are refused before they are read; what takes the database too long is ended."""

from __future__ import annotations

import time

import psycopg
import pytest

from api.parameters import LONGEST_QUERY, MOST_PARAMETERS
from tests.api.stories import set_the_stage
from tests.api.talking import Api, in_process

HILL = "/v1/locations/hill"


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


@pytest.mark.parametrize("path", [HILL, "/v1/map", "/v1/events", "/v1/kinds", f"{HILL}/timemap"])
def test_a_query_that_is_too_long_is_refused(told: Api, path: str) -> None:
    response = told.http.get(f"{path}?voices={'a' * LONGEST_QUERY}")
    assert response.status_code == 414
    assert response.json()["type"] == "/v1/problems/query-too-long"
    assert "at most 8192 are read" in response.json()["detail"]
    assert "aaaa" not in response.text


def test_the_longest_query_is_read(told: Api) -> None:
    start = "voices=r%65d"
    query = start + ",red" * ((LONGEST_QUERY - len(start)) // 4)
    assert len(query) == LONGEST_QUERY
    assert told.http.get(f"{HILL}?{query}").status_code == 200
    assert told.http.get(f"{HILL}?{query}a").status_code == 414


def test_too_many_parameters_are_refused(told: Api) -> None:
    pairs = ["voices=red"] * MOST_PARAMETERS
    assert told.http.get(f"{HILL}?{'&'.join(pairs)}").status_code == 200
    response = told.http.get(f"{HILL}?{'&'.join(pairs)}&voices=one-more")
    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "path": "query",
            "message": "There are 101 parameters; at most 100 are read.",
            "code": "too-many",
            "line": None,
        }
    ]


def test_a_write_is_held_to_it_too(told: Api) -> None:
    head = told.head()
    response = told.post(f"/v1/developments?x={'a' * LONGEST_QUERY}", {})
    assert response.status_code == 414
    assert told.head() == head


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_request_that_takes_the_database_too_long_is_503(told: Api, module_url: str, method: str) -> None:
    with in_process(module_url, told.keys, projector="off", statement_timeout_seconds=1) as api:
        # Whoever asks waits for a lock that is not given back.
        with psycopg.connect(module_url) as holding:
            holding.execute("lock table projections.checkpoints, ledger.api_keys in access exclusive mode")
            started = time.monotonic()
            response = api.get(HILL, valid_at="2025-06-01") if method == "get" else api.post("/v1/actors", {})
            took = time.monotonic() - started
        assert response.status_code == 503
        assert response.json()["type"] == "/v1/problems/unavailable"
        assert "took longer than it may" in response.json()["detail"]
        assert response.headers["retry-after"] == "1"
        assert 0.9 < took < 10
        assert api.get(HILL, valid_at="2025-06-01").status_code == 200
