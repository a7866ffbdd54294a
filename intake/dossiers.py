"""Dossiers: one file with actors, places, documents and developments (docs/dossiers.md).

A dossier is read whole, and everything wrong in it is reported at once with line and path. What is
wrong only in the light of what is recorded already is the ledger's to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, tzinfo
from typing import Any

import msgspec

from domain.errors import Fault, InvalidInput
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.streams import Thing
from intake.batches import TOO_MANY, Batch, Gathering
from intake.dates import resolve_when, timezone_named
from intake.entries import Context, read_development, read_entry
from intake.yaml_lines import LinedValue, read_yaml
from ledger.recording import Item

FORMAT = 1
LINED = 1024 * 1024
"""JSON up to so many characters is read with its lines."""
SECTIONS = ("actors", "locations", "documents", "developments")
HEADER = ("palimpsest", "title", "timezone", "description")
MOST_DATED = 100_000
"""Of so many documents, the last, the publication dates are kept in mind: a bound on memory."""


@dataclass(slots=True)
class DossierReader:
    """Reads entries one after the other.

    What earlier ones say, the time zone and publication dates, counts for later ones. Of more dated documents
    than MOST_DATED, the first are forgotten.
    """

    tz: tzinfo = UTC
    published: dict[str, date] = field(default_factory=dict)

    def read(
        self, section: str, written: object, path: str, line: int | None = None
    ) -> tuple[Item | None, list[Fault]]:
        """One entry of a section, ready to record, or None with its faults, which have no line yet."""
        event: Thing | None
        text = None
        match section:
            case "developments":
                context = Context(tz=self.tz, anchor=self._anchor(written) if self.published else None)
                event, faults = read_development(written, context, path)
            case "actors":
                event, faults = read_entry(ActorRegistered, written, Context(tz=self.tz), path)
            case "locations":
                event, faults = read_entry(LocationRegistered, written, Context(tz=self.tz), path)
            case _:
                event, text, faults = self._read_document(written, path)
        return None if event is None else Item(event=event, path=path, line=line, text=text), faults

    def _read_document(
        self, written: object, path: str
    ) -> tuple[DocumentArchived | None, str | None, list[Fault]]:
        if not isinstance(written, Mapping):
            fault = Fault(path=path, message="A document is a mapping of fields.", code="bad-type")
            return None, None, [fault]
        fields = dict(written)
        text = fields.pop("text", None)
        faults = []
        if text is not None and not isinstance(text, str):
            faults.append(Fault(path=f"{path}.text".lstrip("."), message="A text is text.", code="bad-type"))
        if fields.get("published") is not None:
            faults += self._note_published(fields, path)
        document, more = read_entry(DocumentArchived, fields, Context(tz=self.tz), path)
        return (None if faults else document), text, [*faults, *more]

    def _note_published(self, fields: dict[str, Any], path: str) -> list[Fault]:
        """Resolves the publication date, for words such as "Friday" in what cites the document."""
        try:
            when = resolve_when(fields["published"], tz=self.tz)
        except ValueError as error:
            return [Fault(path=f"{path}.published".lstrip("."), message=str(error), code="bad-value")]
        fields["published"] = when.edtf
        self._note_date(str(fields.get("id")), when.earliest.astimezone(self.tz).date())
        return []

    def note_published(self, dates: Mapping[str, date]) -> None:
        """Takes in the publication dates of documents, by id, that another reader has read."""
        for identifier, day in dates.items():
            self._note_date(identifier, day)

    def _note_date(self, identifier: str, day: date) -> None:
        if len(self.published) >= MOST_DATED and identifier not in self.published:
            del self.published[next(iter(self.published))]
        self.published[identifier] = day

    def _anchor(self, written: object) -> date | None:
        """The day on which the first cited document of known date was published."""
        sources = written.get("sources") if isinstance(written, Mapping) else None
        for source in sources if isinstance(sources, list) else ():
            name = source.get("document") if isinstance(source, Mapping) else None
            if isinstance(name, str) and name in self.published:
                return self.published[name]
        return None


def read_dossier(data: bytes) -> Batch:
    """The entries of a YAML or JSON file, and everything wrong with it on its own.

    Raises InvalidInput when it cannot be read at all.
    """
    text = decode_text(data)
    if not text.lstrip().startswith("{"):
        return read_dossier_value(read_yaml(text))
    try:
        # JSON is a part of YAML, and read as such it comes with lines; a large one is read for speed.
        value = LinedValue(value=msgspec.json.decode(text)) if len(text) > LINED else read_yaml(text)
    except (InvalidInput, msgspec.DecodeError, RecursionError):
        value = _read_other_way(text)
    return read_dossier_value(value)


def _read_other_way(text: str) -> LinedValue:
    """JSON that YAML does not take (tabs), or the line at which neither can be read."""
    if len(text) > LINED:
        return read_yaml(text)
    try:
        return LinedValue(value=msgspec.json.decode(text))
    except (msgspec.DecodeError, RecursionError):
        return read_yaml(text)


def decode_text(data: bytes) -> str:
    """UTF-8 text. Raises InvalidInput that says where it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"This is no UTF-8: byte {error.start} cannot be read. Save the file as UTF-8."
        raise InvalidInput([Fault(path="", message=message, code="not-utf-8", line=line)]) from None


def read_dossier_value(lined: LinedValue) -> Batch:
    """The entries of a value that was read. Raises InvalidInput when it is no dossier at all."""
    written = lined.value
    if not isinstance(written, dict):
        message = "A dossier is a mapping that starts with `palimpsest: 1`."
        raise InvalidInput([Fault(path="", message=message, code="bad-type", line=1)])
    reader, gathering = DossierReader(), Gathering()
    gathering.faults += _header_faults(written, reader)
    for section in SECTIONS:
        entries = [] if written.get(section) is None else written[section]
        if not isinstance(entries, list):
            gathering.faults.append(
                Fault(path=section, message="This is a list of entries.", code="bad-type")
            )
            continue
        for index, entry in enumerate(entries):
            if gathering.is_hopeless:
                break
            path = f"{section}[{index}]"
            item, found = reader.read(section, entry, path, lined.line_of(path))
            gathering.add(section, entry, item, found)
    if gathering.is_hopeless:
        gathering.faults.append(TOO_MANY)
    gathering.faults = [replace(fault, line=lined.line_of(fault.path)) for fault in gathering.faults]
    return gathering.close()


def _header_faults(written: dict[str, Any], reader: DossierReader) -> Iterator[Fault]:
    version = written.get("palimpsest")
    if version != FORMAT or isinstance(version, bool):
        said = "is missing" if version is None else f"is {version!r}"
        message = f"The version of the format {said}; this software reads `palimpsest: {FORMAT}`."
        yield Fault(path="palimpsest", message=message, code="bad-version")
    for name in written:
        if name not in (*HEADER, *SECTIONS):
            known = ", ".join((*HEADER, *SECTIONS))
            yield Fault(
                path=str(name), message=f"There is no such section; there are {known}.", code="unknown-field"
            )
    for name in ("title", "description"):
        if written.get(name) is not None and not isinstance(written[name], str):
            yield Fault(path=name, message="This is text; put it in quotes.", code="bad-type")
    yield from zone_faults(written.get("timezone"), reader)


def zone_faults(name: object, reader: DossierReader) -> Iterator[Fault]:
    """Sets the reader's time zone, or says what is wrong with the name."""
    if name is None:
        return
    try:
        reader.tz = timezone_named(name if isinstance(name, str) else "")
    except ValueError as error:
        yield Fault(path="timezone", message=str(error), code="bad-value")
