"""What befell a claim, step by step: each entry with its clocks, voice, development and log position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, NamedTuple

from domain.editorial import LinkType
from domain.kinds.claims import Claim
from domain.outcomes import Outcome
from domain.reports import Link
from domain.times import When
from projections.reading.developments import DevelopmentRevision, find_developments
from projections.reading.moments import Moment

# When each development was given the content that it has: links made later are revisions too.
SELECT_WRITTEN: LiteralString = """
    SELECT DISTINCT ON (development_id) development_id, from_position, recorded_at, recorded_by
    FROM projections.development_revisions
    WHERE development_id = ANY(%(ids)s) AND from_position <= %(position)s
      AND change IN ('reported', 'corrected')
    ORDER BY development_id, revision DESC"""

EDITORIAL = ("corrected", "retracted")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimEntry:
    """One thing that befell a claim. `occurred` and `reported` are None for editorial entries.

    `recorded_by` says by whom, and for an editorial entry `reason` says why. `link_type` and `inbound` are
    set for a link: `development` is its other end, `inbound` whether that is the end that made it.
    """

    what: str
    voice: str | None
    development: str
    occurred: When | None
    reported: When | None
    log_position: int
    recorded_at: datetime
    recorded_by: str
    reason: str | None = None
    link_type: LinkType | None = None
    inbound: bool | None = None


class EntryRow(NamedTuple):
    """A row of the lifecycle, as the projection keeps it."""

    log_position: int
    what: str
    development: str
    recorded_at: datetime
    recorded_by: str
    reason: str | None


def told_entry(
    moment: Moment, row: EntryRow, developments: Mapping[str, DevelopmentRevision]
) -> ClaimEntry | None:
    """The entry of a row, or None when its development does not count at the moment."""
    development = developments[row.development]
    occurred = reported = None
    if row.what not in EDITORIAL:
        occurred, reported = development.body.occurred, development.body.reported
        if not (reported.surely_over(moment.known_before) and occurred.began(moment.valid_before)):
            return None
    return ClaimEntry(
        what=row.what,
        voice=development.voice,
        development=row.development,
        occurred=occurred,
        reported=reported,
        log_position=row.log_position,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        reason=row.reason,
    )


def link_entry(claim: str, link: Link, developments: Mapping[str, DevelopmentRevision]) -> ClaimEntry:
    """The entry of a link at one of whose ends the claim is."""
    inbound = link.to == claim
    other = link.development if inbound else link.to
    return ClaimEntry(
        what="linked",
        voice=developments[other].voice,
        development=other,
        occurred=None,
        reported=None,
        log_position=link.log_position,
        recorded_at=link.recorded_at,
        recorded_by=link.recorded_by,
        reason=link.reason,
        link_type=link.type,
        inbound=inbound,
    )


def judged_entries(moment: Moment, outcomes: Mapping[str, Outcome]) -> dict[str, list[ClaimEntry]]:
    """An entry for each assessor's verdict, at the assessment it rests on, by claim."""
    names = sorted({said.development for outcome in outcomes.values() for said in outcome.assessors})
    if not names:
        return {claim: [] for claim in outcomes}
    found = find_developments(moment, names)
    rows = moment.connection.execute(SELECT_WRITTEN, {"ids": names, "position": moment.position})
    written = {name: told for name, *told in rows}
    return {
        claim: [
            ClaimEntry(
                what="borne-out" if said.verdict == "bears-out" else "contradicted",
                voice=said.voice,
                development=said.development,
                occurred=found[said.development].body.occurred,
                reported=found[said.development].body.reported,
                log_position=written[said.development][0],
                recorded_at=written[said.development][1],
                recorded_by=written[said.development][2],
            )
            for said in outcome.assessors
        ]
        for claim, outcome in outcomes.items()
    }


def in_order(claim: Claim, entries: Iterable[ClaimEntry]) -> tuple[ClaimEntry, ...]:
    """By effect, where there is one, else by recording; what was recorded first comes first.

    An answer follows the claim, however early its own window may have begun.
    """

    def place(entry: ClaimEntry) -> tuple[datetime, int]:
        if entry.occurred is None:
            return entry.recorded_at, entry.log_position
        if entry.what in ("borne-out", "contradicted"):
            return entry.occurred.earliest, entry.log_position
        return max(entry.occurred.earliest, claim.occurred.earliest), entry.log_position

    return tuple(sorted(entries, key=place))
