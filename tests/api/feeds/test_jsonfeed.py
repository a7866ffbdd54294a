"""JSON Feed 1.1: what its specification demands of a feed and of an item."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from tests.api.feeds.awkward import CONTROLS, MARKUP, timeline_ids
from tests.api.talking import Api

PATH = "/v1/locations/hill/timeline.jsonfeed"
# Of the feed and of its items in version 1.1; whatever else there is begins with an underscore.
FEED = (
    "version title home_page_url feed_url description user_comment next_url icon favicon authors language "
    "expired hubs items"
)
ITEM = (
    "id url external_url title content_html content_text summary image banner_image date_published "
    "date_modified authors tags language attachments"
)


class Reader(HTMLParser):
    """The elements and the text of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.elements.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_it_has_what_the_specification_knows_and_nothing_else(awkward: Api) -> None:
    feed = awkward.read(PATH)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Hill"
    assert feed["feed_url"] == f"http://testserver{PATH}"
    assert {name for name in feed if not name.startswith("_")} <= set(FEED.split())
    assert len(feed["items"]) == 6
    for item in feed["items"]:
        assert {name for name in item if not name.startswith("_")} <= set(ITEM.split())
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_modified"]).tzinfo is not None
        assert all(author["name"] for author in item["authors"])
        assert all(isinstance(tag, str) for tag in item["tags"])
        assert "date_published" not in item, "a window is no instant"
    assert len({item["id"] for item in feed["items"]}) == 6


def test_the_development_is_in_it_whole(awkward: Api) -> None:
    items = awkward.read("/v1/locations/hill/timeline", order="desc")["items"]
    told = [item["_palimpsest"] for item in awkward.read(PATH)["items"]]
    assert told == items
    assert [item["id"] for item in told] == timeline_ids(awkward, order="desc")


def test_nothing_recorded_is_markup(awkward: Api) -> None:
    items = {item["_palimpsest"]["id"]: item for item in awkward.read(PATH)["items"]}
    reader = Reader()
    reader.feed(items["denial"]["content_html"])
    assert reader.elements == {"p", "b", "br", "a"}
    assert reader.text.startswith(MARKUP)
    assert items["denial"]["summary"] == MARKUP
    assert CONTROLS in items["unnamed"]["content_text"]


def test_an_item_has_the_id_that_it_has_in_atom(awkward: Api) -> None:
    atom = awkward.get("/v1/locations/hill/timeline.atom").text
    assert all(f"<id>{item['id']}</id>" in atom for item in awkward.read(PATH)["items"])
