"""Atom, as feedparser reads it, which nobody here wrote."""

from __future__ import annotations

from html import escape
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest

from tests.api.feeds.awkward import MARKUP, timeline_ids
from tests.api.stories import claim, set_the_stage
from tests.api.talking import Api

ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/v1/locations/hill/timeline.atom"


def parse(api: Api, path: str = PATH, **query: Any) -> Any:
    response = api.get(path, **query)
    assert response.status_code == 200, response.text
    parsed = feedparser.parse(response.content, response_headers=dict(response.headers))
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    return parsed


def by_id(api: Api, **query: Any) -> dict[str, Any]:
    """The entries by the id of their development."""
    return {entry.link.partition("?")[0].rpartition("/")[2]: entry for entry in parse(api, **query).entries}


def test_it_is_read_whole_newest_first(awkward: Api) -> None:
    parsed = parse(awkward)
    assert parsed.feed.title == "Hill"
    assert parsed.feed.subtitle.startswith("All clocks: ")
    assert list(by_id(awkward)) == timeline_ids(awkward, order="desc")
    assert list(by_id(awkward, order="asc")) == timeline_ids(awkward)


def test_what_the_rfc_demands_is_there(awkward: Api) -> None:
    feed = ElementTree.fromstring(awkward.get(PATH).content)
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, (name, node)
    ids = [node.text for node in feed.iter(f"{ATOM}id")]
    assert len(set(ids)) == len(ids) == 7
    assert all(each and each.startswith("urn:uuid:") for each in ids)
    for entry in feed.iter(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert [link.get("rel") for link in entry.findall(f"{ATOM}link")] == ["alternate"]
    rels = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert set(rels) == {"self", "canonical", "alternate"}
    assert rels["self"] == f"http://testserver{PATH}"


def test_who_says_what_and_when_is_in_the_entry(awkward: Api) -> None:
    entry = by_id(awkward)["claim"]
    assert entry.title == "Red army, for Red, says that Red holds all of Hill (about 3 Mar 2025)"
    assert entry.author_detail.name == "Red army"
    assert {(tag.term, tag.label) for tag in entry.tags} == {
        ("occupation-claimed", "occupation claimed"),
        ("red", "Red"),
    }
    assert entry.dcterms_temporal == "2025-03-03~"
    assert entry.where == {"type": "Point", "coordinates": (30.0, 50.0)}
    html = entry.content[0].value
    for words in ("about 3 Mar 2025 (2025-03-03~)", "in paraphrase", "by way of Red army, Wire", "on Monday"):
        assert words in html
    assert "published" not in entry, "a window is no instant"
    unnamed = by_id(awkward)["unnamed"]
    assert unnamed.author_detail.name == "An unnamed source"
    assert unnamed.title.endswith("(from 1 Mar 2025 on)")


def test_no_text_breaks_it_or_becomes_markup(awkward: Api) -> None:
    entries = by_id(awkward)
    html = entries["denial"].content[0].value
    assert "<script" not in html
    assert escape(MARKUP) in html
    assert "vertical\ufffdtab, bell\ufffd, and \ufffd" in entries["unnamed"].content[0].value


def test_an_entry_keeps_its_id_through_revisions_and_at_every_address(fresh: Api) -> None:
    set_the_stage(fresh)
    fresh.write("/v1/developments", claim())
    [before] = parse(fresh).entries
    later = parse(fresh, valid_at="2025-06-01", known_at="2025-06-01", voices="red", limit=1).entries[0]
    assert later == before, "the same at other clocks, so that no reader takes it for changed"
    fresh.write("/v1/developments/claim/corrections", {"reason": "Less.", "body": claim(share="part")})
    elsewhere = fresh.get(PATH, headers={"Host": "elsewhere.example"})
    [after] = feedparser.parse(elsewhere.content).entries
    assert after.id == before.id
    assert after.updated > before.updated
    assert "part of Hill" in after.title
    assert after.link.startswith("http://elsewhere.example/")
    old = fresh.http.get(before.link)
    assert old.json()["share"]["min"] == 1.0, "what was read then can still be read"
    fresh.write("/v1/developments/claim/retraction", {"reason": "Never said."})
    assert parse(fresh).entries == []


@pytest.mark.parametrize(
    "query", [{"voices": "blue"}, {"kinds": "claim-denied"}, {"valid_from": "2025-03-02"}]
)
def test_a_narrowed_feed_is_another_feed_and_a_page_or_a_clock_is_not(
    awkward: Api, query: dict[str, str]
) -> None:
    whole = parse(awkward).feed.id
    assert parse(awkward, **query).feed.id != whole
    assert parse(awkward, log_position=awkward.head(), valid_at="2025-05-01", limit=2).feed.id == whole
    assert parse(awkward, "/v1/locations/mill/timeline.atom").feed.id != whole


def test_an_empty_feed_is_a_feed(awkward: Api) -> None:
    parsed = parse(awkward, "/v1/locations/shire/timeline.atom", log_position=awkward.head())
    assert parsed.entries == []
    assert parsed.feed.updated == awkward.state("shire", log_position=awkward.head())["clocks"]["recorded_at"]
