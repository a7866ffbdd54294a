"""Places by what was said there last: of each actor a few statements, and what it said since.

A position follows from the development that moved it last, and a denial from what its voice held before: so
the chain since the last statement decides what a voice says, however much was said earlier
(docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

from domain.kinds.envelope import Development
from domain.positions import PlaceView, Position, trace_positions
from domain.status import positions_at
from domain.times import END_OF_TIME, instant_of
from projections.engine.facts import decode_fact
from projections.reading.developments import load_voices
from projections.reading.moments import Moment
from projections.reading.views import assemble_views

COUNTS: LiteralString = """
    f.moves AND f.effect_from < %(reach)s AND f.known_from <= %(known_before)s
    AND f.from_position <= %(position)s AND (f.until_position IS NULL OR f.until_position > %(position)s)"""

# Where anything counts that was public before it took effect, and did so after all that is known: withdrawals
# announced, mostly. Hardly any fact is like that, and an index has those alone.
SELECT_FORETOLD: LiteralString = """
    SELECT DISTINCT f.location_id FROM projections.location_facts f
    WHERE f.moves AND f.effect_from >= f.known_from
      AND f.effect_from >= %(known_before)s AND f.effect_from < %(valid_before)s
      AND f.known_from <= %(known_before)s
      AND f.from_position <= %(position)s AND (f.until_position IS NULL OR f.until_position > %(position)s)"""

# Pairs of a place and an actor. Ids have no spaces, and a list of thousands takes the driver long to write.
PAIRS: LiteralString = """
    unnest(string_to_array(%(places)s, ' '), string_to_array(%(actors)s, ' '))
        WITH ORDINALITY AS s (location_id, actor_id, number)"""

# Of each pair so many of its last statements and whatever it said since the first of them; and the instant of
# that one, or null where there is nothing before.
SELECT_CHAINS: LiteralString = f"""
    SELECT s.location_id, s.actor_id, cut.effect_from, chain.kind, chain.body
    FROM {PAIRS}
    LEFT JOIN LATERAL (
        SELECT f.effect_from FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS} AND f.answers IS NULL
        ORDER BY f.effect_from DESC OFFSET %(statements)s - 1 LIMIT 1) AS cut ON true
    CROSS JOIN LATERAL (
        SELECT f.kind, f.body FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
          AND f.effect_from >= coalesce(cut.effect_from, '-infinity')
        OFFSET 0) AS chain"""  # noqa: S608 - of constants

SELECT_SPEAKERS: LiteralString = """
    SELECT location_id, actor_id FROM projections.location_speakers
    WHERE location_id = ANY(string_to_array(%(places)s, ' '))"""

Pair = tuple[str, str]
"""A place and an actor."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """What was read of a place, and from when on it is all that an actor said, where it is not all."""

    developments: list[Development]
    cuts: dict[str, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentView:
    """A view with only what was said last. What a voice said is all there from the instant `sure_from` on;
    of a voice that is missing in it, everything is there.
    """

    view: PlaceView
    sure_from: dict[str, datetime]


def load_last_views(
    moment: Moment, places: Collection[str], voices: Collection[str] | None = None
) -> dict[str, PlaceView]:
    """Views of the places that hold only what their status follows from: `verdict_at` answers the same for
    them as for all that counts, for all voices or for those asked for.
    """
    return {place: recent.view for place, recent in load_recent_views(moment, places, voices).items()}


def load_recent_views(
    moment: Moment, places: Collection[str], voices: Collection[str] | None = None, statements: int = 1
) -> dict[str, RecentView]:
    """Views of the places with only so many of each actor's last statements, and whatever it said since."""
    rows = moment.connection.execute(SELECT_SPEAKERS, {"places": listed(places)})
    spoken = {actor: voice for actor, (voice, _) in load_voices(moment).items()}
    pairs = [(place, actor) for place, actor in rows if voices is None or spoken.get(actor, actor) in voices]
    chains = {place: _Chain([], {}) for place in places} | _load_chains(moment, pairs, statements)
    views = assemble_views(moment, {place: chain.developments for place, chain in chains.items()})
    recent = {}
    for place, chain in chains.items():
        sure_from: dict[str, datetime] = {}
        for actor, cut in chain.cuts.items():
            voice = spoken.get(actor, actor)
            sure_from[voice] = max(cut, sure_from.get(voice, cut))
        recent[place] = RecentView(view=views[place], sure_from=sure_from)
    return recent


def fold_positions(moment: Moment, pairs: Sequence[Pair]) -> Iterator[tuple[str, Position]]:
    """The positions of these speakers, with their places."""
    chains = _load_chains(moment, pairs)
    developments = {place: chain.developments for place, chain in chains.items()}
    for place, view in assemble_views(moment, developments).items():
        for position in positions_at(trace_positions(view, moment.valid_before), moment.valid_before):
            yield place, position


def _load_chains(moment: Moment, pairs: Sequence[Pair], statements: int = 1) -> dict[str, _Chain]:
    """What decides the positions of these actors at these places, by place."""
    chains: dict[str, _Chain] = {}
    foretold = find_foretold(moment) if pairs else frozenset()
    for whole in (False, True):
        asked = [pair for pair in pairs if (pair[0] in foretold) == whole]
        bounds = {**bounds_of(moment, whole=whole), **listed_pairs(asked), "statements": statements}
        with moment.connection.cursor(binary=True) as cursor:
            rows = cursor.execute(SELECT_CHAINS, bounds).fetchall() if asked else ()
        for place, actor, cut, kind, body in rows:
            chain = chains.setdefault(place, _Chain([], {}))
            chain.developments.append(decode_fact(kind, body))
            if cut is not None:
                chain.cuts[actor] = cut
    return chains


def find_foretold(moment: Moment) -> frozenset[str]:
    """The places of which facts must be looked for beyond what is known, up to the valid clock.

    Everywhere else, what took effect after the bound of what is known does not count: so a last word is found
    at once, however much was said since.
    """
    if moment.valid_before <= moment.known_before:
        return frozenset()
    rows = moment.connection.execute(SELECT_FORETOLD, bounds_of(moment))
    return frozenset(place for (place,) in rows)


def bounds_of(moment: Moment, *, whole: bool = False) -> dict[str, Any]:
    """The parameters of COUNTS, by which facts are looked for up to the valid clock (`whole`), or no further
    than what is known; `sure_before` is the bound that what is surely so ends by.
    """
    return {
        "valid_before": moment.valid_before,
        "reach": moment.valid_before if whole else min(moment.valid_before, moment.known_before),
        # A window without an end is stored as one that ends with time; it is never surely over.
        "sure_before": min(moment.valid_before, instant_of(END_OF_TIME)),
        "known_before": moment.known_before,
        "position": moment.position,
    }


def listed(identifiers: Collection[str] | None) -> str | None:
    """Ids as one parameter, for `string_to_array`."""
    return None if identifiers is None else " ".join(identifiers)


def listed_pairs(pairs: Collection[Pair]) -> dict[str, object]:
    """The parameters of PAIRS."""
    return {
        "places": listed([place for place, _ in pairs]),
        "actors": listed([actor for _, actor in pairs]),
    }
