"""Events of the log as they are streamed: encoded once, whoever is sent them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from api.portions import read_portion
from domain.interests import Subject
from ledger.database import Database
from ledger.subjects import find_subjects


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An event, ready to be sent: `frame` is its text in an event stream, `subjects` what it is about."""

    log_position: int
    topic: str
    frame: bytes
    subjects: tuple[Subject, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What was looked through up to `position`: the `frames` wanted of it, and how many events it was.

    `told` is the position of the last frame, if there is one.
    """

    position: int
    frames: bytes = b""
    told: int | None = None
    count: int = 0


def read_items(database: Database, after: int, limit: int, *, about: bool = True) -> list[Item]:
    """The next events, at most `limit` of them, with what they are `about` if that is wanted.

    Raises UndecodableEvent when the first cannot be read; what follows one that cannot is left out.
    """
    with database.connection() as connection:
        portion = read_portion(connection, after, limit)
        subjects: Sequence[tuple[Subject, ...]]
        subjects = find_subjects(connection, portion.events) if about else [()] * len(portion.events)
    return [
        Item(
            log_position=event.log_position,
            topic=event.topic,
            frame=write_frame(event.log_position, msgspec.json.encode(fields)),
            subjects=found,
        )
        for event, fields, found in zip(portion.events, portion.fields(), subjects, strict=True)
    ]


def write_frame(log_position: int, data: bytes) -> bytes:
    """An event of an event stream. JSON holds no line feed, so it is one line of data.

    It is not named after its topic: browsers hand named events to listeners for that very name alone, so
    whoever wants all of them would have to know every topic there will ever be.
    """
    return b"id: %d\ndata: %s\n\n" % (log_position, data)
