"""Actors' records over HTTP, the claims behind them, and reports by origin."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest

from domain.outcomes import OUTCOMES
from tests.api.contract import check_problem
from tests.api.stories import assessment, claim, quoting, report, set_the_stage
from tests.api.talking import Api

NONE = dict.fromkeys(OUTCOMES, 0)


def link(api: Api, one: str, type: str, other: str, reason: str | None = None) -> int:
    body = {"type": type, "to": other, **({"reason": reason} if reason else {})}
    position: int = api.write(f"/v1/developments/{one}/links", body)["log_position"]
    return position


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    """Five claims of red, by the army and by itself, of two places, and what the mappers make of Hill."""
    set_the_stage(api)
    report(
        api,
        claim("early", reported="2025-03-01", sources=quoting("it holds all of Hill", via=["red-army"])),
        claim("again", by="red", reported="2025-03-02", sources=[{"document": "herald-1", "via": ["wire"]}]),
        claim("late", reported="2025-03-07"),
        claim("mill", at="mill", by="red", reported="2025-03-04"),
        claim("wrong", at="mill", by="red", reported="2025-03-05", holder="blue"),
        assessment(reported="2025-03-10"),
    )
    link(api, "early", "same-report", "again")
    api.write("/v1/developments/wrong/retraction", {"reason": "It was about another mill."})
    return api


def numbers(record: dict[str, Any]) -> tuple[int, int, dict[str, int], float | None, int]:
    counts = record["claims"], record["distinct"]
    assert list(record["outcomes"]) == list(OUTCOMES)
    named = {value: count for value, count in record["outcomes"].items() if count}
    return *counts, named, record["median_lead_days"], record["leads"]


def test_a_party_answers_for_all_that_was_said_with_its_voice(told: Api) -> None:
    record = told.read("/v1/actors/red/record")
    assert (record["id"], record["kind"], record["name"]) == ("red", "party", "Red")
    assert record["rule"] == "outcome/1"
    assert numbers(record) == (5, 4, {"borne-out": 2, "open": 1, "retracted": 1}, 6.0, 2)
    by_actor = {each["actor"]: numbers(each) for each in record["by_actor"]}
    assert by_actor == {
        "red": (3, 3, {"borne-out": 1, "open": 1, "retracted": 1}, 8.0, 1),
        "red-army": (2, 2, {"borne-out": 2}, 6.0, 2),
    }
    assert record["clocks"]["log_position"] == told.head()


def test_an_official_answers_for_itself(told: Api) -> None:
    record = told.read("/v1/actors/red-army/record")
    assert numbers(record) == (2, 2, {"borne-out": 2}, 6.0, 2)
    assert [each["actor"] for each in record["by_actor"]] == ["red-army"]


@pytest.mark.parametrize("actor", ["mappers", "gazette", "blue"])
def test_who_claimed_nothing_has_a_record_of_zeros(told: Api, actor: str) -> None:
    record = told.read(f"/v1/actors/{actor}/record")
    assert numbers(record) == (0, 0, {}, None, 0)
    assert record["by_actor"] == []
    assert told.read(f"/v1/actors/{actor}/claims")["items"] == []


def test_as_the_world_knew_it_before_the_mappers_published(told: Api) -> None:
    record = told.read("/v1/actors/red/record", known_at="2025-03-09")
    assert numbers(record) == (5, 4, {"open": 3, "retracted": 1}, None, 0)
    earlier = told.read("/v1/actors/red/record", valid_at="2025-03-04", known_at="2025-03-04")
    assert numbers(earlier) == (3, 2, {"open": 2}, None, 0)


def test_in_a_period_and_in_an_area(told: Api) -> None:
    march = told.read("/v1/actors/red/record", made_from="2025-03-02", made_to="2025-03-04")
    assert numbers(march) == (2, 2, {"borne-out": 1, "open": 1}, 8.0, 1)
    assert march["period"] == {
        "made_from": "2025-03-02T00:00:00Z",
        "made_to": "2025-03-04T23:59:59.999999Z",
    }
    shire = told.read("/v1/actors/red/record", part_of="shire")
    assert numbers(shire) == (2, 2, {"open": 1, "retracted": 1}, None, 0)
    assert (shire["part_of"], shire["bbox"]) == ("shire", None)
    box = told.read("/v1/actors/red/record", bbox="29,49,30.5,50.5")
    assert numbers(box)[:2] == (3, 2)
    assert box["bbox"] == [29.0, 49.0, 30.5, 50.5]


def test_the_claims_behind_the_numbers_page_by_page(told: Api) -> None:
    every = told.read("/v1/actors/red/claims")["items"]
    assert [each["id"] for each in every] == ["again", "early", "late", "mill", "wrong"]
    assert every[0] == {
        name: value for name, value in told.read("/v1/claims/again").items() if name != "clocks"
    }
    path, found = "/v1/actors/red/claims?outcome=borne-out&limit=2", []
    while path:
        page = told.get(path)
        found += [each["id"] for each in page.json()["items"]]
        next_page = page.links.get("next")
        path = urljoin(path, next_page["url"]) if next_page else ""
    assert found == ["again", "early", "late"]
    several = told.read("/v1/actors/red/claims", outcome="open,retracted")["items"]
    assert [each["id"] for each in several] == ["mill", "wrong"]
    assert told.read("/v1/actors/red/claims", part_of="shire", made_to="2025-03-04")["items"] == [every[3]]


def test_pinned_to_a_position_it_is_the_same_for_ever(told: Api) -> None:
    path = f"/v1/actors/red/record?log_position={told.head()}"
    before = told.get(path)
    report(told, claim("still-later", reported="2025-03-20"))
    assert told.get(path).content == before.content
    assert told.get(path, headers={"If-None-Match": before.headers["etag"]}).status_code == 304
    told.write(
        "/v1/developments/still-later/corrections",
        {
            "reason": "It was Mill.",
            "body": claim("still-later", at="mill", reported="2025-03-20"),
        },
    )
    assert told.get(path).content == before.content
    assert told.get("/v1/actors/red/record").content != before.content


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"outcome": "bornout"}, "There is no outcome 'bornout'; did you mean 'borne-out'?"),
        ({"made_from": "soon"}, "soon"),
        ({"bbox": "1,2,3"}, "west,south,east,north"),
    ],
)
def test_what_cannot_be_asked(told: Api, query: dict[str, str], message: str) -> None:
    response = told.http.get("/v1/actors/red/claims", params=query)
    assert response.status_code == 422
    assert message in check_problem(response)["errors"][0]["message"]


@pytest.mark.parametrize("path", ["/v1/actors/nobody/record", "/v1/actors/red/record?part_of=nowhere"])
def test_nobody_and_nowhere_have_no_record(told: Api, path: str) -> None:
    assert told.get(path).status_code == 404


def test_reports_are_told_by_origin_with_their_ways(told: Api) -> None:
    found = told.read("/v1/claims/early")
    assert (found["reports"], found["origins"]) == (2, 2)
    origins = {each["origin"]: each for each in found["by_origin"]}
    assert {origin: each["counted"] for origin, each in origins.items()} == {"red-army": 1, "wire": 1}
    [wired] = origins["wire"]["reports"]
    assert (wired["document"], wired["via"], wired["mode"]) == ("herald-1", ["wire"], "direct")
    assert (wired["development"], wired["counted"], wired["misattributed_by"]) == ("again", True, None)


def test_a_misattributed_report_stays_visible_with_the_link_that_says_so(told: Api) -> None:
    report(told, claim("misheard", by="blue-army", sources=[{"document": "herald-1", "via": ["wire"]}]))
    position = link(told, "misheard", "misattributes", "late", "The army of red said it.")
    found = told.read("/v1/claims/misheard")
    assert (found["reports"], found["origins"]) == (0, 0)
    [origin] = found["by_origin"]
    assert (origin["origin"], origin["counted"]) == ("wire", 0)
    [wrong] = origin["reports"]
    assert (wrong["counted"], wrong["misattributed"]) == (False, True)
    says_so = wrong["misattributed_by"]
    assert (says_so["development"], says_so["to"], says_so["type"]) == ("misheard", "late", "misattributes")
    assert (says_so["reason"], says_so["log_position"]) == ("The army of red said it.", position)
    assert [each["document"] for each in told.read("/v1/claims/late")["sources"]] == ["herald-1"]
