"""Claims at a moment: the lifecycle, what assessors make of it, and from how many origins it is told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import LiteralString

from domain.errors import NotFound, NotPublicYet
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import Outcome, fold_ground, judge_claim
from domain.reports import (
    Link,
    Origin,
    Report,
    find_misattributions,
    group_by_origin,
    join_same_reports,
    list_reports,
)
from projections.reading.developments import DevelopmentRevision, find_developments
from projections.reading.lifecycles import (
    ClaimEntry,
    EntryRow,
    in_order,
    judged_entries,
    link_entry,
    told_entry,
)
from projections.reading.links import load_links
from projections.reading.moments import Moment
from projections.reading.places import load_views
from projections.reading.registry import find_publishers

NEEDS = ("claims", "developments", "states", "documents")

SELECT_CLAIM: LiteralString = """
    SELECT claim_id, retracted FROM projections.claims
    WHERE claim_id = %s AND from_position <= %s AND (until_position IS NULL OR until_position > %s)"""

# The claims about a place, by id, after the last one of the page before.
SELECT_PLACE_CLAIMS: LiteralString = """
    SELECT claim_id, retracted FROM projections.claims
    WHERE location_ids @> ARRAY[%(place)s::text]
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(after)s::text IS NULL OR claim_id > %(after)s)
    ORDER BY claim_id LIMIT %(limit)s"""

SELECT_ENTRIES: LiteralString = """
    SELECT claim_id, log_position, what, development_id, recorded_at, recorded_by, reason
    FROM projections.claim_entries
    WHERE claim_id = ANY(%(claims)s) AND log_position <= %(position)s
      AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY claim_id, log_position"""

CLAIM_EVER: LiteralString = "SELECT 1 FROM projections.claims WHERE claim_id = %s LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimAnswer:
    """A claim with all that befell it by the moment."""

    claim: Claim
    voice: str
    revision: int
    outcome: Outcome
    entries: tuple[ClaimEntry, ...]
    reports: tuple[Report, ...]

    @property
    def counted(self) -> int:
        """How many reports count."""
        return sum(report.counted for report in self.reports)

    @property
    def by_origin(self) -> tuple[Origin, ...]:
        """The reports by their origin."""
        return group_by_origin(self.reports)


def find_claim(moment: Moment, identifier: str) -> ClaimAnswer:
    """The claim at the moment. Raises NotFound."""
    row = moment.connection.execute(SELECT_CLAIM, (identifier, moment.position, moment.position)).fetchone()
    if row is None:
        if moment.connection.execute(CLAIM_EVER, (identifier,)).fetchone():
            raise moment.not_recorded("claim", identifier)
        raise NotFound("claim", identifier)
    for answer in load_claims(moment, [row]):
        return answer
    raise NotPublicYet("claim", identifier, moment.clocks.known_at)


def list_place_claims(
    moment: Moment, place: str, *, after: str | None = None, limit: int = 100
) -> tuple[list[ClaimAnswer], str | None]:
    """The claims about a place that count at the moment, retracted ones too, and where to go on."""
    parameters = {"place": place, "position": moment.position, "after": after, "limit": limit + 1}
    found = moment.connection.execute(SELECT_PLACE_CLAIMS, parameters).fetchall()
    answers = [
        answer
        for answer in load_claims(moment, found[:limit])
        if answer.claim.occurred.began(moment.valid_before)
    ]
    return answers, found[limit - 1][0] if len(found) > limit else None


def load_claims(moment: Moment, rows: Sequence[tuple[str, bool]]) -> list[ClaimAnswer]:
    """Those of the claims, each with whether it is retracted, that were public by the moment, in that order.

    However many there are, it takes the same number of queries.
    """
    if not rows:
        return []
    ground = _load_ground(moment, [identifier for identifier, _ in rows])
    claims = [
        body
        for identifier, _ in rows
        if isinstance(body := ground.developments[identifier].body, Claim)
        and body.reported.surely_over(moment.known_before)
    ]
    outcomes = judge_claims(moment, claims, {identifier for identifier, retracted in rows if retracted})
    judged = judged_entries(moment, outcomes)
    return [ground.answer(moment, claim, outcomes[claim.id], judged[claim.id]) for claim in claims]


def judge_claims(moment: Moment, claims: Collection[Claim], retracted: Collection[str]) -> dict[str, Outcome]:
    """The outcome of each claim, by id. Their places are loaded together, and each is folded once."""
    places = sorted({place for claim in claims if claim.id not in retracted for place in claim.at})
    views = load_views(moment, places) if places else {}
    grounds = {place: fold_ground(view, moment.valid_before) for place, view in views.items()}
    outcomes = {}
    for claim in claims:
        gone = claim.id in retracted
        about = [] if gone else [grounds[place] for place in claim.at]
        outcomes[claim.id] = judge_claim(claim, about, retracted=gone)
    return outcomes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """All that the answers about some claims are made from; `counting` holds what counts at the moment."""

    entries: dict[str, list[EntryRow]]
    links: dict[str, list[Link]]
    developments: dict[str, DevelopmentRevision]
    counting: dict[str, Development]
    clusters: dict[str, frozenset[str]]
    wrong: dict[str, Link]
    publishers: dict[str, str]

    def answer(
        self, moment: Moment, claim: Claim, outcome: Outcome, judged: Sequence[ClaimEntry]
    ) -> ClaimAnswer:
        """One claim with all that befell it."""
        made = self.developments[claim.id]
        told = [told_entry(moment, row, self.developments) for row in self.entries[claim.id]]
        tied = [
            link_entry(claim.id, link, self.developments)
            for link in self.links.get(claim.id, ())
            if (link.to if link.development == claim.id else link.development) in self.counting
        ]
        return ClaimAnswer(
            claim=claim,
            voice=made.voice or claim.by,
            revision=made.revision,
            outcome=outcome,
            entries=in_order(claim, [*filter(None, told), *tied, *judged]),
            reports=list_reports(
                claim.id, self.clusters[claim.id], self.counting, self.wrong, self.publishers
            ),
        )


def _load_ground(moment: Moment, claims: list[str]) -> _Ground:
    entries: dict[str, list[EntryRow]] = {claim: [] for claim in claims}
    parameters = {"claims": claims, "position": moment.position}
    for claim, *row in moment.connection.execute(SELECT_ENTRIES, parameters):
        entries[claim].append(EntryRow(*row))
    links = load_links(moment, claims)
    at: dict[str, list[Link]] = {}
    for link in links:
        at.setdefault(link.development, []).append(link)
        at.setdefault(link.to, []).append(link)
    named = {row.development for rows in entries.values() for row in rows}
    developments = find_developments(moment, sorted({*claims, *named, *at}))
    counting = {
        identifier: found.body
        for identifier, found in developments.items()
        if not found.retracted and found.body.reported.surely_over(moment.known_before)
    }
    documents = {source.document for body in counting.values() for source in body.sources}
    return _Ground(
        entries=entries,
        links=at,
        developments=developments,
        counting=counting,
        clusters=join_same_reports(links, counting, claims),
        wrong=find_misattributions(links, counting),
        publishers=find_publishers(moment, sorted(documents)),
    )
