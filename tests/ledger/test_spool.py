"""Rows that wait on disk are found again by their stream, and come back in their order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger import spool as spool_module
from ledger.appending import pack_row, unpack_row
from ledger.codec import Entry, encode
from ledger.spool import PIECE, PORTION, Spool, thing_of, unpack_rows
from ledger.texts import salted
from tests.builders import statement
from tests.ledger.logs import stored


@pytest.fixture
def spool() -> Iterator[Spool]:
    with Spool() as spool:
        yield spool


def rows_of(spool: Spool) -> list[str]:
    return [str(row.originator_id) for portion in spool.portions for row in unpack_rows(spool.read(portion))]


def test_a_row_is_packed_and_unpacked() -> None:
    first, second = stored("development:a", 3, b"\x00\xff"), stored("actor:b", state=b"")
    packed = pack_row(first) + pack_row(second)
    event, end = unpack_row(packed)
    assert event == first
    assert unpack_row(packed, end) == (second, len(packed))


def test_rows_come_back_in_their_order_whatever_their_size(spool: Spool) -> None:
    sizes = [0, 1, PIECE - 50, PIECE, 100 * PIECE, 7]
    rows = [stored(f"development:s{number}", state=b"x" * size) for number, size in enumerate(sizes)]
    spool.add(rows[:2], [5, None])
    spool.add(rows[2:], [8, 9, 10, 11])
    spool.add([])
    assert rows_of(spool) == [row.originator_id for row in rows]
    found = spool.find([*(str(row.originator_id) for row in rows), "development:none"])
    assert [found[str(row.originator_id)] for row in rows] == [
        (row, line) for row, line in zip(rows, [5, None, 8, 9, 10, 11], strict=True)
    ]
    assert len(found) == len(spool) == len(rows)


def test_streams_of_one_hash_are_told_apart(spool: Spool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool_module, "hash", lambda _: -7, raising=False)
    spool.add([stored("development:a"), stored("development:b")], [1, 2])
    spool.add([stored("development:c")], [3])
    assert {
        stream: found.line for stream, found in spool.find(["development:c", "development:a"]).items()
    } == {
        "development:a": 1,
        "development:c": 3,
    }
    assert spool.find(["development:d"]) == {}


def test_what_is_added_together_stays_together(spool: Spool) -> None:
    for batch, size in enumerate((PORTION - 1, 1, 1, PORTION + 5, 3)):
        spool.add([stored(f"development:b{batch}-{number}") for number in range(size)])
    assert [portion.count for portion in spool.portions] == [PORTION, 1, PORTION + 5, 3]
    assert len(set(rows_of(spool))) == len(spool) == 2 * PORTION + 9


def test_texts_go_with_their_portion(spool: Spool) -> None:
    one, other = salted("A text."), salted("Another.")
    spool.add([stored("document:a")] * PORTION, [None] * PORTION, [one])
    spool.add([stored("document:b")], [None], [other])
    assert [spool.read_texts(portion) for portion in spool.portions] == [[one], [other]]
    assert spool.find_text(other.sha256) == other
    assert spool.find_text("00") is None


def test_the_thing_of_a_row() -> None:
    topic, state = encode(Entry(event=statement("a"), recorded_by="k"))
    row = stored("development:a", state=state)
    assert thing_of(type(row)("development:a", 1, topic, state)) == statement("a")
