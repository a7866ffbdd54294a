"""The map as GeoJSON (RFC 7946), and the lines of its replay.

The models document what is answered. A map has thousands of places, so it is written from small structs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from pydantic import Field

from api.shapes.base import Shape
from domain.registry import LocationKind
from domain.status import NOTHING_SAID, Status
from domain.times import Clocks
from projections.reading.map_replays import MapFrame
from projections.reading.maps import DrawnMap, DrawnPlace


class PointShape(Shape):
    """Where a place is."""

    type: Literal["Point"]
    coordinates: tuple[float, float] = Field(description="[longitude, latitude] in degrees, WGS 84.")


class PlaceProperties(Shape):
    """What is written on the map."""

    name: str
    kind: LocationKind
    status: Status
    holder: str | None = Field(description="The party that holds all of it, when the status is `held`.")
    certain: bool
    disagreements: int = Field(description="How many pairs of voices disagree.")


class PlaceFeature(Shape):
    """A place on the map."""

    type: Literal["Feature"]
    id: str
    geometry: PointShape
    properties: PlaceProperties


class MapCollection(Shape):
    """The map: the places that have a point, by id."""

    type: Literal["FeatureCollection"]
    features: list[PlaceFeature]
    without_point: int = Field(description="How many places more there would be if they had a point.")
    clocks: Clocks


class ChangedPlace(Shape):
    """What a map says of a place from a step on."""

    id: str
    status: Status
    holder: str | None
    certain: bool


class DefaultPlace(Shape):
    """What a map says of every place that has not been named yet."""

    status: Status
    holder: str | None
    certain: bool


class MapFrameShape(Shape):
    """What is otherwise on the map at an instant than at the step before; the first line is told against a
    map on which nothing is said.
    """

    t: datetime
    log_position: int = Field(description="Along the recorded clock that of the step, else of the replay.")
    cursor: str = Field(description="Sent back as `cursor`, it gives the lines after this one.")
    last: bool = Field(description="A replay that ends without such a line was cut off.")
    default: DefaultPlace | None = Field(description="In the first line alone: what is said of all others.")
    changes: list[ChangedPlace]


class _Point(msgspec.Struct, tag_field="type", tag="Point"):
    coordinates: tuple[float, float]


class _Properties(msgspec.Struct):
    name: str
    kind: LocationKind
    status: Status
    holder: str | None
    certain: bool
    disagreements: int


class Feature(msgspec.Struct, tag_field="type", tag="Feature"):
    """A `PlaceFeature` as it is written; where it stands alone, with the clocks that it is cited with."""

    id: str
    geometry: _Point
    properties: _Properties
    clocks: Clocks | msgspec.UnsetType = msgspec.UNSET


def map_json(drawn: DrawnMap, clocks: Clocks) -> bytes:
    """A `MapCollection` as JSON."""
    return msgspec.json.encode(
        {
            "type": "FeatureCollection",
            "features": [place_feature(place) for place in drawn.places],
            "without_point": drawn.without_point,
            "clocks": clocks,
        }
    )


def place_feature(place: DrawnPlace, clocks: Clocks | msgspec.UnsetType = msgspec.UNSET) -> Feature:
    """What is written of a place."""
    outline = place.outline
    properties = _Properties(
        place.name, place.kind, outline.status, outline.holder, outline.certain, outline.disagreements
    )
    return Feature(place.id, _Point(place.point), properties, clocks)


def frame_json(told: MapFrame, cursor: str, *, last: bool) -> bytes:
    """A `MapFrameShape` as JSON."""
    default = {
        "status": NOTHING_SAID.status,
        "holder": NOTHING_SAID.holder,
        "certain": NOTHING_SAID.certain,
    }
    return msgspec.json.encode(
        {
            "t": told.t,
            "log_position": told.log_position,
            "cursor": cursor,
            "last": last,
            "default": default if told.number == 0 else None,
            "changes": told.changes,
        }
    )
