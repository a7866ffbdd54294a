"""Every row of a table as a development, by a mapping (docs/importers/csv.md)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.errors import Fault
from domain.kinds.envelope import SLUG
from intake.batches import Batch
from intake.drafts import Draft
from intake.importers.csv_tables.mapping import Identity, MappingFile, TableMapping
from intake.importers.csv_tables.rows import Row, Table
from intake.importers.csv_tables.specs import BadCell, LeftOut, Record
from intake.slugs import slug_of
from intake.sources import Option, Source

MAPPING = Option(
    name="mapping", metavar="FILE", help="A YAML file that says what the columns mean.", required=True
)
DIGITS = 16
"""Hexadecimal digits of the hash in an id: 64 bits."""


def read_csv_table(source: Source) -> Iterator[Batch]:
    """Batches of developments, a row each. Raises InvalidInput for a table or a mapping that is none."""
    file = MappingFile(Path(source.options[MAPPING.name]))
    with source.file.open("rb") as lines:
        table = Table(lines, file.layout)
        mapping = file.read(table.columns, source.places)
        draft = Draft(source, tz=mapping.tz)
        _register(draft, source, mapping)
        writing = _Writing(draft=draft, mapping=mapping)
        for line, row in table.rows():
            if isinstance(row, Fault):
                draft.fault(row.message, code=row.code, line=line)
            else:
                writing.write(row, line)
            if draft.is_hopeless:
                break
            if draft.is_full:
                yield draft.close()
        draft.remark(writing.say_counts())
        yield draft.close()


def _register(draft: Draft, source: Source, mapping: TableMapping) -> None:
    for actor in mapping.entries["actors"]:
        draft.actor(actor)
    for place in mapping.entries["locations"]:
        if source.places.find(place["id"]) is None:
            draft.location(place)
    draft.document(mapping.document)


@dataclass(slots=True, kw_only=True)
class _Writing:
    """Writes rows into a draft, and counts what became of them."""

    draft: Draft
    mapping: TableMapping
    counts: Counter[str] = field(default_factory=Counter)
    archived: set[str] = field(default_factory=set)

    def write(self, row: Row, line: int) -> None:
        """A row as a development with its sources; or why it is left out, or all that is wrong with it."""
        self.counts["rows"] += 1
        if any(skip.holds_for(row) for skip in self.mapping.skips):
            self.counts["skipped"] += 1
            return
        faults: list[tuple[str, str]] = []
        try:
            written = _evaluate(self.mapping.development, row, "", faults)
            told = _evaluate(self.mapping.source, row, "source.", faults) if self.mapping.source else {}
        except LeftOut as why:
            self.counts["left out"] += 1
            self.draft.leave_out(str(why), line=line)
            return
        if not (identifier := _identify(self.mapping.identity, row)):
            faults.append(("id", f"The column {self.mapping.identity.columns[0]!r} is empty."))
        for path, message in faults:
            self.draft.fault(message, code="bad-value", line=line, path=path)
        if not faults:
            sources = self._cite(told, line)
            self.draft.development({**written, "id": identifier, "sources": sources}, line=line)
            self.counts["developments"] += 1

    def _cite(self, told: Mapping[str, Any], line: int) -> list[dict[str, Any]]:
        """The sources of a row: its own, where it names one, and the table, which has it from there."""
        how = {name: told[name] for name in ("via", "mode") if name in told}
        if isinstance(how.get("via"), str):
            how["via"] = [how["via"]]
        table = {"document": self.mapping.document["id"], **how}
        named = {name: value for name, value in told.items() if name not in how}
        if not {"url", "title"} & set(named):
            return [table]
        document = {"title": named.get("url"), **named}
        document["id"] = f"{table['document']}.{_hash(document)}"
        if document["id"] not in self.archived:
            self.archived.add(document["id"])
            self.draft.document(document, line=line)
        origin = how.get("via") or [str(named.get("publisher"))]
        return [{"document": document["id"], **how}, {**table, "via": origin}]

    def say_counts(self) -> str:
        """What became of the rows."""
        made = ("developments", "skipped", "left out")
        said = ", ".join(
            f"{what}: {self.counts[what]:,}" for what in made if self.counts[what] or what == made[0]
        )
        return f"Rows: {self.counts['rows']:,}; {said}."


def _evaluate(record: Record, row: Row, path: str, faults: list[tuple[str, str]]) -> dict[str, Any]:
    """The fields of a row that have a value. Raises LeftOut; what else is wrong goes to `faults`."""
    values: dict[str, Any] = {}
    for name, spec in record.fields.items():
        try:
            value = spec.value(row)
        except BadCell as error:
            faults.append((f"{path}{name}", str(error)))
        else:
            if value is not None:
                values[name] = value
    return values


def _identify(identity: Identity, row: Row) -> str | None:
    """The id of a row; None if the cell that has it is empty."""
    if not identity.is_an_id:
        return identity.prefix + _hash([[column, row[column]] for column in identity.columns])
    cell = row[identity.columns[0]]
    if not cell:
        return None
    return identity.prefix + (cell if SLUG.fullmatch(cell) else slug_of(cell))


def _hash(value: Sequence[Any] | Mapping[str, Any]) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
