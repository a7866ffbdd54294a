"""An event that cannot be folded stops the projections, visibly; reads answer as far as they came."""

from __future__ import annotations

import time

import pytest

from ledger.database import Database
from projections.catalogue import PROJECTIONS
from tests.api.stories import claim, set_the_stage, statement
from tests.api.talking import Api, in_process
from tests.servers import wait_until

BROKEN = """
insert into ledger.events (originator_id, originator_version, topic, state)
values ('development:from-the-future', 1, 'kind-of-tomorrow', '{"recorded_by": "x", "event": {}}')
returning notification_id
"""


@pytest.fixture(scope="module")
def broken_at(api: Api, module_url: str) -> int:
    """The log position of an event of a topic that this version does not know."""
    set_the_stage(api)
    api.write("/v1/developments", claim())
    assert api.state("hill")["holder"] == "red"
    with Database(module_url) as database, database.connection() as connection:
        (position,) = connection.execute(BROKEN).fetchall()[0]
    wait_until(lambda: _all_stopped(api), what="every projection to stop")
    return int(position)


def _all_stopped(api: Api) -> bool:
    projections = api.get("/readyz").json()["projections"]
    return bool(projections) and all(each["error"] for each in projections)


def test_it_shows_in_readyz_with_position_and_error(api: Api, broken_at: int) -> None:
    response = api.get("/readyz")
    assert response.status_code == 503
    told = response.json()
    assert told["status"] == "unready"
    assert len(told["problems"]) == len(told["projections"]) == len(PROJECTIONS)
    for projection in told["projections"]:
        assert projection["error_position"] == broken_at
        assert projection["position"] == broken_at - 1
        assert projection["failed_at"]
        assert "kind-of-tomorrow" in projection["error"]
        assert any(projection["name"] in problem for problem in told["problems"])
    assert api.get("/healthz").status_code == 200


def test_it_shows_in_the_metrics(api: Api, broken_at: int) -> None:
    metrics = api.get("/metrics").text
    for name in ("actors", "claims", "developments", "documents", "locations", "names", "states"):
        assert f'palimpsest_projection_failed{{projection="{name}"}} 1.0' in metrics
        assert f'palimpsest_projection_position{{projection="{name}"}} {float(broken_at - 1)}' in metrics


def test_reads_answer_at_once_as_far_as_the_projections_came(api: Api, broken_at: int) -> None:
    receipt = api.write("/v1/developments", claim("later", holder="blue"))
    assert receipt["log_position"] > broken_at
    started = time.monotonic()
    for _ in range(10):
        state = api.state("hill")
        assert state["holder"] == "red"
        assert state["clocks"]["log_position"] == broken_at - 1
    assert time.monotonic() - started < 1.5
    assert api.state("hill", log_position=broken_at - 1)["holder"] == "red"
    assert api.get("/v1/developments/later").status_code == 404


def test_what_was_not_reached_is_503_at_once(api: Api, broken_at: int) -> None:
    started = time.monotonic()
    for query in (
        {"log_position": broken_at},
        {"min_log_position": broken_at},
        {"recorded_at": "2999-01-01"},
    ):
        response = api.http.get("/v1/locations/hill", params=query)
        assert response.status_code == 503
        assert response.json()["type"] == "/v1/problems/unavailable"
        assert "stopped at log position" in response.json()["detail"]
        assert int(response.headers["retry-after"]) >= 30
    assert time.monotonic() - started < 1.5


def test_writes_go_on(api: Api, broken_at: int) -> None:
    assert api.write("/v1/developments", statement("after"))["log_position"] > broken_at
    assert api.post("/v1/developments", statement("after")).status_code == 200
    correction = {"reason": "Less.", "body": claim(share="most")}
    assert api.post("/v1/developments/claim/corrections", correction).status_code == 201


def test_the_log_is_read_up_to_it_and_past_it_never_silently(api: Api, broken_at: int) -> None:
    page = api.read("/v1/events", limit=1000)
    assert page["items"][-1]["log_position"] == broken_at - 1
    assert page["head"] > broken_at
    stream = api.get("/v1/events", format="ndjson", limit=1000)
    assert stream.text.count("\n") == broken_at - 1
    for form in ("json", "ndjson"):
        response = api.get("/v1/events", after=broken_at - 1, format=form)
        assert response.status_code == 500
        assert response.json()["type"] == "/v1/problems/undecodable-event"
        assert response.json()["log_position"] == broken_at
        assert "kind-of-tomorrow" in response.json()["detail"]
    after = api.read("/v1/events", after=broken_at)["items"]
    assert after[0]["log_position"] > broken_at


def test_a_new_process_tries_again_and_tells_the_same(api: Api, broken_at: int, module_url: str) -> None:
    with in_process(module_url, api.keys) as another:
        wait_until(lambda: _all_stopped(another), what="every projection to stop again")
        assert another.state("hill")["clocks"]["log_position"] == broken_at - 1
