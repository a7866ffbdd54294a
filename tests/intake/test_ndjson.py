"""NDJSON: a stream of entries, in batches, with faults by line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from intake import dossiers
from intake.batches import join
from intake.ndjson import BATCH, read_ndjson

HEADER = {"palimpsest": 1, "timezone": "Europe/Kyiv"}


def lines(*entries: object) -> list[bytes]:
    return [json.dumps(entry).encode() + b"\n" for entry in entries]


def actor(number: int) -> dict[str, object]:
    return {"actor": {"id": f"a{number}", "kind": "party", "name": f"A {number}"}}


def test_entries_come_in_batches_with_their_lines() -> None:
    batches = list(read_ndjson(lines(HEADER, *(actor(number) for number in range(BATCH + 5)))))
    assert [len(batch.items) for batch in batches] == [BATCH, 5]
    assert batches[0].items[0].line == 2
    assert batches[1].items[-1].line == BATCH + 6


def test_the_file_is_read_as_a_stream() -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for number in range(10**9):
            read += 1
            yield from lines(actor(number))

    assert len(next(read_ndjson(endless())).items) == BATCH
    assert read == BATCH


def test_a_document_sets_the_date_for_words_after_it() -> None:
    document = {"document": {"id": "d", "publisher": "a1", "title": "T", "published": "2025-12-13"}}
    said = {
        "development": {
            "id": "x",
            "kind": "statement-made",
            "at": "p",
            "reported": "Friday",
            "summary": "Something.",
            "sources": [{"document": "d"}],
        }
    }
    [batch] = read_ndjson(lines(HEADER, document, said))
    _, item = batch.items
    assert item.event.reported.edtf == "2025-12-12"  # type: ignore[union-attr]


def test_every_fault_of_a_file_is_found_in_one_pass() -> None:
    broken = [
        *lines({"palimpsest": 1, "colour": "red"}, actor(1)),
        b"\xff\n",
        b"{nonsense\n",
        b"\n",
        *lines([], {"actor": {}, "location": {}}, {"thing": {}}, {"actor": {"id": "a2"}}, {"palimpsest": 1}),
    ]
    told = [(fault.line, fault.code) for fault in join(read_ndjson(broken)).found.faults]
    assert told == [
        (1, "unknown-field"),
        (3, "not-utf-8"),
        (4, "unreadable"),
        (6, "bad-type"),
        (7, "unknown-field"),
        (8, "unknown-field"),
        (9, "missing"),
        (9, "missing"),
        (10, "bad-version"),
    ]


def test_what_is_broken_stays_known_in_later_batches() -> None:
    many = (actor(number) for number in range(1, BATCH + 5))
    first, second = read_ndjson(lines(HEADER, {"actor": {"id": "a0"}}, *many))
    assert first.found.broken == second.found.broken == {"actor:a0"}
    assert first.found.faults
    assert second.found.faults == ()


def test_reading_ends_when_a_thousand_things_are_wrong() -> None:
    found = join(read_ndjson(lines(HEADER, *([{"actor": {"kind": "party"}}] * 5_000)))).found
    assert 1_000 <= len(found.faults) <= 1_010
    assert found.faults[-1].code == "too-many"


def test_a_mark_in_front_of_the_text_is_no_fault() -> None:
    [batch] = read_ndjson([b"\xef\xbb\xbf" + lines(HEADER)[0], *lines(actor(1))])
    assert ([item.event.id for item in batch.items], batch.found.faults) == (["a1"], ())


def test_the_dates_of_the_last_documents_are_kept_in_mind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossiers, "MOST_DATED", 2)

    def document(id: str) -> dict[str, object]:
        return {"document": {"id": id, "publisher": "a1", "title": "T", "published": "2025-12-13"}}

    def said(id: str) -> dict[str, object]:
        told = {"kind": "statement-made", "at": "p", "reported": "Friday", "summary": "Something."}
        return {"development": {"id": id, **told, "sources": [{"document": id}]}}

    read = join(read_ndjson(lines(HEADER, *map(document, "abc"), *map(said, "abc"))))
    assert [item.event.id for item in read.items] == ["a", "b", "c", "b", "c"]
    assert {(fault.line, fault.path) for fault in read.found.faults} == {(5, "development.reported")}
