"""Places at a moment: found, listed, with their state and history."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import msgspec

from domain.errors import NotFound
from domain.finding import NamedPlace, rank_places, telling_pieces, worth_a_look
from domain.kinds.envelope import Development
from domain.names import fold_name, trigrams
from domain.positions import PlaceView
from domain.registry import LocationRegistered
from domain.states import verdict_at
from domain.status import Verdict
from projections.engine.facts import decode_fact
from projections.reading.developments import check_actors
from projections.reading.last_words import load_last_views
from projections.reading.moments import Moment
from projections.reading.views import assemble_views

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

# The states as last rendered, where no window has ended or begun since.
SELECT_RENDERED: LiteralString = """
    SELECT location_id, state FROM projections.location_states
    WHERE location_id = ANY(%(places)s) AND NOT stale AND touched_by <= %(position)s
      AND (good_until IS NULL OR good_until > %(before)s)"""

# A box may cross the 180th meridian.
IN_BOX: LiteralString = """
    (%(west)s::float8 IS NULL OR (
        latitude BETWEEN %(south)s AND %(north)s
        AND CASE WHEN %(west)s <= %(east)s THEN longitude BETWEEN %(west)s AND %(east)s
                 ELSE longitude >= %(west)s OR longitude <= %(east)s END))"""

# Places by id, after the last one of the page before.
LIST_PLACES: LiteralString = f"""
    SELECT location_id, body FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(after)s::text IS NULL OR location_id > %(after)s)
      AND (%(part_of)s::text IS NULL OR part_of = %(part_of)s)
      AND {IN_BOX}
    ORDER BY location_id LIMIT %(limit)s"""  # noqa: S608 - of constants

# A place and everything below it; UNION, and not UNION ALL, ends a walk in a circle.
SELECT_AREA: LiteralString = """
    WITH RECURSIVE area (location_id) AS (
        SELECT %(place)s::text
        UNION
        SELECT below.location_id FROM area JOIN projections.location_revisions below
          ON below.part_of = area.location_id AND below.from_position <= %(position)s
         AND (below.until_position IS NULL OR below.until_position > %(position)s))
    SELECT location_id FROM area"""

# Names worth a closer look (`domain/finding.py`): equal to what was typed, beginning with it, or sharing some
# three-letter pieces with it; the likest and largest, for a letter or two begin too many.
SEARCH_NAMES: LiteralString = """
    SELECT location_id, name, folded, is_alias, population FROM (
        SELECT location_id, name, folded, is_alias, population,
               CASE WHEN folded = %(folded)s THEN 3.0
                    WHEN folded LIKE %(prefix)s THEN 2.0
                    ELSE 2.0 * cardinality(
                             ARRAY(SELECT unnest(trigrams) INTERSECT SELECT unnest(%(pieces)s::text[])))
                         / (cardinality(trigrams) + cardinality(%(pieces)s::text[])) END AS likeness
        FROM projections.location_names
        WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
          AND (folded LIKE %(prefix)s OR trigrams && %(telling)s::text[])) AS found
    WHERE likeness >= %(enough)s
    ORDER BY likeness DESC, is_alias, population DESC NULLS LAST, location_id LIMIT %(limit)s"""

Box = tuple[float, float, float, float]
"""West, south, east, north in degrees."""

LOOKED_AT_MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacesQuestion:
    """Which places are wanted; None means any."""

    part_of: str | None = None
    bbox: Box | None = None
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


def find_area(moment: Moment, place: str) -> frozenset[str]:
    """The ids of the place and of everything below it: its parts, their parts and so on, as described at
    the moment. Raises NotFound.
    """
    find_place(moment, place)
    rows = moment.connection.execute(SELECT_AREA, {"place": place, "position": moment.position})
    return frozenset(row[0] for row in rows)


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
    return assemble_views(moment, developments)


def search_places(moment: Moment, typed: str) -> list[str]:
    """The ids of the places with a name like the one typed, the likest first, then the largest; none for an
    empty one.
    """
    folded = fold_name(typed)
    if not folded:
        return []
    parameters = {
        "folded": folded,
        "prefix": folded.replace("%", "").replace("_", "") + "%",
        "pieces": trigrams(folded),
        "position": moment.position,
        "telling": telling_pieces(folded),
        "enough": worth_a_look(folded),
        "limit": LOOKED_AT_MOST,
    }
    rows = moment.connection.execute(SEARCH_NAMES, parameters)
    found = (
        NamedPlace(place=place, name=name, folded=key, is_alias=is_alias, population=population)
        for place, name, key, is_alias, population in rows
    )
    return rank_places(typed, found)


def list_places(moment: Moment, question: PlacesQuestion) -> tuple[list[PlaceSummary], str | None]:
    """A page of places by id, and the id to go on after when there are more.

    Raises NotFound for a place or an actor that is named and was never recorded.
    """
    _check_named(moment, question)
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


def _check_named(moment: Moment, question: PlacesQuestion) -> None:
    if question.part_of is not None:
        find_place(moment, question.part_of)
    check_actors(moment, (question.holder, *(question.voices or ())))


def _page(
    moment: Moment, question: PlacesQuestion, after: str | None
) -> list[tuple[str, LocationRegistered]]:
    parameters: dict[str, Any] = {
        "position": moment.position,
        "after": after,
        "part_of": question.part_of,
        "limit": question.limit + 1,
        **box_bounds(question.bbox),
    }
    rows = moment.connection.execute(LIST_PLACES, parameters)
    return [(identifier, _PLACES.decode(body)) for identifier, body in rows]


def box_bounds(box: Box | None) -> dict[str, float | None]:
    """The parameters of IN_BOX."""
    return dict(zip(("west", "south", "east", "north"), box or (None,) * 4, strict=True))


def _is_wanted(summary: PlaceSummary, question: PlacesQuestion) -> bool:
    if question.status is not None and summary.verdict.status not in question.status:
        return False
    return question.holder is None or summary.verdict.holder == question.holder


def search_summaries(moment: Moment, typed: str, question: PlacesQuestion) -> list[PlaceSummary]:
    """The places with a name like the one typed that the question allows, the likest first.

    Raises NotFound for a place or an actor that is named and was never recorded.
    """
    _check_named(moment, question)
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
    rendered = find_rendered(moment, list(places)) if moment.is_current and voices is None else {}
    verdicts = {identifier: _VERDICTS.decode(state) for identifier, state in rendered.items()}
    others = [identifier for identifier in places if identifier not in verdicts]
    views = load_last_views(moment, others, voices) if others else {}
    for identifier, view in views.items():
        verdicts[identifier] = verdict_at(view, moment.valid_before, voices)
    return [PlaceSummary(place=place, verdict=verdicts[identifier]) for identifier, place in places.items()]


def find_rendered(moment: Moment, places: Sequence[str]) -> dict[str, bytes]:
    """The state of those places whose rendered state still holds at the moment, as JSON."""
    parameters = {"places": places, "position": moment.position, "before": moment.valid_before}
    return dict(moment.connection.execute(SELECT_RENDERED, parameters).fetchall())
