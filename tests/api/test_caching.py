"""ETags and caches, HEAD, and reading what was just written."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.stories import claim, set_the_stage, statement
from tests.api.talking import Api

READS = (
    "/v1/locations",
    "/v1/locations/hill",
    "/v1/locations/hill/timeline",
    "/v1/locations/hill/history",
    "/v1/locations/hill/claims",
    "/v1/map",
    "/v1/disagreements",
    "/v1/claims/claim",
    "/v1/developments/claim",
    "/v1/developments/claim/revisions",
    "/v1/actors",
    "/v1/actors/red",
    "/v1/documents",
    "/v1/documents/gazette-1",
)
UNPINNED = ("/v1/events", "/v1/kinds", "/v1/problems", "/v1/problems/not-found")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    api.write("/v1/developments", claim())
    return api


@pytest.mark.parametrize("path", READS)
def test_an_answer_is_for_ever_only_when_it_is_pinned(told: Api, path: str) -> None:
    head = told.head()
    asked: tuple[dict[str, Any], ...] = (
        {},
        {"valid_at": "2025-06-01"},
        {"recorded_at": "2999-01-01"},
        {"min_log_position": head},
    )
    for query in asked:
        assert told.get(path, **query).headers["cache-control"] == ASK_AGAIN
    # The text of a document may be taken away, so its answer is never for ever.
    pinned = ASK_AGAIN if path.startswith("/v1/documents/") else FOR_EVER
    assert told.get(path, log_position=head).headers["cache-control"] == pinned


@pytest.mark.parametrize("path", [*READS, *UNPINNED])
def test_what_the_client_has_is_not_sent_again(told: Api, path: str) -> None:
    query: dict[str, Any] = {"log_position": told.head()} if path in READS else {}
    first = told.get(path, **query)
    etag = first.headers["etag"]
    assert etag.startswith('"')
    assert etag.endswith('"')
    for named in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = told.get(path, headers={"If-None-Match": named}, **query)
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
        assert again.headers["cache-control"] == first.headers["cache-control"]
    for named in ('"other"', etag.strip('"'), "", f'"x{etag[1:]}'):
        assert told.get(path, headers={"If-None-Match": named}, **query).status_code == 200


def test_an_etag_changes_with_the_answer(told: Api) -> None:
    before = told.get("/v1/locations/hill", valid_at="2025-06-01", log_position=told.head())
    told.write("/v1/developments", statement())
    after = told.get("/v1/locations/hill", valid_at="2025-06-01", log_position=told.head())
    assert before.headers["etag"] != after.headers["etag"]


@pytest.mark.parametrize("path", [*READS[:2], *READS[3:6]])
def test_what_would_be_said_again_now_is_not_sent_again(told: Api, path: str) -> None:
    """An answer at now repeats its clocks; but for them it is the one that the client has."""
    first = told.get(path)
    again = told.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (304, first.headers["etag"])
    assert told.get(path).headers["etag"] != first.headers["etag"]


@pytest.mark.parametrize("path", [*READS[:2], *READS[3:5]])
def test_what_the_client_has_may_not_pretend_to_cover_a_later_write(told: Api, path: str) -> None:
    first = told.get(path)
    position = first.json()["clocks"]["log_position"]
    etag = first.headers["etag"].replace(f".{position}.", f".{position - 1}.")
    for least, status in ((position, 200), (position - 1, 304)):
        asked = told.get(path, headers={"If-None-Match": etag}, min_log_position=least)
        assert asked.status_code == status
    for spoiled in (f".{position}x.", ".-1.", f".{'9' * 30}.", "."):
        etag = first.headers["etag"].replace(f".{position}.", spoiled)
        assert told.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_what_is_otherwise_now_is_sent(told: Api) -> None:
    etag = told.get("/v1/locations/hill/timeline").headers["etag"]
    told.write("/v1/developments", statement("said-since"))
    response = told.get("/v1/locations/hill/timeline", headers={"If-None-Match": etag})
    assert response.status_code == 200
    assert "said-since" in {item["id"] for item in response.json()["items"]}


@pytest.mark.parametrize("path", ["/v1/locations/hill", "/v1/map", "/v1/kinds"])
def test_a_long_answer_is_compressed_for_those_who_take_it(told: Api, path: str) -> None:
    query: dict[str, Any] = {"log_position": told.head()} if path != "/v1/kinds" else {}
    plain = told.get(path, headers={"Accept-Encoding": "identity"}, **query)
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]
    for taken in ("gzip", "br, gzip;q=0.5", "*", "x-gzip"):
        packed = told.get(path, headers={"Accept-Encoding": taken}, **query)
        assert "Accept-Encoding" in packed.headers["vary"]
        if len(plain.content) < 1_024:
            assert packed.headers["etag"] == plain.headers["etag"]
            continue
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < len(plain.content) / 2
        # Other bytes, another strong ETag; either is known again, whatever is asked for.
        assert packed.headers["etag"] == f'{plain.headers["etag"][:-1]}-gzip"'
        assert packed.content == plain.content
        for etag in (plain.headers["etag"], packed.headers["etag"]):
            again = told.get(path, headers={"If-None-Match": etag, "Accept-Encoding": taken}, **query)
            assert (again.status_code, again.headers["etag"]) == (304, etag)
            assert "content-encoding" not in again.headers
    for refused in ("gzip;q=0", "br", "*;q=0", "gzip;q=0, *;q=1", ""):
        assert told.get(path, headers={"Accept-Encoding": refused}, **query).content == plain.content
        assert "content-encoding" not in told.get(path, headers={"Accept-Encoding": refused}, **query).headers


def test_a_short_answer_and_a_stream_are_not_compressed(told: Api) -> None:
    short = told.get("/v1/problems/not-found", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in short.headers
    stream = told.get("/v1/events", headers={"Accept-Encoding": "gzip"}, format="ndjson", limit=1000)
    assert len(stream.content) > 1_024
    assert "content-encoding" not in stream.headers


@pytest.mark.parametrize(
    "path", [*READS, *UNPINNED, "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json"]
)
def test_head_is_get_without_the_body(told: Api, path: str) -> None:
    query: dict[str, Any] = {"log_position": told.head()} if path in READS else {}
    get, head = told.get(path, **query), told.http.head(path, params=query)
    assert head.status_code == get.status_code == 200
    assert head.content == b""
    changing = {"x-request-id", *(("content-length",) if path == "/metrics" else ())}
    for name, value in get.headers.items():
        assert name in changing or head.headers[name] == value


def test_head_of_what_is_not_there_is_404_without_a_body(told: Api) -> None:
    response = told.http.head("/v1/locations/nowhere")
    assert response.status_code == 404
    assert response.content == b""


def test_a_read_sees_the_write_before_it(told: Api) -> None:
    for number in range(30):
        receipt = told.write("/v1/developments", statement(f"seen-{number}"))
        found = told.read(f"/v1/developments/seen-{number}")
        assert found["clocks"]["log_position"] >= receipt["log_position"]
        items = told.read("/v1/locations/hill/timeline", limit=1000)["items"]
        assert f"seen-{number}" in {item["id"] for item in items}


def test_many_readers_see_their_own_writes(told: Api) -> None:
    def write_and_read(number: int) -> bool:
        told.write("/v1/developments", claim(f"mine-{number}", at="mill"))
        return told.get(f"/v1/claims/mine-{number}").status_code == 200

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(write_and_read, range(40)))


def test_reads_are_answered_while_others_write_without_a_pause(told: Api) -> None:
    """A read waits for what was written before it was asked, never for what is written since."""
    stopping = threading.Event()

    def write(writer: int) -> None:
        for number in itertools.count():
            if stopping.is_set():
                return
            told.write("/v1/developments", statement(f"busy-{writer}-{number}", at="mill"))

    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write, writer) for writer in range(3)]
        try:
            slowest = max(_seconds(lambda: told.state("hill")) for _ in range(5))
        finally:
            stopping.set()
    assert [each.result() for each in writing] == [None] * 3
    assert slowest < 1.5


def _seconds(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def test_a_position_that_is_not_reached_in_time_is_503_with_retry_after(told: Api) -> None:
    started = time.monotonic()
    response = told.get("/v1/locations/hill", min_log_position=told.head() + 1)
    assert response.status_code == 503
    assert response.json()["type"] == "/v1/problems/unavailable"
    assert response.headers["retry-after"] == "1"
    assert 1.5 < time.monotonic() - started < 4
