"""Every place and actor registered at a moment, for whoever has to look up many."""

from __future__ import annotations

from typing import LiteralString

import msgspec

from domain.registry import ActorRegistered, LocationRegistered
from projections.reading.moments import Moment

PLACES_NEEDS = ("locations",)
ACTORS_NEEDS = ("actors",)

_PLACES = msgspec.json.Decoder(LocationRegistered)
_ACTORS = msgspec.json.Decoder(ActorRegistered)

EVERY_PLACE: LiteralString = """
    SELECT body FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY location_id"""

EVERY_ACTOR: LiteralString = """
    SELECT body FROM projections.actor_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
    ORDER BY actor_id"""


def every_place(moment: Moment) -> list[LocationRegistered]:
    """All places as they were described at the moment, by id."""
    rows = moment.connection.execute(EVERY_PLACE, {"position": moment.position})
    return [_PLACES.decode(body) for (body,) in rows]


def every_actor(moment: Moment) -> list[ActorRegistered]:
    """All actors as they were described at the moment, by id."""
    rows = moment.connection.execute(EVERY_ACTOR, {"position": moment.position})
    return [_ACTORS.decode(body) for (body,) in rows]
