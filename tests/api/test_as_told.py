"""A log taken over answers as the one it was taken from: every question, at log positions all along it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from ledger.application import Ledger
from ledger.database import Database
from ledger.log_checks import check_log
from ledger.log_files import write_log
from ledger.reading import head_position
from ledger.taking_over import read_clock, take_over
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from tests.api.contract import document
from tests.api.stories import claim, set_the_stage
from tests.api.talking import KUPIANSK, YAML, in_process
from tests.ledger.logs import connect, insert
from tests.projections.random_ledger import SEEDS, RandomLedger
from tests.servers import Server

LIMIT = 1_000
EVERY = 23
THERE = {"limit": 50, "q": "ku", "step": "P30D", "from": "2022-01-01", "to": "2026-01-01"}
"""What is asked besides, where a route takes it."""


@pytest.fixture
def copy_url(server: Server, template_database: str) -> Iterator[str]:
    """Another fresh database, for the copy."""
    name = f"copy_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name, template_database)
    server.drop_database(name)


def move(url: str, copy_url: str, file: Path) -> None:
    """Takes the whole log of one database over into the other, and folds both."""
    with Database(url) as original, Database(copy_url) as copy:
        file.write_bytes(b"".join(write_log(original, with_texts=True, tell=lambda *_: None)))
        log = check_log(file, read_clock(copy), lambda *_: None)
        assert take_over(copy, log, imported_by="a test", tell=lambda *_: None)
        for database in (original, copy):
            Follower(database, PROJECTIONS).catch_up()


def give_back(url: str) -> None:
    """Leaves a gap in the positions."""
    with connect(url) as connection:
        connection.execute("begin")
        insert(connection, "given-back")
        connection.execute("rollback")


@contextmanager
def asking(url: str) -> Iterator[TestClient]:
    """The application, whose answers are not held to the contract: that is done elsewhere."""
    settings = Settings(database_url=url, projector="off", _env_file=None)
    with TestClient(create_app(settings)) as client:
        yield client


def ids_of(client: TestClient, path: str) -> list[str]:
    return [item["id"] for item in client.get(path).json()["items"]]


def questions(client: TestClient, head: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route that answers at a log position, with ids and parameters that it takes."""
    timelines = {
        place: ids_of(client, f"/v1/locations/{place}/timeline") for place in ids_of(client, "/v1/locations")
    }
    busiest, *_ = places = sorted(timelines, key=lambda place: -len(timelines[place]))
    ids = {
        "location_id": places[:2],
        "development_id": timelines[busiest][-5:],
        "claim_id": ids_of(client, f"/v1/locations/{busiest}/claims?limit=3"),
        "actor_id": ids_of(client, "/v1/actors")[:2],
        "document_id": ids_of(client, "/v1/documents")[:1],
    }
    for path, item in document()["paths"].items():
        takes = {each["name"] for each in item.get("get", {}).get("parameters", ())}
        if "log_position" in takes:
            extra = {name: value for name, value in THERE.items() if name in takes}
            if "against_log_position" in takes:
                extra["against_log_position"] = head * 2 // 3
            [name] = takes & set(ids) or {""}
            for identifier in ids.get(name, [""]):
                yield path.replace(f"{{{name}}}", identifier), extra


def head_of(url: str) -> int:
    with Database(url) as database, database.connection() as connection:
        return head_position(connection)


def assert_answers_are_the_same(url: str, copy_url: str) -> None:
    """Every question at the head and at some positions before it, from another one on each: all positions are
    asked about, by whichever question.
    """
    head = head_of(url)
    with asking(url) as original, asking(copy_url) as copy:
        asked = list(questions(original, head))
        answered = set()
        for number, (path, query) in enumerate(asked):
            for position in (head, *range(head - 1 - number % EVERY, 0, -EVERY)):
                parameters = {**query, "log_position": position}
                theirs = original.get(path, params=parameters)
                ours = copy.get(path, params=parameters)
                assert b'"as_told":true' not in theirs.content
                assert b'"as_told":false' not in ours.content
                assert ours.content.replace(b'"as_told":true', b'"as_told":false') == theirs.content, path
                assert ours.status_code == theirs.status_code
                if ours.status_code == 200:
                    answered.add(path)
        assert answered == {path for path, _ in asked}


@pytest.mark.timeout(300)
def test_kupiansk_with_revisions_and_gaps(database_url: str, copy_url: str, tmp_path: Path) -> None:
    with in_process(database_url) as api:
        give_back(database_url)
        api.write("/v1/dossiers", KUPIANSK, headers=YAML)
        body = api.read("/v1/developments/kupiansk-claimed")
        fields = document()["components"]["schemas"]["OccupationClaimed"]["properties"]
        corrected = {**{name: body[name] for name in fields}, "share": "most"}
        give_back(database_url)
        for path, written in (
            ("corrections", {"reason": "Less.", "body": corrected}),
            ("links", {"type": "contradicts", "to": "kupiansk-recapture"}),
            ("retraction", {"reason": "Not said."}),
        ):
            api.write(f"/v1/developments/kupiansk-claimed/{path}", written)
        api.write("/v1/actors/deepstate/descriptions", {"id": "deepstate", "kind": "assessor", "name": "DS"})
    move(database_url, copy_url, tmp_path / "log")
    assert_answers_are_the_same(database_url, copy_url)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", SEEDS[:1])
def test_random_ledgers(seed: int, ledger: Ledger, database_url: str, copy_url: str, tmp_path: Path) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for number in range(60):
        writer.step()
        if number % 7 == 0:
            give_back(database_url)
    assert len(writer.developments) > 10
    move(database_url, copy_url, tmp_path / "log")
    assert_answers_are_the_same(database_url, copy_url)


def test_events_say_whose_time_they_tell(database_url: str, copy_url: str, tmp_path: Path) -> None:
    with in_process(database_url) as api:
        told = set_the_stage(api)
        api.write("/v1/developments", claim())
    move(database_url, copy_url, tmp_path / "log")
    with in_process(copy_url) as api, in_process(database_url) as original:
        api.write("/v1/developments/claim/retraction", {"reason": "Made up."})
        told += 1
        for format in ("json", "ndjson"):
            response = api.get("/v1/events", format=format, limit=LIMIT)
            events = (
                response.json()["items"]
                if format == "json"
                else [*map(json.loads, response.text.splitlines())]
            )
            assert [event["as_told"] for event in events] == [True] * told + [False]
            theirs = original.read("/v1/events", limit=LIMIT)["items"]
            assert [event["as_told"] for event in theirs] == [False] * told
            assert [{**event, "as_told": False} for event in events[:-1]] == theirs
        revisions = api.read("/v1/developments/claim/revisions")["items"]
        assert [revision["as_told"] for revision in revisions] == [True, False]
