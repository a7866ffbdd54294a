"""Files into the ledger: what `import` and `demo` share."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cli.terminal import progress
from domain.errors import Fault, InvalidInput
from intake.catalogue import Importer
from intake.sources import Source

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.recording import Item


@dataclass(slots=True)
class Tally:
    """How far the recording of a file has come: what is in the ledger, and the batch in hand.

    `stretches` are the log positions of what is new, from and to. `left_out` and `remarks` are what the
    importer said of the file.
    """

    new: int = 0
    unchanged: int = 0
    log_position: int | None = None
    batch: tuple[Item, ...] = ()
    stretches: list[tuple[int, int]] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def recorded(self) -> int:
        """How many entries of the file are in the ledger."""
        return self.new + self.unchanged

    def note_written(self, positions: Sequence[int]) -> None:
        """Takes in the log positions of one transaction, which nobody else's stand between."""
        if not positions:
            return
        first, last = min(positions), max(positions)
        if self.stretches and self.stretches[-1][1] + 1 == first:
            first = self.stretches.pop()[0]
        self.stretches.append((first, last))


def check_whole(source: Source, importer: Importer) -> None:
    """Raises InvalidInput with what is wrong with a file of many batches, before any of it is recorded.

    A file of one batch is left to the ledger, which finds what is wrong with it alone and beside what is
    recorded at once.
    """
    faults: list[Fault] = []
    number = 0
    with progress(f"Checking {label_of(source, importer)}"):
        for number, batch in enumerate(importer.read(source), start=1):  # noqa: B007 - the count is wanted
            faults += batch.found.faults
    if faults and number > 1:
        raise InvalidInput(faults)


def label_of(source: Source, importer: Importer) -> str:
    """What to call the source while it is being read."""
    return source.path.name if source.path else importer.name


def record_file(ledger: Ledger, source: Source, importer: Importer, recorded_by: str, tally: Tally) -> None:
    """Records a file, batch by batch, and keeps the tally.

    Raises InvalidInput, IdTaken or Conflicts for the batch in hand, of which nothing is recorded then.
    """
    with progress(label_of(source, importer)) as tell:
        for batch in importer.read(source):
            tally.batch = batch.items
            tally.left_out += batch.left_out
            tally.remarks += batch.remarks
            receipt = ledger.record(batch.items, recorded_by=recorded_by, found=batch.found)
            statuses = Counter(outcome.status for outcome in receipt.outcomes)
            tally.new += statuses["new"]
            tally.unchanged += statuses["unchanged"]
            tally.note_written([each.log_position or 0 for each in receipt.outcomes if each.status == "new"])
            tally.log_position = receipt.log_position or tally.log_position
            tell(tally.recorded, None)


def who_runs() -> str:
    """The name of the account this runs under."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"uid-{os.getuid()}"
