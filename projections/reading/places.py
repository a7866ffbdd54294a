"""Places at a moment: found, listed, with their state and history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import msgspec

from domain.errors import NotFound
from domain.kinds.envelope import Development
from domain.names import fold_name, trigrams
from domain.positions import PlaceView
from domain.registry import LocationRegistered
from domain.states import verdict_at
from domain.status import Verdict
from projections.reading.developments import load_voices
from projections.reading.moments import Moment
from projections.states import decode_fact

NEEDS = ("locations", "states")
SEARCH_NEEDS = (*NEEDS, "names")

_PLACES = msgspec.json.Decoder(LocationRegistered)
_VERDICTS = msgspec.json.Decoder(Verdict)

SELECT_PLACES: LiteralString = """
    SELECT location_id, body, revision FROM projections.location_revisions
    WHERE location_id = ANY(%s) AND from_position <= %s AND (until_position IS NULL OR until_position > %s)"""

SELECT_FACTS: LiteralString = """
    SELECT location_id, kind, body FROM projections.location_facts
    WHERE location_id = ANY(%(places)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND effect_from < %(valid_before)s AND known_from <= %(known_before)s"""

# The claims that are answered, whatever the known and valid clocks say of them: an answer carries its claim.
SELECT_ANSWERED: LiteralString = """
    SELECT DISTINCT ON (development_id) development_id, kind, body FROM projections.location_facts
    WHERE development_id = ANY(%(claims)s)
      AND from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)"""

# The states as last rendered, where no window has ended or begun since.
SELECT_RENDERED: LiteralString = """
    SELECT location_id, state FROM projections.location_states
    WHERE location_id = ANY(%(places)s) AND NOT stale AND touched_by <= %(position)s
      AND (good_until IS NULL OR good_until > %(before)s)"""

# Places by id, after the last one of the page before; a box may cross the 180th meridian.
LIST_PLACES: LiteralString = """
    SELECT location_id, body FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(after)s::text IS NULL OR location_id > %(after)s)
      AND (%(part_of)s::text IS NULL OR part_of = %(part_of)s)
      AND (%(west)s::float8 IS NULL OR (
           latitude BETWEEN %(south)s AND %(north)s
           AND CASE WHEN %(west)s <= %(east)s THEN longitude BETWEEN %(west)s AND %(east)s
                    ELSE longitude >= %(west)s OR longitude <= %(east)s END))
    ORDER BY location_id LIMIT %(limit)s"""

# The best name of each place: begins with what was typed, or shares enough three-letter pieces with it.
SEARCH_NAMES: LiteralString = """
    SELECT location_id, max(likeness) AS best FROM (
        SELECT location_id,
               CASE WHEN folded = %(folded)s THEN 3.0
                    WHEN folded LIKE %(prefix)s THEN 2.0
                    ELSE 2.0 * cardinality(
                             ARRAY(SELECT unnest(trigrams) INTERSECT SELECT unnest(%(pieces)s::text[])))
                         / (cardinality(trigrams) + cardinality(%(pieces)s::text[])) END AS likeness
        FROM projections.location_names
        WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
          AND (folded LIKE %(prefix)s OR trigrams && %(pieces)s::text[])) AS found
    WHERE likeness >= %(enough)s GROUP BY location_id ORDER BY best DESC, location_id LIMIT %(limit)s"""

ALIKE_ENOUGH = 0.5
FOUND_AT_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesQuestion:
    """Which places are wanted; None means any. `bbox` is west, south, east, north in degrees."""

    part_of: str | None = None
    bbox: tuple[float, float, float, float] | None = None
    status: Collection[str] | None = None
    holder: str | None = None
    voices: Collection[str] | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSummary:
    """A place with what follows for it, for lists and maps."""

    place: LocationRegistered
    verdict: Verdict


def find_place(moment: Moment, identifier: str) -> LocationRegistered:
    """The place as it was described at the moment. Raises NotFound."""
    return find_place_revision(moment, identifier)[0]


def find_place_revision(moment: Moment, identifier: str) -> tuple[LocationRegistered, int]:
    """The place as it was described at the moment, and the revision of that. Raises NotFound."""
    for _, body, revision in _select_places(moment, [identifier]):
        return _PLACES.decode(body), revision
    query: LiteralString = "SELECT 1 FROM projections.location_revisions WHERE location_id = %s LIMIT 1"
    if moment.connection.execute(query, (identifier,)).fetchone():
        raise moment.not_recorded("location", identifier)
    raise NotFound("location", identifier)


def find_places(moment: Moment, identifiers: Sequence[str]) -> dict[str, LocationRegistered]:
    """Those of the named places that were registered by the moment, by id."""
    return {identifier: _PLACES.decode(body) for identifier, body, _ in _select_places(moment, identifiers)}


def _select_places(moment: Moment, identifiers: Sequence[str]) -> list[tuple[str, bytes, int]]:
    parameters = (list(identifiers), moment.position, moment.position)
    return moment.connection.execute(SELECT_PLACES, parameters).fetchall()


def load_view(moment: Moment, place: str) -> PlaceView:
    """All that counts for one place at the moment."""
    return load_views(moment, [place])[place]


def load_views(moment: Moment, places: Sequence[str]) -> dict[str, PlaceView]:
    """All that counts for each of the places at the moment, by place."""
    bounds = {
        "places": list(places),
        "position": moment.position,
        "valid_before": moment.valid_before,
        "known_before": moment.known_before,
    }
    developments: dict[str, list[Development]] = {place: [] for place in places}
    for place, kind, body in moment.connection.execute(SELECT_FACTS, bounds):
        developments[place].append(decode_fact(kind, body))
    answered = _load_answered(moment, developments.values())
    voices = load_voices(moment)
    return {
        place: PlaceView(
            location=place,
            developments=tuple(found),
            answered=answered,
            voices={actor: voice for actor, (voice, _) in voices.items()},
            assessors=frozenset(actor for actor, (_, kind) in voices.items() if kind == "assessor"),
        )
        for place, found in developments.items()
    }


def _load_answered(moment: Moment, groups: Iterable[Iterable[Development]]) -> dict[str, Development]:
    claims = sorted({development.answers for group in groups for development in group if development.answers})
    if not claims:
        return {}
    rows = moment.connection.execute(SELECT_ANSWERED, {"claims": claims, "position": moment.position})
    return {identifier: decode_fact(kind, body) for identifier, kind, body in rows}


def search_places(moment: Moment, typed: str) -> list[str]:
    """The ids of the places with a name like the one typed, the likest first; none for an empty one."""
    folded = fold_name(typed)
    if not folded:
        return []
    parameters = {
        "folded": folded,
        "prefix": folded.replace("%", "").replace("_", "") + "%",
        "pieces": trigrams(folded),
        "position": moment.position,
        "enough": ALIKE_ENOUGH,
        "limit": FOUND_AT_MOST,
    }
    return [row[0] for row in moment.connection.execute(SEARCH_NAMES, parameters)]


def list_places(moment: Moment, question: PlacesQuestion) -> tuple[list[PlaceSummary], str | None]:
    """A page of places by id, and the id to go on after when there are more."""
    wanted: list[PlaceSummary] = []
    after = question.after
    while True:
        page = _page(moment, question, after)
        for summary in summarise(moment, dict(page), question.voices):
            if _is_wanted(summary, question):
                wanted.append(summary)
                if len(wanted) > question.limit:
                    return wanted[:-1], wanted[-2].place.id
        if len(page) < question.limit + 1:
            return wanted, None
        after = page[-1][0]


def _page(
    moment: Moment, question: PlacesQuestion, after: str | None
) -> list[tuple[str, LocationRegistered]]:
    west, south, east, north = question.bbox or (None, None, None, None)
    parameters: dict[str, Any] = {
        "position": moment.position,
        "after": after,
        "part_of": question.part_of,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "limit": question.limit + 1,
    }
    rows = moment.connection.execute(LIST_PLACES, parameters)
    return [(identifier, _PLACES.decode(body)) for identifier, body in rows]


def _is_wanted(summary: PlaceSummary, question: PlacesQuestion) -> bool:
    if question.status is not None and summary.verdict.status not in question.status:
        return False
    return question.holder is None or summary.verdict.holder == question.holder


def search_summaries(moment: Moment, typed: str, question: PlacesQuestion) -> list[PlaceSummary]:
    """The places with a name like the one typed that the question allows, the likest first."""
    ranked = search_places(moment, typed)
    summaries = {
        summary.place.id: summary
        for summary in summarise(moment, find_places(moment, ranked), question.voices)
        if _is_wanted(summary, question) and _is_within(summary.place, question)
    }
    return [summaries[identifier] for identifier in ranked if identifier in summaries][: question.limit]


def _is_within(place: LocationRegistered, question: PlacesQuestion) -> bool:
    if question.part_of is not None and place.part_of != question.part_of:
        return False
    if question.bbox is None:
        return True
    if place.point is None:
        return False
    west, south, east, north = question.bbox
    longitude, latitude = place.point
    across = longitude >= west or longitude <= east
    return south <= latitude <= north and (west <= longitude <= east if west <= east else across)


def summarise(
    moment: Moment, places: dict[str, LocationRegistered], voices: Collection[str] | None = None
) -> list[PlaceSummary]:
    """Each place with its status at the moment, in the order given."""
    verdicts = _rendered_verdicts(moment, list(places)) if moment.is_current and voices is None else {}
    views = load_views(moment, [identifier for identifier in places if identifier not in verdicts])
    for identifier, view in views.items():
        verdicts[identifier] = verdict_at(view, moment.valid_before, voices)
    return [PlaceSummary(place=place, verdict=verdicts[identifier]) for identifier, place in places.items()]


def _rendered_verdicts(moment: Moment, places: Sequence[str]) -> dict[str, Verdict]:
    """The status of those places whose rendered state still holds at the moment."""
    parameters = {"places": places, "position": moment.position, "before": moment.valid_before}
    rows = moment.connection.execute(SELECT_RENDERED, parameters)
    return {identifier: _VERDICTS.decode(state) for identifier, state in rows}
