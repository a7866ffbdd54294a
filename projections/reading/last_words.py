"""The short way to the status of many places: by the last thing that each actor said of control there.

A position follows from the development that moved it last. One that states control, for good and alone in
its instant, decides by itself. Of voices whose last word is an answer, or lapses, or shares its instant with
another, the chain since the last statement is read and folded (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import LiteralString

from domain.kinds.envelope import Development
from domain.positions import PlaceView, Position, trace_positions
from domain.status import NOTHING_SAID, Outline, positions_at, rule_on
from domain.times import END_OF_TIME, instant_of
from projections.engine.facts import decode_control, decode_fact, encode_control
from projections.reading.brief_words import CLAIMS, NotInBrief, Said, Word, fold_words
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
_CHAINS: LiteralString = f"""
    FROM unnest(%(places)s::text[], %(actors)s::text[]) AS s (location_id, actor_id)
    LEFT JOIN LATERAL (
        SELECT f.effect_from FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS} AND f.answers IS NULL
        ORDER BY f.effect_from DESC OFFSET %(statements)s - 1 LIMIT 1) AS cut ON true
    CROSS JOIN LATERAL (
        SELECT f.effect_from, f.effect_until, f.kind, f.stated, f.answers, f.body
        FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
          AND f.effect_from >= coalesce(cut.effect_from, '-infinity')
        OFFSET 0) AS chain"""  # noqa: S608 - of constants

SELECT_CHAINS: LiteralString = (
    "SELECT s.location_id, s.actor_id, cut.effect_from, chain.kind, chain.body" + _CHAINS
)
SELECT_WORDS: LiteralString = (
    "SELECT s.location_id, s.actor_id, chain.effect_from, chain.effect_until <= %(sure_before)s, chain.kind, "
    "chain.stated, chain.answers, chain.body" + _CHAINS
)

# What the claims that are answered state, the same wherever they are held. Claim by claim: for many at once
# the planner would read through the whole of the index that begins with the place.
SELECT_CLAIMED: LiteralString = """
    SELECT claim.id, held.stated FROM unnest(%(claims)s::text[]) AS claim (id)
    CROSS JOIN LATERAL (
        SELECT f.stated FROM projections.location_facts f
        WHERE f.development_id = claim.id AND f.kind = ANY(%(kinds)s)
          AND f.from_position <= %(position)s
          AND (f.until_position IS NULL OR f.until_position > %(position)s)
        LIMIT 1) AS held"""

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
_Pair = tuple[str, str]
"""A place and an actor."""


@dataclass(slots=True)
class _Words:
    """What was said last at a place, by voice, and by which actors; a last word that is not alone in its
    instant decides nothing.
    """

    last: dict[str, _Word] = field(default_factory=dict)
    actors: dict[str, list[str]] = field(default_factory=dict)

    def add(self, voice: str, word: _Word) -> None:
        """One more actor's last word."""
        other = self.last.get(voice)
        if other is None:
            self.last[voice], self.actors[voice] = word, [word[1]]
            return
        self.actors[voice].append(word[1])
        if word[2] > other[2]:
            self.last[voice] = word
        elif word[2] == other[2]:
            self.last[voice] = (*word[:3], None, False)


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
    said: dict[str, list[Said]] = {}
    undecided: list[list[_Pair]] = []
    for place, words in _gather_words(moment, places, voices).items():
        positions = said[place] = []
        for voice, (_, _, _, stated, certain) in words.last.items():
            if stated is not None:
                positions.append((stated, certain))
            else:
                undecided.append([(place, actor) for actor in words.actors[voice]])
    for place, position in _decide(moment, undecided):
        said[place].append(position)
    return {place: _outline_of(tuple(sorted(positions))) for place, positions in said.items()}


def _decide(moment: Moment, undecided: Sequence[Sequence[_Pair]]) -> Iterator[tuple[str, Said]]:
    """The positions of voices, each given as the pairs of it at one place, with their places."""
    words = _load_words(moment, [pair for pairs in undecided for pair in pairs])
    claims = _load_claimed(moment, {word[4] for each in words.values() for word in each if word[4]})
    others: list[_Pair] = []
    for pairs in undecided:
        try:
            position = fold_words([word for pair in pairs for word in words.get(pair, ())], claims)
        except NotInBrief:
            others += pairs
            continue
        if position is not None:
            yield pairs[0][0], position
    for place, folded in _fold_positions(moment, others):
        yield place, (encode_control(folded.shares), folded.certain)


def _load_words(moment: Moment, pairs: Sequence[_Pair]) -> dict[_Pair, list[Word]]:
    """What the last words of each pair follow from."""
    words: dict[_Pair, list[Word]] = {}
    if not pairs:
        return words
    places, actors = zip(*pairs, strict=True)
    bounds = {**_bounds(moment, places), "actors": list(actors), "statements": 1}
    with moment.connection.cursor(binary=True) as cursor:
        for place, actor, *word in cursor.execute(SELECT_WORDS, bounds).fetchall():
            words.setdefault((place, actor), []).append(tuple(word))
    return words


def _load_claimed(moment: Moment, claims: Collection[str]) -> dict[str, bytes | None]:
    bounds = {"claims": sorted(claims), "kinds": list(CLAIMS), "position": moment.position}
    with moment.connection.cursor(binary=True) as cursor:
        return dict(cursor.execute(SELECT_CLAIMED, bounds).fetchall()) if claims else {}


def _gather_words(
    moment: Moment, places: Collection[str] | None, voices: Collection[str] | None
) -> dict[str, _Words]:
    """The last words at each place."""
    spoken = {actor: voice for actor, (voice, _) in load_voices(moment).items()}
    query = SELECT_LAST_WORDS + AT_PLACES if places is not None else SELECT_LAST_WORDS
    gathered: dict[str, _Words] = {}
    with moment.connection.cursor(binary=True) as cursor:
        cursor.execute(REMEMBER_NOTHING)
        for word in cursor.execute(query, _bounds(moment, places)).fetchall():
            place, actor, *_ = word
            voice = spoken.get(actor, actor)
            if voices is None or voice in voices:
                (gathered.get(place) or gathered.setdefault(place, _Words())).add(voice, word)
    return gathered


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
def _outline_of(said: tuple[Said, ...]) -> Outline:
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
