"""Everything wrong with a file by itself, as if nothing had been recorded before. No database is needed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.errors import Fault, InvalidInput
from domain.references import References
from domain.registry import DocumentArchived
from domain.streams import Current, stream_of, what_of
from intake.batches import Batch
from ledger.recording import Item, find_item_faults, find_repetition, place_faults, prepare
from ledger.texts import random_salt


@dataclass(slots=True)
class FileAlone:
    """What a file has said so far: the only things that its later entries can point at."""

    faults: list[Fault] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _firsts: dict[str, Item] = field(default_factory=dict)

    def find(self, what: str, identifier: str) -> Current | None:
        """The thing as the file gives it."""
        item = self._firsts.get(f"{what}:{identifier}")
        return Current(first=item.event, body=item.event, revision=0) if item is not None else None

    def find_text(self, document: DocumentArchived) -> str | None:
        """The text of a document of the file."""
        item = self._firsts.get(f"document:{document.id}")
        return item.text if item is not None else None

    def add(self, batch: Batch) -> None:
        """Takes in one batch: what is recorded together may point at each other in any order."""
        items = batch.items
        self.faults += batch.found.faults
        new = [item for item in items if self._firsts.setdefault(stream_of(item.event), item) is item]
        self.counts.update(what_of(item.event) for item in new)
        nearby: dict[str, list[str]] = {}
        for item in items:
            nearby.setdefault(what_of(item.event), []).append(item.event.id)
        references = References(self, nearby, batch.found.broken)
        for item in items:
            first = self._firsts[stream_of(item.event)]
            if first is not item:
                self.faults += place_faults(item, find_repetition(first, item))
                continue
            self.faults += place_faults(item, find_item_faults(item, references))
        if not self.faults:
            self.faults += _storage_faults(new)


def _storage_faults(items: list[Item]) -> Iterable[Fault]:
    """What would make the ledger refuse an entry that is right in itself."""
    try:
        prepare(items, "check", None, random_salt)
    except InvalidInput as error:
        yield from error.faults
