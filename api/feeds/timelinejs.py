"""The JSON that TimelineJS 3 reads. Each voice is a row of its own."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import Any

import msgspec
from pydantic import Field

from api.feeds.base import Format, TimelinePage
from api.feeds.days import days_of
from api.feeds.headlines import UNNAMED
from api.feeds.telling import tell, to_html
from api.shapes.base import Shape
from api.words import say_clocks
from domain.times import Clocks
from projections.reading.developments import DevelopmentRevision

# No type is registered; the tree `x.` is for such (RFC 6838). TimelineJS itself does not look at it.
MEDIA_TYPE = "application/x.timelinejs+json"
TITLE = "_title"
"""No id of a development begins like this."""


class TimelineJsDate(Shape):
    """A day, or a second of one."""

    year: int
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    hour: int | None = None
    minute: int | None = None
    second: int | None = None


class TimelineJsText(Shape):
    """HTML, in which nothing recorded is markup."""

    headline: str
    text: str


class TimelineJsTitle(Shape):
    """The slide before all others."""

    unique_id: str
    text: TimelineJsText


class TimelineJsEvent(Shape):
    """A development. From `start_date` to `end_date` is the whole window of its time."""

    unique_id: str = Field(description="The id of the development.")
    start_date: TimelineJsDate
    end_date: TimelineJsDate | None = None
    display_date: str | None = Field(default=None, description="The time in words, where it is imprecise.")
    group: str = Field(description="The voice, escaped twice, as TimelineJS reads it.")
    autolink: bool
    text: TimelineJsText


class TimelineJs(Shape):
    """A page of a timeline for TimelineJS 3."""

    scale: str
    title: TimelineJsTitle
    events: list[TimelineJsEvent]
    clocks: Clocks
    canonical: str = Field(description="This page with all its clocks pinned.")


def write_timelinejs(page: TimelinePage) -> bytes:
    """The slides. A window is drawn whole, and told in words; it is never moved to its middle."""
    return msgspec.json.encode(
        {
            "scale": "human",
            "title": {
                "unique_id": TITLE,
                "text": {"headline": escape(page.place.name), "text": _preface(page)},
            },
            "events": [_slide(page, found) for found in page.items],
            "clocks": page.clocks,
            "canonical": page.addresses.pinned,
        }
    )


def _preface(page: TimelinePage) -> str:
    pinned = escape(page.addresses.pinned)
    return (
        "<p>What each voice says, in a row of its own. A bar that covers several days may mean any of them."
        f'</p><p>{escape(say_clocks(page.clocks, page.zone))} <a href="{pinned}">As cited</a></p>'
    )


def _slide(page: TimelinePage, found: DevelopmentRevision) -> dict[str, Any]:
    body, told = found.body, tell(found, page.cast, page.valid_before)
    days = days_of(body.occurred, page.zone)
    slide: dict[str, Any] = {
        "unique_id": body.id,
        "start_date": _instant(days.start) if days.start is not None else _day(days.first),
        "group": _twice(page.cast.actor(found.voice)) if found.voice is not None else UNNAMED,
        "autolink": False,
        "text": {
            "headline": escape(told.headline),
            "text": to_html(told, page.addresses.of_development(found)),
        },
    }
    if days.last is not None and days.last != days.first:
        slide["end_date"] = _day(days.last)
    if not days.exact:
        slide["display_date"] = _twice(told.when)
    return slide


def _twice(text: str) -> str:
    """Text for `group` and `display_date`, escaped twice: TimelineJS takes the text out of their HTML, and
    then takes that for HTML once more. Escaped once, a name could run a script in the page.
    """
    return escape(escape(text, quote=False), quote=False)


def _day(day: date) -> dict[str, int]:
    return {"year": day.year, "month": day.month, "day": day.day}


def _instant(start: datetime) -> dict[str, int]:
    return {**_day(start), "hour": start.hour, "minute": start.minute, "second": start.second}


TIMELINEJS: Format[TimelinePage] = Format(
    suffix="timelinejs", name="TimelineJS 3", media_type=MEDIA_TYPE, write=write_timelinejs, shape=TimelineJs
)
