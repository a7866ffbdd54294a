"""Tables as CSV with their mappings, written by hand."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from domain.errors import InvalidInput
from domain.kinds.envelope import Development
from domain.registry import LocationRegistered
from intake.batches import Batch, join
from intake.importers.csv_tables import read_csv_table
from intake.places import ActorBook, PlaceBook
from intake.sources import Source
from tests.builders import location

MAPPING: dict[str, Any] = {
    "mapping": 1,
    "document": {"id": "watch", "publisher": "watch", "title": "Town watch", "licence": "CC BY 4.0"},
    "actors": [{"id": "watch", "kind": "outlet", "name": "Town Watch"}],
    "id": {"column": "nr"},
    "development": {
        "kind": "occupation-claimed",
        "at": {"column": "town"},
        "by": "russia",
        "holder": "russia",
        "reported": {"column": "day"},
    },
}
HEAD = "nr,town,day"
PLACES = (
    location(
        "kupiansk", names={"uk": "Куп'янськ"}, part_of="kharkiv", point=(37.6, 49.7), aliases=("Kupets",)
    ),
    location("lyman-1", name="Lyman", part_of="donetsk", point=(37.8, 49.0), refs={"geonames": "702320"}),
    location("lyman-2", name="Lyman", part_of="kharkiv", point=(36.5, 49.6)),
)


def mapping(section: str = "", **changes: Any) -> dict[str, Any]:
    """The mapping with some fields of a section, or of itself, changed; None takes one out."""
    changed = copy.deepcopy(MAPPING)
    part = changed.setdefault(section, {}) if section else changed
    for name, value in changes.items():
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value
    return changed


def development(**changes: Any) -> dict[str, Any]:
    """The mapping with some fields of its developments changed."""
    return mapping("development", **changes)


def source(
    folder: Path, table: str | bytes, said: Mapping[str, Any] | str = MAPPING, places: Any = PLACES
) -> Source:
    """The table and its mapping as files."""
    path, beside = folder / "watch.csv", folder / "watch.yaml"
    path.write_bytes(table if isinstance(table, bytes) else table.encode())
    text = said if isinstance(said, str) else yaml.safe_dump(said, allow_unicode=True, sort_keys=False)
    beside.write_text(text, encoding="utf-8")
    options = {"mapping": str(beside)}
    return Source(path=path, options=options, places=PlaceBook(lambda: places), actors=ActorBook())


def read(folder: Path, table: str | bytes, said: Mapping[str, Any] | str = MAPPING, **more: Any) -> Batch:
    """What the importer makes of a table."""
    return join(read_csv_table(source(folder, table, said, **more)))


def developments(batch: Batch) -> list[Any]:
    """The developments of a table without faults."""
    assert batch.found.faults == ()
    return [item.event for item in batch.items if isinstance(item.event, Development)]


def registered(batch: Batch) -> list[str]:
    """The ids of the places that are to be registered."""
    return [item.event.id for item in batch.items if isinstance(item.event, LocationRegistered)]


def faults(
    folder: Path, table: str | bytes, said: Mapping[str, Any] | str = MAPPING
) -> list[tuple[Any, str, str]]:
    """Everything wrong: line, path and message of each fault, of the batches or of what cannot be read."""
    try:
        found = read(folder, table, said).found.faults
    except InvalidInput as error:
        found = error.faults
    return [(fault.line, fault.path, fault.message) for fault in found]
