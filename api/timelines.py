"""A timeline as it is asked for, and a page of it as it is read, for every format it is answered in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Depends, Query, Request

from api.clocks import Voices, read_bound, read_list, read_start, read_zone
from api.composition import Services
from api.cursors import Cursor, Limit, decode_effect, encode_cursor
from domain.catalogue import KINDS
from domain.positions import effect_order
from domain.registry import LocationRegistered
from domain.times import Clocks
from projections.reading import casts, developments, places
from projections.reading.developments import DevelopmentRevision, TimelineQuestion
from projections.reading.moments import AskedClocks

NARROWING = ("kinds", "voices", "valid_from", "valid_to", "tz")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTimeline:
    """What of a timeline is asked for. `order` is None when it was left to the format.

    `zone` is where a date is a day; `narrowed` has the filters as they were written.
    """

    question: TimelineQuestion
    order: Literal["asc", "desc"] | None
    zone: tzinfo
    narrowed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTimeline:
    """A page of a timeline, `more` being the cursor of the next one. `cast` is empty if not asked for."""

    place: LocationRegistered
    items: Sequence[DevelopmentRevision]
    more: str | None
    cast: casts.Cast
    clocks: Clocks


async def timeline_of_query(
    request: Request,
    *,
    kinds: Annotated[list[str] | None, Query(description="Only these kinds, separated by commas.")] = None,
    voices: Voices = None,
    valid_from: Annotated[
        str | None, Query(description="Whose window ends after this instant, or the start of this date.")
    ] = None,
    valid_to: Annotated[
        str | None, Query(description="Whose window begins by this instant, or the end of this date.")
    ] = None,
    order: Annotated[
        Literal["asc", "desc"] | None,
        Query(
            description="First to last by effect (`asc`), or last to first. Default: `asc`; in feeds (Atom, "
            "JSON Feed) `desc`."
        ),
    ] = None,
    cursor: Cursor = None,
    limit: Limit = 100,
) -> AskedTimeline:
    """A dependency: the timeline that a request asks for. Raises InvalidInput."""
    zone = read_zone(request.query_params.get("tz", "UTC"))
    question = TimelineQuestion(
        kinds=read_list("kinds", kinds, of="kind", known=KINDS),
        voices=read_list("voices", voices),
        valid_from=read_start("valid_from", valid_from, zone),
        valid_to=read_bound("valid_to", valid_to, zone),
        after=decode_effect(cursor),
        limit=limit,
    )
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] in NARROWING]
    return AskedTimeline(question=question, order=order, zone=zone, narrowed=urlencode(sorted(pairs)))


TimelineDep = Annotated[AskedTimeline, Depends(timeline_of_query)]


def read_timeline(
    services: Services,
    asked: AskedClocks,
    place: str,
    timeline: AskedTimeline,
    *,
    newest_first: bool = False,
    in_words: bool = False,
) -> ReadTimeline:
    """A page of a place's timeline; `in_words` with whom and what it names. Raises NotFound."""
    limit = timeline.question.limit
    backward = timeline.order == "desc" if timeline.order is not None else newest_first
    question = replace(timeline.question, backward=backward, limit=limit + 1)
    # Only words need the actors and the documents: a fault in those must not hold up anything else.
    needs = {*places.NEEDS, *developments.NEEDS, *(casts.NEEDS if in_words else ())}
    with services.reader.at(asked, *sorted(needs)) as moment:
        found = places.find_place(moment, place)
        items = developments.list_timeline(moment, place, question)
        page = items[:limit]
        cast = casts.load_cast(moment, [each.body for each in page]) if in_words else casts.Cast()
    return ReadTimeline(
        place=found,
        items=page,
        more=encode_cursor(*effect_order(page[-1].body)) if len(items) > limit else None,
        cast=cast,
        clocks=moment.clocks,
    )
