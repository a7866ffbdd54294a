"""Which registered places the table lists, and the ids of those that it brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.registry import LocationRegistered
from intake.importers.wiki_control.cells import count_of_inhabitants, short_name
from intake.importers.wiki_control.places import Listed
from intake.places import PlaceBook, Sighting
from intake.slugs import slug_of

TABLE = "wikipedia-control-table"
"""The table's id as an actor, as a document, and as a register of places."""
NEAR_KM = 10.0
LARGE_ENOUGH = 1_000
"""Inhabitants from which on a point that was looked up by name can be taken for that of the place."""


class Placing:
    """Finds or makes the id of every place of the table. No registered place stands for two of them."""

    def __init__(self, book: PlaceBook, places: Sequence[Listed]) -> None:
        self._book = book
        self._shared = _shared_slugs(places)
        self._known = recognise_all(book, places)
        self._used = {place.id for place in self._known.values()}

    def place(self, listed: Listed) -> tuple[str, dict[str, Any] | None]:
        """Its id, and what to register when there is no such place yet."""
        if known := self._known.get(listed):
            return known.id, None
        identifier = self._free_id(listed)
        self._used.add(identifier)
        written: dict[str, Any] = {"id": identifier, "kind": _kind_of(listed), "name": listed.names[0]}
        written["refs"] = {TABLE: _reference(listed)}
        population = count_of_inhabitants(listed.population) or None
        return identifier, {**written, "point": listed.point, "population": population}

    def _free_id(self, listed: Listed) -> str:
        """The name alone; with the population behind it, or the day it was first seen, where the table or the
        registry has the name twice.
        """
        slug = slug_of(listed.names[0])
        steps = [] if slug in self._shared else [slug]
        steps += [f"{slug}-{listed.population}"] if listed.population else []
        steps += [f"{slug}-{listed.lives[0].lines[0][1].row.seen_at[:10]}"]
        free = (step for step in steps if step not in self._used and self._book.find(step) is None)
        return next(free, steps[-1])


def _reference(listed: Listed) -> str:
    return "/".join(listed.first)


def recognise_all(book: PlaceBook, places: Sequence[Listed]) -> dict[Listed, LocationRegistered]:
    """The registered places that are in the table. What is surer takes its place first: a reference, then a
    point, then a number of inhabitants.

    A place that has a reference is the place of that row, and of no other. So it is no namesake either, and
    the rows that are recognised once are recognised again.
    """
    others = PlaceBook(lambda: (place for place in book if TABLE not in place.refs))
    known: dict[Listed, LocationRegistered] = {}
    taken: set[str] = set()
    pointed = sorted(places, key=lambda listed: listed.point is None)
    referred = [(listed, book.with_ref(TABLE, _reference(listed))) for listed in places]
    recognised = ((listed, _recognise(others, listed)) for listed in pointed)
    for listed, place in (*referred, *recognised):
        if place is not None and listed not in known and place.id not in taken:
            known[listed] = place
            taken.add(place.id)
    return known


def _recognise(book: PlaceBook, listed: Listed) -> LocationRegistered | None:
    """The registered place that it must be.

    Points are looked up by name, so that of a small place may be a larger namesake's: it is taken only where
    the registered place is known to be of the same size.
    """
    population = count_of_inhabitants(listed.population)
    if not population:
        return None
    names = dict.fromkeys(each for name in listed.names for each in (name, short_name(name)))
    sighting = Sighting(names=tuple(names), point=listed.point, population=population)
    found = book.recognise(sighting, within_km=NEAR_KM)
    is_sure = found is not None and (population >= LARGE_ENOUGH or found.population is not None)
    return found if is_sure else None


def _shared_slugs(places: Sequence[Listed]) -> frozenset[str]:
    """The ids that more than one place of the table would have by its name."""
    slugs = [slug_of(place.names[0]) for place in places]
    return frozenset(slug for slug in slugs if slugs.count(slug) > 1)


def _kind_of(listed: Listed) -> str:
    name = listed.names[0]
    return "facility" if name.endswith("Airport") else "area" if "Island" in name else "settlement"
