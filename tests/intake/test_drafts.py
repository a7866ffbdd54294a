"""Entries as importers make them: with their lines, in batches, beside what is left out."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from domain.errors import InvalidInput
from intake.drafts import BATCH, Draft, read_rows
from intake.places import ActorBook
from intake.sources import Source
from tests.builders import actor

TOWN = {"id": "town", "kind": "settlement", "name": "Town"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    name: str
    count: int = 0


def rows(path: Path) -> tuple[list[tuple[int, Row]], Draft]:
    draft = Draft(Source(path=path))
    return list(read_rows(path, Row, draft)), draft


def test_entries_keep_their_lines_and_faults_theirs() -> None:
    draft = Draft(Source())
    draft.location(TOWN, line=3)
    draft.location({"id": "x", "kind": "planet", "name": "X"}, line=4)
    draft.fault("It is cut off.", code="unreadable", line=9)
    batch = draft.close()
    assert [(item.event.id, item.line) for item in batch.items] == [("town", 3)]
    assert [(fault.line, fault.path) for fault in batch.found.faults] == [(4, "kind"), (9, "")]
    assert batch.found.broken == {"location:x"}


def test_what_is_left_out_and_remarked_goes_with_one_batch() -> None:
    draft = Draft(Source())
    draft.leave_out("Nobody knows.", line=7)
    draft.remark("One town.")
    first, second = draft.close(), draft.close()
    assert [(fault.line, fault.message) for fault in first.left_out] == [(7, "Nobody knows.")]
    assert first.remarks == ("One town.",)
    assert first.found.faults == ()
    assert (second.left_out, second.remarks) == ((), ())


def test_a_registered_actor_is_passed_over() -> None:
    draft = Draft(Source(actors=ActorBook(lambda: [actor("russia", name="Another name")])))
    for party in ("russia", "ukraine"):
        draft.actor({"id": party, "kind": "party", "name": party.title()})
    assert [item.event.id for item in draft.close().items] == ["ukraine"]


def test_a_draft_is_full_when_there_is_a_batch() -> None:
    draft = Draft(Source())
    for number in range(BATCH):
        assert not draft.is_full
        draft.location({**TOWN, "id": f"town-{number}"})
    assert draft.is_full
    assert len(draft.close().items) == BATCH
    assert not draft.is_full


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
def test_rows_come_with_their_lines_packed_or_not(tmp_path: Path, pack: type[bytes]) -> None:
    path = tmp_path / "rows"
    path.write_bytes(pack(b'{"name": "a", "more": 1}\n\n{"name": "b", "count": 2}\n'))
    read, draft = rows(path)
    assert read == [(1, Row(name="a")), (3, Row(name="b", count=2))]
    assert draft.close().found.faults == ()


def test_every_line_that_is_no_row_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'{"name": 1}\n{"name": "b"}\n{nonsense\n\xff\n')
    read, draft = rows(path)
    assert [number for number, _ in read] == [2]
    assert [fault.line for fault in draft.close().found.faults] == [1, 3, 4]


def test_reading_ends_when_a_thousand_lines_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b"nonsense\n" * 5_000)
    _, draft = rows(path)
    faults = draft.close().found.faults
    assert len(faults) == 1_001
    assert faults[-1].code == "too-many"


def test_a_packed_file_that_is_cut_off_or_damaged_is_told(tmp_path: Path) -> None:
    whole = gzip.compress(b'{"name": "a"}\n' * 1_000)
    for damaged in (whole[:-20], whole[:20] + bytes(20) + whole[40:]):
        path = tmp_path / "rows.gz"
        path.write_bytes(damaged)
        with pytest.raises((gzip.BadGzipFile, EOFError, zlib.error)):
            gzip.decompress(damaged)
        with pytest.raises(InvalidInput, match="cannot be unpacked"):
            rows(path)
