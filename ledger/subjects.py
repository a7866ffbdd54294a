"""What events are about, found in the log itself, as it stood at each event's position.

So the same event is about the same things whenever that is asked, whatever is corrected or described anew
later, and however far the read models are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.editorial import Corrected, Linked, Retracted
from domain.errors import NotFound
from domain.interests import Interest, Spot, Subject
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import fold_stream
from ledger.database import Connection
from ledger.reading import Recorded, read_streams

NAMED = "select originator_id from ledger.events where originator_id = any(%s) and originator_version = 1"

Histories = Mapping[str, Sequence[Recorded]]
"""The events of streams, oldest first, by stream."""


def find_subjects(connection: Connection, events: Sequence[Recorded]) -> list[tuple[Subject, ...]]:
    """What each of the events is about: one subject at least. Raises UndecodableEvent."""
    developments = _load(connection, _revised(events))
    bodies = [_bodies(event, developments) for event in events]
    said = [body for each in bodies for body in each]
    registered = [event.event for event in events]
    places = _load_with_parents(
        connection,
        {
            *(place for body in said for place in body.at),
            *(each.id for each in registered if isinstance(each, LocationRegistered)),
        },
    )
    actors = _load(
        connection,
        {
            *(f"actor:{body.by}" for body in said if body.by is not None),
            *(event.stream for event in events if isinstance(event.event, ActorRegistered)),
        },
    )
    return [_subjects(event, about, places, actors) for event, about in zip(events, bodies, strict=True)]


def check_interest(connection: Connection, interest: Interest) -> None:
    """Raises NotFound for a place or an actor that was never recorded: nobody would be told of anything."""
    named = [("location", each) for each in (*interest.locations, *interest.part_of)]
    named += [("actor", each) for each in interest.voices]
    rows = connection.execute(NAMED, ([f"{what}:{identifier}" for what, identifier in named],))
    found = {row[0] for row in rows}
    for what, identifier in named:
        if f"{what}:{identifier}" not in found:
            raise NotFound(what, identifier)


def _load(connection: Connection, streams: Iterable[str]) -> dict[str, list[Recorded]]:
    histories: dict[str, list[Recorded]] = {stream: [] for stream in streams}
    if histories:
        for recorded in read_streams(connection, histories):
            histories[recorded.stream].append(recorded)
    return histories


def _load_with_parents(connection: Connection, places: set[str]) -> dict[str, list[Recorded]]:
    """The histories of places, and of whatever they were ever part of."""
    histories: dict[str, list[Recorded]] = {}
    wanted = {f"location:{place}" for place in places}
    while wanted:
        found = _load(connection, wanted)
        histories |= found
        parents = {
            f"location:{each.event.part_of}"
            for history in found.values()
            for each in history
            if isinstance(each.event, LocationRegistered) and each.event.part_of is not None
        }
        wanted = parents - histories.keys()
    return histories


def _revised(events: Sequence[Recorded]) -> set[str]:
    """The streams of the developments that editorial events are about."""
    streams = set()
    for recorded in events:
        match recorded.event:
            case Corrected() | Retracted():
                streams.add(recorded.stream)
            case Linked(to=other):
                streams |= {recorded.stream, f"development:{other}"}
    return streams


def _bodies(recorded: Recorded, developments: Histories) -> tuple[Development, ...]:
    """The bodies of developments that an event is about: what is replaced beside what replaces it, what is
    taken back, both ends of a link.
    """
    match recorded.event:
        case Development() as body:
            return (body,)
        case Corrected(body=body):
            return (*_body_before(recorded, recorded.stream, developments), body)
        case Retracted():
            return _body_before(recorded, recorded.stream, developments)
        case Linked(to=other):
            ends = (recorded.stream, f"development:{other}")
            return tuple(body for end in ends for body in _body_before(recorded, end, developments))
        case _:
            return ()


def _body_before(recorded: Recorded, stream: str, developments: Histories) -> tuple[Development, ...]:
    earlier = (each.event for each in developments[stream] if each.log_position < recorded.log_position)
    current = fold_stream(earlier)
    return (current.body,) if current is not None and isinstance(current.body, Development) else ()


def _subjects(
    recorded: Recorded, bodies: tuple[Development, ...], places: Histories, actors: Histories
) -> tuple[Subject, ...]:
    now = recorded.log_position
    match recorded.event:
        case LocationRegistered(id=place):
            # Before and after: who followed the area that it leaves is told, too.
            found = tuple(_spot(place, at, places) for at in (now - 1, now))
            return (Subject(spots=found),)
        case ActorRegistered(id=actor):
            return (Subject(actors=_voice(actor, now - 1, actors) | _voice(actor, now, actors)),)
    about = tuple(
        Subject(
            spots=tuple(_spot(place, now, places) for place in body.at),
            actors=_voice(body.by, now, actors) if body.by is not None else frozenset(),
            kind=body.kind,
        )
        for body in bodies
    )
    return about or (Subject(),)


def _spot(place: str, position: int, places: Histories) -> Spot:
    described = _described(f"location:{place}", position, places)
    within, above = {place}, described
    while isinstance(above, LocationRegistered) and above.part_of is not None and above.part_of not in within:
        within.add(above.part_of)
        above = _described(f"location:{above.part_of}", position, places)
    point = described.point if isinstance(described, LocationRegistered) else None
    return Spot(id=place, within=frozenset(within), point=point)


def _voice(actor: str, position: int, actors: Histories) -> frozenset[str]:
    described = _described(f"actor:{actor}", position, actors)
    return frozenset({actor, described.voice} if isinstance(described, ActorRegistered) else {actor})


def _described(stream: str, position: int, histories: Histories) -> object:
    """The newest description at a position; None when there was none yet."""
    held = (each.event for each in reversed(histories[stream]) if each.log_position <= position)
    return next(held, None)
