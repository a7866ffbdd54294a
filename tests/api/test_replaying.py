"""The history of a place frame by frame: gone on with after a break, an end told from a cut."""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import anyio
import httpx2
import pytest
from fastapi.testclient import TestClient
from starlette.types import Message

from domain.replays import Frame, play
from ledger.database import Database
from tests.api.contract import validator
from tests.api.stories import claim, denial, report, set_the_stage
from tests.api.talking import NDJSON, Api, Served
from tests.servers import wait_until

PLACE = "/v1/locations/kupiansk/replay"
HILL = "/v1/locations/hill/replay"
ALONG = ("valid", "known", "recorded")


def replayed(api: Api, path: str = PLACE, **query: Any) -> httpx2.Response:
    response = api.get(path, **query)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == NDJSON
    return response


def frames(api: Api, path: str = PLACE, **query: Any) -> list[dict[str, Any]]:
    told = [json.loads(line) for line in replayed(api, path, **query).text.splitlines()]
    for each in told:
        validator("components", "schemas", "FrameShape").validate(each)
    return told


def canonical(response: httpx2.Response) -> str:
    found = re.fullmatch(r'<(.+)>; rel="canonical"', response.headers["link"])
    assert found is not None
    return found[1]


def test_over_valid_time_it_ends_with_the_state(kupiansk: Api) -> None:
    told = frames(kupiansk, along="valid", to="2025-12-13")
    assert told[0]["state"]["status"] == "unknown"
    assert told[0]["development"] == "kupiansk-population"
    statuses = [frame["state"]["status"] for frame in told]
    assert {"held", "disputed"} <= set(statuses)
    held = next(frame for frame in told if frame["state"]["status"] == "held")
    assert held["developments"] == ["kupiansk-2022-occupied"]
    state = kupiansk.state(valid_at="2025-12-13")
    last = told[-1]["state"]
    assert {name: state[name] for name in last} == last


def test_over_known_time_it_counts_all_of_its_last_day(kupiansk: Api) -> None:
    query: dict[str, Any] = {
        "along": "known",
        "valid_at": "2025-12-13",
        "from": "2025-11-01",
        "to": "2025-12-13",
    }
    told = frames(kupiansk, **query)
    assert told[0]["t"] == "2025-11-01T00:00:00Z"
    assert told[0]["changes"] == told[0]["developments"] == []
    assert [frame["state"]["status"] for frame in told][:2] == ["unknown", "disputed"]
    assert told[1]["developments"] == ["kupiansk-claimed", "kupiansk-claim-denied"]
    assert told[-1]["t"] == "2025-12-13T23:59:59.999999Z"
    assert told[-1]["state"]["last_visit"]["visitor"] == "zelensky"
    assert told[-1]["state"]["population"]["count"] == 55_000


def test_each_frame_tells_what_changed(kupiansk: Api) -> None:
    told = frames(kupiansk, along="known", valid_at="2025-12-13")
    [ukraine] = [each for each in told[1]["changes"] if each["key"] == "ukraine"]
    assert ukraine["against"]["because"] == ["kupiansk-claim-denied"]
    assert ukraine["value"]["because"] == ["kupiansk-recapture"]
    assert ukraine["made_by"] == ["kupiansk-recapture"]
    assert ukraine["described"] == []


@pytest.mark.parametrize("along", ALONG)
def test_with_changes_alone_only_the_first_frame_has_a_state(kupiansk: Api, along: str) -> None:
    whole, changes = frames(kupiansk, along=along), frames(kupiansk, along=along, frames="changes")
    assert changes[0]["state"] == whole[0]["state"]
    assert all(frame["state"] is None for frame in changes[1:])
    for one, other in zip(whole, changes, strict=True):
        assert {**one, "state": None, "cursor": ""} == {**other, "state": None, "cursor": ""}


def test_along_the_log_it_tells_what_was_held_and_what_befell_it(fresh: Api) -> None:
    set_the_stage(fresh)
    first = report(fresh, claim())
    fresh.write("/v1/developments/claim/corrections", {"reason": "Misread.", "body": claim(share="part")})
    described = {"id": "red-army", "kind": "unit", "name": "Red army", "speaks_for": "blue"}
    fresh.write("/v1/actors/red-army/descriptions", described)
    fresh.write("/v1/developments/claim/retraction", {"reason": "Made up."})
    told = frames(fresh, HILL, along="recorded")
    assert [frame["log_position"] for frame in told][1:] == [first, first + 1, first + 2, first + 3]
    assert [
        [(each["what"], each["development"], each["actor"]) for each in frame["entries"]] for frame in told
    ] == [
        [],
        [("recorded", "claim", None)],
        [("corrected", "claim", None)],
        [("described", None, "red-army")],
        [("retracted", "claim", None)],
    ]
    assert [frame["state"]["status"] for frame in told] == [
        "unknown",
        "held",
        "divided",
        "divided",
        "unknown",
    ]
    assert told[3]["developments"] == []
    assert told[3]["changes"][0]["described"] == ["red-army"]
    assert frames(fresh, HILL, along="recorded", log_position=first)[-1]["state"] == told[1]["state"]


@pytest.mark.parametrize("form", ["states", "changes"])
@pytest.mark.parametrize("along", ALONG)
def test_after_a_break_it_goes_on_as_if_unbroken_whatever_was_written_since(
    fresh: Api, along: str, form: str
) -> None:
    set_the_stage(fresh)
    report(fresh, claim(), denial(), claim("again", reported="2025-03-07", share="part"))
    response = replayed(fresh, HILL, along=along, frames=form)
    lines = response.text.splitlines(keepends=True)
    assert len(lines) > 1
    report(fresh, claim("later", reported="2025-03-05", holder="blue"))
    fresh.write("/v1/developments/claim/retraction", {"reason": "Made up."})
    for number, line in enumerate(lines):
        rest = replayed(fresh, HILL, cursor=json.loads(line)["cursor"])
        assert rest.text == "".join(lines[number + 1 :])
        assert canonical(rest) == canonical(response)
        assert "immutable" in rest.headers["cache-control"]
    assert replayed(fresh, canonical(response)).text == response.text
    assert replayed(fresh, HILL, along=along, frames=form).text != response.text


def test_only_the_last_frame_of_a_whole_replay_says_so(kupiansk: Api) -> None:
    for along in ALONG:
        told = frames(kupiansk, along=along)
        assert [frame["last"] for frame in told] == [False] * (len(told) - 1) + [True]


def test_a_cursor_may_come_with_what_it_holds_and_with_nothing_else(kupiansk: Api) -> None:
    asked: dict[str, Any] = {
        "along": "known",
        "from": "2025-11-01",
        "to": "2025-12-20",
        "valid_at": "2025-12-13",
    }
    told = frames(kupiansk, **asked)
    cursor = told[0]["cursor"]
    assert frames(kupiansk, cursor=cursor, **asked) == told[1:]
    contradictions: dict[str, Any] = {
        "along": "valid",
        "frames": "changes",
        "from": "2025-11-02",
        "to": "2025-12-21",
        "valid_at": "2025-12-12",
        "known_at": "2025-12-12",
        "recorded_at": "2025-12-12",
        "log_position": 1,
    }
    for name, value in contradictions.items():
        problem = kupiansk.get(PLACE, cursor=cursor, **{name: value})
        assert problem.status_code == 422
        [fault] = problem.json()["errors"]
        assert (fault["path"], fault["code"]) == (f"query.{name}", "contradicts-cursor")


def test_a_cursor_that_is_not_ours_is_one_fault(kupiansk: Api) -> None:
    [first, *_] = frames(kupiansk)
    listed = kupiansk.get("/v1/locations", limit=1).links["next"]["url"]
    other_list = httpx2.URL(listed).params["cursor"]
    for cursor in ("", "x", "€", "A" * 501, first["cursor"][:-4], first["cursor"] + "AAAA", other_list):
        problem = kupiansk.get(PLACE, cursor=cursor)
        assert problem.status_code == 422
        assert [fault["path"] for fault in problem.json()["errors"]] == ["query.cursor"]
    elsewhere = kupiansk.get("/v1/locations/donbas/replay", cursor=first["cursor"])
    assert "another place" in elsewhere.json()["detail"]


def test_what_cannot_be_replayed_is_one_clear_problem(kupiansk: Api) -> None:
    refused: tuple[dict[str, Any], ...] = (
        {"along": "sideways"},
        {"frames": "some"},
        {"from": "2025-02-30"},
        {"from": "2025-12-01", "to": "2025-11-01"},
        {"along": "recorded", "to": "2020-01-01"},
    )
    for query in refused:
        assert kupiansk.get(PLACE, **query).status_code == 422
    assert kupiansk.get("/v1/locations/nowhere/replay").status_code == 404


def test_at_the_ends_of_time(kupiansk: Api) -> None:
    for along in ("valid", "known"):
        span: dict[str, Any] = {"from": "0001-01-01", "to": "9999-12-31T23:59:59.999999Z"}
        response = replayed(kupiansk, along=along, **span)
        assert replayed(kupiansk, canonical(response)).text == response.text


# A reader that is slow, goes away, or is cut off


def listen(app: Any, client: TestClient, *, leave_after: int = sys.maxsize) -> list[Message]:
    """What the application sends to a client that goes away after so many messages."""
    sent: list[Message] = []

    async def talk() -> None:
        gone = anyio.Event()

        async def receive() -> Message:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)
            if len(sent) >= leave_after:
                gone.set()

        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": PLACE,
            "raw_path": PLACE.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [],
            "client": None,
            "server": ("test", 80),
            "state": {},
        }
        with anyio.fail_after(20):
            await app(scope, receive, send)

    assert client.portal is not None
    try:
        client.portal.call(talk)
    except RuntimeError as error:
        assert "torn" in str(error)  # noqa: PT017 - what was sent until then is looked at
    return sent


def is_the_end(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message["more_body"]


def test_a_client_that_goes_away_stops_the_work(kupiansk: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    made = 0

    def endless(*arguments: Any) -> Iterator[Frame]:
        nonlocal made
        frame = next(play(*arguments))
        while True:
            made += 1
            yield frame

    monkeypatch.setattr("api.playing.play", endless)
    client = kupiansk.http
    assert isinstance(client, TestClient)
    sent = listen(client.app, client, leave_after=10)
    assert not any(map(is_the_end, sent))
    assert made <= len(sent) + 1


def test_a_fault_on_the_way_does_not_look_like_an_end(kupiansk: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*arguments: Any) -> Iterator[Frame]:
        yield from itertools.islice(play(*arguments), 2)
        raise RuntimeError("the reel is torn")

    monkeypatch.setattr("api.playing.play", torn)
    client = kupiansk.http
    assert isinstance(client, TestClient)
    _, *bodies = listen(client.app, client)
    assert [json.loads(message["body"])["last"] for message in bodies] == [False, False]
    assert not any(map(is_the_end, bodies))


def test_a_slow_reader_holds_no_connection_of_the_database(
    running: tuple[Served, Api], module_url: str
) -> None:
    server, api = running
    set_the_stage(api)
    many = [
        claim(
            f"c-{number:04}",
            reported=f"2025-03-{1 + number % 28:02}",
            by=("red-army", "blue-army")[number % 2],
        )
        for number in range(1_500)
    ]
    api.write("/v1/dossiers", {"palimpsest": 1, "developments": many})
    with httpx2.Client(base_url=server.url, timeout=30) as client, client.stream("GET", HILL) as response:
        lines = response.iter_lines()
        assert json.loads(next(lines))["last"] is False
        with Database(module_url) as database, database.connection() as connection:
            query = """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                  AND application_name = 'palimpsest' AND backend_xmin IS NOT NULL"""
            wait_until(lambda: connection.execute(query).fetchone() == (0,), what="no snapshot to be held")
        assert json.loads(list(lines)[-1])["last"] is True
