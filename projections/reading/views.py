"""What was read of places, with the claims answered there and the voices spoken with: ready to be folded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import LiteralString

from domain.kinds.envelope import Development
from domain.positions import PlaceView
from projections.engine.facts import decode_fact
from projections.reading.developments import load_voices
from projections.reading.moments import Moment

# The claims that are answered, whatever the known and valid clocks say of them: an answer carries its claim.
SELECT_ANSWERED: LiteralString = """
    SELECT DISTINCT ON (development_id) development_id, kind, body FROM projections.location_facts
    WHERE development_id = ANY(%(claims)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""


def assemble_views(moment: Moment, developments: Mapping[str, Sequence[Development]]) -> dict[str, PlaceView]:
    """A view of each place, from what of it counts at the moment."""
    answered = _load_answered(moment, developments)
    voices = load_voices(moment)
    spoken = {actor: voice for actor, (voice, _) in voices.items()}
    assessors = frozenset(actor for actor, (_, kind) in voices.items() if kind == "assessor")
    return {
        place: PlaceView(
            location=place,
            developments=tuple(found),
            answered=answered,
            voices=spoken,
            assessors=assessors,
        )
        for place, found in developments.items()
    }


def _load_answered(
    moment: Moment, developments: Mapping[str, Sequence[Development]]
) -> dict[str, Development]:
    claims = sorted({each.answers for found in developments.values() for each in found if each.answers})
    if not claims:
        return {}
    rows = moment.connection.execute(SELECT_ANSWERED, {"claims": claims, "position": moment.position})
    return {identifier: decode_fact(kind, body) for identifier, kind, body in rows}
