"""Stored events: every shape that was ever stored can be read, and nothing is stored that cannot be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from domain.catalogue import TOPICS
from domain.editorial import Corrected
from domain.errors import UndecodableEvent
from domain.kinds.happenings import PopulationReported
from ledger.application import Ledger
from ledger.codec import Entry, Undecodable, Unstorable, decode, encode, version_of
from ledger.reading import read_events, read_raw
from tests.builders import claim, statement
from tests.ledger.logs import connect, register
from tests.ledger.stored_values import ENTRIES

FOLDER = Path(__file__).parent / "stored"
SHAPES = [(topic, version) for topic, cls in TOPICS.items() for version in range(1, version_of(cls) + 1)]


def fixture(topic: str, version: int) -> bytes:
    return (FOLDER / f"{topic}.v{version}.json").read_bytes()


def test_there_is_a_file_for_every_version_of_every_topic_and_no_other() -> None:
    """Whoever adds a kind, or changes a shape, adds the file: encode() of a value in stored_values.py."""
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{topic}.v{version}.json" for topic, version in SHAPES
    }


def test_there_is_a_value_for_every_topic() -> None:
    assert set(ENTRIES) == set(TOPICS)


@pytest.mark.parametrize(("topic", "version"), SHAPES)
def test_every_stored_version_is_read_as_the_event_it_is_today(topic: str, version: int) -> None:
    assert decode(topic, fixture(topic, version)) == ENTRIES[topic]


@pytest.mark.parametrize("topic", TOPICS)
def test_what_is_stored_today_is_the_newest_version(topic: str) -> None:
    stored_topic, state = encode(ENTRIES[topic])
    newest = version_of(TOPICS[topic])
    assert stored_topic == topic
    assert msgspec.json.decode(state) == msgspec.json.decode(fixture(topic, newest))


@pytest.mark.parametrize("topic", TOPICS)
def test_a_file_says_which_version_it_holds(topic: str) -> None:
    for version in range(1, version_of(TOPICS[topic]) + 1):
        assert msgspec.json.decode(fixture(topic, version)).get("version", 1) == version


def test_the_old_population_is_really_another_shape() -> None:
    old = msgspec.json.decode(fixture("population-reported", 1))["event"]
    assert old["people"] == 55000
    assert "count" not in old


def test_a_place_of_before_has_no_aliases_and_no_population() -> None:
    value = msgspec.json.decode(fixture("location-registered", 1))
    for name in ("aliases", "population"):
        del value["event"][name]
    entry = decode("location-registered", msgspec.json.encode(value))
    assert entry.event == replace(ENTRIES["location-registered"].event, aliases=(), population=None)  # type: ignore[arg-type]
    assert decode(*encode(entry)) == entry


def test_a_correction_remembers_the_version_of_its_body() -> None:
    entry = ENTRIES["corrected"]
    value = msgspec.json.decode(encode(entry)[1])
    assert value["event"]["body_version"] == version_of(PopulationReported)

    body = msgspec.json.decode(fixture("population-reported", 1))["event"]
    old = msgspec.json.encode({**value, "event": {"reason": value["event"]["reason"], "body": body}})
    assert decode("corrected", old) == entry


def test_what_is_null_is_left_out() -> None:
    state = encode(Entry(event=claim(), recorded_by="k"))[1]
    event = msgspec.json.decode(state)["event"]
    assert None not in event.values()
    assert "request_id" not in msgspec.json.decode(state)


BODY = msgspec.json.decode(fixture("population-reported", 2))


@pytest.mark.parametrize(
    ("topic", "state", "reason"),
    [
        ("no-such-topic", b"{}", "does not know the topic"),
        ("retracted", b"", "truncated"),
        ("retracted", b"\xff\xfe", "malformed"),
        ("retracted", b'{"recorded_by": "k"}', "missing required field `event`"),
        ("retracted", b'{"event": {"reason": "x"}}', "missing required field `recorded_by`"),
        ("retracted", b'{"recorded_by": "k", "event": {}}', "missing required field `reason`"),
        ("retracted", b'{"recorded_by": "k", "event": {"reason": 1}}', "Expected `str`, got `int`"),
        ("retracted", b'{"recorded_by": "k", "version": 2, "event": {"reason": "x"}}', "version 2"),
        ("retracted", b'{"recorded_by": "k", "version": 0, "event": {"reason": "x"}}', "version 0"),
        (
            "linked",
            b'{"recorded_by": "k", "event": {"type": "likes", "to": "a"}}',
            "Invalid enum value 'likes'",
        ),
        ("population-reported", msgspec.json.encode({**BODY, "version": 3}), "version 3"),
        ("population-reported", b'{"recorded_by": "k", "event": {"people": 5}}', "missing required field"),
        (
            "corrected",
            b'{"recorded_by": "k", "event": {"reason": "x", "body": {"kind": "a"}}}',
            "the kind 'a'",
        ),
        ("corrected", b'{"recorded_by": "k", "version": 2, "event": {}}', "version"),
        ("occupation-claimed", fixture("claim-denied", 1), "Invalid enum value"),
    ],
)
def test_what_cannot_be_read_says_why(topic: str, state: bytes, reason: str) -> None:
    with pytest.raises(Undecodable, match=reason):
        decode(topic, state)


@pytest.mark.parametrize(
    "fields",
    [
        {"credibility": 9},
        {"reliability": "Z"},
        {"during": "sometimes"},
        {"at": "kupiansk"},
        {"occurred": "2025-11-20"},
        {"summary": "half a character: \ud800"},
        {"sources": (object(),)},
    ],
)
def test_what_could_not_be_read_back_is_not_stored(fields: dict[str, Any]) -> None:
    thing = replace(claim(), **fields)
    with pytest.raises(Unstorable):
        encode(Entry(event=thing, recorded_by="k"))
    with pytest.raises(Unstorable):
        encode(Entry(event=Corrected(reason="r", body=thing), recorded_by="k"))


def test_who_recorded_it_must_be_text() -> None:
    with pytest.raises(Unstorable):
        encode(Entry(event=claim(), recorded_by=cast(str, 7)))


def test_an_event_that_cannot_be_read_is_named_with_its_position(ledger: Ledger, database_url: str) -> None:
    register(ledger)
    with connect(database_url) as connection:
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state)"
            " values ('development:broken', 1, 'statement-made', '{\"recorded_by\": \"k\"}')"
        )
    with ledger.database.connection() as connection:
        position = read_raw(connection, after=0, limit=100)[-1].log_position
        assert len(read_events(connection, after=0, limit=100, until=position - 1)) == 7
        with pytest.raises(UndecodableEvent, match=f"log position {position} .statement-made.") as caught:
            read_events(connection, after=0, limit=100)
    assert caught.value.log_position == position
    with pytest.raises(UndecodableEvent):
        ledger.load_development("broken")
    assert ledger.load_development("not-broken") is None
    assert statement("x").kind == caught.value.topic
