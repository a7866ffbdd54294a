"""The status of many places, by the last thing that each actor said of control there.

A last word that states control, for good and alone in its instant, decides by itself. Of voices whose last
word is an answer, or lapses, or shares its instant with another, the chain since the last statement is read
and folded (docs/decisions/0026).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, LiteralString

from psycopg.types.numeric import Int8BinaryLoader

from domain.status import NOTHING_SAID, Outline, Status, rule_on
from projections.engine.facts import encode_control
from projections.reading.brief_words import (
    CLAIMS,
    SAID,
    NotInBrief,
    Said,
    Word,
    decode_said,
    encode_said,
    fold_words,
)
from projections.reading.last_words import (
    COUNTS,
    PAIRS,
    Pair,
    bounds_of,
    find_foretold,
    fold_positions,
    listed,
    listed_pairs,
)
from projections.reading.moments import Moment
from projections.reading.speakers import Speakers

# The last thing that each actor said at each place, from the index alone; all of them in one instant. A place
# is one row: a row for each actor takes the driver longer.
SELECT_LAST_WORDS: LiteralString = f"""
    SELECT s.location_id, string_agg(s.actor_id, ' '), array_agg(last.effect_from), array_agg(last.said)
    FROM projections.location_speakers s CROSS JOIN LATERAL (
        SELECT f.effect_from, {SAID} AS said FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
        ORDER BY f.effect_from DESC FETCH FIRST 1 ROW WITH TIES) AS last
    WHERE (%(actors)s::text IS NULL OR s.actor_id = ANY(string_to_array(%(actors)s, ' ')))
      AND (%(places)s::text IS NULL OR s.location_id = ANY(string_to_array(%(places)s, ' ')))
    GROUP BY s.location_id"""  # noqa: S608 - of constants

# The planner takes the pairs for repeated ones, and would keep what it found for each in vain.
REMEMBER_NOTHING: LiteralString = "SET LOCAL enable_memoize = off"

# Of each pair of a place and an actor its last statement and whatever it said since, with what is stated by
# the claims that it answers, the same wherever they are held. Claim by claim: for many at once the planner
# would read through the whole of the index that begins with the place.
SELECT_WORDS: LiteralString = f"""
    SELECT s.number, chain.effect_from, chain.effect_until <= %(sure_before)s, chain.kind, chain.stated,
           chain.answers, claim.is_held, claim.stated, chain.body
    FROM {PAIRS}
    LEFT JOIN LATERAL (
        SELECT f.effect_from FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
          AND f.stated IS NOT NULL
        ORDER BY f.effect_from DESC LIMIT 1) AS cut ON true
    CROSS JOIN LATERAL (
        SELECT f.effect_from, f.effect_until, f.kind, f.stated, f.answers, f.body
        FROM projections.location_facts f
        WHERE f.location_id = s.location_id AND f.actor_id = s.actor_id AND {COUNTS}
          AND f.effect_from >= coalesce(cut.effect_from, '-infinity')
        OFFSET 0) AS chain
    LEFT JOIN LATERAL (
        SELECT true AS is_held, f.stated FROM projections.location_facts f
        WHERE f.development_id = chain.answers AND f.kind = ANY(%(claims)s)
          AND f.from_position <= %(position)s
          AND (f.until_position IS NULL OR f.until_position > %(position)s)
        LIMIT 1) AS claim ON true"""  # noqa: S608 - of constants

# The states as last rendered; one holds as long as no window has ended or begun since.
SELECT_RENDERED: LiteralString = """
    SELECT s.location_id,
           NOT stale AND touched_by <= %(position)s AND (good_until IS NULL OR good_until > %(before)s),
           status, holder, certain, disagreements
    FROM projections.location_states s
    WHERE (%(places)s::text IS NULL OR s.location_id = ANY(string_to_array(%(places)s, ' ')))"""


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


def _rendered_outlines(
    moment: Moment, places: Collection[str] | None
) -> tuple[dict[str, Outline], list[str]]:
    """The outlines that still hold at the moment, and the places of the others."""
    bounds = {"position": moment.position, "before": moment.valid_before, "places": listed(places)}
    outlines, others = {}, []
    for place, holds, *told in _fetch(moment, SELECT_RENDERED, bounds):
        if holds:
            outlines[place] = _rendered(*told)
        else:
            others.append(place)
    return outlines, others


def _fold_outlines(
    moment: Moment, places: Collection[str] | None, voices: Collection[str] | None
) -> dict[str, Outline]:
    """The outlines by the last words of all voices, or of those asked for."""
    outlines = _fold_reached(moment, places, voices, whole=False)
    foretold = find_foretold(moment)
    if places is not None:
        foretold &= set(places)
    return (outlines | _fold_reached(moment, foretold, voices, whole=True)) if foretold else outlines


def _fold_reached(
    moment: Moment, places: Collection[str] | None, voices: Collection[str] | None, *, whole: bool
) -> dict[str, Outline]:
    """The same from what is found up to the valid clock (`whole`), or no further than what is known."""
    speakers = Speakers(moment, voices)
    bounds = bounds_of(moment, whole=whole)
    outlines: dict[str, Outline] = {}
    said: dict[str, list[Said]] = {}
    undecided: list[list[Pair]] = []
    for place, actors, since, words in _load_last_words(moment, bounds, places, speakers.asked):
        if not speakers.are_apart(actors):
            positions = said[place] = []
            for names, word in speakers.by_voice(zip(actors.split(" "), since, words, strict=True)):
                if word is not None:
                    positions.append(word)
                else:
                    undecided.append([(place, name) for name in names])
        elif None in words:
            said[place] = [word for word in words if word is not None]
            told = zip(actors.split(" "), words, strict=True)
            undecided += [[(place, name)] for name, word in told if word is None]
        else:
            outlines[place] = _outline_of(tuple(sorted(words)))
    for place, position in _decide(moment, bounds, undecided):
        said[place].append(position)
    return outlines | {place: _outline_of(tuple(sorted(positions))) for place, positions in said.items()}


def _load_last_words(
    moment: Moment, bounds: Mapping[str, Any], places: Collection[str] | None, actors: str | None
) -> Iterable[tuple[str, str, list[int], list[Any]]]:
    """Each place with the actors who spoke there, since when they say their last words, and what; None for
    those that do not decide alone.
    """
    moment.connection.execute(REMEMBER_NOTHING)
    return _fetch(moment, SELECT_LAST_WORDS, {**bounds, "actors": actors, "places": listed(places)})


def _decide(
    moment: Moment, bounds: Mapping[str, object], undecided: Sequence[Sequence[Pair]]
) -> Iterator[tuple[str, Said]]:
    """The positions of voices, each given as the pairs of it at one place, with their places."""
    chains = iter(_load_chains(moment, bounds, [pair for pairs in undecided for pair in pairs]))
    others: list[Pair] = []
    for pairs in undecided:
        words = [word for _ in pairs for word in next(chains)]
        try:
            position = fold_words(words)
        except NotInBrief:
            others += pairs
            continue
        if position is not None:
            yield pairs[0][0], position
    for place, folded in fold_positions(moment, others):
        yield place, encode_said(encode_control(folded.shares), folded.certain)


def _load_chains(moment: Moment, bounds: Mapping[str, object], pairs: Sequence[Pair]) -> list[list[Word]]:
    """What the last word of each pair follows from."""
    chains: list[list[Word]] = [[] for _ in pairs]
    if pairs:
        bounds = {**bounds, **listed_pairs(pairs), "claims": list(CLAIMS)}
        for number, *word in _fetch(moment, SELECT_WORDS, bounds):
            chains[number - 1].append(Word._make(word))
    return chains


def _fetch(moment: Moment, query: LiteralString, bounds: Mapping[str, object]) -> Iterable[tuple[Any, ...]]:
    """The rows of a query, with instants as microseconds, which are quicker made than dates and are compared
    alike.
    """
    with moment.connection.cursor(binary=True) as cursor:
        cursor.adapters.register_loader("timestamptz", Int8BinaryLoader)
        return cursor.execute(query, bounds).fetchall()


@lru_cache(maxsize=4_096)
def _rendered(status: Status, holder: str | None, certain: bool, disagreements: int) -> Outline:
    return Outline(status=status, holder=holder, certain=certain, disagreements=disagreements)


@lru_cache(maxsize=16_384)
def _outline_of(said: tuple[Said, ...]) -> Outline:
    """Kept, because the few things that are ever said of places make few outlines."""
    if not said:
        return NOTHING_SAID
    positions = [decode_said(each) for each in said]
    ruling = rule_on([control for control, _ in positions])
    return Outline(
        status=ruling.status,
        holder=ruling.holder,
        certain=all(positions[index][1] for index in ruling.rests_on),
        disagreements=ruling.disagreements,
    )
