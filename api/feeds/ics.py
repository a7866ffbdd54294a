"""iCalendar (RFC 5545), written with the library `icalendar`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, vText

from api.feeds.atom import title_of
from api.feeds.base import Format, TimelinePage, stable_id
from api.feeds.characters import fit
from api.feeds.days import Days, days_of
from api.feeds.telling import tell, to_text
from api.words import say_clocks
from projections.reading.developments import DevelopmentRevision

MAKER = "-//Palimpsest//Timeline//EN"
DAY = timedelta(days=1)


def write_ics(page: TimelinePage) -> bytes:
    """A calendar with an event for each development. An event covers the whole window of its time, day by
    day; a development whose window has no end stands on its first day alone, and its title says "from".
    """
    calendar = Calendar()
    calendar.add("prodid", MAKER)
    calendar.add("version", "2.0")
    _add_text(calendar, "name", page.place.name)
    _add_text(calendar, "x-wr-calname", page.place.name)
    _add_text(calendar, "description", say_clocks(page.clocks, page.zone))
    _add_text(calendar, "uid", str(page.identity))
    calendar.add("url", page.addresses.pinned)
    for found in page.items:
        calendar.add_component(_event(page, found))
    written: bytes = calendar.to_ical()
    return written


def _event(page: TimelinePage, found: DevelopmentRevision) -> Event:
    body, told = found.body, tell(found, page.cast, page.valid_before)
    days = days_of(body.occurred, page.zone)
    address = page.addresses.of_development(found)
    event = Event()
    _add_text(event, "uid", str(stable_id("development", body.id)))
    event.add("dtstamp", found.recorded_at.astimezone(UTC))
    event.add("last-modified", found.recorded_at.astimezone(UTC))
    event.add("sequence", found.revision - 1)
    starts, ends = _span(days)
    event.add("dtstart", starts)
    if ends is not None:
        event.add("dtend", ends)
    _add_text(event, "summary", told.headline if days.exact else title_of(told))
    _add_text(event, "description", to_text(told, address))
    _add_text(event, "location", page.place.name)
    if page.place.point is not None:
        event.add("geo", page.place.point[::-1])
    event.add("categories", [body.kind, *([found.voice] if found.voice else [])])
    event.add("url", address)
    event.add("transp", "TRANSPARENT")  # what happened there keeps nobody busy
    for name, text in _properties(found):
        _add_text(event, f"x-palimpsest-{name}", text)
    return event


def _properties(found: DevelopmentRevision) -> list[tuple[str, str]]:
    """What no property of the standard is for."""
    body = found.body
    return [
        ("id", body.id),
        ("occurred", body.occurred.edtf),
        ("reported", body.reported.edtf),
        ("log-position", str(found.log_position)),
        *([("by", body.by)] if body.by else []),
        *([("voice", found.voice)] if found.voice else []),
        *[("mode", source.mode) for source in body.sources],
    ]


def _span(days: Days) -> tuple[date | datetime, date | datetime | None]:
    """The start and the exclusive end: instants for a time of day, else days."""
    if days.start is not None and days.end is not None:
        return days.start.astimezone(UTC), days.end.astimezone(UTC)
    if days.last is None or days.last == date.max:
        return days.first, None
    return days.first, days.last + DAY


def _add_text(component: Any, name: str, text: str) -> None:
    component.add(name, vText(fit(text)))


ICS: Format[TimelinePage] = Format(
    suffix="ics",
    name="iCalendar (RFC 5545)",
    media_type="text/calendar; charset=utf-8",
    write=write_ics,
)
