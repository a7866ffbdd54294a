"""Headlines: every kind says who says it, and takes no side."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from api.feeds.headlines import headline
from api.feeds.telling import tell, to_html, to_text
from domain.catalogue import KINDS
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.times import END_OF_TIME
from intake.entries import Context, read_entry
from projections.reading.casts import Cast
from projections.reading.developments import DevelopmentRevision

ACTORS = (
    ActorRegistered(id="red", kind="party", name="Red"),
    ActorRegistered(id="blue", kind="party", name="Blue"),
    ActorRegistered(id="red-army", kind="unit", name="Red army", speaks_for="red"),
    ActorRegistered(id="mappers", kind="assessor", name="Mappers"),
    ActorRegistered(id="gazette", kind="outlet", name="Gazette"),
)
PLACES = tuple(
    LocationRegistered(id=name, kind="settlement", name=name.capitalize())
    for name in ("hill", "mill", "ford", "dale")
)


def made(kind: str, **fields: Any) -> Development:
    """A development of a kind, as it is read from what somebody writes."""
    written = {"id": "it", "kind": kind, "at": "hill", "occurred": "2025-03-03", "reported": "2025-03-03"}
    body, faults = read_entry(KINDS[kind], {**written, **fields}, Context())
    assert not list(faults)
    assert body is not None
    return body


CLAIM = made("occupation-claimed", by="red-army", holder="red", share="all")
assert isinstance(CLAIM, Claim)
CAST = Cast(
    actors={actor.id: actor for actor in ACTORS},
    places={place.id: place for place in PLACES},
    documents={
        "gazette-1": DocumentArchived(
            id="gazette-1",
            publisher="gazette",
            title="News",
            url="http://example.org/?a=1&b=2",
            published="2025-03",
        )
    },
    claims={"claim": CLAIM},
)

SAID: dict[str, tuple[dict[str, Any], str]] = {
    "occupation-claimed": (
        {"by": "red-army", "holder": "red", "share": "all"},
        "Red army, for Red, says that Red holds all of Hill",
    ),
    "recapture-claimed": (
        {"by": "blue", "holder": "blue", "share": "part", "at": ["hill", "mill"]},
        "Blue says that Blue holds part of Hill and Mill",
    ),
    "advance-claimed": (
        {"by": "red", "holder": "red", "share": [0.016, 0.05]},
        "Red says that Red holds 1.6% to 5% of Hill",
    ),
    "withdrawal-announced": (
        {"by": "blue", "holder": "blue", "at": ["hill", "mill", "ford", "dale"]},
        "Blue announces that Blue withdraws from Hill, Mill and 2 more places",
    ),
    "claim-denied": ({"by": "blue", "claim": "claim"}, "Blue denies that Red holds all of Hill"),
    "claim-confirmed": ({"by": "red", "claim": "claim"}, "Red confirms that Red holds all of Hill"),
    "claim-repeated": ({"by": "red", "claim": "unknown"}, "Red repeats the claim unknown"),
    "claim-renounced": (
        {"by": "red-army", "claim": "claim"},
        "Red army, for Red, takes back that Red holds all of Hill",
    ),
    "control-assessed": (
        {"by": "mappers", "control": {"red": "part", "blue": "most"}},
        "Mappers assesses that Red holds part and Blue holds most of Hill",
    ),
    "control-reported": (
        {"by": "gazette", "holder": "red", "share": "all"},
        "Gazette reports that Red holds all of Hill",
    ),
    "encirclement-reported": (
        {"by": "blue", "force": "red", "encircled_by": "blue"},
        "Blue reports an encirclement at Hill: Red, by Blue",
    ),
    "encirclement-lifted": ({"by": "red"}, "Red reports the end of an encirclement at Hill"),
    "supply-cut": ({"by": "blue", "force": "red"}, "Blue reports supply cut at Hill: Red"),
    "fighting-reported": ({}, "An unnamed source reports fighting at Hill"),
    "strike-reported": ({"by": "red", "weapon": "drone"}, "Red reports a strike at Hill"),
    "presence-reported": (
        {"by": "mappers", "force": "red-army"},
        "Mappers reports a presence at Hill: Red army",
    ),
    "visit-reported": ({"by": "red", "visitor": "gazette"}, "Red reports a visit of Gazette to Hill"),
    "evidence-published": ({"by": "stranger", "medium": "video"}, "stranger publishes evidence from Hill"),
    "statement-made": ({"by": "red", "summary": "Words."}, "Red makes a statement on Hill"),
    "population-reported": (
        {"by": "gazette", "count": 55000},
        "Gazette reports a population of 55,000 in Hill",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_who_says_what(kind: str) -> None:
    fields, said = SAID[kind]
    assert headline(made(kind, **fields), CAST) == said


def test_what_was_only_inferred_is_said_to_be() -> None:
    body = made("fighting-reported", by="mappers", sources=[{"document": "gazette-1", "mode": "inferred"}])
    assert headline(body, CAST) == "Mappers reports fighting at Hill (inferred, not said)"


def revision(body: Development) -> DevelopmentRevision:
    return DevelopmentRevision(
        body=body,
        revision=2,
        change="corrected",
        log_position=7,
        until_position=None,
        recorded_at=END_OF_TIME,
        recorded_by="ana",
        request_id=None,
        reason="A slip <of> the pen",
        detail=None,
        retracted=False,
        voice=body.by,
    )


# What of a body is not told in words of its own: what it is, and where; and what the headline has.
ELSEWHERE = {"kind", "id", "at", "by", "during", "sources", "occurred", "reported"}
SHOWN: dict[str, tuple[Any, str]] = {
    "encircled_by": ("blue", "by Blue"),
    "strength": ("several hundred", "Strength: several hundred"),
    "area": ("centre", "Area: centre"),
    "weapon": ("drone", "Weapon: drone"),
    "office": ("President", "Office: President"),
    "purpose": ("A visit", "Purpose: A visit"),
    "medium": ("video", "Medium: video"),
    "geolocated": (False, "Geolocated: no"),
    "as_of_text": ("before the war", "As of text: before the war"),
    "legend": ({"category": "grey", "version": "3"}, "Legend: grey, version 3"),
    "force": ("red", ": Red"),
    "when_text": ("on Monday", "in the source's words: “on Monday”"),
    "reliability": ("B", "source B"),
    "credibility": (2, "item 2"),
    "summary": ("It is <so>.", "It is <so>."),
    "manner": ("took", "In its own word: took"),
    "part": ("the north", "Part meant: the north"),
    "holder": ("red", "Red holds"),
    "share": ("most", "most"),
    "control": ({"blue": "all"}, "Blue all"),
    "claim": ("claim", "that Red holds"),
    "visitor": ("gazette", "Gazette"),
    "count": (1234, "1,234"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_is_left_out_of_the_words(kind: str) -> None:
    """Each field of each kind, one by one: a new one has to be told too."""
    for name in (field.name for field in fields(KINDS[kind])):
        if name in ELSEWHERE or (kind == "withdrawal-announced" and name == "share"):
            continue
        value, shown = SHOWN[name]
        given = {**SAID[kind][0], name: value}
        if name == "control":
            given = {key: own for key, own in given.items() if key not in ("holder", "share")}
        if name == "holder":
            given.pop("control", None)
        told = tell(revision(made(kind, **given)), CAST, END_OF_TIME)
        words = told.headline + "\n" + to_text(told, "http://here")
        assert shown.replace("holds", "withdraws") in words or shown in words, (kind, name, words)


def test_the_source_its_mode_its_way_and_its_words_are_told_and_nothing_is_markup() -> None:
    source = {"document": "gazette-1", "mode": "paraphrase", "via": ["red-army", "nobody"]}
    body = made("fighting-reported", occurred="2025-03-03~", sources=[{**source, "quote": {"exact": "<b>"}}])
    told = tell(revision(body), CAST, body.occurred.ends)
    text, html = to_text(told, "http://here?a&b"), to_html(told, "http://here?a&b")
    assert "Source: “News” (Gazette, 2025-03), in paraphrase, by way of Red army, nobody: “<b>”" in text
    assert "<http://example.org/?a=1&b=2>" in text
    assert "When: about 3 Mar 2025 (2025-03-03~)\n" in text
    assert "Record: it, revision 2, corrected (A slip <of> the pen), log position 7" in text
    assert 'href="http://example.org/?a=1&amp;b=2"' in html
    assert "&lt;b&gt;" in html
    assert "<of>" not in html
    assert "not certain yet" in to_text(tell(revision(body), CAST, body.occurred.earliest), "")
    assert "Source: none is named" in to_text(
        tell(revision(made("fighting-reported")), CAST, END_OF_TIME), ""
    )
