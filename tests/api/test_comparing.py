"""Two settings of the clocks side by side, and the history of a place frame by frame."""

from __future__ import annotations

import json
from typing import Any

from tests.api.stories import claim, report, set_the_stage
from tests.api.talking import NDJSON, Api

PLACE = "/v1/locations/kupiansk"


def changes(compared: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(change["aspect"], change["key"]): change for change in compared["changes"]}


def reasons(compared: dict[str, Any]) -> dict[str, str]:
    return {each["development"]: each["reason"] for each in compared["developments"]}


def frames(api: Api, **query: Any) -> list[dict[str, Any]]:
    response = api.get(f"{PLACE}/replay", **query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == NDJSON
    return [json.loads(line) for line in response.text.splitlines()]


def test_what_the_world_learnt_between_two_dates(kupiansk: Api) -> None:
    compared = kupiansk.read(
        f"{PLACE}/compare", valid_at="2025-12-13", known_at="2025-12-13", against_known_at="2025-11-30"
    )
    told = changes(compared)
    assert told["position", "ukraine"]["against"]["because"] == ["kupiansk-claim-denied"]
    assert told["position", "ukraine"]["value"]["because"] == ["kupiansk-recapture"]
    assert told["visit", ""]["against"] is None
    assert told["visit", ""]["value"]["visitor"] == "zelensky"
    assert ("position", "russia") not in told
    assert reasons(compared)["kupiansk-recapture"] == "became-public"
    assert compared["clocks"]["log_position"] == compared["against"]["log_position"]
    assert compared["against"]["known_at"] == "2025-11-30T23:59:59.999999Z"
    assert compared["against"]["valid_at"] == compared["clocks"]["valid_at"]


def test_nothing_differs_from_itself(kupiansk: Api) -> None:
    compared = kupiansk.read(f"{PLACE}/compare")
    assert compared["changes"] == compared["developments"] == []


def test_what_we_said_before_a_correction_and_say_now(fresh: Api) -> None:
    set_the_stage(fresh)
    before = report(fresh, claim())
    body = {"reason": "Misread.", "body": claim(holder="blue")}
    fresh.write("/v1/developments/claim/corrections", body)
    compared = fresh.read("/v1/locations/hill/compare", against_log_position=before)
    assert changes(compared)["status", ""]["against"]["holder"] == "red"
    assert changes(compared)["status", ""]["value"]["holder"] == "blue"
    assert reasons(compared) == {"claim": "corrected"}
    pinned = fresh.get("/v1/locations/hill/compare", log_position=before + 1, against_log_position=before)
    again = fresh.get("/v1/locations/hill/compare", log_position=before + 1, against_log_position=before)
    assert pinned.content == again.content
    assert fresh.get("/v1/locations/hill/compare", against_log_position=0).status_code == 404


def test_a_replay_over_valid_time_ends_with_the_state(kupiansk: Api) -> None:
    told = frames(kupiansk, along="valid", to="2025-12-13")
    assert told[0]["state"]["status"] == "unknown"
    assert told[0]["development"] is None
    statuses = [frame["state"]["status"] for frame in told]
    assert {"held", "disputed"} <= set(statuses)
    held = next(frame for frame in told if frame["state"]["status"] == "held")
    assert held["developments"] == ["kupiansk-2022-occupied"]
    state = kupiansk.state(valid_at="2025-12-13")
    last = told[-1]["state"]
    assert {name: state[name] for name in last} == last


def test_a_replay_over_known_time_starts_where_it_is_told(kupiansk: Api) -> None:
    query = {"along": "known", "valid_at": "2025-12-13", "from": "2025-11-01", "to": "2025-12-20"}
    told = frames(kupiansk, **query)
    assert told[0]["t"] == "2025-11-01T00:00:00Z"
    assert [frame["state"]["status"] for frame in told][:2] == ["unknown", "disputed"]
    assert told[1]["developments"] == ["kupiansk-claimed", "kupiansk-claim-denied"]
    assert told[-1]["state"]["last_visit"]["visitor"] == "zelensky"


def test_a_replay_along_the_log_shows_what_was_held_at_each_position(fresh: Api) -> None:
    set_the_stage(fresh)
    first = report(fresh, claim())
    fresh.write("/v1/developments/claim/retraction", {"reason": "Made up."})
    response = fresh.get("/v1/locations/hill/replay", along="recorded")
    told = [json.loads(line) for line in response.text.splitlines()]
    assert [frame["state"]["status"] for frame in told] == ["unknown", "held", "unknown"]
    assert [frame["log_position"] for frame in told][1:] == [first, first + 1]
    assert told[-1]["developments"] == ["claim"]


def test_what_cannot_be_compared_or_replayed_is_one_clear_problem(kupiansk: Api) -> None:
    for path, query in (
        (f"{PLACE}/compare", {"against_valid_at": "yesterday"}),
        (f"{PLACE}/compare", {"against_log_position": 10**9}),
        (f"{PLACE}/replay", {"along": "sideways"}),
        (f"{PLACE}/replay", {"from": "2025-02-30"}),
        (f"{PLACE}/replay", {"from": "2025-12-01", "to": "2025-11-01"}),
    ):
        assert kupiansk.get(path, **query).status_code == 422
    assert kupiansk.get("/v1/locations/nowhere/compare").status_code == 404
    assert kupiansk.get("/v1/locations/nowhere/replay").status_code == 404
