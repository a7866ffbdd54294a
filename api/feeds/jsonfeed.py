"""JSON Feed 1.1. What it has no field for stands in `_palimpsest`, as its extensions do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from pydantic import ConfigDict, Field

from api.feeds.atom import title_of
from api.feeds.base import Format, TimelinePage, stable_id
from api.feeds.headlines import UNNAMED
from api.feeds.telling import tell, to_html, to_text
from api.shapes.base import Shape
from api.shapes.developments import RecordedDevelopment, development_fields
from api.words import say_clocks
from domain.times import Clocks
from projections.reading.developments import DevelopmentRevision

VERSION = "https://jsonfeed.org/version/1.1"


class JsonFeedAuthor(Shape):
    """Who says it."""

    name: str
    url: str | None = None


class JsonFeedItem(Shape):
    """A development. It has no `date_published`, because that is an instant, and the time is a window."""

    id: str = Field(description="The same at every address and through every revision.")
    url: str = Field(description="The development, as it is told here.")
    external_url: str | None = Field(default=None, description="The first source that has an address.")
    title: str
    content_html: str
    content_text: str
    summary: str | None = None
    date_modified: datetime = Field(description="When this revision was recorded.")
    authors: list[JsonFeedAuthor]
    tags: list[str] = Field(description="Its kind, and its voice if it has one.")
    palimpsest: RecordedDevelopment = Field(alias="_palimpsest", description="The development itself.")


class JsonFeedExtension(Shape):
    """What is cited."""

    about: str
    clocks: Clocks
    canonical: str = Field(description="This feed with all its clocks pinned.")


class JsonFeed(Shape):
    """A page of a timeline as JSON Feed 1.1."""

    model_config = ConfigDict(populate_by_name=True)

    version: str = Field(description="The address that stands for JSON Feed 1.1.")
    title: str
    description: str = Field(description="The clocks, in words.")
    home_page_url: str
    feed_url: str
    next_url: str | None = None
    palimpsest: JsonFeedExtension = Field(alias="_palimpsest")
    items: list[JsonFeedItem]


def write_jsonfeed(page: TimelinePage) -> bytes:
    """A feed, the development of each item whole in `_palimpsest`."""
    addresses = page.addresses
    feed: dict[str, Any] = {
        "version": VERSION,
        "title": page.place.name,
        "description": say_clocks(page.clocks, page.zone),
        "home_page_url": addresses.to("locations", page.place.id),
        "feed_url": addresses.asked,
    }
    if addresses.next is not None:
        feed["next_url"] = addresses.next
    about = f"{addresses.base}/docs"
    feed["_palimpsest"] = {"about": about, "clocks": page.clocks, "canonical": addresses.pinned}
    feed["items"] = [_item(page, found) for found in page.items]
    return msgspec.json.encode(feed)


def _item(page: TimelinePage, found: DevelopmentRevision) -> dict[str, Any]:
    body, told = found.body, tell(found, page.cast, page.valid_before)
    address = page.addresses.of_development(found)
    item: dict[str, Any] = {
        "id": stable_id("development", body.id).urn,
        "url": address,
        "title": title_of(told),
        "content_html": to_html(told, address),
        "content_text": to_text(told, address),
        "date_modified": found.recorded_at,
        "authors": [_author(page, body.by)],
        "tags": [body.kind, *([found.voice] if found.voice else [])],
    }
    if body.summary:
        item["summary"] = body.summary
    documents = (page.cast.documents.get(source.document) for source in body.sources)
    if url := next((each.url for each in documents if each is not None and each.url), None):
        item["external_url"] = url
    return {**item, "_palimpsest": development_fields(found)}


def _author(page: TimelinePage, by: str | None) -> dict[str, str]:
    if by is None:
        return {"name": UNNAMED}
    return {"name": page.cast.actor(by), "url": page.addresses.to("actors", by)}


JSONFEED: Format[TimelinePage] = Format(
    suffix="jsonfeed",
    name="JSON Feed 1.1",
    media_type="application/feed+json",
    write=write_jsonfeed,
    shape=JsonFeed,
    newest_first=True,
)
