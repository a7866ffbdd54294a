"""A claim as JSON-LD in the words of schema.org: a `Claim`, and a `ClaimReview` for each assessor's verdict.

A verdict has a name and no number: there is no scale of truth here (docs/feeds.md). Dates are told only where
they are whole days; a window stands in `temporalCoverage`, which takes intervals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from pydantic import ConfigDict, Field

from api.cursors import written
from api.feeds.base import ClaimPage, Format, stable_id
from api.feeds.headlines import headline, say_claimed
from api.feeds.telling import MODES
from api.shapes.base import Shape
from domain.kinds.envelope import Development
from domain.outcomes import Judgement
from domain.registry import DocumentArchived
from domain.reports import Report
from domain.times import When
from intake.dates import resolve_when
from projections.reading.lifecycles import ClaimEntry

CONTEXT = "https://schema.org"
ORGANIZATIONS = ("party", "unit", "assessor", "outlet", "agency")
ANSWERED = ("denied", "confirmed", "repeated", "renounced")
VERDICTS = {"bears-out": "bears out", "contradicts": "contradicts"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Node = dict[str, Any]


class JsonLd(Shape):
    """A graph: the claim, then the reviews of it."""

    model_config = ConfigDict(populate_by_name=True)

    context: str = Field(alias="@context", description="That of schema.org.")
    graph: list[dict[str, Any]] = Field(alias="@graph", description="A `Claim`, and any `ClaimReview`s.")


def write_jsonld(page: ClaimPage) -> bytes:
    """The graph of a claim."""
    reviews = [_review(page, said) for said in page.claim.outcome.assessors]
    return msgspec.json.encode({"@context": CONTEXT, "@graph": [_claim(page), *reviews]})


def _claim(page: ClaimPage) -> Node:
    answer, claim = page.claim, page.claim.claim
    found = page.told[claim.id]
    position = {"@type": "PropertyValue", "propertyID": "log_position", "value": page.clocks.log_position}
    appearances = [_appearance(page, report) for report in answer.reports]
    node: Node = {
        "@type": "Claim",
        "@id": _urn("development", claim.id),
        "identifier": [claim.id, position],
        "url": page.addresses.to("claims", claim.id),
        "mainEntityOfPage": page.addresses.pinned,
        "name": headline(claim, page.cast),
        "text": say_claimed(claim, page.cast),
        **_said(page, claim),
        "about": [_place(page, place) for place in claim.at],
        "appearance": appearances,
        "version": answer.revision,
        "dateModified": written(found.recorded_at),
        "sdDatePublished": written(page.clocks.recorded_at),
    }
    if comments := [_comment(page, entry) for entry in answer.entries if entry.what in ANSWERED]:
        node["comment"] = comments
    if corrections := [_correction(entry) for entry in answer.entries if entry.what == "corrected"]:
        node["correction"] = corrections
    if (first := _first(page, answer.reports)) is not None:
        node["firstAppearance"] = {"@id": _urn("document", first)}
    if interpreters := _interpreters(page, answer.reports):
        node["claimInterpreter"] = [_actor(page, actor) for actor in interpreters]
    if answer.outcome.value in ("retracted", "renounced"):
        node["creativeWorkStatus"] = answer.outcome.value
    return node


def _said(page: ClaimPage, body: Development) -> Node:
    """Who says it and when: what a claim, an answer and an assessment have in common."""
    node: Node = {"temporalCoverage": _coverage(body.occurred)}
    if body.by is not None:
        node["author"] = _actor(page, body.by)
        voice = page.cast.actors[body.by].voice if body.by in page.cast.actors else body.by
        if voice != body.by:
            node["sourceOrganization"] = _actor(page, voice)
    if _DAY.fullmatch(body.reported.edtf):
        node["datePublished"] = body.reported.edtf
    if body.summary:
        node["description"] = body.summary
    return node


def _coverage(when: When) -> list[str]:
    """The time as it was written, and its window as an interval of ISO 8601."""
    return [when.edtf, f"{written(when.earliest)}/{written(when.latest) if when.latest else '..'}"]


def _review(page: ClaimPage, said: Judgement) -> Node:
    claim, assessment = page.claim.claim, page.told[said.development].body
    verdict = VERDICTS[said.verdict]
    assessor = page.cast.actor(said.voice)
    explained = (
        f"By the rule {page.claim.outcome.rule}, what {assessor} assessed of the place {verdict} the claim. "
        f"{assessor} did not necessarily speak of the claim itself."
    )
    return {
        "@type": "ClaimReview",
        "@id": _urn("verdict", f"{claim.id}:{said.voice}"),
        "url": page.addresses.of_development(page.told[said.development]),
        "itemReviewed": {"@id": _urn("development", claim.id)},
        "claimReviewed": say_claimed(claim, page.cast),
        **_said(page, assessment),
        "reviewBody": headline(assessment, page.cast),
        "reviewRating": {"@type": "Rating", "alternateName": verdict, "ratingExplanation": explained},
    }


def _comment(page: ClaimPage, entry: ClaimEntry) -> Node:
    """What another voice, or the claimant later, said of the claim."""
    found = page.told[entry.development]
    body = found.body
    return {
        "@type": "Comment",
        "@id": _urn("development", body.id),
        "url": page.addresses.of_development(found),
        "keywords": entry.what,
        "text": headline(body, page.cast),
        **_said(page, body),
    }


def _correction(entry: ClaimEntry) -> Node:
    return {"@type": "CorrectionComment", "text": entry.reason, "datePublished": written(entry.recorded_at)}


def _appearance(page: ClaimPage, report: Report) -> Node:
    """A document in which the claim was found."""
    document = page.cast.documents.get(report.document)
    way = f", by way of {', '.join(map(page.cast.actor, report.via))}" if report.via else ""
    wrong = "; misattributed" if report.misattributed_by is not None else ""
    node: Node = {
        "@type": "CreativeWork",
        "@id": _urn("document", report.document),
        "archivedAt": page.addresses.to("documents", report.document),
        "description": f"{MODES[report.mode]}{way}{wrong}",
    }
    quotes = [*_quotes(page, report)]
    if quotes:
        node["hasPart"] = quotes
    if document is not None:
        node |= {"name": document.title, "publisher": _actor(page, document.publisher)}
        optional = {"url": document.url, "inLanguage": document.language, "license": document.licence}
        node |= {name: value for name, value in optional.items() if value}
        if document.published and _DAY.fullmatch(document.published):
            node["datePublished"] = document.published
    return node


def _quotes(page: ClaimPage, report: Report) -> Iterator[Node]:
    for source in page.told[report.development].body.sources:
        if source.document == report.document and source.quote is not None:
            yield {"@type": "Quotation", "text": source.quote.exact}


def _interpreters(page: ClaimPage, reports: Sequence[Report]) -> list[str]:
    """Who put the claim into other words than the claimant's, or read it into something."""
    documents = [page.cast.documents.get(report.document) for report in reports if report.mode != "direct"]
    return sorted({document.publisher for document in documents if document is not None})


def _first(page: ClaimPage, reports: Sequence[Report]) -> str | None:
    """The document that surely came out before every other one; None where that cannot be told."""
    windows: dict[str, When] = {}
    for report in reports:
        document = page.cast.documents.get(report.document)
        window = _published(document) if document is not None else None
        if window is None:
            return None
        windows[report.document] = window
    for first, window in windows.items():
        if all(window.ends <= other.earliest for name, other in windows.items() if name != first):
            return first
    return None


def _published(document: DocumentArchived) -> When | None:
    """When a document came out; None where that is not told, or by what is no date, as an old log may."""
    try:
        return resolve_when(document.published) if document.published else None
    except ValueError:
        return None


def _actor(page: ClaimPage, identifier: str) -> Node:
    """An actor; one of a kind that may be a person or an office is of no type."""
    actor = page.cast.actors.get(identifier)
    kind = {"@type": "Organization"} if actor is not None and actor.kind in ORGANIZATIONS else {}
    return {
        **kind,
        "@id": _urn("actor", identifier),
        "identifier": identifier,
        "name": page.cast.actor(identifier),
        "url": page.addresses.to("actors", identifier),
    }


def _place(page: ClaimPage, identifier: str) -> Node:
    place = page.cast.places.get(identifier)
    node: Node = {
        "@type": "Place",
        "@id": _urn("place", identifier),
        "identifier": identifier,
        "name": page.cast.place(identifier),
        "url": page.addresses.to("locations", identifier),
    }
    if place is not None and place.point is not None:
        longitude, latitude = place.point
        node["geo"] = {"@type": "GeoCoordinates", "latitude": latitude, "longitude": longitude}
    return node


def _urn(what: str, identifier: str) -> str:
    return stable_id(what, identifier).urn


JSONLD: Format[ClaimPage] = Format(
    suffix="jsonld",
    name="JSON-LD (schema.org)",
    media_type="application/ld+json",
    write=write_jsonld,
    shape=JsonLd,
)
