"""What an input may point at while it is checked: what is recorded, what it gave before, its own batch."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from domain.kinds.claims import Claim
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.streams import Current, Thing, stream_of
from ledger.database import Connection
from ledger.known import UNPLACED, Loaded, Recorded
from ledger.recording import Item, Row
from ledger.spool import Spool, thing_of
from ledger.texts import DocumentText

KEPT = 20_000
"""So many things that can be pointed at are kept in mind; others are looked up again."""
POINTED_AT = (LocationRegistered, ActorRegistered, DocumentArchived, Claim)


class SoFar:
    """Streams as they are recorded (nothing is, without a connection), else as the input gave them before.

    It is asked over the whole of an input, and keeps the newest answers: what is seen to exist stays so.
    """

    def __init__(self, connection: Connection | None, spool: Spool) -> None:
        self._log = connection
        self._spool = spool
        self._kept: dict[str, Loaded] = {}
        self._recorded: Recorded | None = None
        self._known: dict[str, Loaded | None] = {}

    def load(self, streams: Iterable[str]) -> None:
        """Forgets the batch before, and loads these streams in one query."""
        while len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        self._known = {}
        self._recorded = Recorded(self._log) if self._log is not None else None
        self._look_up({stream for stream in streams if stream not in self._kept})

    def find(self, stream: str) -> Loaded | None:
        """The thing of a stream; its log position is UNPLACED if the input gave it."""
        if stream in self._kept:
            return self._kept[stream]
        if stream not in self._known:
            self._look_up({stream})
        found = self._known[stream]
        if found is not None and isinstance(found.current.body, POINTED_AT):
            self._kept[stream] = found
        return found

    def find_text(self, document: DocumentArchived) -> DocumentText | None:
        """The text of a document with its salt; None when it has none or it was taken away."""
        if document.sha256 is None:
            return None
        waiting = self._spool.find_text(document.sha256)
        return waiting or (self._recorded.find_text(document) if self._recorded is not None else None)

    def line_of(self, stream: str) -> int | None:
        """The line of the input on which a thing stands that it gave before."""
        found = self._spool.find([stream])
        return found[stream].line if found else None

    def keep(self, item: Item, row: Row) -> None:
        """Keeps in mind what is new, if much may point at it."""
        if isinstance(item.event, POINTED_AT):
            thing = item.event
            if row.text is not None and isinstance(thing, DocumentArchived):
                thing = replace(thing, sha256=row.text.sha256)
            self._kept[stream_of(thing)] = given(thing)

    def _look_up(self, streams: Collection[str]) -> None:
        if self._recorded is not None:
            self._recorded.load(streams)
            for stream in streams:
                if self._recorded.version(stream):
                    self._known[stream] = self._recorded.find(stream)
        missing = [stream for stream in streams if stream not in self._known]
        self._known |= dict.fromkeys(missing)
        for stream, waiting in self._spool.find(missing).items():
            self._known[stream] = given(thing_of(waiting.event))


def given(thing: Thing) -> Loaded:
    """A thing as the input gave it."""
    return Loaded(Current(first=thing, body=thing, revision=0), UNPLACED)


class Beside:
    """What an entry can point at: what was recorded or given before, else the others of its batch."""

    def __init__(self, so_far: SoFar, batch: Mapping[str, Item]) -> None:
        self._so_far = so_far
        self._batch = batch

    def find(self, what: str, identifier: str) -> Current | None:
        """A thing as it stands."""
        stream = f"{what}:{identifier}"
        if found := self._so_far.find(stream):
            return found.current
        item = self._batch.get(stream)
        return Current(first=item.event, body=item.event, revision=0) if item is not None else None

    def find_text(self, document: DocumentArchived) -> str | None:
        """The text of a document."""
        if document.sha256 is not None:
            kept = self._so_far.find_text(document)
            return kept.text if kept is not None else None
        item = self._batch.get(stream_of(document))
        return item.text if item is not None else None
