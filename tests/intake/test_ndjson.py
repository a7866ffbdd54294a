"""NDJSON: a stream of entries, in batches, with faults by line."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator

import pytest

from domain.errors import InvalidInput
from intake import dossiers, helping, ndjson
from intake.batches import join
from intake.ndjson import BATCH, prepared_ndjson, read_ndjson
from ledger.bulk_checking import BulkCheck
from ledger.spool import Spool

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


@pytest.mark.parametrize("line", [b"\n", b'{"palimpsest": 1}\n'])
def test_lines_that_hold_no_entry_are_no_reason_to_read_on(line: bytes) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield line

    assert next(read_ndjson(endless())).items == ()
    assert read <= 5 * BATCH


def test_empty_lines_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ndjson, "BATCH", 10)
    given = [part for entry in lines(HEADER, *map(actor, range(25))) for part in (entry, b"\n")]
    batches = list(read_ndjson(given))
    assert [len(batch.items) for batch in batches] == [10, 10, 5]
    assert [item.line for batch in batches for item in batch.items] == list(range(3, 53, 2))


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


def file_of(choose: random.Random) -> list[bytes]:
    """Entries of all sorts, with empty lines, words for dates, repetitions and faults among them."""
    wrong = choose.random() < 0.5

    def one(number: int) -> object:
        said = {
            "id": f"s{number}",
            "kind": "statement-made",
            "at": "p",
            "reported": "2025-12-01",
            "summary": "S.",
        }
        claim = {"id": f"c{number}", "kind": "occupation-claimed", "at": "p", "by": "a1", "holder": "a1"}
        earlier = choose.randrange(max(number - 40, 0), number + 1)
        right: list[object] = [
            {"development": said},
            {"development": said | {"reported": "2025-12-01T10:00+02:00"}},
            {"development": claim | {"reported": "2025-11~"}},
            {"development": claim | {"id": f"k{number}", "reported": "2025", "share": "40%"}},
            actor(number + 10),
        ]
        cited = f"d{earlier}"
        doubtful: list[object] = [
            {"document": {"id": f"d{number}", "publisher": "a1", "title": "T", "published": "2025-12-13"}},
            {"development": said | {"reported": "Friday", "sources": [{"document": cited}]}},
            {"development": said | {"sources": [{"document": cited, "via": ["a1"]}]}},
            {"development": said | {"id": f"s{earlier}", "at": choose.choice(["p", "q"])}},
            {"development": said | {"kind": "claim-denied", "by": "a1", "claim": f"c{earlier}"}},
            {"development": claim | {"reported": "2025", "by": f"a{earlier}"}},
            {"location": {"id": f"p{number}", "kind": "area", "name": "P", "part_of": f"p{earlier}"}},
            {"palimpsest": 1},
            {"development": said | {"colour": "red"}},
        ]
        return choose.choice(doubtful if wrong and choose.random() < 0.1 else right)

    start = lines(HEADER, actor(1), {"location": {"id": "p", "kind": "settlement", "name": "P"}})
    broken = [b"\n", b" \n", *([b"{nonsense\n"] if wrong else [])]
    return start + [
        choose.choice(broken) if choose.random() < 0.02 else lines(one(number))[0] for number in range(400)
    ]


def test_words_for_a_date_are_read_by_a_document_of_an_earlier_portion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ndjson, "BATCH", 2)
    said = {"id": "x", "kind": "statement-made", "at": "p", "reported": "Friday", "summary": "Something."}
    document = {"document": {"id": "d", "publisher": "a1", "title": "T", "published": "2025-12-13"}}
    given = lines(
        HEADER, actor(1), actor(2), document, {"development": said | {"sources": [{"document": "d"}]}}
    )
    with prepared_ndjson(given, "k", 0) as portions:
        read = [(portion.prepared is not None, portion.read()) for portion in portions]
    assert [was_prepared for was_prepared, _ in read] == [False, False]
    [_, item] = read[-1][1].items
    assert item.event.reported.edtf == "2025-12-12"  # type: ignore[union-attr]


def outcome_of(check: BulkCheck, spool: Spool) -> tuple[object, ...]:
    try:
        check.raise_if_wrong()
    except InvalidInput as error:
        return (error.faults,)
    packed = b"".join(spool.read(portion) for portion in spool.portions)
    return packed, check.counts, check.unchanged, check.checked


@pytest.mark.parametrize("helpers", [0, 2])
def test_a_file_that_is_prepared_comes_to_the_same(helpers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that is wrong in it, in the order of its lines, else the same rows in the same order."""
    monkeypatch.setattr(ndjson, "BATCH", 20)
    monkeypatch.setattr(helping, "ALONE", 2)
    ends = Counter[tuple[bool, bool]]()
    for seed in range(1 if helpers else 12):
        given = file_of(random.Random(seed))
        with Spool() as one, Spool() as other:
            expected = BulkCheck(None, one, recorded_by="k")
            for batch in read_ndjson(given):
                expected.add(batch.items, batch.found)
            check = BulkCheck(None, other, recorded_by="k")
            with prepared_ndjson(given, "k", helpers) as portions:
                for portion in portions:
                    taken = portion.prepared is not None and check.add_prepared(portion.prepared)
                    ends[taken, expected.wrong > 0] += 1
                    if not taken:
                        batch = portion.read()
                        check.add(batch.items, batch.found)
            assert outcome_of(check, other) == outcome_of(expected, one), seed
    assert len(ends) == 4 or helpers
