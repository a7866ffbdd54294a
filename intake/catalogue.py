"""Every format that can be imported. Adding one is a file beside this one and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Fault, InvalidInput
from intake.batches import Batch
from intake.dossiers import read_dossier
from intake.ndjson import read_ndjson

LARGEST_DOSSIER = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """A format: `read` gives the batches of a file, each to be recorded all or nothing, with what is wrong.

    It raises InvalidInput for a file that cannot be read at all.
    """

    name: str
    help: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], Iterator[Batch]]


def _read_dossier_file(path: Path) -> Iterator[Batch]:
    if path.stat().st_size > LARGEST_DOSSIER:
        limit = LARGEST_DOSSIER // 1024 // 1024
        message = f"The file is over {limit} MiB; write it as NDJSON, which is read as a stream."
        raise InvalidInput([Fault(path="", message=message, code="too-large")])
    yield read_dossier(path.read_bytes())


def _read_ndjson_file(path: Path) -> Iterator[Batch]:
    with path.open("rb") as lines:
        yield from read_ndjson(lines)


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        name="dossier",
        help="A dossier in YAML or JSON, recorded all or nothing.",
        suffixes=(".yaml", ".yml", ".json"),
        read=_read_dossier_file,
    ),
    Importer(
        name="ndjson",
        help="A dossier as NDJSON, one entry a line, recorded in batches.",
        suffixes=(".ndjson", ".jsonl"),
        read=_read_ndjson_file,
    ),
)


def importer_for(path: Path, name: str | None = None) -> Importer:
    """The importer named, or the one for the file's suffix. Raises InvalidInput."""
    for importer in IMPORTERS:
        if importer.name == name or (name is None and path.suffix.lower() in importer.suffixes):
            return importer
    known = ", ".join(importer.name for importer in IMPORTERS)
    said = f"There is no format {name!r}" if name else f"The suffix {path.suffix!r} names no format"
    raise InvalidInput(
        [Fault(path="", message=f"{said}; name one with --format: {known}.", code="unknown-format")]
    )
