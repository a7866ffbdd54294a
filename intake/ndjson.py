"""Dossiers as NDJSON, for volume: one object a line, read as a stream in bounded memory.

Each object has one key: `palimpsest` (the version, with `timezone` beside it if wanted), `actor`,
`location`, `document` or `development`. The batches are recorded one by one; a file that was cut off
half way is read again from its start, and what is recorded already counts as unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from domain.errors import Fault, InvalidInput
from intake.batches import TOO_MANY, Batch, Gathering
from intake.dossiers import FORMAT, DossierReader, decode_text, zone_faults
from intake.helping import Helpers
from intake.preparing import SECTION_OF
from ledger.prepared import Prepared

BATCH = 1_000
LONGEST = 4 * BATCH
"""The lines that are looked through for the entries of a batch: a bound on memory."""
_decode_json = msgspec.json.Decoder().decode


def read_ndjson(lines: Iterable[bytes]) -> Iterator[Batch]:
    """Batches of entries in the order of the lines, each with what was found wrong in it."""
    reading = _Reading()
    for first, portion in _portions(lines):
        yield reading.read(first, portion)
        if reading.is_hopeless:
            break


@dataclass(slots=True, kw_only=True)
class Portion:
    """Lines whose entries are checked and recorded together, as a batch is.

    `prepared` is what helpers made of them; None where they could not. `read` reads them in the order of the
    file, and has to be called where `prepared` is not taken.
    """

    prepared: Prepared | None
    read: Callable[[], Batch]


@contextmanager
def prepared_ndjson(
    lines: Iterable[bytes], recorded_by: str, helpers: int | None = None
) -> Iterator[Iterator[Portion]]:
    """Portions of a file in the order of its lines, prepared beside this process where there are many; by as
    many helpers as there are other processors, or as told.

    Raises Unavailable, while they are looked at, when a helper dies.
    """
    with Helpers(recorded_by, helpers) as helped:
        yield _prepared(lines, helped)


def _prepared(lines: Iterable[bytes], helpers: Helpers) -> Iterator[Portion]:
    reading, portions = _Reading(), _portions(lines)
    for first, portion in islice(portions, 1):
        # The first line may say what a day is; so this portion is read before any other can be prepared.
        yield Portion(prepared=None, read=partial(reading.read, first, portion))
    for first, those, ready in helpers.prepare(portions, reading.reader.tz):
        if reading.is_hopeless:
            break
        yield Portion(prepared=ready.prepared if ready else None, read=partial(reading.read, first, those))
        if ready is not None:
            reading.reader.note_published(ready.published)


def _portions(lines: Iterable[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    """Lines that hold BATCH entries, with the number of the first; fewer where many lines are empty."""
    left, first = iter(lines), 1
    while portion := list(islice(left, BATCH)):
        without = sum(not line.strip() for line in portion)
        if first == 1:
            without += b'"palimpsest"' in portion[0]
        while without and len(portion) < LONGEST:
            more = list(islice(left, without))
            without = sum(not line.strip() for line in more)
            portion += more
        yield first, portion
        first += len(portion)


class _Reading:
    """Reads portions in their order, with what earlier lines say of later ones."""

    def __init__(self) -> None:
        self.reader = DossierReader()
        self._gathering = Gathering()

    @property
    def is_hopeless(self) -> bool:
        """Whether so much is wrong that reading ended."""
        return self._gathering.is_hopeless

    def read(self, first: int, lines: Sequence[bytes]) -> Batch:
        """The batch of a portion whose first line has the number `first`."""
        for number, line in enumerate(lines, start=first):
            if line.strip():
                _read_line(self.reader, self._gathering, line, number)
            if self._gathering.is_hopeless:
                self._gathering.faults.append(TOO_MANY)
                break
        return self._gathering.close()


def _read_line(reader: DossierReader, gathering: Gathering, line: bytes, number: int) -> None:
    key, written, faults = _take_apart(reader, line, number)
    item = None
    if key is not None:
        item, faults = reader.read(SECTION_OF[key], written, key, number)
    placed = [replace(fault, line=number) for fault in faults]
    gathering.add(SECTION_OF[key or "actor"], written, item, placed)


def _take_apart(reader: DossierReader, line: bytes, number: int) -> tuple[str | None, object, list[Fault]]:
    """The key of a line and what stands under it; no key for the header, and for what is wrong."""
    try:
        written = _decode(line)
    except InvalidInput as error:
        return None, None, list(error.faults)
    except (msgspec.DecodeError, RecursionError) as error:
        return None, None, [Fault(path="", message=f"This line is no JSON: {error}.", code="unreadable")]
    if not isinstance(written, dict) or not written:
        return None, None, [Fault(path="", message="Each line is one object.", code="bad-type")]
    if "palimpsest" in written:
        return None, None, list(_header_faults(reader, written, number))
    key = next(iter(written))
    if len(written) != 1 or key not in SECTION_OF:
        known = ", ".join(("palimpsest", *SECTION_OF))
        message = f"Each line has one key: one of {known}."
        return None, None, [Fault(path="", message=message, code="unknown-field")]
    return key, written[key], []


def _decode(line: bytes) -> object:
    try:
        return _decode_json(line)
    except (msgspec.DecodeError, ValueError):
        # A mark in front of the text is no fault, and what is no UTF-8 is told as such.
        return _decode_json(decode_text(line))


def _header_faults(reader: DossierReader, written: dict[str, Any], number: int) -> Iterator[Fault]:
    if written["palimpsest"] != FORMAT or isinstance(written["palimpsest"], bool):
        message = f"The version of the format is {written['palimpsest']!r}; this software reads {FORMAT}."
        yield Fault(path="palimpsest", message=message, code="bad-version")
    if number != 1:
        yield Fault(path="palimpsest", message="The version stands on the first line.", code="bad-version")
    for name in written:
        if name not in ("palimpsest", "title", "timezone", "description"):
            yield Fault(path=name, message="There is no such field on the first line.", code="unknown-field")
    yield from zone_faults(written.get("timezone"), reader)
