"""The order in which developments are recorded changes nothing at the valid and the known clock."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml

from tests.api.talking import KUPIANSK, Api, in_process

CLOCKS = (
    {"valid_at": "2022-05-01", "known_at": "2025-12-31"},
    {"valid_at": "2025-11-20", "known_at": "2025-12-31"},
    {"valid_at": "2025-12-13", "known_at": "2025-11-30"},
    {"valid_at": "2025-12-13", "known_at": "2025-12-31"},
)
PATHS = (
    "/v1/locations/kupiansk",
    "/v1/locations/kupiansk/history",
    "/v1/locations/kupiansk/timeline",
    "/v1/locations/kupiansk-villages",
    "/v1/locations",
    "/v1/claims/kupiansk-claimed",
    "/v1/locations/kupiansk/claims",
)
OF_THE_RECORDING = {"log_position", "recorded_at", "recorded_by", "clocks"}


def told(api: Api) -> list[Any]:
    """Everything that is answered at fixed valid and known clocks, less what says when it was recorded."""
    return [_without_recording(api.read(path, **clocks)) for clocks in CLOCKS for path in PATHS]


def _without_recording(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_recording(part) for name, part in value.items() if name not in OF_THE_RECORDING
        }
    return [_without_recording(part) for part in value] if isinstance(value, list) else value


def record_one_by_one(api: Api, seed: int) -> None:
    """Posts the story's developments one after the other in a random order: a claim before its answers."""
    dossier = yaml.load(KUPIANSK, Loader=yaml.BaseLoader)
    developments = dossier.pop("developments")
    api.write("/v1/dossiers", {**dossier, "palimpsest": 1, "locations": _with_numbers(dossier["locations"])})
    random.Random(seed).shuffle(developments)
    claimed = next(each for each in developments if each["id"] == "kupiansk-claimed")
    denied = next(each for each in developments if each["id"] == "kupiansk-claim-denied")
    if developments.index(denied) < developments.index(claimed):
        # What is answered has to be there.
        developments.remove(denied)
        developments.insert(developments.index(claimed) + 1, denied)
    for development in developments:
        if "count" in development:
            development["count"] = int(development["count"])
        assert api.post("/v1/developments", development, role="reporter").status_code == 201


def _with_numbers(locations: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The loader leaves every scalar as text; a point is made of numbers."""
    return [
        {**location, "point": [float(part) for part in location["point"]]}
        if "point" in location
        else location
        for location in locations
    ]


@pytest.fixture(scope="module")
def as_told(kupiansk: Api) -> list[Any]:
    """What is answered when the story is recorded as one dossier."""
    return told(kupiansk)


@pytest.mark.parametrize("seed", range(4))
def test_any_order_gives_the_same_answers(seed: int, as_told: list[Any], database_url: str) -> None:
    with in_process(database_url) as api:
        record_one_by_one(api, seed)
        assert told(api) == as_told
