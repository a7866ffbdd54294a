"""Checking an input of any size before any of it is recorded, batch by batch, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from domain.errors import Fault
from domain.kinds.claims import Claim
from domain.references import References, mentions
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.streams import Current, Thing, stream_of, what_of
from ledger.database import Connection
from ledger.known import UNPLACED, Loaded, Recorded
from ledger.recording import (
    Findings,
    Item,
    Outcome,
    Row,
    Status,
    decide_item,
    find_item_faults,
    find_repetition,
    make_row,
    nearby,
    place_faults,
    raise_if_wrong,
)
from ledger.spool import Spool, thing_of
from ledger.texts import DocumentText, MakeSalt, random_salt

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
            self._kept[stream_of(thing)] = _given(thing)

    def _look_up(self, streams: Collection[str]) -> None:
        if self._recorded is not None:
            self._recorded.load(streams)
            for stream in streams:
                if self._recorded.version(stream):
                    self._known[stream] = self._recorded.find(stream)
        missing = [stream for stream in streams if stream not in self._known]
        self._known |= dict.fromkeys(missing)
        for stream, waiting in self._spool.find(missing).items():
            self._known[stream] = _given(thing_of(waiting.event))


def _given(thing: Thing) -> Loaded:
    return Loaded(Current(first=thing, body=thing, revision=0), UNPLACED)


class _Beside:
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


class BulkCheck:
    """Everything wrong with an input, by itself and beside what is recorded; what is new goes to the spool.

    `faults` and `conflicts` are what was found so far, `counts` is how many things of each sort there are,
    `unchanged` how many entries are recorded already, the newest of them at `log_position`. Without a
    connection nothing is recorded.
    """

    def __init__(
        self,
        connection: Connection | None,
        spool: Spool,
        *,
        recorded_by: str,
        make_salt: MakeSalt = random_salt,
    ) -> None:
        self._spool = spool
        self._so_far = SoFar(connection, spool)
        self._recorded_by = recorded_by
        self._make_salt = make_salt
        self.faults: list[Fault] = []
        self.conflicts: list[Outcome] = []
        self.counts: Counter[str] = Counter()
        self.unchanged = 0
        self.log_position: int | None = None

    @property
    def wrong(self) -> int:
        """How much was found wrong so far."""
        return len(self.faults) + len(self.conflicts)

    def add(self, items: Sequence[Item], found: Findings) -> list[Item]:
        """Checks one batch, whose entries may point at each other in any order; answers what of it is new."""
        self.faults += found.faults
        streams = [stream_of(item.event) for item in items]
        named = [mentions(item.event) for item in items]
        self._so_far.load({*streams, *(f"{each.what}:{each.id}" for several in named for each in several)})
        firsts = dict(zip(reversed(streams), reversed(items), strict=True))
        references = References(_Beside(self._so_far, firsts), nearby(items), found.broken)
        new: list[Item] = []
        for stream, item, pointers in zip(streams, items, named, strict=True):
            if firsts[stream] is not item:
                self._note_repetition(firsts[stream], item)
                continue
            status = self._decide(stream, item)
            if status != "unchanged":
                self.faults += place_faults(item, find_item_faults(item, references, pointers))
            if status == "new":
                new.append(item)
        self._set_aside(new)
        return new

    def raise_if_wrong(self) -> None:
        """Raises InvalidInput, IdTaken or Conflicts with everything that was found."""
        raise_if_wrong(self.conflicts, self.faults)

    def _decide(self, stream: str, item: Item) -> Status:
        """What becomes of the first entry of its batch with this id."""
        found = self._so_far.find(stream)
        if found is not None and found.log_position == UNPLACED:
            first = found.current.first
            text = self._so_far.find_text(first) if isinstance(first, DocumentArchived) else None
            told = text.text if text is not None else None
            self._note_repetition(Item(event=first, line=self._so_far.line_of(stream), text=told), item)
            return "unchanged"
        self.counts[what_of(item.event)] += 1
        if found is None:
            return "new"
        outcome = decide_item(item, self._so_far)
        if outcome.status == "conflict":
            self.conflicts.append(outcome)
        else:
            self.unchanged += 1
            self.log_position = max(self.log_position or 0, found.log_position)
        return outcome.status

    def _note_repetition(self, first: Item, again: Item) -> None:
        self.unchanged += 1
        self.faults += place_faults(again, find_repetition(first, again))

    def _set_aside(self, new: Sequence[Item]) -> None:
        rows = [make_row(item, self._recorded_by, None, self._make_salt) for item in new]
        if not self.faults:
            self.faults += (fault for row in rows for fault in row.faults)
        pairs = [(item, row) for item, row in zip(new, rows, strict=True) if row.event is not None]
        for item, row in pairs:
            self._so_far.keep(item, row)
        self._spool.add(
            [row.event for _, row in pairs if row.event is not None],
            [item.line for item, _ in pairs],
            [row.text for _, row in pairs if row.text is not None],
        )
