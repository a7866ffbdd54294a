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
from intake.batches import TOO_MANY, Batch, Gathering
from intake.dossiers import FORMAT, DossierReader, decode_text, zone_faults

BATCH = 1_000
_decode_json = msgspec.json.Decoder().decode
SECTION_OF = {
    "actor": "actors",
    "location": "locations",
    "document": "documents",
    "development": "developments",
}


def read_ndjson(lines: Iterable[bytes]) -> Iterator[Batch]:
    """Batches of entries in the order of the lines, each with what was found wrong in it."""
    reader, gathering = DossierReader(), Gathering()
    for number, line in enumerate(lines, start=1):
        if line.strip():
            _read_line(reader, gathering, line, number)
        if gathering.is_hopeless:
            gathering.faults.append(TOO_MANY)
            break
        if len(gathering) >= BATCH:
            yield gathering.close()
    if len(gathering):
        yield gathering.close()


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
