"""A Memento client's walk (RFC 7089): from the address to its TimeGate, a memento, the TimeMap, and back."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import httpx2
import pytest
from aiocoap.util.linkformat import parse
from starlette.requests import Request

from api.memento import Resource, write_links
from api.routes import mementos
from ledger.database import Database
from tests.api.stories import ACTORS, assessment, claim, denial, set_the_stage, statement
from tests.api.talking import Api

HILL = "/v1/locations/hill"
TIMELINE = f"{HILL}/timeline"
# With the other clocks set, the ledger alone makes the difference.
LATER: dict[str, Any] = {"valid_at": "2026-01-01", "known_at": "2026-01-01"}
BOTH = pytest.mark.parametrize("path", [HILL, TIMELINE])


@dataclass(frozen=True)
class Found:
    """A link: where it leads and what it says."""

    address: str
    rel: frozenset[str]
    attributes: dict[str, str]

    @property
    def at(self) -> datetime:
        """The time of a memento."""
        return parsedate_to_datetime(self.attributes["datetime"])


def read_links(written: str, base: str) -> list[Found]:
    """Links of a header or of a document, read by a parser of RFC 6690 that is none of ours."""
    return [
        Found(
            urljoin(base, link.href), frozenset(dict(link.attr_pairs)["rel"].split()), dict(link.attr_pairs)
        )
        for link in parse(written).links
    ]


def links_of(response: httpx2.Response) -> list[Found]:
    return read_links(response.headers["link"], str(response.url))


def one(found: list[Found], *rel: str) -> Found:
    """The one link that has all these relations."""
    [link] = [link for link in found if set(rel) <= link.rel]
    return link


def mementos_of(found: list[Found]) -> list[Found]:
    return [link for link in found if "memento" in link.rel]


def vary(response: httpx2.Response) -> list[str]:
    return [each.strip() for each in response.headers.get("vary", "").split(",")]


def http_date(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)


def go_back(api: Api, path: str, instant: datetime | str, **query: Any) -> httpx2.Response:
    """The answer of the TimeGate, not followed."""
    wanted = instant if isinstance(instant, str) else http_date(instant)
    return api.http.get(
        path, params=query or None, headers={"Accept-Datetime": wanted}, follow_redirects=False
    )


@pytest.fixture(scope="module")
def told(api: Api, module_url: str) -> Api:
    """Six states of the hill, each of a second of its own, and words about a mill."""
    set_the_stage(api)
    for body in (claim(), denial(), statement("elsewhere", at="mill"), assessment()):
        _wait_a_second(module_url)
        api.write("/v1/developments", body)
    _wait_a_second(module_url)
    api.write("/v1/actors/blue-army/descriptions", {**ACTORS[3], "speaks_for": None})
    _wait_a_second(module_url)
    api.write("/v1/developments/claim/retraction", {"reason": "Misread."})
    return api


def _wait_a_second(conninfo: str) -> None:
    """Until the newest event is of an earlier second: HTTP dates tell no more than that."""
    with Database(conninfo) as database, database.connection() as connection:
        [(left,)] = connection.execute(
            "select extract(epoch from date_trunc('second', max(recorded_at)) + interval '1 second' - now())"
            " from ledger.events"
        ).fetchall()
    time.sleep(max(0.0, float(left)))


def states_of(api: Api, path: str) -> dict[datetime, Any]:
    """The answers that there were, by the time from which each was given: found by asking everywhere."""
    events = api.read("/v1/events", limit=1000)["items"]
    times = {event["log_position"]: datetime.fromisoformat(event["recorded_at"]) for event in events}
    found: dict[datetime, Any] = {}
    before: Any = None
    for position, recorded_at in times.items():
        if times.get(position + 1) == recorded_at:
            continue  # in the midst of a transaction
        now = api.get(path, log_position=position, **LATER)
        body = {name: value for name, value in now.json().items() if name != "clocks"}
        if now.status_code == 200 and body != before:
            found[recorded_at], before = body, body
    return found


@BOTH
def test_the_timemap_lists_every_state_that_there_was(told: Api, path: str) -> None:
    """Held against the answers themselves, position by position."""
    response = told.get(f"{path}/timemap")
    assert response.headers["content-type"] == "application/link-format"
    listed = mementos_of(read_links(response.text, str(response.url)))
    expected = states_of(told, path)
    assert len(expected) == 6
    for link, (recorded_at, body) in zip(listed, expected.items(), strict=True):
        assert link.at == recorded_at.replace(microsecond=0)
        answer = told.http.get(f"{link.address}&{urlencode(LATER)}").json()
        assert {name: value for name, value in answer.items() if name != "clocks"} == body


@BOTH
def test_the_walk_from_the_original_by_its_timegate_to_a_memento_and_its_timemap(
    told: Api, path: str
) -> None:
    original = told.get(path)
    assert "Accept-Datetime" in vary(original)
    assert "memento-datetime" not in original.headers
    gate, timemap = one(links_of(original), "original", "timegate"), one(links_of(original), "timemap")
    assert gate.address == str(original.url)
    assert timemap.attributes["type"] == "application/link-format"

    document = told.http.get(timemap.address)
    lines = read_links(document.text, timemap.address)
    listed = mementos_of(lines)
    assert one(lines, "original", "timegate").address == gate.address
    assert one(lines, "self").address == timemap.address
    assert one(lines, "self").attributes["from"] == listed[0].attributes["datetime"]
    assert one(lines, "self").attributes["until"] == listed[-1].attributes["datetime"]
    assert one(lines, "first", "memento") == listed[0]
    assert one(lines, "last", "memento") == listed[-1]

    for number, link in enumerate(listed):
        answer = go_back(told, gate.address, link.at)
        assert answer.status_code == 302
        assert answer.content == b""
        assert "Accept-Datetime" in vary(answer)
        assert answer.headers["cache-control"] == "public, no-cache"
        assert urljoin(gate.address, answer.headers["location"]) == link.address
        around = links_of(answer)
        assert one(around, "original", "timegate").address == gate.address
        assert one(around, "timemap").address == timemap.address
        assert one(around, "first", "memento").address == listed[0].address
        assert one(around, "last", "memento").address == listed[-1].address
        assert link.address in {each.address for each in mementos_of(around)}
        for role, near in (("prev", number - 1), ("next", number + 1)):
            expected = [listed[near].address] if 0 <= near < len(listed) else []
            assert [each.address for each in around if role in each.rel] == expected

        memento = told.http.get(link.address)
        assert memento.status_code == 200
        assert memento.headers["memento-datetime"] == link.attributes["datetime"]
        assert memento.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "Accept-Datetime" not in vary(memento)
        assert one(links_of(memento), "original", "timegate").address == gate.address
        assert one(links_of(memento), "timemap").address == timemap.address


def test_between_two_mementos_the_earlier_one_is_found(told: Api) -> None:
    page = told.get(f"{HILL}/timemap")
    listed = mementos_of(read_links(page.text, str(page.url)))
    for earlier, later in itertools.pairwise(listed):
        answer = go_back(told, HILL, later.at - timedelta(seconds=1))
        assert urljoin(earlier.address, answer.headers["location"]) == earlier.address


@BOTH
def test_before_the_first_the_first_is_found_and_in_the_future_the_last(told: Api, path: str) -> None:
    page = told.get(f"{path}/timemap")
    listed = mementos_of(read_links(page.text, str(page.url)))
    for wanted, expected in ((datetime(1999, 1, 1, tzinfo=UTC), 0), (datetime(2999, 1, 1, tzinfo=UTC), -1)):
        answer = go_back(told, path, wanted)
        assert urljoin(listed[0].address, answer.headers["location"]) == listed[expected].address


def test_a_memento_is_what_the_ledger_answered_then(told: Api) -> None:
    page = told.get(f"{HILL}/timemap")
    statuses = [
        told.http.get(link.address).json()["status"]
        for link in mementos_of(read_links(page.text, str(page.url)))
    ]
    assert statuses == ["unknown", "held", "disputed", "disputed", "disputed", "held"]


def test_the_other_parameters_are_of_the_resource(told: Api) -> None:
    """Each setting of the voices and of the valid clock has mementos of its own."""
    query: dict[str, Any] = {"voices": "blue,mappers", "valid_at": "2025-06-01", "tz": "Europe/Kyiv"}
    original = told.get(HILL, **query)
    links = links_of(original)
    assert one(links, "original").address == str(original.url)
    answer = go_back(told, HILL, datetime(2999, 1, 1, tzinfo=UTC), **query, min_log_position=1)
    asked = dict(httpx2.URL(answer.headers["location"]).params)
    assert {name: asked[name] for name in query} == query
    assert set(asked) == {*query, "log_position"}
    memento = told.http.get(answer.headers["location"]).json()
    assert memento["clocks"]["valid_at"] == "2025-06-01T20:59:59.999999Z"
    listed = told.http.get(one(links, "timemap").address)
    assert all("voices=blue%2Cmappers" in link.address for link in mementos_of(read_links(listed.text, HILL)))


@pytest.mark.parametrize("clock", [{"log_position": 15}, {"recorded_at": "2999-01-01"}])
def test_where_the_recorded_clock_is_named_nothing_is_negotiated(told: Api, clock: dict[str, Any]) -> None:
    answer = go_back(told, HILL, datetime(1999, 1, 1, tzinfo=UTC), **clock)
    assert answer.status_code == 200
    assert "Accept-Datetime" not in vary(answer)
    assert ("memento-datetime" in answer.headers) == ("log_position" in clock)


@BOTH
@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "yesterday",
        "2025-12-13T12:00:00Z",
        "Sat, 13 Dec 2025 12:00:00 +0000",
        "Fri, 13 Dec 2025 12:00:00 GMT",
        "Sat, 31 Nov 2025 12:00:00 GMT",
        "Sat, 13 Dec 2025 12:00 GMT",
        "Saturday, 13-Dec-25 12:00:00 GMT",
        "Sat Dec 13 12:00:00 2025",
    ],
)
def test_what_is_no_http_date_is_a_bad_request(told: Api, path: str, wanted: str) -> None:
    answer = go_back(told, path, wanted)
    assert answer.status_code == 400
    assert answer.json()["type"] == "/v1/problems/bad-request"
    assert "`Sat, 13 Dec 2025 12:00:00 GMT`" in answer.json()["detail"]


def test_of_a_place_that_is_not_there_nothing_is_found(told: Api) -> None:
    for path in ("/v1/locations/nowhere", "/v1/locations/nowhere/timeline"):
        assert go_back(told, path, datetime(2999, 1, 1, tzinfo=UTC)).status_code == 404
        assert told.get(f"{path}/timemap").status_code == 404
    assert told.get(f"{HILL}/timemap", log_position=1).json()["type"] == "/v1/problems/not-recorded-yet"


def test_head_negotiates_as_get_does(told: Api) -> None:
    headers = {"Accept-Datetime": http_date(datetime(2999, 1, 1, tzinfo=UTC))}
    get = told.http.get(HILL, headers=headers, follow_redirects=False)
    head = told.http.head(HILL, headers=headers, follow_redirects=False)
    assert head.status_code == 302
    assert [head.headers[name] for name in ("location", "link", "vary")] == [
        get.headers[name] for name in ("location", "link", "vary")
    ]


def test_what_the_client_has_still_tells_that_it_varies_with_time(told: Api) -> None:
    query: dict[str, Any] = {"valid_at": "2025-06-01", "known_at": "2025-06-01"}
    memento = told.get(HILL, **query, log_position=told.head())
    again = told.get(
        HILL, headers={"If-None-Match": memento.headers["etag"]}, **query, log_position=told.head()
    )
    assert again.status_code == 304
    assert again.headers["memento-datetime"] == memento.headers["memento-datetime"]
    assert again.headers["link"] == memento.headers["link"]


def test_a_timemap_is_repeatable_and_pinned_for_ever(told: Api) -> None:
    whole = told.get(f"{HILL}/timemap")
    listed = mementos_of(read_links(whole.text, str(whole.url)))
    third = int(listed[2].address.rpartition("=")[2])
    then = told.get(f"{HILL}/timemap", log_position=third)
    assert then.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert [link.address for link in mementos_of(read_links(then.text, str(then.url)))] == [
        link.address for link in listed[:3]
    ]
    assert one(read_links(then.text, str(then.url)), "last", "memento").address == listed[2].address
    again = told.get(f"{HILL}/timemap", headers={"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304


def test_a_long_timemap_comes_in_pages(told: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    page = told.get(f"{HILL}/timemap", voices="blue")
    whole = mementos_of(read_links(page.text, str(page.url)))
    monkeypatch.setattr(mementos, "PAGE", 2)
    listed: list[Found] = []
    page = told.get(f"{HILL}/timemap", voices="blue")
    while True:
        lines = read_links(page.text, str(page.url))
        its = mementos_of(lines)
        listed += its
        more = [link for link in lines if "timemap" in link.rel]
        assert ("next" in page.links) == bool(more)
        if not more:
            break
        assert len(its) == 2
        assert urljoin(str(page.url), page.links["next"]["url"]) == more[0].address
        page = told.http.get(more[0].address)
        following = mementos_of(read_links(page.text, str(page.url)))
        assert more[0].attributes["from"] == following[0].attributes["datetime"]
    assert listed == whole


def test_a_page_that_a_cursor_leads_to_is_of_its_first_page(told: Api) -> None:
    first = told.get(TIMELINE, limit=1)
    assert {"original", "timegate", "timemap", "next"} <= {
        rel for link in links_of(first) for rel in link.rel
    }
    second = go_back(told, first.links["next"]["url"], datetime(1999, 1, 1, tzinfo=UTC))
    assert second.status_code == 200
    assert len(second.json()["items"]) == 1
    assert "memento-datetime" not in second.headers


def test_a_pinned_timemap_is_pinned_on_every_page(told: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = told.get(f"{HILL}/timemap")
    listed = mementos_of(read_links(whole.text, str(whole.url)))
    fourth = int(listed[3].address.rpartition("=")[2])
    monkeypatch.setattr(mementos, "PAGE", 2)
    for clock in ({"log_position": fourth}, {"recorded_at": listed[3].at + timedelta(seconds=0.999999)}):
        found: list[Found] = []
        page = told.get(f"{HILL}/timemap", **clock)
        while True:
            found += mementos_of(read_links(page.text, str(page.url)))
            if "next" not in page.links:
                break
            page = told.http.get(page.links["next"]["url"])
        assert [link.address for link in found] == [link.address for link in listed[:4]]


def test_a_place_may_be_called_a_timemap(fresh: Api) -> None:
    set_the_stage(fresh)
    for name in ("timemap", "timeline"):
        fresh.write("/v1/locations", {"id": name, "kind": "area", "name": name})
        path = f"/v1/locations/{name}"
        assert urlsplit(one(links_of(fresh.get(path)), "original").address).path == path
        page = fresh.get(f"{path}/timemap")
        assert urlsplit(one(read_links(page.text, str(page.url)), "original").address).path == path
        assert urlsplit(go_back(fresh, path, datetime.now(UTC)).headers["location"]).path == path


def test_nothing_that_is_asked_for_breaks_out_of_its_link() -> None:
    query = urlencode({"voices": 'a>;rel="evil",<https://evil.example/>;x="'}).encode()
    scope = {"type": "http", "path": HILL, "query_string": query, "headers": [], "server": ("a", 80)}
    resource = Resource.of(Request({**scope, "scheme": "http"}))
    found = read_links(write_links(resource.links()), "http://a")
    assert len(found) == 2
    for link in found:
        assert urlsplit(link.address).path.startswith(HILL)
        assert "evil" not in link.rel
