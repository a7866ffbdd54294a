"""Claims at a moment: the lifecycle, what assessors make of it, and from how many origins it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from domain.errors import NotFound, NotPublicYet
from domain.kinds.claims import Claim
from domain.kinds.envelope import Mode
from domain.outcomes import Outcome, judge_claim
from domain.times import When
from projections.reading.developments import DevelopmentRevision, find_developments
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
    SELECT log_position, what, development_id, recorded_at, recorded_by, reason, link_type, inbound
    FROM projections.claim_entries
    WHERE claim_id = %(claim)s AND log_position <= %(position)s
      AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY log_position"""

CLAIM_EVER: LiteralString = "SELECT 1 FROM projections.claims WHERE claim_id = %s LIMIT 1"

EDITORIAL = ("corrected", "retracted", "linked")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """One thing that befell a claim. `occurred` and `reported` are None for editorial entries."""

    what: str
    voice: str | None
    development: str
    occurred: When | None
    reported: When | None
    log_position: int
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    link_type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One document that reports the claim, and where it has it from."""

    document: str
    origin: str
    via: tuple[str, ...]
    mode: Mode
    development: str
    misattributed: bool


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
    def counted(self) -> tuple[Report, ...]:
        """The reports that count: those that put words in a wrong mouth are left out."""
        return tuple(report for report in self.reports if not report.misattributed)

    @property
    def origins(self) -> tuple[str, ...]:
        """The independent origins of the reports that count, by id."""
        return tuple(sorted({report.origin for report in self.counted}))


def find_claim(moment: Moment, identifier: str) -> ClaimAnswer:
    """The claim at the moment. Raises NotFound."""
    row = moment.connection.execute(SELECT_CLAIM, (identifier, moment.position, moment.position)).fetchone()
    if row is None:
        if moment.connection.execute(CLAIM_EVER, (identifier,)).fetchone():
            raise moment.not_recorded("claim", identifier)
        raise NotFound("claim", identifier)
    answer = _answer(moment, identifier, retracted=row[1])
    if answer is None:
        raise NotPublicYet("claim", identifier, moment.clocks.known_at)
    return answer


def list_place_claims(
    moment: Moment, place: str, *, after: str | None = None, limit: int = 100
) -> tuple[list[ClaimAnswer], str | None]:
    """The claims about a place that count at the moment, retracted ones too, and where to go on."""
    parameters = {"place": place, "position": moment.position, "after": after, "limit": limit + 1}
    found = moment.connection.execute(SELECT_PLACE_CLAIMS, parameters).fetchall()
    answers = []
    for identifier, retracted in found[:limit]:
        answer = _answer(moment, identifier, retracted=retracted)
        if answer is not None and answer.claim.occurred.began(moment.valid_before):
            answers.append(answer)
    return answers, found[limit - 1][0] if len(found) > limit else None


def _answer(moment: Moment, identifier: str, *, retracted: bool) -> ClaimAnswer | None:
    rows = moment.connection.execute(
        SELECT_ENTRIES, {"claim": identifier, "position": moment.position}
    ).fetchall()
    developments = find_developments(moment, sorted({identifier, *(row[2] for row in rows)}))
    made = developments[identifier]
    if not isinstance(made.body, Claim) or not made.body.reported.surely_over(moment.known_before):
        return None
    views = load_views(moment, made.body.at)
    outcome = judge_claim(made.body, list(views.values()), moment.valid_before, retracted=retracted)
    entries = [entry for row in rows if (entry := _entry(moment, row, developments)) is not None]
    return ClaimAnswer(
        claim=made.body,
        voice=made.voice or made.body.by,
        revision=made.revision,
        outcome=outcome,
        entries=tuple(sorted([*entries, *_judged(moment, outcome)], key=_entry_order)),
        reports=tuple(_reports(moment, made, rows, developments)),
    )


def _entry(
    moment: Moment, row: tuple[Any, ...], developments: dict[str, DevelopmentRevision]
) -> ClaimEntry | None:
    """The entry of a row, or None when its development does not count at the moment."""
    position, what, identifier, recorded_at, recorded_by, reason, link_type, _ = row
    development = developments.get(identifier)
    occurred = reported = None
    if what not in EDITORIAL and development is not None:
        occurred, reported = development.body.occurred, development.body.reported
        if not (reported.surely_over(moment.known_before) and occurred.began(moment.valid_before)):
            return None
    return ClaimEntry(
        what=what,
        voice=development.voice if development is not None else None,
        development=identifier,
        occurred=occurred,
        reported=reported,
        log_position=position,
        recorded_at=recorded_at,
        recorded_by=recorded_by,
        reason=reason,
        link_type=link_type,
    )


def _judged(moment: Moment, outcome: Outcome) -> Iterable[ClaimEntry]:
    """An entry for each assessor's verdict, at the assessment it rests on."""
    found = find_developments(moment, [judgement.development for judgement in outcome.assessors])
    for judgement in outcome.assessors:
        assessment = found[judgement.development]
        yield ClaimEntry(
            what="borne-out" if judgement.verdict == "bears-out" else "contradicted",
            voice=judgement.voice,
            development=judgement.development,
            occurred=assessment.body.occurred,
            reported=assessment.body.reported,
            log_position=assessment.log_position,
            recorded_at=assessment.recorded_at,
            recorded_by=assessment.recorded_by,
            reason=None,
            link_type=None,
        )


def _entry_order(entry: ClaimEntry) -> tuple[Any, ...]:
    """By effect, where there is one, else by recording; what was recorded first comes first."""
    return (entry.occurred.earliest if entry.occurred is not None else entry.recorded_at, entry.log_position)


def _reports(
    moment: Moment,
    made: DevelopmentRevision,
    rows: Sequence[tuple[Any, ...]],
    developments: dict[str, DevelopmentRevision],
) -> Iterable[Report]:
    """The sources of the claim and of what is linked to it as the same report."""
    joined = {row[2] for row in rows if row[1] == "linked" and row[6] == "same-report"}
    # The end that made a `misattributes` link is the report that has it wrong.
    misattributed = {
        row[2] if row[7] else made.body.id for row in rows if row[1] == "linked" and row[6] == "misattributes"
    }
    told = [made, *(developments[name] for name in sorted(joined) if name in developments)]
    told = [
        development
        for development in told
        if not development.retracted and development.body.reported.surely_over(moment.known_before)
    ]
    sources = [(development, source) for development in told for source in development.body.sources]
    publishers = find_publishers(moment, sorted({source.document for _, source in sources}))
    for development, source in sources:
        yield Report(
            document=source.document,
            origin=source.via[0] if source.via else publishers.get(source.document, source.document),
            via=source.via,
            mode=source.mode,
            development=development.body.id,
            misattributed=development.body.id in misattributed,
        )
