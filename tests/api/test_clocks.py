"""The clocks of an answer, sent back as they are, give that answer again; so does its canonical address."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.contract import check_problem, document
from tests.api.talking import Api

IDS = {
    "location_id": "kupiansk",
    "claim_id": "kupiansk-claimed",
    "development_id": "kupiansk-claimed",
    "actor_id": "russia",
    "document_id": "romanian-report-2025-12-13",
}
READS = [
    path.format(**IDS)
    for path, operations in document()["paths"].items()
    for operation in [operations.get("get", {})]
    if "log_position" in {each["name"] for each in operation.get("parameters", ())}
    and "." not in path  # feeds have tests of their own
    and {"application/json", "application/geo+json"} & set(operation["responses"]["200"]["content"])
]
"""Every address that answers in JSON at clocks."""
DOCUMENT = "/v1/documents/romanian-report-2025-12-13"  # its text may be taken away
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"valid_at": "2025-12-13", "tz": "Europe/Kyiv"},
    {"log_position": 36},
    {"recorded_at": "2999-01-01"},
)


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("path", READS)
def test_they_give_the_same_answer_for_ever(kupiansk: Api, path: str, asked: dict[str, Any]) -> None:
    first = kupiansk.get(path, **asked)
    clocks = first.json()["clocks"]
    assert {"recorded_at", "log_position"} < set(clocks)
    note = {"kind": "statement-made", "at": "kupiansk", "reported": "2025-12-14", "summary": "More is said."}
    kupiansk.write("/v1/developments", note)
    again = kupiansk.get(path, **clocks)
    assert again.content == first.content
    assert again.headers["cache-control"] == ASK_AGAIN if path == DOCUMENT else FOR_EVER


@pytest.mark.parametrize("asked", ASKED, ids=str)
@pytest.mark.parametrize("path", READS)
def test_the_canonical_address_is_the_same_for_ever(kupiansk: Api, path: str, asked: dict[str, Any]) -> None:
    told = [kupiansk.get(path, **asked) for _ in range(2)]  # a state may be one that was kept
    for first in told:
        canonical = first.links["canonical"]["url"]
        again = kupiansk.http.get(canonical)
        clocks = {name: at for name, at in first.json()["clocks"].items() if name != "recorded_at"}
        assert again.json()["clocks"] == {**clocks, "recorded_at": again.json()["clocks"]["recorded_at"]}
        assert {**again.json(), "clocks": None} == {**first.json(), "clocks": None}
        assert again.links["canonical"]["url"] == canonical
        has_it = {"If-None-Match": first.headers["etag"]}
        assert "canonical" in kupiansk.get(path, headers=has_it, **asked).links


def test_a_page_names_itself_and_not_the_first(kupiansk: Api) -> None:
    first = kupiansk.get("/v1/actors", limit=2)
    second = kupiansk.http.get(first.links["next"]["url"])
    again = kupiansk.http.get(second.links["canonical"]["url"])
    assert again.json()["items"] == second.json()["items"] != first.json()["items"]


@pytest.mark.parametrize("prefix", ["", "against_"])
def test_a_position_that_was_recorded_later_is_refused(kupiansk: Api, prefix: str) -> None:
    path = "/v1/locations/kupiansk/compare"
    asked = {f"{prefix}recorded_at": "2001-01-01", f"{prefix}log_position": "36"}
    problem = check_problem(kupiansk.http.get(path, params=asked))
    assert problem["status"] == 422
    [fault] = problem["errors"]
    assert (fault["path"], fault["code"]) == ("query.recorded_at", "contradicts-position")
    assert fault["message"].startswith("Log position 36 was recorded later: by this time the log ended at 0.")


def test_nothing_was_recorded_at_the_beginning(kupiansk: Api) -> None:
    clocks = kupiansk.read("/v1/locations", log_position=0)["clocks"]
    assert kupiansk.read("/v1/locations", **clocks)["items"] == []
    assert kupiansk.read("/v1/locations", **clocks)["clocks"] == clocks
