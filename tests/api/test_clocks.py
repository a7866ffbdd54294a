"""The clocks of an answer, sent back as they are, give that answer again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.contract import check_problem
from tests.api.talking import Api

READS = (
    "/v1/locations",
    "/v1/locations/kupiansk",
    "/v1/locations/kupiansk/timeline",
    "/v1/locations/kupiansk/compare",
    "/v1/map",
    "/v1/claims/kupiansk-claimed",
    "/v1/actors/russia/record",
    "/v1/developments/kupiansk-claimed",
)
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
    assert again.headers["cache-control"] == "public, max-age=31536000, immutable"


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
