"""Rows that wait to be appended, set aside on disk: memory does not grow with them.

They lie in temporary files that nobody else sees and that vanish with the process. A row is found again by
its stream, so that what comes later can point at it.
"""

from __future__ import annotations

import os
import sqlite3
import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from tempfile import TemporaryFile
from types import TracebackType
from typing import NamedTuple, Self

from eventsourcing.persistence import StoredEvent

from domain.editorial import Corrected, Linked, Retracted
from domain.streams import Thing
from ledger.appending import STATEMENT, pack_row, unpack_row
from ledger.codec import decode
from ledger.texts import DocumentText

PORTION = STATEMENT
"""So many rows are appended in one transaction, which holds up others for about a tenth of a second."""
PIECE = 4_096
"""Bytes read to find one row; nearly every row is smaller."""

# Nothing here has to outlive a crash. The index is looked up by hash: a row found by it is compared.
SHAPE = """
pragma journal_mode = off;
pragma synchronous = off;
pragma cache_size = -8000;
create table places (hash integer, start integer, line integer, primary key (hash, start)) without rowid;
create table texts (sha256 text primary key, salt blob, text text, portion integer);
create index texts_by_portion on texts (portion);
"""


class Spooled(NamedTuple):
    """A row that waits, and the line of the file that it was read from, if that is known."""

    event: StoredEvent
    line: int | None


@dataclass(slots=True, kw_only=True)
class Portion:
    """Rows that are appended in one transaction: where they lie, and how many they are."""

    number: int
    start: int
    end: int
    count: int


class Spool:
    """Rows in the order in which they are to be appended. Only new streams go in, each once."""

    def __init__(self) -> None:
        self._file = TemporaryFile(prefix="palimpsest-", buffering=0)  # noqa: SIM115 - closed in close
        self._index = sqlite3.connect("", isolation_level=None)  # a file without a name
        self._index.executescript(SHAPE)
        self._portions: list[Portion] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the room on disk back."""
        self._index.close()
        self._file.close()

    @property
    def portions(self) -> Sequence[Portion]:
        """What is appended together, in order. What was added together stays together."""
        return self._portions

    def __len__(self) -> int:
        return sum(portion.count for portion in self._portions)

    def add(
        self,
        events: Sequence[StoredEvent],
        lines: Sequence[int | None] = (),
        texts: Collection[DocumentText] = (),
    ) -> None:
        """Sets rows aside behind those before, with their lines if known, and the texts that go with them."""
        rows = [pack_row(event) for event in events]
        streams = [str(event.originator_id) for event in events]
        ends = list(accumulate(map(len, rows)))
        self.add_packed(b"".join(rows), streams, ends, lines or [None] * len(rows), texts)

    def add_packed(
        self,
        packed: bytes,
        streams: Sequence[str],
        ends: Sequence[int],
        lines: Sequence[int | None],
        texts: Collection[DocumentText] = (),
    ) -> None:
        """Sets packed rows aside: their streams, where each ends, and their lines."""
        if not streams:
            return
        portion = self._portion_for(len(streams))
        starts = (portion.end + end for end in chain((0,), ends))
        places = zip(map(hash, streams), starts, lines, strict=False)
        _write(self._file.fileno(), packed, portion.end)
        self._index.execute("begin")
        # In the order of the index, so that it is written page by page.
        self._index.executemany("insert into places values (?, ?, ?)", sorted(places))
        rows = ((text.sha256, text.salt, text.text, portion.number) for text in texts)
        self._index.executemany("insert or ignore into texts values (?, ?, ?, ?)", rows)
        self._index.execute("commit")
        portion.end, portion.count = portion.end + len(packed), portion.count + len(streams)

    def may_hold(self, streams: Collection[str]) -> bool:
        """Whether any of these streams waits here, or another one that has the hash of one of them."""
        if not self._portions or not streams:
            return False
        hashes = ",".join(map(str, map(hash, streams)))
        found = self._index.execute(
            "select 1 from places where hash in (select value from json_each(?)) limit 1", (f"[{hashes}]",)
        )
        return found.fetchone() is not None

    def find(self, streams: Collection[str]) -> dict[str, Spooled]:
        """Those of these streams that wait here."""
        if not self._portions or not streams:
            return {}
        hashes = ",".join(str(hash(stream)) for stream in streams)
        rows = self._index.execute(
            "select start, line from places where hash in (select value from json_each(?))", (f"[{hashes}]",)
        )
        found = (Spooled(self._read_row(start), line) for start, line in rows)
        return {str(each.event.originator_id): each for each in found if each.event.originator_id in streams}

    def find_text(self, sha256: str) -> DocumentText | None:
        """The text that waits here under this hash."""
        row = self._index.execute("select salt, text from texts where sha256 = ?", (sha256,)).fetchone()
        return DocumentText(sha256=sha256, salt=row[0], text=row[1]) if row is not None else None

    def read(self, portion: Portion) -> bytes:
        """The packed rows of a portion (see ledger/appending.py)."""
        return _read(self._file.fileno(), portion.end - portion.start, portion.start)

    def read_texts(self, portion: Portion) -> list[DocumentText]:
        """The texts that go with a portion."""
        rows = self._index.execute(
            "select sha256, salt, text from texts where portion = ?", (portion.number,)
        )
        return [DocumentText(sha256=sha256, salt=salt, text=text) for sha256, salt, text in rows]

    def _portion_for(self, count: int) -> Portion:
        last = self._portions[-1] if self._portions else None
        if last is None or last.count + count > PORTION:
            start = last.end if last is not None else 0
            last = Portion(number=len(self._portions), start=start, end=start, count=0)
            self._portions.append(last)
        return last

    def _read_row(self, start: int) -> StoredEvent:
        size = PIECE
        while True:
            piece = _read(self._file.fileno(), size, start)
            try:
                return unpack_row(piece)[0]
            except struct.error:
                if len(piece) < size:
                    raise
                size *= 8


def thing_of(event: StoredEvent) -> Thing:
    """The thing that a first event records."""
    thing = decode(event.topic, event.state).event
    if isinstance(thing, Corrected | Retracted | Linked):
        raise TypeError("only first events are set aside")
    return thing


def unpack_rows(packed: bytes) -> Iterator[StoredEvent]:
    """The events of packed rows."""
    at = 0
    while at < len(packed):
        event, at = unpack_row(packed, at)
        yield event


def _write(file: int, data: bytes, start: int) -> None:
    """All of it: one call writes no more than 2 GiB, and less when it is interrupted."""
    view = memoryview(data)
    while view:
        done = os.pwrite(file, view, start)
        view, start = view[done:], start + done


def _read(file: int, size: int, start: int) -> bytes:
    """So many bytes, or as many as there are."""
    pieces = []
    while size and (piece := os.pread(file, size, start)):
        pieces.append(piece)
        size, start = size - len(piece), start + len(piece)
    return b"".join(pieces)
