"""The short way to the status of many places: by the last thing that each actor said of control there.

A position follows from the development that moved it last. One that states control, for good and alone in
its instant, decides by itself. Of voices whose last word is an answer, or lapses, or shares its instant with
another, the chain since the last statement is read and folded (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import LiteralString

from domain.kinds.envelope import Development
from domain.positions import PlaceView, Position, trace_positions
from domain.status import NOTHING_SAID, Outline, positions_at, rule_on
from domain.times import END_OF_TIME, instant_of
from projections.engine.facts import decode_control, decode_fact, encode_control
from projections.reading.developments import load_voices
from projections.reading.moments import Moment
from projections.reading.views import assemble_views

COUNTS: LiteralString = """
    f.moves AND f.effect_from < %(valid_before)s AND f.known_from <= %(known_before)s
    AND f.from_position <= %(position)s AND (f.until_position IS NULL OR f.until_position > %(position)s)"""

# The last thing that each actor said at each place, from the index alone; all of them in one instant.
SELECT_LAST_WORDS: LiteralString = f"""
    SELECT s.location_id, s.actor_id, last.effect_from, last.stated, last.effect_until <= %(sure_before)s
    FROM projections.location_speakers s CROSS JOIN LATERAL (
        SELECT f.effect_from, f.effect_until, f.stated FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
        ORDER BY f.effect_from DESC FETCH FIRST 1 ROW WITH TIES) AS last"""  # noqa: S608 - of constants

# The planner takes the pairs for repeated ones, and would keep what it found for each in vain.
REMEMBER_NOTHING: LiteralString = "SET LOCAL enable_memoize = off"

AT_PLACES: LiteralString = " WHERE s.location_id = ANY(%(places)s)"

# Of each pair of a place and an actor, so many of its last statements and whatever it said since the first of
# them; and the instant of that one, or null where there is nothing before.
SELECT_CHAINS: LiteralString = f"""
    SELECT s.location_id, s.actor_id, cut.effect_from, chain.kind, chain.body
    FROM unnest(%(places)s::text[], %(actors)s::text[]) AS s (location_id, actor_id)
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
    SELECT location_id, actor_id FROM projections.location_speakers WHERE location_id = ANY(%(places)s)"""

# The states as last rendered; one holds as long as no window has ended or begun since.
SELECT_RENDERED: LiteralString = """
    SELECT s.location_id,
           NOT stale AND touched_by <= %(position)s AND (good_until IS NULL OR good_until > %(before)s),
           status, holder, certain, disagreements
    FROM projections.location_states s"""


_Word = tuple[str, str, datetime, bytes | None, bool]
"""Where, by which actor and from when on; the control, where it decides alone; whether it is certain."""
_Said = tuple[bytes, bool]
"""A position in brief: the control, and whether it is certain."""


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


def find_outlines(
    moment: Moment, places: Collection[str] | None = None, voices: Collection[str] | None = None
) -> dict[str, Outline]:
    """The outline of each of the places, or of all, by the voices asked for. Where nothing is said it may be
    missing: it is NOTHING_SAID.
    """
    if not moment.is_current or voices is not None:
        return _fold_outlines(moment, places, voices)
    outlines, others = _rendered_outlines(moment, places)
    return (outlines | _fold_outlines(moment, others, None)) if others else outlines


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
    rows = moment.connection.execute(SELECT_SPEAKERS, {"places": list(places)})
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


def _rendered_outlines(
    moment: Moment, places: Collection[str] | None
) -> tuple[dict[str, Outline], list[str]]:
    """The outlines that still hold at the moment, and the places of the others."""
    bounds = {"position": moment.position, "before": moment.valid_before, "places": _listed(places)}
    query = SELECT_RENDERED + AT_PLACES if places is not None else SELECT_RENDERED
    outlines, others = {}, []
    for place, holds, status, holder, certain, disagreements in moment.connection.execute(query, bounds):
        if holds:
            outlines[place] = Outline(
                status=status, holder=holder, certain=certain, disagreements=disagreements
            )
        else:
            others.append(place)
    return outlines, others


def _fold_outlines(
    moment: Moment, places: Collection[str] | None, voices: Collection[str] | None
) -> dict[str, Outline]:
    """The outlines by the last words of all voices, or of those asked for."""
    said: dict[str, list[_Said]] = {}
    pairs: list[tuple[str, str]] = []
    for words in _gather_words(moment, places, voices):
        place, _, _, stated, certain = _last_of(words)
        if stated is not None:
            said.setdefault(place, []).append((stated, certain))
        else:
            pairs += [(place, actor) for _, actor, *_ in words]
    for place, position in _fold_positions(moment, pairs):
        said.setdefault(place, []).append((encode_control(position.shares), position.certain))
    return {place: _outline_of(tuple(sorted(positions))) for place, positions in said.items()}


def _gather_words(
    moment: Moment, places: Collection[str] | None, voices: Collection[str] | None
) -> Iterable[list[_Word]]:
    """The last words of each voice at each place."""
    spoken = {actor: voice for actor, (voice, _) in load_voices(moment).items()}
    query = SELECT_LAST_WORDS + AT_PLACES if places is not None else SELECT_LAST_WORDS
    gathered: dict[tuple[str, str], list[_Word]] = {}
    with moment.connection.cursor(binary=True) as cursor:
        cursor.execute(REMEMBER_NOTHING)
        for word in cursor.execute(query, _bounds(moment, places)).fetchall():
            place, actor, *_ = word
            voice = spoken.get(actor, actor)
            if voices is None or voice in voices:
                gathered.setdefault((place, voice), []).append(word)
    return gathered.values()


def _last_of(words: Sequence[_Word]) -> _Word:
    """The word that was said last; one that decides nothing where two were said in that instant."""
    if len(words) == 1:
        return words[0]
    instant = max(word[2] for word in words)
    last = [word for word in words if word[2] == instant]
    place, actor, _, stated, certain = last[0]
    return place, actor, instant, stated if len(last) == 1 else None, certain


def _fold_positions(moment: Moment, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Position]]:
    """The positions of these speakers, each a place and an actor, with their places."""
    chains = _load_chains(moment, pairs)
    developments = {place: chain.developments for place, chain in chains.items()}
    for place, view in assemble_views(moment, developments).items():
        for position in positions_at(trace_positions(view, moment.valid_before), moment.valid_before):
            yield place, position


def _load_chains(moment: Moment, pairs: Sequence[tuple[str, str]], statements: int = 1) -> dict[str, _Chain]:
    """What decides the positions of these actors at these places, by place."""
    if not pairs:
        return {}
    places, actors = zip(*pairs, strict=True)
    chains: dict[str, _Chain] = {}
    bounds = {**_bounds(moment, places), "actors": list(actors), "statements": statements}
    with moment.connection.cursor(binary=True) as cursor:
        for place, actor, cut, kind, body in cursor.execute(SELECT_CHAINS, bounds).fetchall():
            chain = chains.setdefault(place, _Chain([], {}))
            chain.developments.append(decode_fact(kind, body))
            if cut is not None:
                chain.cuts[actor] = cut
    return chains


@lru_cache(maxsize=16_384)
def _outline_of(said: tuple[_Said, ...]) -> Outline:
    """Kept, because the few things that are ever said of places make few outlines."""
    if not said:
        return NOTHING_SAID
    ruling = rule_on([decode_control(stated) for stated, _ in said])
    return Outline(
        status=ruling.status,
        holder=ruling.holder,
        certain=all(said[index][1] for index in ruling.rests_on),
        disagreements=ruling.disagreements,
    )


def _bounds(moment: Moment, places: Collection[str] | None) -> dict[str, object]:
    return {
        "valid_before": moment.valid_before,
        # A window without an end is stored as one that ends with time; it is never surely over.
        "sure_before": min(moment.valid_before, instant_of(END_OF_TIME)),
        "known_before": moment.known_before,
        "position": moment.position,
        "places": _listed(places),
    }


def _listed(places: Collection[str] | None) -> list[str] | None:
    return None if places is None else list(places)
