"""Lines of NDJSON made ready to record: read, checked by themselves, and encoded.

Nothing that other lines say is needed for that, so portions of a file can be prepared in any order, by other
processes. One of which that is not true (words for a date, a fault, an id given twice) is not prepared: it is
read in its turn (intake/ndjson.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo
from typing import Any, NamedTuple, cast

import msgspec

from domain.catalogue import KINDS
from domain.streams import Thing
from intake.dossiers import DossierReader
from intake.stored_forms import development_values
from ledger.codec import encode_values
from ledger.prepared import Packing, Prepared
from ledger.recording import make_row
from ledger.spool import thing_of
from ledger.texts import DocumentText, random_salt

SECTION_OF = {
    "actor": "actors",
    "location": "locations",
    "document": "documents",
    "development": "developments",
}
_NUL = b"\\u0000"
_decode = msgspec.json.Decoder().decode


class NotPrepared(ValueError):
    """A line has to be read together with those before it, or something is wrong with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A portion that was prepared, and the publication dates of its documents, for words in what follows."""

    prepared: Prepared
    published: dict[str, date] = field(default_factory=dict)


def prepare(lines: Sequence[bytes], first: int, recorded_by: str, tz: tzinfo = UTC) -> Ready | None:
    """Lines of which the first has the number `first`, each with one entry; None if they cannot be prepared.

    A day is that day in `tz`.
    """
    reading = _Reading(recorded_by, tz)
    packing = Packing()
    try:
        # One step for all lines, then the next: the code of a step stays in the processor's cache, which
        # saves a quarter of the time.
        taken = [reading.take(line, number) for number, line in enumerate(lines, start=first) if line.strip()]
        if any(True for each in taken for _ in each.thing.find_faults()):
            return None
        for each in taken:
            packing.add(*each)
    except NotPrepared:
        return None
    prepared = packing.close()
    return Ready(prepared=prepared, published=reading.documents.published) if prepared else None


class _Taken(NamedTuple):
    thing: Thing
    topic: str
    state: bytes
    line: int
    text: DocumentText | None = None


class _Reading:
    """Reads the lines of one portion."""

    def __init__(self, recorded_by: str, tz: tzinfo) -> None:
        self.documents = DossierReader(tz=tz)
        self._others = DossierReader(tz=tz)  # knows of no document, so that words for a date are a fault
        self._recorded_by = recorded_by
        self._tz = tz

    def take(self, line: bytes, number: int) -> _Taken:
        """One entry, encoded, and read back. Raises NotPrepared."""
        try:
            [(key, written)] = _decode(line).items()
            section = SECTION_OF[key]
        except (msgspec.DecodeError, ValueError, AttributeError, KeyError, RecursionError) as error:
            raise NotPrepared from error
        if section == "developments" and _NUL not in line:
            try:
                return self._take_plainly(written, number)
            except (LookupError, TypeError, ValueError, msgspec.ValidationError):
                written = _decode(line)[key]  # what was written was used up
        return self._take_thoroughly(section, key, written, number)

    def _take_plainly(self, written: Any, number: int) -> _Taken:
        """A development as nearly all are written. Raises one of several errors when in doubt."""
        topic = written["kind"]
        cls = KINDS[topic]
        values = development_values(cast(Hashable, cls), written, self._tz)
        state, event = encode_values(cls, values, self._recorded_by)
        return _Taken(cast(Thing, event), topic, state, number)

    def _take_thoroughly(self, section: str, key: str, written: object, number: int) -> _Taken:
        reader = self.documents if section == "documents" else self._others
        item, faults = reader.read(section, written, key, number)
        if item is None or faults:
            raise NotPrepared
        row = make_row(item, self._recorded_by, None, random_salt)
        if row.event is None or (row.text is None and item.text is not None):
            raise NotPrepared
        return _Taken(thing_of(row.event), row.event.topic, row.event.state, number, row.text)
