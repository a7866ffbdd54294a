"""A place or an actor that a question names, and that was never recorded, or not yet: every question says so.

An answer with nothing in it would look as if there was nothing to say.
"""

from __future__ import annotations

import re
from typing import Any

import httpx2
import pytest

from tests.api.contract import check_problem, document
from tests.api.talking import Api

NAMES = {"part_of": "location", "location": "location"} | dict.fromkeys(
    ("voices", "holder", "party", "publisher"), "actor"
)
IN_PATH = {"location_id": "kupiansk", "actor_id": "russia"}


def questions() -> list[tuple[str, str]]:
    """Every address with every parameter of its that names a place or an actor."""
    return [
        (path.format(**IN_PATH), parameter["name"])
        for path, operations in document()["paths"].items()
        for parameter in operations.get("get", {}).get("parameters", ())
        if parameter["in"] == "query" and parameter["name"] in NAMES
    ]


@pytest.fixture(scope="module")
def told(kupiansk: Api) -> Api:
    """The story, and after it somebody and somewhere of whom nothing is said."""
    kupiansk.write("/v1/actors", {"id": "late", "kind": "party", "name": "Late"})
    kupiansk.write("/v1/locations", {"id": "late", "kind": "area", "name": "Late"})
    kupiansk.write(
        "/v1/developments/kupiansk-claimed/links", {"type": "contradicts", "to": "kupiansk-recapture"}
    )
    return kupiansk


def ask(api: Api, path: str, **query: Any) -> httpx2.Response:
    return api.http.get(path, params=query, follow_redirects=False)


def test_there_are_such_questions() -> None:
    asked = questions()
    assert len(asked) > 30
    assert {name for _, name in asked} == set(NAMES)


@pytest.mark.parametrize(("path", "name"), questions())
def test_what_was_never_recorded_is_not_found(told: Api, path: str, name: str) -> None:
    named = f"ukraine,nobody,{'x' * 200}" if name == "voices" else "nobody"
    problem = check_problem(ask(told, path, **{name: named}))
    assert problem["type"] == "/v1/problems/not-found"
    assert problem["detail"] == f"There is no {NAMES[name]} with the id 'nobody'."


@pytest.mark.parametrize(("path", "name"), [each for each in questions() if "stream" not in each[0]])
def test_what_was_recorded_later_was_not_recorded_yet(told: Api, path: str, name: str) -> None:
    problem = check_problem(ask(told, path, **{name: "late"}, log_position=36))
    assert (problem["type"], problem["log_position"]) == ("/v1/problems/not-recorded-yet", 36)
    assert problem["detail"] == f"The {NAMES[name]} 'late' was not recorded yet at log position 36."
    assert ask(told, path, **{name: "late"}).status_code == 200


def test_a_search_says_so_too(told: Api) -> None:
    for name in ("part_of", "holder", "voices"):
        assert ask(told, "/v1/locations", q="Kupiansk", **{name: "nobody"}).status_code == 404


def test_a_comparison_knows_whoever_was_recorded_on_either_side(told: Api) -> None:
    compare = "/v1/locations/kupiansk/compare"
    for asked in ({"against_log_position": 36}, {"log_position": 36, "against_log_position": told.head()}):
        assert ask(told, compare, voices="late", **asked).status_code == 200
    before = {"log_position": 36, "against_log_position": 35}
    assert check_problem(ask(told, compare, voices="late", **before))["log_position"] == 36


@pytest.mark.parametrize("path", ["/v1/locations/kupiansk", "/v1/locations/kupiansk/timeline"])
def test_mementos_begin_when_all_that_is_named_was_recorded(told: Api, path: str) -> None:
    recorded = told.read("/v1/actors/late")["log_position"]
    then = {"Accept-Datetime": "Fri, 01 Jan 1999 00:00:00 GMT"}
    sent = told.http.get(path, params={"voices": "late"}, headers=then, follow_redirects=False)
    assert sent.headers["Location"] == f"{path}?voices=late&log_position={recorded}"
    assert told.http.get(sent.headers["Location"]).status_code == 200
    listed = ask(told, f"{path}/timemap", voices="late,russia").text
    positions = [int(each) for each in re.findall(r"log_position=(\d+)>", listed)]
    assert positions[0] == recorded == min(positions)
