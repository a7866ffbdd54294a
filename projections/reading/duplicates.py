"""Reports that look like one recorded before, by the rule of domain/likeness.py, as far as the log reaches.

The read models know most of the log through an index. What they have not folded yet is read from the log
itself, so nothing is waited for; when that is too much, nobody can tell (Unavailable). Whether a report that
was found still stands, and what is joined to it, is read from its own stream.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import LiteralString

from psycopg import IsolationLevel

from domain.catalogue import KINDS
from domain.kinds.envelope import Development
from domain.likeness import Heard, Voiced, are_alike, find_joined, nearness
from domain.registry import ActorRegistered
from domain.streams import Thing
from ledger.database import Connection, Database
from ledger.known import Known, Recorded
from ledger.reading import head_position, read_events
from projections.reading.lookalikes import LOOKED_CLOSELY_AT, Sought, Voices, select_alike
from projections.reading.moments import HOLD_TABLES
from projections.reading.unfolded import Unfolded, read_unfolded

TOLD = 5
"""Of each report, so many of those like it are told, the nearest first."""
READ_BEHIND = 1_000
"""As long as the read models are no further behind than so many events, the rest is read from the log."""
READ_AT_ONCE = 1_000

# No write waits long for this: not for a swap of the tables, nor for a place with no end of reports. One plan
# is as good as another here, and making one takes longer than carrying it out.
BRIEFLY: LiteralString = (
    "SET LOCAL lock_timeout = '250ms'; SET LOCAL statement_timeout = '2s'; "
    "SET LOCAL plan_cache_mode = force_generic_plan; "
)


def find_duplicates(
    database: Database, sought: Sequence[Sought], things: Iterable[Thing] = ()
) -> list[tuple[Voiced, ...]]:
    """For each report sought, the reports like it that stand and are not joined to it, the nearest first and
    at most `TOLD`. `things` are those in hand that are not recorded, actors among them.

    Raises Unavailable when the read models are away or too far behind, UndecodableEvent, NotConfigured.
    """
    if not sought:
        return []
    things = list(things)
    newer = {thing.id: thing.voice for thing in things if isinstance(thing, ActorRegistered)}
    with _snapshot(database) as connection:
        reached, near = select_alike(connection, sought, newer)
        unfolded = _read_unfolded(connection, sought, reached)
        if unfolded.voices:
            newer |= unfolded.voices
            reached, near = select_alike(connection, sought, newer)
        voices = Voices(connection, newer)
        if unfolded.reports or any(each.before is None for each in sought):
            near = [ids | heard for ids, heard in zip(near, _hear(sought, unfolded, voices), strict=True)]
        if not any(near):
            return [() for _ in sought]
        recorded = Recorded(connection)
        known = Known(recorded, things)
        recorded.load(f"development:{name}" for name in {each.body.id for each in sought}.union(*near))
        return [_confirm(each.body, ids, known, voices) for each, ids in zip(sought, near, strict=True)]


def find_recorded_duplicates(
    database: Database, first: int, last: int
) -> Iterator[tuple[Development, tuple[Voiced, ...]]]:
    """Each development that was reported at these log positions, with the reports before it that are like it.

    It reads as it is asked, a thousand at a time, and raises what `find_duplicates` raises.
    """
    after = first - 1
    while after < last:
        with database.connection() as connection:
            page = read_events(connection, after=after, until=last, limit=READ_AT_ONCE, topics=list(KINDS))
        sought = [
            Sought(body=each.event, before=each.log_position)
            for each in page
            if isinstance(each.event, Development)
        ]
        found = find_duplicates(database, sought)
        yield from ((each.body, alike) for each, alike in zip(sought, found, strict=True))
        after = page[-1].log_position if page else last


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """One snapshot of the log and of the read models, which are not swapped while it lasts."""
    with database.connection() as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        try:
            connection.execute(BRIEFLY + HOLD_TABLES)
            yield connection
            connection.commit()  # which keeps the prepared statements; a rollback forgets them
        finally:
            connection.rollback()
            connection.isolation_level = None


def _read_unfolded(connection: Connection, sought: Sequence[Sought], reached: int) -> Unfolded:
    """What the read models lack, up to the last position that anything is compared with."""
    positions = [each.before for each in sought if each.before is not None]
    return read_unfolded(
        connection,
        after=reached,
        until=max(positions) - 1 if len(positions) == len(sought) else head_position(connection),
        kinds={each.body.kind for each in sought},
        places={place for each in sought for place in each.body.at},
        # What was recorded just now, with this very request, is no sign of being late.
        allowed=READ_BEHIND + len(positions),
    )


def _hear(sought: Sequence[Sought], unfolded: Unfolded, voices: Voices) -> Iterator[set[str]]:
    """By report sought, the ids of those like it that the read models lack, or that are sought before it."""
    heard, end = Heard(), float("inf")
    voiced = voices.give(each.body for each in sought)
    spoken = voices.give(body for _, body in unfolded.reports)
    waiting = deque(zip((position for position, _ in unfolded.reports), spoken, strict=True))
    alike: dict[int, set[str]] = {}
    for number in sorted(range(len(sought)), key=lambda number: sought[number].before or end):
        before = sought[number].before
        while waiting and waiting[0][0] < (before or end):
            heard.add(waiting.popleft()[1])
        alike[number] = {other.body.id for other in heard.find_alike(voiced[number])[:LOOKED_CLOSELY_AT]}
        if before is None:
            heard.add(voiced[number])
    return (alike[number] for number in range(len(sought)))


def _confirm(body: Development, names: set[str], known: Known, voices: Voices) -> tuple[Voiced, ...]:
    """Of the reports named, those that stand, are like it as they are now, and are not joined to it.

    The links looked at are its own and those of the reports like it.
    """
    own = known.find("development", body.id)
    if not names or (own is not None and own.retracted):
        return ()
    found = {name: current for name in names if (current := known.find("development", name)) is not None}
    bodies = [
        each.body for each in found.values() if isinstance(each.body, Development) and not each.retracted
    ]
    one, *others = voices.give([body, *bodies])
    alike = [other for other in others if are_alike(one, other)]
    linked = [found[other.body.id] for other in alike] + ([own] if own is not None else [])
    links = [(each.body.id, link.to) for each in linked for link in each.links if link.type == "same-report"]
    joined = find_joined(body.id, links)
    told = [other for other in alike if other.body.id not in joined]
    return tuple(sorted(told, key=lambda other: nearness(body, other.body))[:TOLD])
