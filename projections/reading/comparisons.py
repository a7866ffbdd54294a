"""What the ledger held of a place at a moment, whether it counted or not: the ground of a comparison."""

from __future__ import annotations

from typing import LiteralString

from domain.comparisons import Standpoint
from projections.reading.moments import Moment
from projections.states import decode_fact

NEEDS = ("locations", "states", "developments")

SELECT_HELD: LiteralString = """
    SELECT development_id, kind, body FROM projections.location_facts
    WHERE location_id = %(place)s
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

# Developments that stood here once and are retracted at the moment.
SELECT_RETRACTED: LiteralString = """
    SELECT DISTINCT d.development_id FROM projections.location_facts f
    JOIN projections.development_revisions d ON d.development_id = f.development_id
     AND d.from_position <= %(position)s AND (d.until_position IS NULL OR d.until_position > %(position)s)
    WHERE f.location_id = %(place)s AND d.retracted"""


def load_standpoint(moment: Moment, place: str) -> Standpoint:
    """What the ledger held of the place at the moment, with the bounds under which it counts."""
    bounds = {"place": place, "position": moment.position}
    held = {
        identifier: decode_fact(kind, body)
        for identifier, kind, body in moment.connection.execute(SELECT_HELD, bounds)
    }
    retracted = frozenset(row[0] for row in moment.connection.execute(SELECT_RETRACTED, bounds))
    return Standpoint(
        valid_before=moment.valid_before, known_before=moment.known_before, held=held, retracted=retracted
    )
