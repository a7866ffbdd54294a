"""Claims: what befell each, what became of it, and who reports it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of
from domain.editorial import LinkType
from domain.kinds.envelope import Mode
from domain.outcomes import Outcome
from domain.reports import Origin, Report
from domain.shares import Share
from domain.times import Clocks, When
from projections.reading.claims import ClaimAnswer

KEPT = ("id", "kind", "at", "by", "holder", "share", "manner", "summary", "occurred", "reported")


class ClaimEntryShape(Shape):
    """One thing that befell a claim."""

    what: str = Field(examples=["made", "denied", "contradicted"])
    voice: str | None
    development: str
    occurred: When | None
    reported: When | None
    log_position: int
    recorded_at: datetime
    recorded_by: str
    reason: str | None = Field(description="Why, for `corrected`, `retracted` and `linked`.")
    link_type: LinkType | None
    inbound: bool | None = Field(
        description="For a link, whether its other end, which is the `development`, made it."
    )


class LinkShape(Shape):
    """A development tied to another one by an editor."""

    development: str
    to: str
    type: LinkType
    reason: str | None
    log_position: int
    recorded_at: datetime
    recorded_by: str


class ReportShape(Shape):
    """One document that reports the claim."""

    document: str
    origin: str = Field(description="Where it has the claim from: the first of `via`, else its publisher.")
    via: tuple[str, ...] = Field(description="The way it came, the origin first.")
    mode: Mode
    development: str
    counted: bool = Field(
        description="False where it is misattributed, or its document was counted from the same origin."
    )
    misattributed: bool
    misattributed_by: LinkShape | None = Field(description="The link that says so.")


class OriginShape(Shape):
    """The reports that come from one origin."""

    origin: str
    counted: int = Field(description="How many of them count.")
    reports: list[ReportShape]


class ClaimShape(Shape):
    """A claim, what befell it, and what became of it."""

    id: str
    kind: str
    at: tuple[str, ...]
    by: str
    voice: str
    holder: str
    share: Share
    manner: str | None
    summary: str | None
    occurred: When
    reported: When
    revision: int
    outcome: Outcome
    entries: list[ClaimEntryShape]
    reports: int = Field(description="How many reports count.", examples=[5])
    origins: int = Field(description="From how many independent origins they come.", examples=[2])
    sources: list[ReportShape] = Field(description="The reports, those that do not count too.")
    by_origin: list[OriginShape] = Field(description="The same by origin, those with most reports first.")


class ClaimDetail(ClaimShape):
    """One claim at the clocks."""

    clocks: Clocks


class ClaimList(Shape):
    """A page of claims."""

    items: list[ClaimShape]
    clocks: Clocks


def _report(found: Report) -> ReportShape:
    wrong = found.misattributed_by
    fields = {
        **fields_of(found),
        "misattributed": wrong is not None,
        "misattributed_by": LinkShape.model_construct(**fields_of(wrong)) if wrong is not None else None,
    }
    return ReportShape.model_construct(**fields)


def _origin(found: Origin) -> OriginShape:
    return OriginShape.model_construct(
        origin=found.origin, counted=found.counted, reports=[*map(_report, found.reports)]
    )


def claim_fields(found: ClaimAnswer) -> dict[str, Any]:
    """The fields of a claim."""
    told = fields_of(found.claim)
    by_origin = found.by_origin
    return {
        **{name: told[name] for name in KEPT},
        "voice": found.voice,
        "revision": found.revision,
        "outcome": found.outcome,
        "entries": [ClaimEntryShape.model_construct(**fields_of(entry)) for entry in found.entries],
        "reports": found.counted,
        "origins": sum(origin.counted > 0 for origin in by_origin),
        "sources": [*map(_report, found.reports)],
        "by_origin": [*map(_origin, by_origin)],
    }


def claim_detail(found: ClaimAnswer, clocks: Clocks) -> ClaimDetail:
    """One claim."""
    return ClaimDetail.model_construct(**claim_fields(found), clocks=clocks)


def claim(found: ClaimAnswer) -> ClaimShape:
    """A claim in a list."""
    return ClaimShape.model_construct(**claim_fields(found))


def claim_list(found: Iterable[ClaimAnswer], clocks: Clocks) -> ClaimList:
    """A page of claims."""
    return ClaimList.model_construct(items=[*map(claim, found)], clocks=clocks)
