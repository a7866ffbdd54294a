"""Reports like others as the read models have them, and the voices that they speak with: the queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

import msgspec

from domain.kinds.envelope import Development
from domain.likeness import LOOKED_AT, Voiced
from ledger.database import Connection

LOOKED_CLOSELY_AT = 25
"""So many are read from their own streams: some may have been retracted or joined since."""
ASKED_AT_ONCE = 200

SELECT_VOICES: LiteralString = """
    SELECT actor_id, voice FROM projections.location_voices
    WHERE actor_id = ANY(%s) AND until_position IS NULL"""

# How far both read models are (one that has not begun has no checkpoint), and for each report asked about
# those like it at one of its places, as far as columns can tell, nearest first. Of the reports of its kind
# there, %(most)s are looked at on either side of its start, along the primary key. The voices in %(newer)s
# are newer than those of the table.
SELECT_ALIKE: LiteralString = """
    SELECT reached.position, alike.number, alike.development_id
    FROM (SELECT CASE count(*) WHEN 2 THEN min(position) ELSE 0 END AS position
          FROM projections.checkpoints WHERE name IN ('developments', 'states')) AS reached
    LEFT JOIN (
        SELECT asked.number, near.development_id
        FROM jsonb_to_recordset(%(asked)s::jsonb)
             AS asked (number int, id text, place text, kind text, actor text,
                       starts timestamptz, ends timestamptz, before bigint)
        LEFT JOIN projections.location_voices own ON own.actor_id = asked.actor AND own.until_position IS NULL
        CROSS JOIN LATERAL (
            SELECT p.development_id
            FROM (
                (SELECT development_id, revision, effect_from, from_position, actor_id
                 FROM projections.development_places
                 WHERE location_id = asked.place AND effect_from < asked.starts
                   AND kind = asked.kind AND until_position IS NULL
                 ORDER BY effect_from DESC LIMIT %(most)s)
                UNION ALL
                (SELECT development_id, revision, effect_from, from_position, actor_id
                 FROM projections.development_places
                 WHERE location_id = asked.place AND effect_from >= asked.starts AND effect_from < asked.ends
                   AND kind = asked.kind AND until_position IS NULL
                 ORDER BY effect_from LIMIT %(most)s)) AS p
            JOIN projections.development_revisions d
              ON d.development_id = p.development_id AND d.revision = p.revision
            LEFT JOIN projections.location_voices v ON v.actor_id = p.actor_id AND v.until_position IS NULL
            WHERE d.effect_until > asked.starts AND p.development_id <> asked.id
              AND (asked.before IS NULL OR p.from_position < asked.before)
              AND coalesce(%(newer)s::jsonb ->> p.actor_id, v.voice, p.actor_id)
                  IS NOT DISTINCT FROM coalesce(%(newer)s::jsonb ->> asked.actor, own.voice, asked.actor)
            ORDER BY abs(extract(epoch FROM p.effect_from - asked.starts)), p.development_id
            LIMIT %(limit)s) AS near) AS alike ON true"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A report to compare with those that stand in the log before this position.

    None compares it with the whole log, and with those sought before it, recorded or not.
    """

    body: Development
    before: int | None = None


class Voices:
    """The voice of each actor at the end of the log; an actor that is not known speaks for itself."""

    def __init__(self, connection: Connection, newer: dict[str, str]) -> None:
        self._connection = connection
        self._voices = dict(newer)

    def give(self, developments: Iterable[Development]) -> list[Voiced]:
        """The developments with their voices."""
        told = list(developments)
        missing = {body.by for body in told if body.by is not None and body.by not in self._voices}
        if missing:
            self._voices |= {actor: actor for actor in missing}
            self._voices |= dict(self._connection.execute(SELECT_VOICES, (list(missing),)).fetchall())
        return [Voiced(body=body, voice=self._voices[body.by] if body.by else None) for body in told]


def select_alike(
    connection: Connection, sought: Sequence[Sought], newer: dict[str, str]
) -> tuple[int, list[set[str]]]:
    """How far the read models are, and by report sought the ids of those like it that they have.

    The voices in `newer`, by actor, are those that the read models do not have yet.
    """
    asked = [
        {
            "number": number,
            "id": each.body.id,
            "place": place,
            "kind": each.body.kind,
            "actor": each.body.by,
            "starts": each.body.occurred.earliest,
            "ends": each.body.occurred.ends,
            "before": each.before,
        }
        for number, each in enumerate(sought)
        for place in each.body.at
    ]
    parameters: dict[str, object] = {"most": LOOKED_AT, "limit": LOOKED_CLOSELY_AT}
    parameters["newer"] = msgspec.json.encode(newer).decode()
    positions, near = {0}, [set[str]() for _ in sought]
    for start in range(0, len(asked), ASKED_AT_ONCE):
        parameters["asked"] = msgspec.json.encode(asked[start : start + ASKED_AT_ONCE]).decode()
        for reached, number, identifier in connection.execute(SELECT_ALIKE, parameters):
            positions.add(reached)
            if identifier is not None:
                near[number].add(identifier)
    return max(positions), near
