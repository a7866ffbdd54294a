"""Checking an input of any size before any of it is recorded, batch by batch, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from domain.errors import Fault
from domain.references import References, mentions
from domain.registry import DocumentArchived
from domain.streams import stream_of, what_of
from ledger.database import Connection
from ledger.known import UNPLACED
from ledger.plain_checking import PlainCheck
from ledger.prepared import Prepared
from ledger.recording import (
    Findings,
    Item,
    Outcome,
    Status,
    decide_item,
    find_item_faults,
    find_repetition,
    make_row,
    nearby,
    place_faults,
    raise_if_wrong,
)
from ledger.so_far import Beside, SoFar
from ledger.spool import Spool
from ledger.texts import MakeSalt, random_salt


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
        self._plain = PlainCheck(connection, spool, self._so_far)
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

    @property
    def checked(self) -> int:
        """How many entries were right so far."""
        return len(self._spool) + self.unchanged

    def add(self, items: Sequence[Item], found: Findings) -> list[Item]:
        """Checks one batch, whose entries may point at each other in any order; answers what of it is new."""
        self.faults += found.faults
        streams = [stream_of(item.event) for item in items]
        named = [mentions(item.event) for item in items]
        self._so_far.load({*streams, *(f"{each.what}:{each.id}" for several in named for each in several)})
        firsts = dict(zip(reversed(streams), reversed(items), strict=True))
        references = References(Beside(self._so_far, firsts), nearby(items), found.broken)
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

    def add_prepared(self, prepared: Prepared) -> bool:
        """Takes a prepared batch if all in it is plainly right; else False, and `add` has to look."""
        taken = self._plain.take(prepared)
        if taken is None:
            return False
        self.counts.update(prepared.counts)
        self.unchanged += taken.unchanged
        if taken.log_position:
            self.log_position = max(self.log_position or 0, taken.log_position)
        return True

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
