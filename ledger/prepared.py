"""Batches that were made ready elsewhere: right by themselves, encoded, not yet seen beside anything else.

They are made by processes beside the one that decides. So they hold what is cheap to hand over: rows as COPY
takes them, and what has to be looked up for them.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from domain.pointers import Pointer, Pointers
from domain.registry import DocumentArchived
from domain.streams import Thing, what_of
from ledger.appending import pack, unpack_row
from ledger.recording import Item
from ledger.spool import thing_of
from ledger.texts import DocumentText

FIRST = 1
"""The version of a first event in its stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """Entries with nothing wrong in themselves, in their order, each of another stream.

    `packed` are their rows, of which each ends at one of `ends`; `lines` are where they stood. `pointers` are
    what they need of others; `apart` are the numbers of those of which more has to be asked than that.
    """

    packed: bytes
    streams: tuple[str, ...]
    ends: array[int]
    lines: array[int]
    texts: tuple[DocumentText, ...]
    pointers: frozenset[Pointer]
    apart: tuple[int, ...]
    counts: Mapping[str, int]

    def row(self, number: int) -> bytes:
        """The packed row of one entry."""
        return self.packed[self.ends[number - 1] if number else 0 : self.ends[number]]

    def without(self, streams: Collection[str]) -> Prepared:
        """The rows of other streams alone."""
        kept = Packing()
        for number, stream in enumerate(self.streams):
            if stream not in streams:
                kept.add_row(stream, self.row(number), self.lines[number])
        return replace(
            self, packed=bytes(kept.packed), streams=tuple(kept.streams), ends=kept.ends, lines=kept.lines
        )


class Packing:
    """Gathers rows one after the other."""

    def __init__(self) -> None:
        self.packed = bytearray()
        self.streams: list[str] = []
        self.ends, self.lines = array("q"), array("q")
        self._texts: list[DocumentText] = []
        self._pointers = Pointers()
        self._apart: list[int] = []
        self._counts = Counter[str]()

    def add(
        self, thing: Thing, topic: str, state: bytes, line: int, text: DocumentText | None = None
    ) -> None:
        """Takes an entry, as it is read back from its stored state, and the text that goes with it."""
        if not self._pointers.add(thing):
            self._apart.append(len(self.streams))
        if text is not None:
            self._texts.append(text)
        what = what_of(thing)
        self._counts[what] += 1
        stream = f"{what}:{thing.id}"
        self.add_row(stream, pack(stream, FIRST, topic, state), line)

    def add_row(self, stream: str, row: bytes, line: int) -> None:
        """Takes a packed row."""
        self.packed += row
        self.streams.append(stream)
        self.ends.append(len(self.packed))
        self.lines.append(line)

    def close(self) -> Prepared | None:
        """What was gathered; None when an id is given twice, for then the two have to be compared."""
        if len(set(self.streams)) < len(self.streams):
            return None
        return Prepared(
            packed=bytes(self.packed),
            streams=tuple(self.streams),
            ends=self.ends,
            lines=self.lines,
            texts=tuple(self._texts),
            pointers=frozenset(self._pointers),
            apart=tuple(self._apart),
            counts=self._counts,
        )


class PreparedItems(Mapping[str, Item]):
    """The entries of a batch by stream, as they were given, each read from its row when it is asked for."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._numbers = {stream: number for number, stream in enumerate(prepared.streams)}

    def __getitem__(self, stream: str) -> Item:
        """The entry recorded in a stream. Raises KeyError."""
        thing = thing_of(unpack_row(self._prepared.row(self._numbers[stream]))[0])
        text = None
        if isinstance(thing, DocumentArchived):
            texts = (text.text for text in self._prepared.texts if text.sha256 == thing.sha256)
            text, thing = next(texts, None), replace(thing, sha256=None)
        return Item(event=thing, text=text)

    def __iter__(self) -> Iterator[str]:
        """The streams."""
        return iter(self._numbers)

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._numbers)
