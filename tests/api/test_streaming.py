"""The log as it grows, over a real socket."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.problems import MEDIA_TYPE
from migrations.upgrade import upgrade
from tests.api.contract import ANYWHERE, document
from tests.api.following import STREAM, following
from tests.api.stories import claim, denial, report, set_the_stage, statement
from tests.api.talking import Api, Served, served
from tests.ledger.logs import connect, insert
from tests.servers import Server, wait_until

Running = tuple[Served, Api]


@pytest.fixture(scope="module")
def told(running: Running) -> Running:
    set_the_stage(running[1])
    report(running[1], claim(), denial())
    return running


def items(api: Api, after: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.read("/v1/events", after=after, limit=10_000)["items"]
    return found


def refused(url: str, **asked: Any) -> dict[str, Any]:
    """The problem of a stream that is refused."""
    with following(url, **asked) as stream:
        stream.response.read()
        assert stream.response.headers["content-type"] == MEDIA_TYPE
        problem: dict[str, Any] = stream.response.json()
    described = document()["paths"][STREAM]["get"]["responses"]
    assert problem["status"] in (*ANYWHERE, *(int(status) for status in described if status.isdigit()))
    return problem


def test_the_whole_log_and_then_what_is_recorded(told: Running) -> None:
    server, api = told
    recorded = items(api)
    with following(server.url, after=0) as stream:
        before = stream.take(len(recorded))
        report(api, statement())
        [new] = stream.take(1)
    assert [event["data"] for event in before] == recorded
    assert [event["id"] for event in before] == [item["log_position"] for item in recorded]
    assert {event["event"] for event in before} == {"message"}, "else onmessage of a browser is not told"
    assert [new["data"]] == items(api, recorded[-1]["log_position"])
    assert stream.retry == 2_000


def test_it_is_neither_kept_nor_changed_on_the_way(told: Running) -> None:
    with following(told[0].url, after=0) as stream:
        headers = stream.response.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert "content-encoding" not in headers
    assert "etag" not in headers
    described = document()["paths"][STREAM]["get"]["responses"]["200"]
    assert set(described["content"]) == {"text/event-stream"}


def test_without_a_position_it_begins_with_what_is_recorded_next(told: Running) -> None:
    server, api = told
    head = api.head()
    with following(server.url) as stream:
        # It knows where it began before anything comes, so that it can come back without a gap.
        wait_until(lambda: streams_open(api) == 1, what="the stream to be open")
        position = report(api, statement())
        [event] = stream.take(1)
    assert event["id"] == position > head
    with following(server.url) as stream:
        next(line for line in stream.response.iter_lines() if line == f"id: {position}")


def streams_open(api: Api) -> int:
    metrics = api.get("/metrics").text
    [line] = [line for line in metrics.splitlines() if line.startswith("palimpsest_event_streams ")]
    return int(float(line.split()[1]))


def test_it_goes_on_after_the_last_event_that_came(told: Running) -> None:
    server, _ = told
    with following(server.url, after=0) as stream:
        stream.take(5)
        last_id = stream.last_id
    assert last_id == "5"
    # A browser asks the same address again, with the header.
    with following(server.url, last_id=last_id, after=0) as stream:
        assert [event["id"] for event in stream.take(3)] == [6, 7, 8]


def test_a_stream_ends_with_its_client(told: Running) -> None:
    server, api = told
    with following(server.url), following(server.url):
        wait_until(lambda: streams_open(api) == 2, what="both streams to be open")
    wait_until(lambda: streams_open(api) == 0, what="both streams to be closed")


@pytest.fixture(scope="module")
def revised(told: Running) -> tuple[Served, Api, int]:
    """What is said of the mill is corrected to the hill, linked and taken back; the hill moves."""
    _, api = told
    report(api, claim("mill-claim", at="mill", by="blue-army", holder="blue"), statement("words"))
    body = claim("mill-claim", at="hill", by="blue-army", holder="blue")
    api.write("/v1/developments/mill-claim/corrections", {"reason": "The hill.", "body": body})
    api.write("/v1/developments/words/links", {"type": "supports", "to": "mill-claim"})
    api.write("/v1/developments/mill-claim/retraction", {"reason": "Made up."})
    hill = {"id": "hill", "kind": "settlement", "name": "Hill", "point": [40.0, 50.0]}
    api.write("/v1/locations/hill/descriptions", hill)
    return *told, report(api, claim("last", at=["hill", "mill"], by="red-army"))


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (
            {"location": "mill"},
            [
                ("location:mill", "location-registered"),
                ("development:mill-claim", "occupation-claimed"),
                ("development:mill-claim", "corrected"),
                ("development:last", "occupation-claimed"),
            ],
        ),
        (
            {"part_of": "shire", "kinds": "occupation-claimed"},
            [
                ("development:mill-claim", "occupation-claimed"),
                ("development:mill-claim", "corrected"),
                ("development:last", "occupation-claimed"),
            ],
        ),
        (
            {"voices": "blue", "kinds": ["linked,retracted", "corrected"]},
            [
                ("development:mill-claim", "corrected"),
                ("development:words", "linked"),
                ("development:mill-claim", "retracted"),
            ],
        ),
        (
            {"voices": "red-army"},
            [
                ("actor:red-army", "actor-registered"),
                ("development:claim", "occupation-claimed"),
                ("development:last", "occupation-claimed"),
            ],
        ),
        (
            {"bbox": "39,49,41,51"},
            [("location:hill", "location-described"), ("development:last", "occupation-claimed")],
        ),
    ],
)
def test_what_is_wanted_and_what_befell_it(
    revised: tuple[Served, Api, int], query: dict[str, Any], wanted: list[tuple[str, str]]
) -> None:
    server, api, end = revised
    with following(server.url, after=0, **query) as stream:
        events = stream.take(len(wanted))
        assert [(event["data"]["stream"], event["data"]["topic"]) for event in events] == wanted
        # And nothing else of what there was: what comes next was recorded later.
        said = api.write("/v1/developments", {**claim(by="blue-army", holder="blue"), "id": None})["id"]
        api.write("/v1/developments/last/links", {"type": "supports", "to": said})
        assert next(stream.events)["id"] > end


def test_whoever_follows_a_box_is_told_when_a_place_leaves_it(revised: tuple[Served, Api, int]) -> None:
    with following(revised[0].url, after=0, bbox="29,49,31,51", kinds="location-described") as stream:
        [event] = stream.take(1)
    assert event["data"]["event"]["point"] == [40.0, 50.0]


def test_what_cannot_be_streamed_is_told(told: Running) -> None:
    url = told[0].url
    assert refused(url, location="nowhere")["detail"] == "There is no location with the id 'nowhere'."
    assert refused(url, voices="nobody")["type"] == "/v1/problems/not-found"
    for asked in (
        {"kinds": "no-kind"},
        {"bbox": "1,2,3"},
        {"after": -1},
        {"after": "x"},
        {"location": ""},
        {"voice": "red"},
        {"last_id": "x"},
    ):
        assert refused(url, **asked)["status"] == 422, asked
    problem = refused(url, last_id=str(2**62))
    assert problem["errors"][0]["code"] == "beyond-the-log"


def test_head_tells_the_headers_and_ends(told: Running) -> None:
    response = told[1].http.head(STREAM)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")


def test_as_many_as_the_server_takes(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path, max_streams="2") as (server, api):
        with following(server.url), following(server.url):
            wait_until(lambda: streams_open(api) == 2, what="both streams to be open")
            with following(server.url) as third:
                assert third.response.status_code == 503
                assert third.response.headers["retry-after"] == "5"
        wait_until(lambda: streams_open(api) == 0, what="both streams to be closed")
        with following(server.url) as fourth:
            assert fourth.response.status_code == 200


def test_where_reading_needs_a_key(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path, public_read="false") as (server, api):
        assert refused(server.url)["type"] == "/v1/problems/key-required"
        with following(server.url, key=api.keys["reporter"]) as stream:
            assert stream.response.status_code == 200


def test_a_server_that_stops_ends_its_streams_at_once(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path) as (server, api):
        with following(server.url) as stream:
            wait_until(lambda: streams_open(api) == 1, what="the stream to be open")
            begun = time.monotonic()
            server.stop()
            assert time.monotonic() - begun < 10, "half of the time that requests under way are given"
            assert list(stream.events) == []  # a clean end, and no broken connection
        assert "Traceback" not in server.log


def test_an_event_that_cannot_be_read_ends_the_streams(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path) as (server, api):
        position = set_the_stage(api)
        with following(server.url, after=position - 1) as stream, connect(database_url) as connection:
            stream.take(1)
            broken = insert(connection, "development:broken")
            assert list(stream.events) == []
        problem = refused(server.url, last_id=str(position))
        assert (problem["type"], problem["log_position"]) == ("/v1/problems/undecodable-event", broken)


def test_a_database_that_goes_away_is_waited_for(durable_server: Server, tmp_path: Path) -> None:
    conninfo = durable_server.create_database("palimpsest")
    upgrade(conninfo)
    with served(conninfo, tmp_path) as (server, api):
        position = set_the_stage(api)
        with following(server.url, after=position) as stream:
            durable_server.stop()
            wait_until(lambda: api.get("/readyz").status_code == 503, what="it to be away")
            durable_server.start()
            wait_until(lambda: api.get("/readyz").status_code == 200, what="it to be back")
            position = report(api, statement())
            assert stream.take(1)[0]["id"] == position


class Curl:
    """`curl` as somebody would use it in a script: what came is in a file, and it comes back for the rest."""

    def __init__(self, url: str, file: Path) -> None:
        self._url = url
        self._file = file
        self._process: subprocess.Popen[bytes] | None = None

    def connect(self) -> None:
        """Goes on after the last event that came."""
        known = self.ids
        header = ["--header", f"Last-Event-ID: {known[-1]}"] if known else []
        with self._file.open("ab") as file:
            command = ["curl", "--silent", "--no-buffer", "--get", "--data", "after=0", *header]
            self._process = subprocess.Popen([*command, f"{self._url}{STREAM}"], stdout=file)

    def wait(self) -> int:
        """Its exit code, once it has ended."""
        assert self._process is not None
        return self._process.wait(timeout=30)

    def end(self) -> None:
        """Ends it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    @property
    def ids(self) -> list[int]:
        """The ids of the whole events that came; what came of an event that was cut off is thrown away."""
        if not self._file.exists():
            return []
        whole, separator, _ = self._file.read_bytes().rpartition(b"\n\n")
        self._file.write_bytes(whole + separator)
        return [int(line[4:]) for line in whole.splitlines() if line.startswith(b"id: ")]


@pytest.fixture
def curl(running: Running, tmp_path: Path) -> Iterator[Curl]:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    curl = Curl(running[0].url, tmp_path / "events")
    yield curl
    curl.end()


def test_curl_misses_nothing_when_the_server_is_killed(told: Running, curl: Curl) -> None:
    server, api = told
    written = 0
    for _ in range(2):
        curl.connect()
        reached = report(api, *(statement() for _ in range(20)))
        written += 20
        # Killed in the middle of it: some of what was written has come, and some has not.
        server.kill()
        assert curl.wait() != 0
        server.start()
    curl.connect()
    wait_until(lambda: bool(curl.ids) and curl.ids[-1] >= reached, what="the rest to come")
    assert curl.ids == [item["log_position"] for item in items(api)]
    with httpx2.Client(base_url=server.url) as client:
        assert client.get("/healthz").status_code == 200
