"""What a decision needs to know: the things in hand, and those recorded, loaded in one query."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from eventsourcing.persistence import StoredEvent

from domain.catalogue import Event
from domain.errors import UndecodableEvent
from domain.kinds.envelope import SLUG
from domain.registry import DocumentArchived
from domain.streams import Current, Thing, fold_stream, stream_of
from ledger.codec import Undecodable, decode
from ledger.database import Connection
from ledger.texts import DocumentText, load_texts

ROWS = """
select originator_id, originator_version, notification_id, topic, state
from ledger.events
where originator_id = any(%s)
order by originator_id, originator_version
"""
UNPLACED = 0
"""Instead of its log position, of an event that is recorded in the very transaction that is being decided."""


class Loaded(NamedTuple):
    """A recorded thing as it stands, and the log position of its newest event, or UNPLACED."""

    current: Current
    log_position: int


class Standing(Protocol):
    """Things as they stand, by stream, with the texts of documents."""

    def find(self, stream: str) -> Loaded | None:
        """The thing of a stream as it stands."""

    def find_text(self, document: DocumentArchived) -> DocumentText | None:
        """The stored text of a document with its salt; None when it has none or it was taken away."""


class _Row(NamedTuple):
    version: int
    log_position: int
    topic: str
    state: bytes

    def decode(self) -> Event:
        try:
            return decode(self.topic, self.state).event
        except Undecodable as error:
            raise UndecodableEvent(self.log_position, self.topic, str(error)) from error


class Recorded:
    """Streams as they are recorded: read on `connection` when they are asked for, and remembered.

    Under the lock of the log nobody else writes, so what is remembered stays true until the commit. What is
    decided on the way is noted, for later decisions of the same transaction to see.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows: dict[str, list[_Row]] = {}
        self._found: dict[str, Loaded | None] = {}
        self._texts: dict[str, DocumentText] = {}

    def load(self, streams: Iterable[str]) -> None:
        """Loads these streams in one query, so that later questions about them need none."""
        wanted = {stream for stream in streams if stream not in self._rows}
        self._rows.update({stream: [] for stream in wanted})
        # What cannot be an id was never recorded, and PostgreSQL cannot even be asked for a NUL character.
        asked = [name for name in wanted if ":" not in name or SLUG.fullmatch(name.partition(":")[2])]
        if asked:
            # In binary, bytes are not written out in digits and read back.
            with self._connection.cursor(binary=True) as cursor:
                for stream, *row in cursor.execute(ROWS, (asked,)):
                    self._rows[stream].append(_Row(*row))

    def version(self, stream: str) -> int:
        """The newest version of a stream; 0 when there is none."""
        rows = self._rows_of(stream)
        return rows[-1].version if rows else 0

    def find(self, stream: str) -> Loaded | None:
        """The thing of a stream as it stands. Raises UndecodableEvent."""
        if stream not in self._found:
            rows = self._rows_of(stream)
            current = fold_stream(row.decode() for row in rows)
            self._found[stream] = Loaded(current, rows[-1].log_position) if current else None
        return self._found[stream]

    def find_text(self, document: DocumentArchived) -> DocumentText | None:
        """The stored text of a document with its salt; None when it has none or it was taken away."""
        if document.sha256 is None:
            return None
        noted = self._texts.get(document.sha256)
        return noted or load_texts(self._connection, [document.sha256]).get(document.sha256)

    def note(self, events: Iterable[StoredEvent], texts: Iterable[DocumentText]) -> None:
        """Takes in what is recorded next, in this transaction; what was taken in before changes nothing."""
        for event in events:
            stream = str(event.originator_id)
            if event.originator_version <= self.version(stream):
                continue
            row = _Row(event.originator_version, UNPLACED, event.topic, event.state)
            self._rows_of(stream).append(row)
            self._found.pop(stream, None)
        self._texts |= {text.sha256: text for text in texts}

    def _rows_of(self, stream: str) -> list[_Row]:
        if stream not in self._rows:
            self.load([stream])
        return self._rows[stream]


class Known:
    """Things by stream: what is recorded, else what is about to be recorded (`things`, `texts`).

    `texts` are by document id.
    """

    def __init__(
        self, recorded: Recorded, things: Iterable[Thing] = (), texts: dict[str, str] | None = None
    ) -> None:
        self._recorded = recorded
        self._in_hand: dict[str, Current] = {}
        for thing in things:
            self._in_hand.setdefault(stream_of(thing), Current(first=thing, body=thing, revision=0))
        self._texts_in_hand = texts or {}

    def find(self, what: str, identifier: str) -> Current | None:
        """A thing as it is recorded, else one in hand."""
        stream = f"{what}:{identifier}"
        loaded = self._recorded.find(stream)
        return loaded.current if loaded else self._in_hand.get(stream)

    def find_text(self, document: DocumentArchived) -> str | None:
        """The stored text of a document, else the one in hand."""
        if document.sha256 is None:
            return self._texts_in_hand.get(document.id)
        stored = self._recorded.find_text(document)
        return stored.text if stored else None
