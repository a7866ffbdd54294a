"""A mapping file: what the table is, and what its columns mean. All that is wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import tzinfo
from pathlib import Path
from typing import Any

from domain.catalogue import KINDS
from domain.errors import Fault, InvalidInput
from domain.registry import LocationRegistered
from intake.dossiers import DossierReader, decode_text, zone_faults
from intake.entries import Context, read_development
from intake.importers.csv_tables.parsing import Parser
from intake.importers.csv_tables.rows import Layout, Row
from intake.importers.csv_tables.specs import Constant, Record, Spec
from intake.places import PlaceBook
from intake.yaml_lines import LinedValue, read_yaml

FORMAT = 1
SECTIONS = (
    *("mapping", "timezone", "table", "document", "actors", "locations"),
    *("skip", "id", "development", "source"),
)
SOURCE = ("publisher", "title", "url", "published", "language", "via", "mode")
MOST_LINES = 1_000
LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """Rows that are no developments: those in whose column one of these stands."""

    column: str
    values: frozenset[str]

    def holds_for(self, row: Row) -> bool:
        """Whether the row is one."""
        return row[self.column] in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """How a row gets its id: from the one column of its id, or from what all of these columns say."""

    columns: tuple[str, ...]
    prefix: str
    is_an_id: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableMapping:
    """All that a mapping says. `entries` are sections of a dossier with what is in them."""

    tz: tzinfo
    document: Mapping[str, Any]
    entries: Mapping[str, Sequence[Mapping[str, Any]]]
    skips: Sequence[Skip]
    identity: Identity
    development: Record
    source: Record | None


class MappingFile:
    """A mapping as it is written. Raises InvalidInput for a file that is none."""

    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._lined = LinedValue()
        try:
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            message = f"The mapping {path} cannot be read: {error.strerror}."
            raise InvalidInput([Fault(path="--mapping", message=message, code="unreadable")]) from None
        try:
            if len(data) > LARGEST:
                raise InvalidInput([Fault(path="", message="A mapping has at most 1 MiB.", code="too-large")])
            self._lined = read_yaml(decode_text(data))
        except InvalidInput as error:
            raise self.refused(error.faults) from None
        written = self._lined.value
        version = written.get("mapping") if isinstance(written, dict) else None
        if version != FORMAT or isinstance(version, bool):
            message = f"A mapping starts with `mapping: {FORMAT}`, the version of the format."
            raise self.refused([Fault(path="mapping", message=message, code="bad-version", line=1)])
        self._written: dict[str, Any] = self._lined.value
        self.layout = self._layout()

    def refused(self, faults: Sequence[Fault]) -> InvalidInput:
        """The faults with the name of the mapping and its line in their path: the file read is the table."""
        told = []
        for fault in faults:
            line = fault.line or self._lined.line_of(fault.path)
            where = f"{self._name}:{line}" if line else self._name
            path = ": ".join(filter(None, (where, fault.path)))
            told.append((line or 0, replace(fault, path=path, line=None)))
        return InvalidInput([fault for _, fault in sorted(told, key=lambda each: each[0])])

    def read(self, columns: Sequence[str], places: PlaceBook) -> TableMapping:
        """The mapping for a table with these columns. Raises InvalidInput with everything wrong with it."""
        reader = DossierReader()
        parser = Parser(columns=columns, book=PlaceBook())
        parser.fields(self._written, "", SECTIONS, "A mapping")
        parser.faults += zone_faults(self._written.get("timezone"), reader)
        document, entries, own = self._entries(parser, reader)
        parser.book = PlaceBook(lambda: [*(each for each in own if places.find(each.id) is None), *places])
        source = self._source(parser) if self._written.get("source") is not None else None
        anchor = reader.published.get(str(document.get("id")))
        development = self._development(parser, Context(tz=reader.tz, anchor=anchor))
        specs: list[Spec] = [development, *([source] if source is not None else [])]
        mapping = TableMapping(
            tz=reader.tz,
            document=document,
            entries=entries,
            skips=self._skips(parser),
            identity=self._identity(parser, specs, str(document.get("id"))),
            development=development,
            source=source,
        )
        if parser.faults:
            raise self.refused(parser.faults)
        return mapping

    def _layout(self) -> Layout:
        default = Layout()
        parser = Parser(columns=(), book=PlaceBook())
        given = parser.fields(
            self._written.get("table") or {}, "table", ("delimiter", "lines_before"), "A table"
        )
        delimiter = parser.text(given.get("delimiter"), "table.delimiter", default.delimiter)
        above = given.get("lines_before", default.lines_before)
        if len(delimiter) != 1 or delimiter in '"\r\n ':
            parser.refuse("table.delimiter", 'This is one character, such as ";" or "\\t" for a tab.')
        if isinstance(above, bool) or not isinstance(above, int) or not 0 <= above <= MOST_LINES:
            parser.refuse("table.lines_before", f"This is a number of lines, up to {MOST_LINES:,}.")
        if parser.faults:
            raise self.refused(parser.faults)
        return Layout(delimiter=delimiter, lines_before=above)

    def _entries(
        self, parser: Parser, reader: DossierReader
    ) -> tuple[Mapping[str, Any], dict[str, list[Mapping[str, Any]]], list[LocationRegistered]]:
        """The document of the table, the actors and places that come with it, and these places as read."""
        entries: dict[str, list[Mapping[str, Any]]] = {}
        own: list[LocationRegistered] = []
        document = self._written.get("document")
        if document is None:
            message = "Say what the table is: its id, publisher, title, url, licence."
            parser.refuse("document", message, "missing")
        else:
            _read_entry(parser, reader, "documents", document, "document")
        for section in ("actors", "locations"):
            written = self._written.get(section) or []
            if not isinstance(written, list):
                parser.refuse(section, "This is a list of entries.", "bad-type")
                continue
            entries[section] = written
            for number, entry in enumerate(written):
                event = _read_entry(parser, reader, section, entry, f"{section}[{number}]")
                own += [event] if isinstance(event, LocationRegistered) else []
        return document if isinstance(document, Mapping) else {}, entries, own

    def _skips(self, parser: Parser) -> list[Skip]:
        written = self._written.get("skip") or []
        if not isinstance(written, list):
            parser.refuse("skip", "This is a list of `{column: ..., is: [...]}`.", "bad-type")
            return []
        skips = []
        for number, each in enumerate(written):
            path = f"skip[{number}]"
            given = parser.fields(each, path, ("column", "is"), "What is skipped")
            column = parser.column(given.get("column"), f"{path}.column")
            values = given.get("is")
            if values is None and "is" not in given:
                parser.refuse(f"{path}.is", "Say what stands in the column of such a row.", "missing")
            several = values if isinstance(values, list) else [values]
            plain = frozenset("" if value is None else str(value) for value in several)
            skips.append(Skip(column=column, values=plain))
        return skips

    def _identity(self, parser: Parser, specs: Sequence[Spec], table: str) -> Identity:
        """By default, all cells that are read make the id."""
        written = self._written.get("id")
        read = tuple(sorted({column for spec in specs for column in spec.columns()}))
        if written is None:
            return Identity(columns=read, prefix=f"{table}.")
        given = parser.fields(written, "id", ("column", "columns", "prefix"), "An id")
        prefix = parser.text(given.get("prefix"), "id.prefix", f"{table}.")
        several = given.get("columns")
        if ("column" in given) == (several is not None) or not isinstance(several, list | None):
            parser.refuse(
                "id", "Write either `column`, that of the id, or `columns`, a list of what makes it."
            )
            return Identity(columns=read, prefix=prefix)
        if several is None:
            column = parser.column(given["column"], "id.column")
            return Identity(columns=(column,), prefix=prefix, is_an_id=True)
        names = (parser.column(name, f"id.columns[{number}]") for number, name in enumerate(several))
        return Identity(columns=tuple(sorted(names)), prefix=prefix)

    def _source(self, parser: Parser) -> Record | None:
        written = parser.fields(self._written["source"], "source", SOURCE, "A source")
        return Record(fields={name: parser.spec(each, f"source.{name}") for name, each in written.items()})

    def _development(self, parser: Parser, context: Context) -> Record:
        written = self._written.get("development")
        if not isinstance(written, Mapping):
            parser.refuse(
                "development", "Say of what its fields are made: kind, at, by, reported ...", "missing"
            )
            return Record(fields={})
        kind = written.get("kind")
        classes = [KINDS[kind]] if isinstance(kind, str) and kind in KINDS else list(KINDS.values())
        known = {each.name: None for cls in classes for each in fields(cls)}
        for name in ("id", "sources"):
            del known[name]
        parser.fields(written, "development", list(known), "A development")
        for name in ("kind", "at", "reported"):
            if written.get(name) is None:
                parser.refuse(f"development.{name}", "This field is missing.", "missing")
        specs = {
            name: (parser.place if name == "at" else parser.spec)(each, f"development.{name}")
            for name, each in written.items()
        }
        parser.faults += _constant_faults(specs, context)
        return Record(fields=specs)


def _read_entry(parser: Parser, reader: DossierReader, section: str, written: object, path: str) -> object:
    """The entry as it is recorded, or None with what is wrong with it told to the parser."""
    item, faults = reader.read(section, written, path)
    found = item.event.find_faults() if item is not None else ()
    parser.faults += [*faults, *(replace(fault, path=f"{path}.{fault.path}") for fault in found)]
    return item.event if item is not None else None


def _constant_faults(specs: Mapping[str, Spec], context: Context) -> list[Fault]:
    """What is wrong with what is the same for every row, told once and not with every row."""
    constants = {name: spec.written for name, spec in specs.items() if isinstance(spec, Constant)}
    if "kind" not in constants:
        return []
    _, faults = read_development({**constants, "id": "row"}, context, "development")
    fields_of = ((fault, fault.path.split(".")[1].partition("[")[0]) for fault in faults)
    return [fault for fault, name in fields_of if name in constants and fault.code != "unknown-field"]
