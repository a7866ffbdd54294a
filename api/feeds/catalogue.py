"""Every format there is. Adding one is a file and an entry here; its routes and its documentation follow."""

from __future__ import annotations

from api.feeds.atom import ATOM
from api.feeds.base import ClaimPage, Format, MapPage, TimelinePage
from api.feeds.csv import MAP_CSV, TIMELINE_CSV
from api.feeds.geojson import MAP_GEOJSON, TIMELINE_GEOJSON
from api.feeds.ics import ICS
from api.feeds.jsonfeed import JSONFEED
from api.feeds.jsonld import JSONLD
from api.feeds.ndjson import MAP_NDJSON, TIMELINE_NDJSON
from api.feeds.timelinejs import TIMELINEJS

TIMELINE_FORMATS: tuple[Format[TimelinePage], ...] = (
    ATOM,
    JSONFEED,
    ICS,
    TIMELINE_CSV,
    TIMELINE_NDJSON,
    TIMELINE_GEOJSON,
    TIMELINEJS,
)
MAP_FORMATS: tuple[Format[MapPage], ...] = (MAP_GEOJSON, MAP_CSV, MAP_NDJSON)
CLAIM_FORMATS: tuple[Format[ClaimPage], ...] = (JSONLD,)
