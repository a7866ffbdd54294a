"""NDJSON: a JSON object a line, each with the clocks that it is cited with."""

from __future__ import annotations

import msgspec

from api.feeds.base import Format, MapPage, TimelinePage
from api.shapes.developments import development_fields
from api.shapes.map import place_feature

MEDIA_TYPE = "application/x-ndjson"
_ENCODER = msgspec.json.Encoder()


def write_timeline(page: TimelinePage) -> bytes:
    """A development a line, as `GET /v1/developments/{development_id}` answers it at these clocks."""
    return _ENCODER.encode_lines(
        [{**development_fields(found), "clocks": page.clocks} for found in page.items]
    )


def write_map(page: MapPage) -> bytes:
    """A place a line, as a feature of GeoJSON."""
    return _ENCODER.encode_lines([place_feature(place, page.clocks) for place in page.drawn.places])


TIMELINE_NDJSON: Format[TimelinePage] = Format(
    suffix="ndjson", name="NDJSON", media_type=MEDIA_TYPE, write=write_timeline
)
MAP_NDJSON: Format[MapPage] = Format(suffix="ndjson", name="NDJSON", media_type=MEDIA_TYPE, write=write_map)
