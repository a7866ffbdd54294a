"""The map at a moment: every place that has a point, with the outline of what is said of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import LiteralString

import msgspec

from domain.registry import LocationKind
from domain.status import NOTHING_SAID, Outline
from projections.reading.developments import check_actors
from projections.reading.moments import Moment
from projections.reading.outlines import find_outlines
from projections.reading.places import IN_BOX, Box, box_bounds, find_area

NEEDS = ("locations", "states")

# Those without a point are read too, to be counted; no box can tell whether they are in it.
SELECT_DRAWN: LiteralString = f"""
    SELECT location_id, longitude, latitude, body FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(area)s::text[] IS NULL OR location_id = ANY(%(area)s))
      AND (longitude IS NULL OR {IN_BOX})
    ORDER BY location_id"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class MapQuestion:
    """What of the map is wanted; None means all of it. `part_of` is a place, with everything below it. Places
    that have a name in the language `lang` (a tag of BCP 47) are called by that.
    """

    part_of: str | None = None
    bbox: Box | None = None
    status: Collection[str] | None = None
    holder: str | None = None
    voices: Collection[str] | None = None
    lang: str | None = None


class DrawnPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place on the map. `point` is longitude and latitude in degrees.

    A map has thousands of them: a struct is made in a third of the time that a dataclass takes.
    """

    id: str
    name: str
    kind: LocationKind
    point: tuple[float, float]
    outline: Outline


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnMap:
    """The places on the map by id, and how many more there would be if they had a point."""

    places: list[DrawnPlace]
    without_point: int


class _Label(msgspec.Struct):
    """What of a place's description is written on the map."""

    name: str
    kind: LocationKind


class _NamedLabel(_Label):
    """The same, with its names by language, for those who want one of them."""

    names: dict[str, str] = {}


_LABELS = msgspec.json.Decoder(_Label)
_NAMED_LABELS = msgspec.json.Decoder(_NamedLabel)


def read_map(moment: Moment, question: MapQuestion) -> DrawnMap:
    """The map at the moment. Raises NotFound for a place or an actor that is named and was never recorded."""
    check_actors(moment, (question.holder, *(question.voices or ())))
    area = sorted(find_area(moment, question.part_of)) if question.part_of is not None else None
    bounds = {"position": moment.position, "area": area, **box_bounds(question.bbox)}
    with moment.connection.cursor(binary=True) as cursor:
        rows = cursor.execute(SELECT_DRAWN, bounds).fetchall()
    narrowed = [row[0] for row in rows] if area is not None or question.bbox is not None else None
    outlines = find_outlines(moment, narrowed, question.voices)
    places, without_point = [], 0
    for identifier, longitude, latitude, body in rows:
        outline = outlines.get(identifier, NOTHING_SAID)
        if not _is_wanted(outline, question):
            continue
        if longitude is None:
            without_point += 1
            continue
        name, kind = _label_of(body, question.lang)
        places.append(
            DrawnPlace(
                id=identifier,
                name=name,
                kind=kind,
                point=(longitude, latitude),
                outline=outline,
            )
        )
    return DrawnMap(places=places, without_point=without_point)


def _label_of(body: bytes, lang: str | None) -> tuple[str, LocationKind]:
    if lang is None:
        label = _LABELS.decode(body)
        return label.name, label.kind
    named = _NAMED_LABELS.decode(body)
    return named.names.get(lang, named.name), named.kind


def _is_wanted(outline: Outline, question: MapQuestion) -> bool:
    if question.status is not None and outline.status not in question.status:
        return False
    return question.holder is None or outline.holder == question.holder
