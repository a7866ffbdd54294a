"""Entries as an importer makes them, gathered into batches.

An importer writes entries in the form a dossier has them (docs/dossiers.md). A draft reads them as a dossier
is read, keeps what is wrong with each beside its line, and what the importer could not use.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec

from domain.errors import Fault, InvalidInput
from intake.batches import TOO_MANY, Batch, Gathering
from intake.dossiers import DossierReader
from intake.sources import Source

T = TypeVar("T")
BATCH = 1_000
GZIP = b"\x1f\x8b"


class Draft:
    """What an importer has made since the last batch. A day is that day in `tz`."""

    def __init__(self, source: Source, tz: tzinfo = UTC) -> None:
        self._actors = source.actors
        self._reader = DossierReader(tz=tz)
        self._gathering = Gathering()
        self._left_out: list[Fault] = []
        self._remarks: list[str] = []

    @property
    def is_full(self) -> bool:
        """Whether there is enough for a batch."""
        return len(self._gathering) >= BATCH

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that there is no use in reading on."""
        return self._gathering.is_hopeless

    def actor(self, written: Mapping[str, Any]) -> None:
        """An actor, unless one is registered under the id already: it is left as it is described."""
        if self._actors.find(written["id"]) is None:
            self._add("actors", written, None)

    def location(self, written: Mapping[str, Any], line: int | None = None) -> None:
        """A place."""
        self._add("locations", written, line)

    def document(self, written: Mapping[str, Any], line: int | None = None) -> None:
        """A document; its terms of use go into `licence`."""
        self._add("documents", written, line)

    def development(self, written: Mapping[str, Any], line: int | None = None) -> None:
        """A development."""
        self._add("developments", written, line)

    def fault(self, message: str, *, code: str, line: int | None = None, path: str = "") -> None:
        """Something wrong with the file, so that nothing of it is recorded."""
        self._gathering.faults.append(Fault(path=path, message=message, code=code, line=line))

    def leave_out(self, message: str, *, line: int | None = None, path: str = "") -> None:
        """Something that cannot be used and is not recorded; the rest is. It is told with its line."""
        self._left_out.append(Fault(path=path, message=message, code="left-out", line=line))

    def remark(self, sentence: str) -> None:
        """A sentence about the file as a whole, for whoever imports it."""
        self._remarks.append(sentence)

    def close(self) -> Batch:
        """The batch, to be recorded all or nothing. What follows goes into the next."""
        if self.is_hopeless:
            self._gathering.faults.append(TOO_MANY)
        batch = replace(self._gathering.close(), left_out=tuple(self._left_out), remarks=tuple(self._remarks))
        self._left_out, self._remarks = [], []
        return batch

    def _add(self, section: str, written: Mapping[str, Any], line: int | None) -> None:
        item, faults = self._reader.read(section, written, "", line)
        placed = [replace(fault, line=line) for fault in faults]
        self._gathering.add(section, written, item, placed)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file to read from, unpacked when it is gzip. Raises InvalidInput for one that is cut off."""
    with path.open("rb") as file:
        packed = file.read(len(GZIP)) == GZIP
    try:
        with gzip.open(path) if packed else path.open("rb") as lines:
            yield lines  # type: ignore[misc]  # a GzipFile reads as any binary file does
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        message = f"The file cannot be unpacked: {error}."
        raise InvalidInput([Fault(path="", message=message, code="unreadable")]) from None


def read_rows(path: Path, row: type[T], draft: Draft) -> Iterator[tuple[int, T]]:
    """The rows of an NDJSON file, packed by gzip or not, with their lines; empty lines are passed over.

    `row` is a class of plain fields. A line that is no such row is a fault of the draft, and reading ends
    when it is hopeless.
    """
    decoder = msgspec.json.Decoder(row)
    with opened(path) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                yield number, decoder.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                draft.fault(f"This line is no row of this format: {error}.", code="unreadable", line=number)
                if draft.is_hopeless:
                    return
