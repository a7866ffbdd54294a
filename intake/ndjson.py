"""Dossiers as NDJSON, for volume: one object a line, read as a stream in bounded memory.

Each object has one key: `palimpsest` (the version, with `timezone` beside it if wanted), `actor`,
`location`, `document` or `development`. The batches are recorded one by one; a file that was cut off
half way is read again from its start, and what is recorded already counts as unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import msgspec

from domain.errors import Fault, InvalidInput
from intake.dossiers import FORMAT, DossierReader, decode_text, zone_faults
from ledger.recording import Item

BATCH = 1_000
MOST_FAULTS = 1_000
SECTION_OF = {
    "actor": "actors",
    "location": "locations",
    "document": "documents",
    "development": "developments",
}


def read_ndjson(lines: Iterable[bytes]) -> Iterator[list[Item]]:
    """Batches of items, in the order of the lines.

    Raises InvalidInput for a batch with faults; the batches before it were handed out already.
    """
    reader = DossierReader()
    items: list[Item] = []
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        item, found = _read_line(reader, line, number)
        faults += (replace(fault, line=number) for fault in found)
        if item is not None:
            items.append(replace(item, line=number))
        if len(items) + len(faults) >= BATCH:
            yield _checked(items, faults)
            items = []
    if items or faults:
        yield _checked(items, faults)


def find_all_faults(lines: Iterable[bytes]) -> list[Fault]:
    """Everything wrong in a file on its own, up to a thousand faults, in one pass."""
    reader = DossierReader()
    faults: list[Fault] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _, found = _read_line(reader, line, number)
            faults += (replace(fault, line=number) for fault in found)
        if len(faults) >= MOST_FAULTS:
            break
    return faults


def _checked(items: list[Item], faults: list[Fault]) -> list[Item]:
    if faults:
        raise InvalidInput(faults)
    return items


def _read_line(reader: DossierReader, line: bytes, number: int) -> tuple[Item | None, list[Fault]]:
    try:
        written = msgspec.json.decode(decode_text(line))
    except InvalidInput as error:
        return None, list(error.faults)
    except (msgspec.DecodeError, RecursionError) as error:
        return None, [Fault(path="", message=f"This line is no JSON: {error}.", code="unreadable")]
    if not isinstance(written, dict) or not written:
        return None, [Fault(path="", message="Each line is one object.", code="bad-type")]
    if "palimpsest" in written:
        return None, list(_header_faults(reader, written, number))
    key = next(iter(written))
    if len(written) != 1 or key not in SECTION_OF:
        known = ", ".join(("palimpsest", *SECTION_OF))
        return None, [Fault(path="", message=f"Each line has one key: one of {known}.", code="unknown-field")]
    return reader.read(SECTION_OF[key], written[key], key)


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
