"""What many things need of others, gathered: nearly all of them need only that others are there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from domain.kinds.assessments import ControlAssessed
from domain.kinds.envelope import Development
from domain.references import kind_at, mentions
from domain.registry import ActorKind, ActorRegistered, LocationRegistered
from domain.streams import Thing


class Pointer(NamedTuple):
    """What makes a mention right: the thing is there, and if a kind is named, an actor is of it."""

    what: str
    id: str
    kind: ActorKind | None

    def is_met_by(self, thing: Thing) -> bool:
        """Whether a thing that is there can stand here."""
        return self.kind is None or not isinstance(thing, ActorRegistered) or thing.kind == self.kind


class Pointers:
    """Gathers what many things need of others, each need once."""

    def __init__(self) -> None:
        self._places: set[str] = set()
        self._documents: set[str] = set()
        self._actors: set[tuple[bool, str, str]] = set()

    def add(self, thing: Thing) -> bool:
        """Takes a thing; False, and nothing is taken, when it needs more of others than such pointers say."""
        if isinstance(thing, Development):
            return self._add_development(thing)
        if isinstance(thing, LocationRegistered) and thing.part_of is not None:
            return False
        self._actors.update((False, path, name) for _, name, path in mentions(thing))
        return True

    def _add_development(self, thing: Development) -> bool:
        if thing.answers is not None or any(source.quote for source in thing.sources):
            return False
        is_assessed = isinstance(thing, ControlAssessed)
        self._places.update(thing.at)
        self._actors.update([(is_assessed, path, actor) for path, actor in thing.mentioned_actors()])
        if thing.sources:
            self._documents.update(source.document for source in thing.sources)
        return True

    def __iter__(self) -> Iterator[Pointer]:
        """What is needed, an actor perhaps in several ways."""
        yield from (Pointer("location", name, None) for name in self._places)
        yield from (Pointer("document", name, None) for name in self._documents)
        yield from (Pointer("actor", name, kind_at(path, assessed)) for assessed, path, name in self._actors)
