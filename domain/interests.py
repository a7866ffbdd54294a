"""What events of the log are about, and which of them somebody wants to be told of.

An editorial event names no place: a retraction says only why. It is about what the development said, so
whoever follows a place, a voice or a kind is told of it.
"""

from __future__ import annotations

from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""West, south, east and north in degrees; west above east crosses the 180th meridian."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place as it was described when the event was recorded.

    `within` has its own id and those of all places it is part of, however far up; `point` is longitude and
    latitude in degrees, if it has one.
    """

    id: str
    within: frozenset[str]
    point: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One thing that an event is about: a body of a development, a place or an actor.

    `actors` are whoever says it and the voice that is spoken with; `kind` is that of the development.
    """

    spots: tuple[Spot, ...] = ()
    actors: frozenset[str] = frozenset()
    kind: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What somebody wants to be told of; whatever is left empty lets everything through.

    `locations` are places themselves, `part_of` places with everything below them, `voices` actors or the
    voices they speak with, `kinds` topics of events or kinds of the developments they are about.
    """

    locations: tuple[str, ...] = ()
    part_of: tuple[str, ...] = ()
    bbox: Box | None = None
    voices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out."""
        return self == Interest()

    def covers(self, topic: str, subjects: tuple[Subject, ...]) -> bool:
        """Whether an event of this topic about these subjects is wanted: one subject passes all filters, and
        one place of it all that are about places.
        """
        return self.is_everything or any(self._covers(topic, subject) for subject in subjects)

    def _covers(self, topic: str, subject: Subject) -> bool:
        if self.kinds and topic not in self.kinds and subject.kind not in self.kinds:
            return False
        if self.voices and subject.actors.isdisjoint(self.voices):
            return False
        if not (self.locations or self.part_of or self.bbox):
            return True
        return any(self._holds(spot) for spot in subject.spots)

    def _holds(self, spot: Spot) -> bool:
        if self.locations and spot.id not in self.locations:
            return False
        if self.part_of and spot.within.isdisjoint(self.part_of):
            return False
        return self.bbox is None or (spot.point is not None and is_within(spot.point, self.bbox))


def is_within(point: tuple[float, float], box: Box) -> bool:
    """Whether a point lies in a box or on its edge."""
    (longitude, latitude), (west, south, east, north) = point, box
    if not south <= latitude <= north:
        return False
    return west <= longitude <= east if west <= east else longitude >= west or longitude <= east
