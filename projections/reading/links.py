"""Links between developments at a moment: what tells the same, and what shows another wrong."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, LiteralString

from domain.reports import Link, join_same_reports
from projections.reading.moments import Moment

# Where a walk along same-report links starts: at some developments,
FROM_DEVELOPMENTS: LiteralString = """
    WITH RECURSIVE joined (development_id) AS (
        SELECT unnest(%(ids)s::text[])"""

# or at all claims of some actors that are tied to anything as the same report.
FROM_CLAIMS_OF: LiteralString = """
    WITH RECURSIVE joined (development_id) AS (
        SELECT c.claim_id FROM projections.claims c
        WHERE c.actor_id = ANY(%(actors)s) AND c.from_position <= %(position)s
          AND (c.until_position IS NULL OR c.until_position > %(position)s)
          AND EXISTS (SELECT FROM projections.development_links l
                      WHERE l.development_id = c.claim_id AND l.type = 'same-report'
                        AND l.log_position <= %(position)s)"""

# Every link at what the walk reaches, whether that counts or not; UNION ends a walk in a circle.
WALK: LiteralString = """
        UNION
        SELECT l.other_id FROM joined JOIN projections.development_links l
          ON l.development_id = joined.development_id
        WHERE l.type = 'same-report' AND l.log_position <= %(position)s)
    SELECT l.development_id, l.other_id, l.inbound, l.type, l.reason, l.log_position, l.recorded_at,
           l.recorded_by
    FROM joined JOIN projections.development_links l ON l.development_id = joined.development_id
    WHERE l.log_position <= %(position)s
    ORDER BY l.log_position, l.inbound"""

SELECT_COUNTING: LiteralString = """
    SELECT development_id FROM projections.development_revisions
    WHERE development_id = ANY(%(ids)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND NOT retracted AND known_from <= %(known_before)s"""


def load_links(moment: Moment, ids: Collection[str]) -> list[Link]:
    """Every link at the developments, and at all that tells the same as they do, by log position."""
    parameters = {"ids": list(ids), "position": moment.position}
    return _read_links(moment.connection.execute(FROM_DEVELOPMENTS + WALK, parameters).fetchall())


def find_clusters(
    moment: Moment, actors: Collection[str], claims: Collection[str]
) -> dict[str, frozenset[str]]:
    """What is one report with each of the claims of the actors; one that stands alone may be missing."""
    if not claims:
        return {}
    parameters = {"actors": list(actors), "position": moment.position}
    links = _read_links(moment.connection.execute(FROM_CLAIMS_OF + WALK, parameters).fetchall())
    ends = {end for link in links for end in (link.development, link.to)}
    bounds = {"ids": list(ends), "position": moment.position, "known_before": moment.known_before}
    counting = {row[0] for row in moment.connection.execute(SELECT_COUNTING, bounds)}
    return join_same_reports(links, counting, ends.intersection(claims))


def _read_links(rows: Sequence[tuple[Any, ...]]) -> list[Link]:
    """Links from their rows; one that was met at both its ends is one."""
    links = {}
    for one, other, inbound, kind, reason, position, recorded_at, recorded_by in rows:
        links[position] = Link(
            development=other if inbound else one,
            to=one if inbound else other,
            type=kind,
            reason=reason,
            log_position=position,
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )
    return list(links.values())
