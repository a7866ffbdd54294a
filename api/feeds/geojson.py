"""GeoJSON (RFC 7946): the map, and a timeline with each development at the point of its place."""

from __future__ import annotations

from typing import Literal

import msgspec
from pydantic import Field

from api.feeds.base import Format, MapPage, TimelinePage
from api.feeds.headlines import headline
from api.feeds.telling import say_occurred
from api.shapes.base import Shape
from api.shapes.developments import RecordedDevelopment, development_fields
from api.shapes.map import MapCollection, PointShape, map_json
from domain.times import Clocks

MEDIA_TYPE = "application/geo+json"


class ToldDevelopment(RecordedDevelopment):
    """A development, with words to show on a map."""

    headline: str
    display_date: str = Field(description="The time in words, as imprecise as it is.")


class DevelopmentFeature(Shape):
    """A development, at the point of the place whose timeline this is."""

    type: Literal["Feature"]
    id: str
    geometry: PointShape | None = Field(description="null for a place without a point.")
    properties: ToldDevelopment


class DevelopmentCollection(Shape):
    """A page of a timeline as GeoJSON, with members of our own beside those of the standard."""

    type: Literal["FeatureCollection"]
    features: list[DevelopmentFeature]
    place: str = Field(description="The id of the place.")
    clocks: Clocks
    canonical: str = Field(description="This page with all its clocks pinned.")


def write_timeline(page: TimelinePage) -> bytes:
    """The developments as features."""
    point = {"type": "Point", "coordinates": page.place.point} if page.place.point is not None else None
    features = [
        {
            "type": "Feature",
            "id": found.body.id,
            "geometry": point,
            "properties": {
                "headline": headline(found.body, page.cast),
                "display_date": say_occurred(found.body),
                **development_fields(found),
            },
        }
        for found in page.items
    ]
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": features,
            "place": page.place.id,
            "clocks": page.clocks,
            "canonical": page.addresses.pinned,
        }
    )


def write_map(page: MapPage) -> bytes:
    """The map as it is answered without a suffix."""
    return map_json(page.drawn, page.clocks)


TIMELINE_GEOJSON: Format[TimelinePage] = Format(
    suffix="geojson",
    name="GeoJSON (RFC 7946)",
    media_type=MEDIA_TYPE,
    write=write_timeline,
    shape=DevelopmentCollection,
)
MAP_GEOJSON: Format[MapPage] = Format(
    suffix="geojson", name="GeoJSON (RFC 7946)", media_type=MEDIA_TYPE, write=write_map, shape=MapCollection
)
