"""What the events of one stream come to: the thing as it stands now.

A stream holds one thing. Its first event records the thing, later ones describe it anew, correct it,
retract it or link it. The revision of a thing is the version of its stream, so every later event counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.catalogue import Event
from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.envelope import SLUG, Development
from domain.registry import (
    ActorDescribed,
    ActorRegistered,
    DocumentArchived,
    LocationDescribed,
    LocationRegistered,
)

Thing = Development | LocationRegistered | ActorRegistered | DocumentArchived
"""What the first event of a stream records. A description is one too: it extends the registration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """A thing as it stands: `first` as it was recorded, `body` as it is now."""

    first: Thing
    body: Thing
    revision: int
    retracted: Retracted | None = None
    links: tuple[Linked, ...] = ()


def what_of(thing: Thing) -> str:
    """The word for the sort of thing, which is also how its stream is named."""
    match thing:
        case Development():
            return "development"
        case LocationRegistered():
            return "location"
        case ActorRegistered():
            return "actor"
        case DocumentArchived():
            return "document"


def stream_of(thing: Thing) -> str:
    """The stream a thing is recorded in."""
    return f"{what_of(thing)}:{thing.id}"


def belongs_in(stream: str, version: int, event: Event) -> bool:
    """Whether an event can stand at this version of this stream: the first records the thing that the
    stream is named after, and only that; later ones are about the same thing.
    """
    what, _, identifier = stream.partition(":")
    if not SLUG.fullmatch(identifier):
        return False
    match event:
        case Corrected(body=body):
            return version > 1 and stream == stream_of(body)
        case Retracted() | Linked():
            return version > 1 and what == "development"
        case LocationDescribed() | ActorDescribed():
            return version > 1 and stream == stream_of(event)
        case _:
            return version == 1 and stream == stream_of(event)


def fold_stream(events: Iterable[Event]) -> Current | None:
    """The thing after these events, oldest first; None when there are none."""
    current: Current | None = None
    for event in events:
        current = _apply(current, event)
    return current


def _apply(current: Current | None, event: Event) -> Current:
    if current is None:
        if isinstance(event, Corrected | Retracted | Linked):
            raise ValueError("a stream starts with the thing itself")
        return Current(first=event, body=event, revision=1)
    now = replace(current, revision=current.revision + 1)
    match event:
        case Corrected():
            return replace(now, body=event.body)
        case Retracted():
            return replace(now, retracted=event)
        case Linked():
            return replace(now, links=(*now.links, event))
        case _:
            return replace(now, body=event)
