"""The map and its replay over HTTP."""

from __future__ import annotations

import json
import zlib
from typing import Any

import httpx2
import pytest

from api.answers import compress_each
from tests.api.stories import assessment, claim, denial, report, set_the_stage
from tests.api.talking import NDJSON, Api

EAST = {
    "id": "east-end",
    "kind": "settlement",
    "name": "East End",
    "point": [179.5, -17.0],
    "part_of": "mill",
}
WEST = {
    "id": "west-end",
    "kind": "settlement",
    "name": "West End",
    "names": {"uk": "Західний край"},
    "point": [-179.5, -17.0],
}


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    api.write("/v1/dossiers", {"palimpsest": 1, "locations": [EAST, WEST]})
    report(
        api,
        claim(reported="2025-03-03"),
        denial(reported="2025-03-05"),
        claim("mill-claim", at="mill", reported="2025-03-04"),
        assessment(at=["west-end", "shire"], reported="2025-03-10"),
    )
    return api


def features(api: Api, **query: Any) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in api.read("/v1/map", **query)["features"]}


def statuses(api: Api, **query: Any) -> dict[str, str]:
    return {place: each["properties"]["status"] for place, each in features(api, **query).items()}


def test_the_map_is_geojson(told: Api) -> None:
    response = told.get("/v1/map", valid_at="2025-04-01")
    assert response.headers["content-type"] == "application/geo+json"
    body = response.json()
    assert body["type"] == "FeatureCollection"
    assert body["without_point"] == 1, "the shire has no point"
    assert body["clocks"]["valid_at"] == "2025-04-01T23:59:59.999999Z"
    assert [each["id"] for each in body["features"]] == ["east-end", "hill", "mill", "west-end"]
    assert body["features"][1] == {
        "type": "Feature",
        "id": "hill",
        "geometry": {"type": "Point", "coordinates": [30.0, 50.0]},
        "properties": {
            "name": "Hill",
            "kind": "settlement",
            "status": "disputed",
            "holder": None,
            "certain": True,
            "disagreements": 1,
        },
    }


def test_it_agrees_with_the_states_at_any_clocks(told: Api) -> None:
    head = told.head()
    for clocks in (
        {},
        {"valid_at": "2025-03-03"},
        {"valid_at": "2025-03-04", "known_at": "2025-03-04"},
        {"known_at": "2025-03-09"},
        {"log_position": head - 2, "known_at": "2026-01-01", "valid_at": "2026-01-01"},
        {"voices": "red"},
        {"voices": "red,blue", "valid_at": "2025-03-20"},
    ):
        for place, feature in features(told, **clocks).items():
            state = told.state(place, **clocks)
            shown = feature["properties"]
            assert shown["disagreements"] == len(state["disagreements"])
            for name in ("name", "kind", "status", "holder", "certain"):
                assert shown[name] == state[name], (clocks, place)


def test_filters(told: Api) -> None:
    assert set(features(told, part_of="shire")) == {"mill", "east-end"}, "however deep"
    assert set(features(told, part_of="east-end")) == {"east-end"}
    assert set(features(told, bbox="170,-20,-170,0")) == {"east-end", "west-end"}
    assert set(features(told, bbox="29,49,31,51")) == {"hill", "mill"}
    assert set(features(told, status="disputed,unknown")) == {"hill", "east-end"}
    assert set(features(told, holder="red")) == {"mill", "west-end"}
    assert set(features(told, holder="red", part_of="shire", bbox="30.5,50.5,31.5,51.5")) == {"mill"}
    assert told.read("/v1/map", holder="red")["without_point"] == 1
    assert told.read("/v1/map", holder="blue")["without_point"] == 0


def test_places_are_called_by_their_name_in_a_language_where_they_have_one(told: Api) -> None:
    named = {place: each["properties"]["name"] for place, each in features(told, lang="uk").items()}
    assert (named["west-end"], named["east-end"]) == ("Західний край", "East End")
    assert features(told, lang="ro")["west-end"]["properties"]["name"] == "West End"
    assert "Західний край" in told.get("/v1/map.csv", lang="uk").text


def test_a_map_is_cached_like_other_reads(told: Api) -> None:
    pinned = told.get("/v1/map", log_position=told.head())
    assert pinned.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = told.get("/v1/map", log_position=told.head(), headers={"If-None-Match": pinned.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert told.get("/v1/map").headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    "query", [{"bbox": "1,2,3"}, {"status": "lost"}, {"valid_at": "soon"}, {"limit": "3"}]
)
def test_what_cannot_be_read_is_refused(told: Api, query: dict[str, Any]) -> None:
    response = told.get("/v1/map", **query)
    assert response.status_code == 422
    assert response.json()["errors"][0]["path"] == f"query.{next(iter(query))}"


# Its replay


def lines(response: httpx2.Response) -> list[dict[str, Any]]:
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith(NDJSON)
    return [json.loads(line) for line in response.text.splitlines()]


def replay(api: Api, **query: Any) -> list[dict[str, Any]]:
    query = {name.rstrip("_"): value for name, value in query.items()}
    return lines(api.get("/v1/map/replay", **query))


def test_a_replay_tells_the_map_then_only_what_changes(told: Api) -> None:
    frames = replay(told, from_="2025-03-01", to="2025-03-20")
    assert [frame["t"][:10] for frame in frames] == [
        "2025-03-01",
        "2025-03-03",
        "2025-03-04",
        "2025-03-05",
        "2025-03-06",
        "2025-03-10",
        "2025-03-11",
        "2025-03-20",
    ]
    assert [frame["last"] for frame in frames] == [False] * 7 + [True]
    assert frames[0]["default"] == {"status": "unknown", "holder": None, "certain": True}
    assert frames[0]["changes"] == []
    assert all(frame["default"] is None for frame in frames[1:])
    assert frames[1]["changes"] == [{"id": "hill", "status": "held", "holder": "red", "certain": False}]
    assert frames[3]["changes"] == [
        {"id": "hill", "status": "disputed", "holder": None, "certain": False},
        {"id": "mill", "status": "held", "holder": "red", "certain": True},
    ]
    assert frames[-1]["t"] == "2025-03-20T23:59:59.999999Z"
    assert frames[-1]["changes"] == []


def test_a_replay_is_packed_line_by_line(told: Api) -> None:
    query = {"from": "2025-03-01", "to": "2025-03-20", "valid_at": "2025-06-01", "known_at": "2025-06-01"}
    plain = told.get("/v1/map/replay", headers={"Accept-Encoding": "identity"}, **query)
    packed = told.get("/v1/map/replay", headers={"Accept-Encoding": "gzip"}, **query)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content

    frames = plain.content.splitlines(keepends=True)
    reading = zlib.decompressobj(wbits=31)
    shown = [reading.decompress(part) for part in compress_each(frames)]
    assert shown == [*frames, b""], "each can be read as soon as it is there"
    assert reading.eof


@pytest.mark.parametrize("along", ["valid", "known", "recorded"])
@pytest.mark.parametrize("step", ["PT6H", "P7D", "P1M"])
def test_it_ends_with_the_map_at_the_end(told: Api, along: str, step: str) -> None:
    frames = replay(
        told, along=along, step=step, valid_at="2025-06-01", known_at="2025-05-01", tz="Europe/Kyiv"
    )
    shown = dict.fromkeys(("hill", "mill", "east-end", "west-end"), frames[0]["default"])
    for frame in frames:
        shown |= {change.pop("id"): change for change in frame["changes"]}
    there = features(told, valid_at="2025-06-01", known_at="2025-05-01", tz="Europe/Kyiv")
    names = ("status", "holder", "certain")
    assert shown == {
        place: {name: feature["properties"][name] for name in names} for place, feature in there.items()
    }
    assert frames[-1]["last"]


@pytest.mark.parametrize("along", ["valid", "known", "recorded"])
def test_a_cursor_alone_goes_on_byte_for_byte_whatever_was_written(fresh: Api, along: str) -> None:
    set_the_stage(fresh)
    report(fresh, claim(reported="2025-03-03"), denial(reported="2025-03-05"))
    whole = fresh.get("/v1/map/replay", along=along, tz="Europe/Kyiv").text.splitlines()
    assert len(whole) >= 2
    for number, line in enumerate(whole):
        report(fresh, assessment(f"later-{number}", reported="2025-03-04", at=["hill", "mill"]))
        rest = fresh.get("/v1/map/replay", cursor=json.loads(line)["cursor"])
        assert rest.status_code == 200
        assert rest.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert rest.text.splitlines() == whole[number + 1 :]


def test_the_link_of_a_replay_names_it_for_ever(fresh: Api) -> None:
    set_the_stage(fresh)
    report(fresh, claim())
    told = fresh.get("/v1/map/replay")
    report(fresh, denial(reported="2025-03-04"))
    again = fresh.http.get(told.links["canonical"]["url"])
    assert again.text == told.text
    assert again.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_replay_of_nothing_is_one_line(fresh: Api) -> None:
    (only,) = replay(fresh)
    assert (only["changes"], only["last"], only["log_position"]) == ([], True, 0)


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ({"step": "P1X"}, "query.step", "bad-value"),
        ({"step": "PT1H", "from": "2020-01-01", "to": "2025-01-01"}, "query.step", "too-many-steps"),
        ({"from": "2025-02-01", "to": "2025-01-01"}, "query.from", "bad-value"),
        ({"cursor": "abc"}, "query.cursor", "bad-value"),
        ({"cursor": "W10"}, "query.cursor", "bad-value"),
    ],
)
def test_a_replay_that_cannot_be_is_refused(told: Api, query: dict[str, Any], path: str, code: str) -> None:
    response = told.get("/v1/map/replay", **query)
    assert response.status_code == 422
    assert [(each["path"], each["code"]) for each in response.json()["errors"]] == [(path, code)]


def test_a_cursor_is_not_mixed_with_another_replay(told: Api) -> None:
    cursor = replay(told, from_="2025-03-01", to="2025-03-20")[2]["cursor"]
    rest = replay(told, cursor=cursor, from_="2025-03-01", to="2025-03-20", step="P1D", along="valid")
    assert rest == replay(told, cursor=cursor)
    response = told.get("/v1/map/replay", cursor=cursor, along="known", step="P7D")
    assert response.status_code == 422
    found = [(each["path"], each["code"]) for each in response.json()["errors"]]
    assert found == [("query.along", "contradicts-cursor"), ("query.step", "contradicts-cursor")]
