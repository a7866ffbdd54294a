"""Timelines, maps and claims in the formats of other tools, at addresses that end with the format.

The routes follow from the catalogue of formats. The same formats are offered by `Accept` where there is no
suffix (`locations.py`, `map.py`, `claims.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from api.access import ServicesDep, reader
from api.clocks import ClocksDep
from api.documenting import tells
from api.feeds.answering import LINKS, answer_claim, answer_map, answer_timeline, response_class
from api.feeds.base import ClaimPage, Format, MapPage, TimelinePage
from api.feeds.catalogue import CLAIM_FORMATS, MAP_FORMATS, TIMELINE_FORMATS
from api.map_asking import MapDep
from api.timelines import TimelineDep, read_timeline
from projections.reading import casts, claims, maps

router = APIRouter(prefix="/v1", tags=["feeds"], dependencies=[Depends(reader)])


def _timeline_in(chosen: Format[TimelinePage]) -> Callable[..., Response]:
    def get_timeline(
        request: Request, services: ServicesDep, asked: ClocksDep, location_id: str, timeline: TimelineDep
    ) -> Response:
        read = read_timeline(
            services, asked, location_id, timeline, newest_first=chosen.newest_first, in_words=True
        )
        return answer_timeline(request, chosen, read, timeline, asked)

    return get_timeline


def _map_in(chosen: Format[MapPage]) -> Callable[..., Response]:
    def get_map(request: Request, services: ServicesDep, asked: ClocksDep, question: MapDep) -> Response:
        with services.reader.at(asked, *maps.NEEDS) as moment:
            drawn = maps.read_map(moment, question)
        return answer_map(request, chosen, drawn, moment.clocks, asked)

    return get_map


def _claim_in(chosen: Format[ClaimPage]) -> Callable[..., Response]:
    def get_claim(request: Request, services: ServicesDep, asked: ClocksDep, claim_id: str) -> Response:
        with services.reader.at(asked, *claims.NEEDS, *casts.NEEDS) as moment:
            found = claims.find_claim(moment, claim_id)
            told, cast = casts.load_claim_cast(moment, found)
        return answer_claim(request, chosen, found, told, cast, moment.clocks, asked)

    return get_claim


def _add(path: str, chosen: Format[Any], endpoint: Callable[..., Response], what: str) -> None:
    """The route of one format."""
    router.add_api_route(
        f"{path}.{chosen.suffix}",
        endpoint,
        name=f"{endpoint.__name__}_as_{chosen.suffix}",
        summary=f"{what} as {chosen.name}",
        description=f"{what} as {chosen.name}, as far as the format has room for what the JSON answer has.",
        response_class=response_class(chosen),
        responses=tells(chosen.shape, 401, 404, 422, 503, headers=LINKS),
    )


for _timeline in TIMELINE_FORMATS:
    _add("/locations/{location_id}/timeline", _timeline, _timeline_in(_timeline), "The timeline of a place")
for _map in MAP_FORMATS:
    _add("/map", _map, _map_in(_map), "The map")
for _claim in CLAIM_FORMATS:
    _add("/claims/{claim_id}", _claim, _claim_in(_claim), "A claim")
