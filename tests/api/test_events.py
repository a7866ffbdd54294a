"""The log over HTTP: in order, complete, as pages and as a stream."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.stories import claim, set_the_stage, statement
from tests.api.talking import NDJSON, Api


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    many = [statement(f"s-{number:04}") for number in range(2_500)]
    api.write("/v1/dossiers", {"palimpsest": 1, "developments": [claim(), *many]})
    api.write("/v1/developments/claim/retraction", {"reason": "Made up."}, headers={"X-Request-ID": "r1"})
    return api


def lines(api: Api, **query: Any) -> list[dict[str, Any]]:
    response = api.get("/v1/events", format="ndjson", **query)
    assert response.headers["content-type"] == NDJSON
    assert response.text == "" or response.text.endswith("\n")
    return [json.loads(line) for line in response.text.splitlines()]


def test_a_page_has_everything_that_was_recorded(told: Api) -> None:
    page = told.read("/v1/events", limit=20)
    assert [item["log_position"] for item in page["items"]] == list(range(1, 21))
    assert page["head"] == 2_515
    first = page["items"][0]
    assert first["stream"] == "actor:red"
    assert first["topic"] == "actor-registered"
    assert (first["version"], first["recorded_by"]) == (1, "the editor")
    assert first["request_id"] not in (None, "", "r1"), "a request without an id is given one"
    assert first["event"] == {"id": "red", "kind": "party", "name": "Red", "names": {}, "speaks_for": None}


def test_the_last_event_is_the_retraction(told: Api) -> None:
    [last] = told.read("/v1/events", after=told.head() - 1)["items"]
    assert (last["stream"], last["version"], last["topic"]) == ("development:claim", 2, "retracted")
    assert last["event"] == {"reason": "Made up."}
    assert last["request_id"] == "r1"


def test_after_the_end_there_is_nothing(told: Api) -> None:
    response = told.get("/v1/events", after=told.head())
    assert response.json()["items"] == []
    assert "link" not in response.headers
    assert told.read("/v1/events", after=2**63 - 1)["items"] == []
    assert lines(told, after=told.head()) == []


def test_a_stream_is_complete_and_in_order(told: Api) -> None:
    events = lines(told, limit=10_000)
    assert [event["log_position"] for event in events] == list(range(1, told.head() + 1))
    page = told.read("/v1/events", limit=1_200)["items"]
    assert events[:1_200] == page
    times = [event["recorded_at"] for event in events]
    assert times == sorted(times)


@pytest.mark.parametrize(("after", "limit"), [(0, 1), (0, 1_000), (10, 1_001), (500, 1_999), (2_000, 10_000)])
def test_a_stream_keeps_to_its_bounds(told: Api, after: int, limit: int) -> None:
    positions = [event["log_position"] for event in lines(told, after=after, limit=limit)]
    assert positions == list(range(after + 1, min(after + limit, told.head()) + 1))


def test_the_accept_header_asks_for_lines_too(told: Api) -> None:
    response = told.get("/v1/events", headers={"Accept": NDJSON}, limit=2)
    assert response.headers["content-type"] == NDJSON
    assert response.headers["vary"] == "Accept"
    response = told.get("/v1/events", headers={"Accept": "application/json"}, limit=2)
    assert response.headers["content-type"] == "application/json"
    assert "Accept" in response.headers["vary"].split(", ")
    said = told.get("/v1/events", headers={"Accept": NDJSON}, format="json", limit=2)
    assert said.headers["content-type"] == "application/json"
    assert "Accept" not in said.headers.get("vary", "").split(", ")


def test_the_link_keeps_what_was_asked_for(told: Api) -> None:
    response = told.get("/v1/events", limit=7, format="json")
    assert response.links["next"]["url"] == "/v1/events?after=7&limit=7&format=json"


def test_a_log_without_events_is_empty(fresh: Api) -> None:
    assert fresh.read("/v1/events") == {"items": [], "head": 0}
    assert lines(fresh) == []
    assert fresh.read("/v1/locations")["clocks"]["log_position"] == 0
    assert fresh.get("/v1/locations/hill").json()["type"] == "/v1/problems/not-found"
    assert fresh.get("/v1/locations/hill", log_position=0).status_code == 404
    assert fresh.get("/v1/locations", log_position=1).status_code == 422


def test_an_empty_dossier_is_nothing_new(fresh: Api) -> None:
    response = fresh.post("/v1/dossiers", {"palimpsest": 1})
    assert response.status_code == 200
    assert response.json() == {"new": 0, "unchanged": 0, "log_position": None, "items": []}
    assert fresh.head() == 0


def test_a_dossier_in_ndjson_is_the_same_as_in_json(fresh: Api) -> None:
    entries = [
        {"palimpsest": 1, "timezone": "Europe/Kyiv"},
        {"location": {"id": "hill", "kind": "settlement", "name": "Hill"}},
        {"actor": {"id": "red", "kind": "party", "name": "Red"}},
        {"development": claim(by="red")},
    ]
    body = "\r\n".join(json.dumps(entry) for entry in entries).encode()
    receipt = fresh.write("/v1/dossiers", body, headers={"Content-Type": NDJSON})
    assert (receipt["new"], receipt["unchanged"], receipt["log_position"]) == (3, 0, 3)
    assert [item["status"] for item in receipt["items"]] == ["new"] * 3
    assert fresh.read("/v1/developments/claim")["occurred"]["earliest"] == "2025-03-02T22:00:00Z"
    again = fresh.post("/v1/dossiers", body, headers={"Content-Type": NDJSON})
    assert again.status_code == 200
    assert (again.json()["new"], again.json()["unchanged"]) == (0, 3)
