"""Lines of the table's edits, written by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from domain.kinds.assessments import ControlReported
from domain.registry import LocationRegistered
from intake.batches import Batch, join
from intake.importers.wiki_control import read_wiki_control
from intake.places import PlaceBook
from intake.sources import Source

TABLE = "wikipedia-control-table"


def seen(at: str, *rows: dict[str, Any], stamp: str | None = None) -> list[dict[str, Any]]:
    """One sighting of the page at an instant, with its rows; the stamp is that instant unless told."""
    day, clock = at.split("T")
    year, month, date = day.split("-")
    months = "January February March April May June July August September October November December"
    written = f"{int(date)} {months.split()[int(month) - 1]} {year} {clock[:2]}h{clock[3:5]} UTC"
    sighting = {"seen_at": f"{at}:00+00:00", "commit": at, "wiki_stamp": stamp or written}
    return [{**sighting, **row} for row in rows]


def row(kind: str, place: str = "Town", held_by: str = "", as_of: str = "", **more: Any) -> dict[str, Any]:
    """A row that came or changed."""
    cells = {"population": "5000", "dup": 1, "lat": "49.0", "lon": "37.0", "held_by": held_by, "as_of": as_of}
    return {"kind": kind, "place": place, **cells, **more}


def gone(place: str = "Town", **more: Any) -> dict[str, Any]:
    """A row that went: it has no cells, and no stamp."""
    return {"kind": "remove", "place": place, "population": "5000", "dup": 1, "wiki_stamp": "", **more}


def read(
    path: Path, *sightings: list[dict[str, Any]], places: list[LocationRegistered] | None = None
) -> Batch:
    """What the importer makes of these sightings."""
    lines = [json.dumps(line) for sighting in sightings for line in sighting]
    path.write_text("\n".join(lines), encoding="utf-8")
    return join(read_wiki_control(Source(path=path, places=PlaceBook(lambda: places or []))))


def developments(batch: Batch) -> list[ControlReported]:
    """The developments, in their order."""
    assert batch.found.faults == ()
    return [item.event for item in batch.items if isinstance(item.event, ControlReported)]


def said(batch: Batch) -> list[tuple[str, str, str]]:
    """Each development as place and day, the time it was known, and the cell's words."""
    return [
        (f"{each.at[0]} {each.occurred.edtf}", each.reported.edtf, str(each.manner).removeprefix("Held by: "))
        for each in developments(batch)
    ]


def registered(batch: Batch) -> dict[str, LocationRegistered]:
    """The places that are to be registered, by id."""
    return {item.event.id: item.event for item in batch.items if isinstance(item.event, LocationRegistered)}
