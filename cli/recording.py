"""Files into the ledger: what `import` and `demo` share."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cli.failures import Refused
from cli.terminal import progress
from domain.errors import Fault, InvalidInput
from intake.catalogue import Importer, importer_for

if TYPE_CHECKING:
    from ledger.application import Ledger
    from ledger.recording import Item

STDIN = "-"


@dataclass(slots=True)
class Tally:
    """How far the recording of a file has come: what is in the ledger, and the batch in hand."""

    new: int = 0
    unchanged: int = 0
    log_position: int | None = None
    batch: tuple[Item, ...] = ()

    @property
    def recorded(self) -> int:
        """How many entries of the file are in the ledger."""
        return self.new + self.unchanged


@contextmanager
def readable(name: str, format: str | None) -> Iterator[tuple[Path, Importer]]:
    """The file under this name and the importer for it; `-` is standard input, kept in a file meanwhile.

    Raises InvalidInput for a format that is not known.
    """
    if name != STDIN:
        yield Path(name), importer_for(Path(name), format)
        return
    if format is None:
        raise Refused("Standard input has no suffix: say what it is with --format.")
    importer = importer_for(Path(name), format)
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
        yield path, importer


def check_whole(path: Path, importer: Importer) -> None:
    """Raises InvalidInput with what is wrong with a file of many batches, before any of it is recorded.

    A file of one batch is left to the ledger, which finds what is wrong with it alone and beside what is
    recorded at once.
    """
    faults: list[Fault] = []
    number = 0
    with progress(f"Checking {path.name}"):
        for number, batch in enumerate(importer.read(path), start=1):  # noqa: B007 - the count is wanted
            faults += batch.found.faults
    if faults and number > 1:
        raise InvalidInput(faults)


def record_file(ledger: Ledger, path: Path, importer: Importer, recorded_by: str, tally: Tally) -> None:
    """Records a file, batch by batch, and keeps the tally.

    Raises InvalidInput, IdTaken or Conflicts for the batch in hand, of which nothing is recorded then.
    """
    with progress(path.name) as tell:
        for batch in importer.read(path):
            tally.batch = batch.items
            receipt = ledger.record(batch.items, recorded_by=recorded_by, found=batch.found)
            statuses = Counter(outcome.status for outcome in receipt.outcomes)
            tally.new += statuses["new"]
            tally.unchanged += statuses["unchanged"]
            tally.log_position = receipt.log_position or tally.log_position
            tell(tally.recorded, None)


def who_runs() -> str:
    """The name of the account this runs under."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return f"uid-{os.getuid()}"
