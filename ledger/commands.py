"""What a write is to those who carry it out: the streams it looks at, and a decision about them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from eventsourcing.persistence import IntegrityError, StoredEvent

from ledger.appending import Appended
from ledger.known import Recorded
from ledger.texts import DocumentText

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Places = Mapping[tuple[str, int], int]
"""The log positions given in one transaction, by stream and version."""


class AppendConflict(IntegrityError):
    """Another event has taken this version of the stream."""

    def __init__(self, stream: str, version: int, newest: int) -> None:
        super().__init__(f"{stream}: version {version} does not follow version {newest}")
        self.stream = stream
        self.version = version
        self.newest = newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Generic[T_co]):
    """What is appended, perhaps nothing, and the texts with it.

    `tell` makes what the sender is told: of the positions of these events (None when there are none) and of
    all those recorded in the same transaction.
    """

    events: Sequence[StoredEvent]
    texts: Sequence[DocumentText] = ()
    tell: Callable[[Appended | None, Places], T_co]


class Command(Protocol[T_co]):
    """A write. `streams` are those it looks at, loaded for it beforehand; `size` is about how many events it
    appends.
    """

    @property
    def streams(self) -> Collection[str]: ...

    @property
    def size(self) -> int: ...

    def decide(self, recorded: Recorded) -> Decision[T_co]:
        """Decides under the lock of the log, in memory; again when the transaction has to be repeated.

        Whatever it raises fails this write alone.
        """


def tell_each(decisions: Iterable[Decision[T]], appended: Appended | None, places: Places) -> Iterator[T]:
    """What is told of each of these, when together they are all that was appended."""
    start = 0
    for decision in decisions:
        end = start + len(decision.events)
        own = None
        if appended is not None and end > start:
            own = replace(appended, positions=appended.positions[start:end])
        yield decision.tell(own, places)
        start = end


class Prepared:
    """Events that were decided beforehand, with the texts that belong to them."""

    def __init__(self, events: Sequence[StoredEvent], texts: Sequence[DocumentText]) -> None:
        self.events = events
        self.texts = texts
        self.size = len(events)
        self.streams = {str(event.originator_id) for event in events}

    def check(self, recorded: Recorded) -> None:
        """Raises AppendConflict when an event does not follow the newest of its stream."""
        after: dict[str, int] = {}
        for event in self.events:
            stream, version = str(event.originator_id), event.originator_version
            newest = after.get(stream) or recorded.version(stream)
            if version != newest + 1:
                raise AppendConflict(stream, version, newest)
            after[stream] = version


class Appending(Prepared):
    """Appending events as they are, as a command."""

    def decide(self, recorded: Recorded) -> Decision[Appended]:
        """All of them. Raises AppendConflict."""
        self.check(recorded)
        return Decision(events=self.events, texts=self.texts, tell=lambda appended, _: present(appended))


def present(appended: Appended | None) -> Appended:
    """What was appended, where something must have been. Raises ValueError."""
    if appended is None:
        raise ValueError("there was no event to append")
    return appended
