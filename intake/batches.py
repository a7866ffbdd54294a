"""What reading gives: entries ready to record, and everything that was wrong with the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from domain.errors import Fault
from ledger.recording import Findings, Item

WHAT = {"actors": "actor", "locations": "location", "documents": "document", "developments": "development"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Entries that are checked and recorded together: none of them, where anything was found wrong.

    `left_out` is what an importer could not use of a file that is otherwise in order, and `remarks` are
    sentences of it about the file; neither keeps anything from being recorded.
    """

    items: tuple[Item, ...]
    found: Findings
    left_out: tuple[Fault, ...] = ()
    remarks: tuple[str, ...] = ()


MOST_FAULTS = 1_000
TOO_MANY = Fault(
    path="",
    message=f"More may be wrong than is told here: reading ended after {MOST_FAULTS:,} faults.",
    code="too-many",
)


class Gathering:
    """Gathers entries and faults as they are read, each with its line."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.faults: list[Fault] = []
        self._closed = 0
        self._broken: set[str] = set()

    def __len__(self) -> int:
        return len(self.items) + len(self.faults)

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that there is no use in reading on."""
        return self._closed + len(self.faults) >= MOST_FAULTS

    def add(self, section: str, written: object, item: Item | None, faults: Iterable[Fault]) -> None:
        """Takes one entry: the item it was read into, or what is wrong with it."""
        self.faults += faults
        if item is not None:
            self.items.append(item)
        elif isinstance(written, Mapping) and isinstance(written.get("id"), str):
            self._broken.add(f"{WHAT[section]}:{written['id']}")

    def close(self) -> Batch:
        """The batch; gathering begins anew, but what was broken stays broken for what follows."""
        found = Findings(faults=tuple(self.faults), broken=frozenset(self._broken))
        batch = Batch(items=tuple(self.items), found=found)
        self._closed += len(self.faults)
        self.items, self.faults = [], []
        return batch


def join(batches: Iterable[Batch]) -> Batch:
    """One batch of many."""
    together = list(batches)
    return Batch(
        items=tuple(item for batch in together for item in batch.items),
        found=Findings(
            faults=tuple(fault for batch in together for fault in batch.found.faults),
            broken=frozenset().union(*(batch.found.broken for batch in together)),
        ),
        left_out=tuple(fault for batch in together for fault in batch.left_out),
        remarks=tuple(remark for batch in together for remark in batch.remarks),
    )
