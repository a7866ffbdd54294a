"""TimeMaps (RFC 7089): the mementos of a place's state and of its timeline, in application/link-format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import ServicesDep, reader
from api.answers import tagged
from api.clocks import LARGEST, ClocksDep, Voices, read_list
from api.composition import Services
from api.documenting import CACHE, ETAG, PAGES, problems
from api.memento import LINK_FORMAT, Link, Resource, http_date, write_links
from api.timelines import TimelineDep
from projections.reading.mementos import STATE, TIMELINE, Memento, Source, list_mementos
from projections.reading.moments import AskedClocks

router = APIRouter(prefix="/v1", tags=["locations"], dependencies=[Depends(reader)])

PAGE = 1_000
"""So many mementos are listed at once."""

RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The address itself, and each of its mementos with its time, the oldest first.",
        "headers": {**ETAG, **CACHE, **PAGES},
        "content": {LINK_FORMAT: {"schema": {"type": "string"}}},
    },
    304: {"description": "The client has it already (`If-None-Match`).", "headers": {**ETAG, **CACHE}},
    **problems(401, 404, 422, 503),
}

After = Annotated[
    int, Query(ge=0, le=LARGEST, description="Only mementos after this log position: where a page ended.")
]


@router.get("/locations/{location_id}/timemap", response_class=Response, responses=RESPONSES)
def list_state_mementos(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    voices: Voices = None,
    after: After = 0,
) -> Response:
    """The log positions at which the state of a place changed, as a TimeMap (RFC 7089), 1,000 at a time.

    The parameters are those of the state, and go into the address of each memento.
    """
    restricted = read_list("voices", voices)
    return _answer_timemap(request, services, asked, STATE, location_id, restricted, after)


@router.get("/locations/{location_id}/timeline/timemap", response_class=Response, responses=RESPONSES)
def list_timeline_mementos(
    request: Request,
    services: ServicesDep,
    asked: ClocksDep,
    location_id: str,
    timeline: TimelineDep,
    after: After = 0,
) -> Response:
    """The log positions at which the timeline of a place changed, as a TimeMap (RFC 7089), 1,000 at a time.

    The parameters are those of the timeline, and go into the address of each memento.
    """
    voices = timeline.question.voices
    return _answer_timemap(request, services, asked, TIMELINE, location_id, voices, after)


def _answer_timemap(
    request: Request,
    services: Services,
    asked: AskedClocks,
    source: Source,
    place: str,
    voices: Sequence[str] | None,
    after: int,
) -> Response:
    with services.reader.at(asked, *source.needs) as moment:
        found = list_mementos(moment, source, place, voices, after=after, limit=PAGE + 1)
    resource, rest = Resource.of(request, listed=True), None
    pinned = asked.log_position is not None
    if len(found) > PAGE:
        # Whoever reads the mementos up to a position, goes on reading those.
        until = (("log_position", moment.position),) if pinned or asked.recorded_before else ()
        rest = resource.timemap(*until, ("after", found[PAGE - 1].log_position))
    return tagged(
        request,
        write_links(_links(request, resource, found, after, rest), blank="").encode(),
        pinned=pinned,
        headers={"Link": f'<{rest}>; rel="next"'} if rest else {},
        media_type=LINK_FORMAT,
    )


def _links(
    request: Request, resource: Resource, found: Sequence[Memento], after: int, rest: str | None
) -> Iterator[Link]:
    """What a TimeMap tells: what it is of, itself, the page that follows, and the mementos of its own."""
    listed = found[:PAGE]
    yield resource.address, {"rel": "original timegate"}
    itself = {"rel": "self", "type": LINK_FORMAT}
    if listed:
        itself |= {"from": http_date(listed[0].recorded_at), "until": http_date(listed[-1].recorded_at)}
    query = urlencode(request.query_params.multi_items())
    yield f"{request.url.path}?{query}" if query else request.url.path, itself
    if rest is not None:
        told = {"rel": "timemap", "type": LINK_FORMAT, "from": http_date(found[PAGE].recorded_at)}
        yield rest, told
    for number, memento in enumerate(listed):
        roles = ("first",) * (after == 0 and number == 0)
        roles += ("last",) * (rest is None and number == len(listed) - 1)
        yield resource.link(memento, *roles)
