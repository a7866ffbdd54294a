"""GeoJSON, as geojson-pydantic reads it, and NDJSON line by line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from geojson_pydantic import Feature, FeatureCollection, Point

from tests.api.feeds.awkward import timeline_ids
from tests.api.talking import Api

Collection = FeatureCollection[Feature[Point, dict[str, Any]]]


@pytest.mark.parametrize("path", ["/v1/map.geojson", "/v1/map", "/v1/locations/hill/timeline.geojson"])
def test_it_is_geojson(awkward: Api, path: str) -> None:
    text = awkward.get(path).text
    read = Collection.model_validate_json(text)
    assert len(read.features) == len(json.loads(text)["features"]) > 0
    assert all(each.geometry is not None and each.geometry.type == "Point" for each in read.features)


def test_the_developments_are_at_their_place_in_order_and_whole(awkward: Api) -> None:
    answer = awkward.read("/v1/locations/hill/timeline.geojson")
    items = awkward.read("/v1/locations/hill/timeline")["items"]
    assert [each["id"] for each in answer["features"]] == timeline_ids(awkward)
    assert {tuple(each["geometry"]["coordinates"]) for each in answer["features"]} == {(30.0, 50.0)}
    for feature, item in zip(answer["features"], items, strict=True):
        words = {name: feature["properties"].pop(name) for name in ("headline", "display_date")}
        assert feature["properties"] == item
        assert all(words.values())
    assert answer["clocks"]["log_position"] == awkward.head()


def test_a_place_without_a_point_has_features_without_geometry(fresh: Api) -> None:
    place = {"id": "shire", "kind": "region", "name": "Shire"}
    fighting = {"id": "it", "kind": "fighting-reported", "at": "shire", "reported": "2025-03-03"}
    fresh.write(
        "/v1/dossiers",
        {"palimpsest": 1, "locations": [place], "developments": [{**fighting, "occurred": "2025-03-03"}]},
    )
    text = fresh.get("/v1/locations/shire/timeline.geojson").text
    [feature] = Collection.model_validate_json(text).features
    assert feature.geometry is None


def test_the_map_is_the_same_by_every_name(awkward: Api) -> None:
    pins: dict[str, Any] = {"log_position": awkward.head()}
    whole = awkward.get("/v1/map", **pins)
    assert awkward.get("/v1/map.geojson", **pins).content == whole.content
    by_accept = awkward.get("/v1/map", headers={"Accept": "application/json"}, **pins)
    assert by_accept.content == whole.content


def test_a_line_of_ndjson_is_the_development_at_the_same_clocks(awkward: Api) -> None:
    clocks: dict[str, Any] = {
        "valid_at": "2025-06-01",
        "known_at": "2025-06-01",
        "log_position": awkward.head(),
    }
    lines = awkward.get("/v1/locations/hill/timeline.ndjson", **clocks).text.splitlines()
    assert [json.loads(line)["id"] for line in lines] == timeline_ids(awkward)
    for line in lines:
        told = json.loads(line)
        assert told == awkward.read(f"/v1/developments/{told['id']}", **clocks)


def test_a_line_of_the_map_is_a_feature_that_cites_its_clocks(awkward: Api) -> None:
    features = awkward.read("/v1/map", valid_at="2025-03-20")["features"]
    lines = awkward.get("/v1/map.ndjson", valid_at="2025-03-20").text.splitlines()
    told = [json.loads(line) for line in lines]
    assert {each.pop("clocks")["valid_at"] for each in told} == {"2025-03-20T23:59:59.999999Z"}
    assert told == features
    assert all(Feature.model_validate_json(line) for line in lines)
