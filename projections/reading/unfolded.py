"""What the read models have not folded yet, of what bears on a few kinds and places: read from the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import LiteralString

from domain.editorial import Corrected
from domain.errors import Unavailable
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered
from ledger.database import Connection
from ledger.reading import RawRecorded, decode_recorded

SOUGHT_BY_BYTES = 8
"""Events about other places are passed over undecoded while no more than so many places are asked about."""

# Reports of these kinds and corrections that hold any of these texts, and all that tells of actors.
SELECT_UNFOLDED: LiteralString = """
    SELECT notification_id, recorded_at, originator_id, originator_version, topic, state FROM ledger.events
    WHERE notification_id > %s AND notification_id <= %s
      AND (topic IN ('actor-registered', 'actor-described')
           OR topic = ANY(%s)
              AND EXISTS (SELECT FROM unnest(%s::bytea[]) AS held WHERE position(held IN state) > 0))
    ORDER BY notification_id"""


@dataclass(slots=True)
class Unfolded:
    """Reports and corrected ones with their log positions, in the order of the log, and the voices of actors
    that were registered or described.
    """

    reports: list[tuple[int, Development]] = field(default_factory=list)
    voices: dict[str, str] = field(default_factory=dict)


def read_unfolded(
    connection: Connection,
    *,
    after: int,
    until: int,
    kinds: Collection[str],
    places: Collection[str],
    allowed: int,
) -> Unfolded:
    """What bears on these kinds and places, of the events with `after < log_position <= until`.

    Raises Unavailable when there may be more than `allowed` of them, and UndecodableEvent.
    """
    unfolded = Unfolded()
    if until - after > allowed:
        raise Unavailable(f"The read models are {until - after:,} events behind the log.")
    if until <= after:
        return unfolded
    # An id is written in JSON as it is, so an event about a place holds it between quotation marks.
    held = [f'"{place}"'.encode() for place in places] if len(places) <= SOUGHT_BY_BYTES else [b""]
    for row in connection.execute(SELECT_UNFOLDED, (after, until, [*kinds, "corrected"], held)):
        position, recorded_at, stream, version, topic, state = row
        raw = RawRecorded(
            log_position=position,
            recorded_at=recorded_at,
            stream=stream,
            version=version,
            topic=topic,
            state=state,
        )
        match decode_recorded(raw).event:
            case ActorRegistered() as actor:
                unfolded.voices[actor.id] = actor.voice
            case Development() as body:
                unfolded.reports.append((position, body))
            case Corrected(body=body):
                unfolded.reports.append((position, body))
            case _:
                pass
    return unfolded
