"""Locations: the registry of places, by revision."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from domain.registry import LocationRegistered
from ledger.reading import Recorded
from projections.engine.projection import Projection, Writer

COLUMNS = (
    "location_id",
    "revision",
    "from_position",
    "until_position",
    "recorded_at",
    "longitude",
    "latitude",
    "part_of",
    "body",
)


class Locations(Projection):
    """Rows of `location_revisions`: one for each registration or description."""

    name: ClassVar[str] = "locations"
    tables: ClassVar[tuple[str, ...]] = ("location_revisions",)
    topics: ClassVar[frozenset[str]] = frozenset({"location-registered", "location-described"})

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds a revision, and ends the one before it."""
        place = recorded.event
        if not isinstance(place, LocationRegistered):
            return
        if recorded.version > 1:
            writer.end("location_revisions", "location_id", recorded.log_position)
        longitude, latitude = place.point or (None, None)
        row = (
            place.id,
            recorded.version,
            recorded.log_position,
            None,
            recorded.recorded_at,
            longitude,
            latitude,
            place.part_of,
            msgspec.json.encode(place),
        )
        writer.add("location_revisions", COLUMNS, row)
