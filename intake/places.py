"""What is registered already, for importers to look up: places by reference, by name and point, and actors.

A book is read once, at one moment, when it is first asked. So an import that asks nothing reads nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from domain.names import fold_name
from domain.registry import ActorRegistered, LocationKind, LocationRegistered

Point = tuple[float, float]
LARGER: tuple[LocationKind, ...] = ("region", "district")
"""Kinds that are no place in a region, but have one's name and a point within it."""
EARTH_RADIUS = 6371.0
"""Kilometres."""
SAME_SIZE = 2.0
"""Two counts of one place are no further apart than this, one divided by the other."""
SAME_SIZE_ALONE = 5.0
"""The same where no other place has the name: people fled, and registers are old."""
SAME_COUNT = 1.05
"""Counts no further apart than this are one and the same count, brought up to date."""
COUNTED_ROUGHLY = 1_000
"""Inhabitants from which on one count may differ from itself."""


def distance_km(one: Point, other: Point) -> float:
    """The distance between two points [longitude, latitude] along a great circle, in kilometres."""
    west, south, east, north = map(math.radians, (*one, *other))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(half)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What another register says of a place: its names there, and where known its point and population."""

    names: Sequence[str]
    point: Point | None = None
    population: int | None = None

    def is_of_size(self, place: LocationRegistered, within: float) -> bool | None:
        """Whether one population divided by the other is no more than that; None if one is unknown."""
        if not self.population or not place.population:
            return None
        low, high = sorted((self.population, place.population))
        return high <= low * within


@dataclass(slots=True)
class _Index:
    """The places by everything that they are looked up by."""

    by_id: dict[str, LocationRegistered] = field(default_factory=dict)
    by_ref: dict[tuple[str, str], LocationRegistered] = field(default_factory=dict)
    by_name: dict[str, list[LocationRegistered]] = field(default_factory=dict)
    by_alias: dict[str, list[LocationRegistered]] = field(default_factory=dict)

    def add(self, place: LocationRegistered) -> None:
        self.by_id[place.id] = place
        for ref in place.refs.items():
            self.by_ref.setdefault(ref, place)
        names = {fold_name(name) for name in (place.name, *place.names.values())}
        for folded in sorted(names):
            self.by_name.setdefault(folded, []).append(place)
        for folded in sorted({fold_name(alias) for alias in place.aliases} - names):
            self.by_alias.setdefault(folded, []).append(place)


def _each_once(found: Iterable[Iterable[LocationRegistered]]) -> list[LocationRegistered]:
    return list({place.id: place for places in found for place in places}.values())


def _nearest(
    places: Iterable[LocationRegistered], point: Point, within_km: float
) -> LocationRegistered | None:
    """The nearest of the places that is no region and lies within the distance."""
    found = [
        (distance_km(point, place.point), place.id, place)
        for place in places
        if place.point is not None and place.kind not in LARGER
    ]
    near = min(found, default=None, key=lambda each: each[:2])
    return near[2] if near is not None and near[0] <= within_km else None


class PlaceBook:
    """The places registered already. `load` gives them by id; without it there are none."""

    def __init__(self, load: Callable[[], Iterable[LocationRegistered]] = tuple) -> None:
        self._load = load

    @cached_property
    def _index(self) -> _Index:
        index = _Index()
        for place in self._load():
            index.add(place)
        return index

    def __iter__(self) -> Iterator[LocationRegistered]:
        """Every place, by id."""
        return iter(self._index.by_id.values())

    def find(self, identifier: str) -> LocationRegistered | None:
        """The place with this id."""
        return self._index.by_id.get(identifier)

    def with_ref(self, register: str, identifier: str) -> LocationRegistered | None:
        """The place that has this id in another register; the first by id where several have."""
        return self._index.by_ref.get((register, identifier))

    def named(self, name: str) -> tuple[LocationRegistered, ...]:
        """Every place with a name that folds to the same key, in any script."""
        return tuple(self._index.by_name.get(fold_name(name), ()))

    def known_as(self, name: str) -> tuple[LocationRegistered, ...]:
        """Every place with an alias that folds to the same key: a hint, for an alias may be shared."""
        return tuple(self._index.by_alias.get(fold_name(name), ()))

    def nearest_named(self, name: str, point: Point, *, within_km: float) -> LocationRegistered | None:
        """The nearest place of that name which is no region and lies within the distance.

        A name alone is never enough: namesakes abound.
        """
        return _nearest(self.named(name), point, within_km)

    def recognise(self, sighting: Sighting, *, within_km: float) -> LocationRegistered | None:
        """The registered place that it must be (docs/matching.md), if there is one: never a guess.

        With a point it is the nearest within reach, of the same name and not of another size, else of the
        same alias and of the same size. Without a point it is the only one of the name or alias, if the two
        populations are one count.
        """
        if sighting.point is None:
            return self._only_one_counted_so(sighting)
        named = _each_once(map(self.named, sighting.names))
        within = SAME_SIZE_ALONE if len(named) == 1 else SAME_SIZE
        alike = [place for place in named if sighting.is_of_size(place, within) is not False]
        known = _each_once(map(self.known_as, sighting.names))
        alike_too = [place for place in known if sighting.is_of_size(place, SAME_SIZE)]
        near = _nearest(alike, sighting.point, within_km)
        return near or _nearest(alike_too, sighting.point, within_km)

    def _only_one_counted_so(self, sighting: Sighting) -> LocationRegistered | None:
        called = _each_once(map(self.named, sighting.names)) + _each_once(map(self.known_as, sighting.names))
        if len(called) != 1 or called[0].kind in LARGER:
            return None
        within = SAME_COUNT if (sighting.population or 0) >= COUNTED_ROUGHLY else 1.0
        return called[0] if sighting.is_of_size(called[0], within) else None


class ActorBook:
    """The actors registered already. `load` gives them; without it there are none."""

    def __init__(self, load: Callable[[], Iterable[ActorRegistered]] = tuple) -> None:
        self._load = load

    @cached_property
    def _by_id(self) -> dict[str, ActorRegistered]:
        return {actor.id: actor for actor in self._load()}

    def find(self, identifier: str) -> ActorRegistered | None:
        """The actor with this id."""
        return self._by_id.get(identifier)
