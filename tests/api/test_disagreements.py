"""Disagreements over HTTP: found, sorted, in pages, at any clocks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.stories import assessment, claim, denial, report, set_the_stage
from tests.api.talking import Api


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """Hill since 5 March: red all, blue not; mill since 10 March: red all, the mappers half blue; west-end
    by three voices; all of it in the shire but hill.
    """
    set_the_stage(api)
    places = [
        {"id": "end", "kind": "settlement", "name": "End", "point": [-179.5, -17.0], "part_of": "mill"},
        {"id": "calm", "kind": "settlement", "name": "Calm"},
    ]
    api.write("/v1/dossiers", {"palimpsest": 1, "locations": places})
    report(
        api,
        claim(reported="2025-03-03"),
        denial(reported="2025-03-05"),
        claim("mill-claim", at="mill", reported="2025-03-04"),
        assessment("mill-map", at="mill", control={"blue": 0.5}, reported="2025-03-10"),
        claim("end-claim", at="end", reported="2025-03-12"),
        claim("end-recapture", at="end", by="blue-army", holder="blue", reported="2025-03-13"),
        assessment("end-map", at="end", control={"red": 0.3}, reported="2025-03-14"),
        claim("calm-claim", at="calm", reported="2025-03-04"),
    )
    return api


def found(api: Api, **query: Any) -> list[tuple[str, list[str]]]:
    return [(each["id"], each["between"]) for each in api.read("/v1/disagreements", **query)["items"]]


def test_a_disagreement_says_who_over_what_since_when_and_who_moved_last(told: Api) -> None:
    listed = told.read("/v1/disagreements", valid_at="2025-04-01")
    first = listed["items"][0]
    sides = first.pop("sides")
    assert first == {
        "id": "hill",
        "name": "Hill",
        "kind": "settlement",
        "point": [30.0, 50.0],
        "part_of": None,
        "between": ["blue", "red"],
        "party": "red",
        "gap": 0.0,
        "since": "2025-03-05T00:00:00Z",
        "age_days": 28.0,
        "moved_last": {"voice": "blue", "development": "denial", "since": "2025-03-05T00:00:00Z"},
        "because": ["denial", "claim"],
    }
    assert [side["voice"] for side in sides] == ["blue", "red"]
    assert sides[1]["shares"] == {"red": {"min": 1.0, "max": 1.0, "min_open": False, "max_open": False}}


def test_the_longest_lasting_come_first_or_the_widest(told: Api) -> None:
    blue_red, map_blue, map_red = ["blue", "red"], ["blue", "mappers"], ["mappers", "red"]
    by_age = [("hill", blue_red), ("mill", map_red), ("end", blue_red), ("end", map_red), ("end", map_blue)]
    assert sorted(found(told)) == sorted(by_age)
    assert found(told)[:3] == by_age[:3]
    gaps = [each["gap"] for each in told.read("/v1/disagreements", sort="gap")["items"]]
    assert gaps == sorted(gaps, reverse=True)
    assert found(told, sort="gap")[0] == ("end", blue_red)


def test_they_are_those_of_the_states_at_any_clocks(told: Api) -> None:
    head = told.head()
    for query in (
        {},
        {"valid_at": "2025-03-12"},
        {"valid_at": "2025-03-13", "known_at": "2025-03-20"},
        {"known_at": "2025-03-12", "valid_at": "2025-06-01"},
        {"log_position": head - 3, "valid_at": "2025-06-01", "known_at": "2025-06-01"},
        {"voices": "red,mappers"},
    ):
        listed = told.read("/v1/disagreements", **query)["items"]
        expected = {}
        for place in ("hill", "mill", "end", "calm", "shire"):
            state = told.state(place, **query)
            positions = {position["voice"]: position for position in state["positions"]}
            for each in state["disagreements"]:
                sides = [positions[voice] for voice in each["between"]]
                expected[place, *each["between"]] = {**each, "sides": sides}
        own = ("between", "party", "gap", "since", "moved_last", "because", "sides")
        assert {
            (each["id"], *each["between"]): {name: each[name] for name in own} for each in listed
        } == expected, query
        assert expected


def test_filters(told: Api) -> None:
    assert {place for place, _ in found(told, part_of="shire")} == {"mill", "end"}
    assert {place for place, _ in found(told, bbox="170,-20,-170,0")} == {"end"}
    assert {place for place, _ in found(told, part_of="mill", bbox="30,50,32,52")} == {"mill"}
    assert told.get("/v1/disagreements", party="green").status_code == 404
    assert {each["party"] for each in told.read("/v1/disagreements", party="blue")["items"]} == {"blue"}
    assert {each["gap"] >= 0.4 for each in told.read("/v1/disagreements", min_gap=0.4)["items"]} == {True}
    assert found(told, voices="red") == []
    assert found(told, voices="red,mappers", part_of="mill", sort="gap") == [
        ("end", ["mappers", "red"]),
        ("mill", ["mappers", "red"]),
    ]


@pytest.mark.parametrize("sort", ["age", "gap"])
def test_pages_fit_together_whatever_is_written(told: Api, sort: str) -> None:
    whole = told.read("/v1/disagreements", sort=sort)
    response = told.get("/v1/disagreements", sort=sort, limit=1)
    collected = response.json()["items"]
    number = 0
    while following := response.links.get("next"):
        number += 1
        report(
            told, denial(f"calm-denial-{sort}-{number}", at="calm", claim="calm-claim", reported="2025-03-04")
        )
        response = told.http.get(following["url"])
        collected += response.json()["items"]
        for each in (*collected, *whole["items"]):
            each.pop("age_days", None)
    assert collected == whole["items"]
    assert len(collected) >= 5


@pytest.mark.parametrize("query", [{"sort": "size"}, {"min_gap": "2"}, {"min_gap": "nan"}, {"cursor": "W10"}])
def test_what_cannot_be_read_is_refused(told: Api, query: dict[str, Any]) -> None:
    response = told.get("/v1/disagreements", **query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == f"query.{next(iter(query))}"
