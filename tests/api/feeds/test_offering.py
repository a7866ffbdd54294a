"""What all formats have in common: where they are found, what they hold, how they are cached and cited."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

import api.feeds
from api.feeds.base import Format
from api.feeds.catalogue import CLAIM_FORMATS, MAP_FORMATS, TIMELINE_FORMATS
from tests.api.feeds.awkward import timeline_ids
from tests.api.stories import claim, report, set_the_stage, statement
from tests.api.talking import Api, in_process

FOR_EVER = "public, max-age=31536000, immutable"
TIMELINE = "/v1/locations/hill/timeline"
OFFERED: list[tuple[str, Format[Any]]] = [
    *((TIMELINE, each) for each in TIMELINE_FORMATS),
    *(("/v1/map", each) for each in MAP_FORMATS),
    *(("/v1/claims/claim", each) for each in CLAIM_FORMATS),
]
EVERY = pytest.mark.parametrize(
    ("path", "chosen"), OFFERED, ids=lambda value: getattr(value, "suffix", value)
)
OF_TIMELINES = pytest.mark.parametrize("chosen", TIMELINE_FORMATS, ids=lambda value: value.suffix)


def test_the_catalogue_has_every_format_there_is() -> None:
    machinery = {"__init__", "answering", "base", "catalogue", "characters", "days", "headlines", "telling"}
    files = {path.stem for path in Path(api.feeds.__file__).parent.glob("*.py")} - machinery
    listed = {each.write.__module__.rpartition(".")[2] for _, each in OFFERED}
    assert listed == files


@EVERY
def test_it_is_found_by_its_suffix_and_by_accept(awkward: Api, path: str, chosen: Format[Any]) -> None:
    pins: dict[str, Any] = {"log_position": awkward.head()}
    by_suffix = awkward.get(f"{path}.{chosen.suffix}", **pins)
    by_accept = awkward.get(path, headers={"Accept": f"{chosen.essence}, */*;q=0.1"}, **pins)
    assert by_suffix.status_code == by_accept.status_code == 200
    assert by_suffix.headers["content-type"] == by_accept.headers["content-type"] == chosen.media_type
    # A feed names the address that it was asked at; nothing else differs.
    assert by_accept.text.replace(str(by_accept.url), "") == by_suffix.text.replace(str(by_suffix.url), "")
    assert by_accept.links["canonical"] == by_suffix.links["canonical"]
    assert "Accept" in by_accept.headers["vary"]
    assert "vary" not in by_suffix.headers or "Accept" not in by_suffix.headers["vary"].split(", ")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        (TIMELINE, "application/json"),
        ("/v1/claims/claim", "application/json"),
        ("/v1/map", "application/geo+json"),
    ],
)
def test_the_default_stays_what_it_was(awkward: Api, path: str, media_type: str) -> None:
    for accept in ("*/*", "application/json", "text/html, */*;q=0.5", ""):
        response = awkward.get(path, headers={"Accept": accept})
        assert response.headers["content-type"] == media_type
        assert "Accept" in response.headers["vary"].split(", ")


@pytest.mark.parametrize("path", [TIMELINE, "/v1/map", "/v1/claims/claim"])
def test_what_there_is_not_is_406_and_says_what_there_is(awkward: Api, path: str) -> None:
    response = awkward.get(path, headers={"Accept": "image/png, application/rss+xml"})
    assert response.status_code == 406
    problem = response.json()
    assert problem["type"] == "/v1/problems/not-acceptable"
    for offered, each in OFFERED:
        assert offered != path or each.essence in problem["detail"]
    assert response.headers["vary"] == "Accept"


@EVERY
def test_it_is_cached_like_the_json_answer(awkward: Api, path: str, chosen: Format[Any]) -> None:
    pinned = awkward.get(f"{path}.{chosen.suffix}", log_position=awkward.head())
    assert pinned.headers["cache-control"] == FOR_EVER
    assert re.fullmatch(r'"[0-9a-f]{24}\.[0-9]+\.[0-9a-f]{8}(-gzip)?"', pinned.headers["etag"])
    headers = {"If-None-Match": pinned.headers["etag"]}
    again = awkward.get(f"{path}.{chosen.suffix}", log_position=awkward.head(), headers=headers)
    assert (again.status_code, again.content) == (304, b"")
    assert awkward.get(f"{path}.{chosen.suffix}").headers["cache-control"] == "public, no-cache"


@EVERY
def test_what_says_the_same_is_not_sent_again_though_time_goes_on(
    fresh: Api, path: str, chosen: Format[Any]
) -> None:
    set_the_stage(fresh)
    report(fresh, claim())
    first = fresh.get(f"{path}.{chosen.suffix}")
    second = fresh.get(f"{path}.{chosen.suffix}")
    assert first.content != second.content, "they cite other clocks"
    assert first.headers["etag"] != second.headers["etag"]
    has_it = {"If-None-Match": first.headers["etag"]}
    assert fresh.get(f"{path}.{chosen.suffix}", headers=has_it).status_code == 304
    report(fresh, statement("elsewhere", at="mill"))
    assert fresh.get(f"{path}.{chosen.suffix}", headers=has_it).status_code == 304
    fresh.write(
        "/v1/developments/claim/corrections", {"reason": "Less.", "body": claim(share=0.4, at=["hill"])}
    )
    assert fresh.get(f"{path}.{chosen.suffix}", headers=has_it).status_code == 200


@EVERY
def test_it_is_behind_the_same_door(awkward: Api, module_url: str, path: str, chosen: Format[Any]) -> None:
    with in_process(module_url, awkward.keys, public_read=False) as closed:
        assert closed.get(f"{path}.{chosen.suffix}").status_code == 401
        key = {"Authorization": f"Bearer {awkward.keys['reporter']}"}
        told = closed.get(f"{path}.{chosen.suffix}", headers=key)
        assert (told.status_code, told.headers["cache-control"]) == (200, "private, no-cache")


@EVERY
def test_it_cites_its_clocks_and_its_log_position(awkward: Api, path: str, chosen: Format[Any]) -> None:
    clocks: dict[str, Any] = {"valid_at": "2025-06-01", "known_at": "2025-06-02"}
    told = awkward.get(f"{path}.{chosen.suffix}", **clocks)
    canonical = told.links["canonical"]["url"]
    pins = parse_qs(urlsplit(canonical).query)
    assert pins == {name: [value] for name, value in clocks.items()} | {"log_position": [str(awkward.head())]}
    body = told.text.replace("\r\n ", "")  # iCalendar folds long lines
    assert canonical in body.replace("&amp;", "&") or "clocks" in body


@EVERY
def test_what_is_cited_is_the_same_for_ever(fresh: Api, path: str, chosen: Format[Any]) -> None:
    set_the_stage(fresh)
    report(fresh, claim(), claim("other", reported="2025-03-04", by="blue", holder="blue"))
    canonical = fresh.get(f"{path}.{chosen.suffix}").links["canonical"]["url"]
    before = fresh.http.get(canonical)
    assert before.headers["cache-control"] == FOR_EVER
    assert before.links["canonical"]["url"] == canonical
    fresh.write("/v1/developments/claim/corrections", {"reason": "Less.", "body": claim(share="part")})
    report(fresh, claim("later", at=["hill", "mill"], reported="2025-03-02"))
    fresh.write("/v1/actors/red/descriptions", {"id": "red", "kind": "party", "name": "Reds"})
    again = fresh.http.get(canonical)
    assert again.content == before.content
    assert fresh.get(f"{path}.{chosen.suffix}").content != before.content


def ids_in(text: str) -> list[str]:
    """The developments of an answer in its order, whatever its format."""
    if text.startswith("headline,"):
        return [row["id"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    unfolded = text.replace("\r\n ", "")
    named = re.findall(
        r'/v1/developments/([a-z]+)\?|^\{"id":"([a-z]+)"|"Feature","id":"([a-z]+)"', unfolded, re.MULTILINE
    )
    return list(dict.fromkeys("".join(groups) for groups in named))


@OF_TIMELINES
def test_it_takes_the_filters_of_the_json_answer(awkward: Api, chosen: Format[Any]) -> None:
    asked: tuple[dict[str, Any], ...] = (
        {},
        {"kinds": "occupation-claimed,claim-denied"},
        {"voices": "blue"},
        {"valid_from": "2025-03-05"},
        {"valid_to": "2025-03-03", "tz": "Europe/Kyiv"},
        {"known_at": "2025-03-05"},
        {"valid_at": "2025-03-02"},
        {"limit": 2},
        {"order": "desc", "limit": 2},
    )
    assert len(timeline_ids(awkward)) == 6
    for query in asked:
        expected = timeline_ids(awkward, **{"order": "desc" if chosen.newest_first else "asc", **query})
        assert ids_in(awkward.get(f"{TIMELINE}.{chosen.suffix}", **query).text) == expected, query


@OF_TIMELINES
def test_pages_fit_together(awkward: Api, chosen: Format[Any]) -> None:
    first = awkward.get(f"{TIMELINE}.{chosen.suffix}", limit=4)
    second = awkward.http.get(first.links["next"]["url"])
    assert second.headers["content-type"] == chosen.media_type
    assert "next" not in second.links
    assert "first" not in first.links
    assert ids_in(awkward.http.get(second.links["first"]["url"]).text) == ids_in(first.text)
    whole = timeline_ids(awkward, order="desc" if chosen.newest_first else "asc")
    assert ids_in(first.text) + ids_in(second.text) == whole


@EVERY
def test_what_is_not_there_or_cannot_be_read_is_told_as_ever(
    awkward: Api, path: str, chosen: Format[Any]
) -> None:
    wrong = awkward.get(f"{path}.{chosen.suffix}", valid_at="soon")
    assert (wrong.status_code, wrong.headers["content-type"]) == (422, "application/problem+json")
    if path == "/v1/map":
        return
    missing_path = path.replace("hill", "nowhere").replace("claims/claim", "claims/nothing")
    missing = awkward.get(f"{missing_path}.{chosen.suffix}")
    assert missing.status_code == 404
    early = awkward.get(f"{path}.{chosen.suffix}", log_position=1)
    assert early.json()["type"] == "/v1/problems/not-recorded-yet"
