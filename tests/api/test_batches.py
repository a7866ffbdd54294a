"""Many developments in one request, each by itself."""

from __future__ import annotations

from typing import Any

import httpx2
import pytest

from api.batches import MOST
from tests.api.stories import claim, denial, set_the_stage
from tests.api.talking import Api


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


def send(api: Api, *items: object, **more: Any) -> httpx2.Response:
    return api.post("/v1/developments/batch", {"items": list(items)}, **more)


def test_each_item_stands_or_falls_by_itself(told: Api) -> None:
    answered = send(
        told,
        claim("one"),
        denial("two", claim="one"),
        claim("three", by="nobody"),
        claim("one"),
        claim("one", share="part"),
        "no development",
        {"id": "four", "kind": "no-such-kind"},
        denial("five", claim="three"),
        role="reporter",
    )
    assert answered.status_code == 207
    receipt = answered.json()
    assert (receipt["new"], receipt["unchanged"], receipt["failed"]) == (2, 1, 5)
    assert [(item["id"], item["status"]) for item in receipt["items"]] == [
        ("one", "new"),
        ("two", "new"),
        ("three", "failed"),
        ("one", "unchanged"),
        ("one", "failed"),
        (None, "failed"),
        ("four", "failed"),
        ("five", "failed"),
    ]
    first, second, broken, again, taken, *_ = receipt["items"]
    assert second["log_position"] == first["log_position"] + 1 == receipt["log_position"] == told.head()
    assert again["log_position"] == first["log_position"]
    assert (broken["log_position"], broken["possible_duplicates"]) == (None, None)
    assert broken["problem"]["errors"][0]["path"] == "by"
    assert (taken["problem"]["type"], taken["problem"]["status"]) == ("/v1/problems/id-taken", 409)
    assert taken["problem"]["differences"][0]["path"] == "share.min"
    [one, two] = told.read("/v1/events", after=first["log_position"] - 1)["items"]
    assert one["recorded_at"] == two["recorded_at"]


def test_all_well(told: Api) -> None:
    body = claim("alone")
    del body["id"]
    answered = send(told, claim("six"), body)
    assert answered.status_code == 201
    [six, named] = answered.json()["items"]
    assert told.read(f"/v1/developments/{named['id']}")["id"] == named["id"]
    assert "six" in [each["development"] for each in named["possible_duplicates"]]
    again = send(told, claim("six"))
    assert (again.status_code, again.json()["log_position"]) == (200, six["log_position"])


def test_reports_of_one_batch_are_told_of_each_other(told: Api) -> None:
    [one, two] = send(told, claim("seven", at="mill", by="red"), claim("eight", at="mill", by="red")).json()[
        "items"
    ]
    assert one["possible_duplicates"] == []
    assert [each["development"] for each in two["possible_duplicates"]] == ["seven"]


def test_nothing_and_too_much(told: Api) -> None:
    assert send(told).json() == {"new": 0, "unchanged": 0, "failed": 0, "log_position": None, "items": []}
    head = told.head()
    many = send(told, *(claim(f"many-{number}") for number in range(MOST + 1)))
    assert (many.status_code, many.json()["errors"][0]["code"]) == (422, "too-many")
    assert told.head() == head
    most = send(told, *(claim(f"many-{number}", at="shire") for number in range(MOST)))
    assert (most.status_code, most.json()["new"]) == (201, MOST)


@pytest.mark.parametrize("body", [[], {"items": {}}, {}, {"items": [], "atomic": True}])
def test_what_is_no_batch(told: Api, body: object) -> None:
    assert told.post("/v1/developments/batch", body).status_code == 422


def test_a_batch_needs_a_key(told: Api) -> None:
    answered = told.http.post("/v1/developments/batch", json={"items": []})
    assert answered.status_code == 401
