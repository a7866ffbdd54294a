"""Files into the ledger: what `import`, `check` and `demo` share.

All of a file is read and checked before anything of it is recorded. What is new waits on disk meanwhile, so
that a file of any size is read once, in bounded memory.
"""

from __future__ import annotations

import gc
import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cli.terminal import progress
from intake.batches import MOST_FAULTS, TOO_MANY, Batch
from intake.catalogue import Importer
from intake.ndjson import Portion
from intake.sources import Source

if TYPE_CHECKING:
    from ledger.bulk_checking import BulkCheck
    from ledger.database import Database
    from ledger.recording import Item

NO_LINE = 0
COLLECT_AFTER = 100_000
"""The objects that may be made before the garbage collector looks for cycles while a file is read."""


@dataclass(slots=True)
class Tally:
    """How far the recording of a file has come.

    `stretches` are the log positions of what is new, from and to. `conflicting` are the entries in conflict.
    `left_out` and `remarks` are what the importer said of the file: the lines that it cannot use, by the path
    and message that say why, and sentences.
    """

    new: int = 0
    unchanged: int = 0
    log_position: int | None = None
    conflicting: Sequence[Item] = ()
    stretches: list[tuple[int, int]] = field(default_factory=list)
    left_out: dict[tuple[str, str], array[int]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def note_read(self, batch: Batch) -> None:
        """Takes in what the importer said with a batch."""
        for fault in batch.left_out:
            lines = self.left_out.setdefault((fault.path, fault.message), array("q"))
            lines.append(fault.line or NO_LINE)
        self.remarks += batch.remarks

    def note_written(self, first: int, last: int) -> None:
        """Takes in the log positions of one transaction, which nobody else's stand between."""
        if self.stretches and self.stretches[-1][1] + 1 == first:
            first = self.stretches.pop()[0]
        self.stretches.append((first, last))
        self.log_position = last


Watch = Callable[[Sequence["Item"], Sequence["Item"]], None]
"""Is shown the entries of a batch, and those of them that are new."""


def check_source(
    source: Source, importer: Importer, check: BulkCheck, tally: Tally, watch: Watch = lambda _, __: None
) -> None:
    """Reads a source to its end and checks all of it, or until there are a thousand faults.

    Raises InvalidInput, IdTaken or Conflicts with everything that was found.
    """
    done = 0
    with _few_collections(), progress(f"Checking {label_of(source, importer)}") as tell:
        for batch in importer.read(source):
            watch(batch.items, _check_batch(batch, check, tally))
            done += len(batch.items)
            tell(done, None)
            if check.wrong >= MOST_FAULTS:
                break
    _end_check(check, tally)


def _check_quickly(
    source: Source, portions: Iterable[Portion], importer: Importer, check: BulkCheck, tally: Tally
) -> None:
    """Does what `check_source` does, with portions of the source as far as they were prepared."""
    with _few_collections(), progress(f"Checking {label_of(source, importer)}") as tell:
        for portion in portions:
            if portion.prepared is None or not check.add_prepared(portion.prepared):
                _check_batch(portion.read(), check, tally)
            tell(check.checked, None)
            if check.wrong >= MOST_FAULTS:
                break
    _end_check(check, tally)


def _check_batch(batch: Batch, check: BulkCheck, tally: Tally) -> list[Item]:
    """Checks one batch; answers what of it is new."""
    tally.note_read(batch)
    new = check.add(batch.items, batch.found)
    if check.wrong >= MOST_FAULTS and TOO_MANY not in batch.found.faults:
        check.faults.append(TOO_MANY)
    return new


def _end_check(check: BulkCheck, tally: Tally) -> None:
    """Raises what was found, if anything was."""
    tally.unchanged = check.unchanged
    tally.log_position = check.log_position
    tally.conflicting = [outcome.item for outcome in check.conflicts]
    check.raise_if_wrong()


def record_source(
    database: Database, source: Source, importer: Importer, recorded_by: str, tally: Tally
) -> None:
    """Records a source: a dossier in one transaction, others in several; nothing if anything is wrong.

    Raises what `check_source` and `append_spooled` raise; the tally says how much is recorded then.
    """
    from ledger.bulk_appending import append_spooled
    from ledger.bulk_checking import BulkCheck
    from ledger.spool import Spool

    with Spool() as spool:
        with closing(database.connect()) as connection:
            check = BulkCheck(connection, spool, recorded_by=recorded_by)
            if importer.prepare is None:
                check_source(source, importer, check, tally)
            else:
                with importer.prepare(source, recorded_by) as portions:
                    _check_quickly(source, portions, importer, check, tally)
        waiting = len(spool)
        with progress(f"Recording {label_of(source, importer)}") as tell:
            for written in append_spooled(database, spool):
                tally.new += written.new
                tally.unchanged += written.unchanged
                if written.new:
                    tally.note_written(written.first, written.last)
                tell(tally.new, waiting)


@contextmanager
def _few_collections() -> Iterator[None]:
    """Entries make no cycles: looking for some so often takes a tenth of the time, and finds none."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def label_of(source: Source, importer: Importer) -> str:
    """What to call the source while it is being read."""
    return source.path.name if source.path else importer.name


def who_runs() -> str:
    """The name of the account this runs under."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"uid-{os.getuid()}"
