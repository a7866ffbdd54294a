"""What a decision needs to know: the things in hand, and those recorded, loaded in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from domain.kinds.envelope import SLUG
from domain.registry import DocumentArchived
from domain.streams import Current, Thing, fold_stream, stream_of
from ledger.database import Connection
from ledger.reading import read_streams
from ledger.texts import DocumentText, load_texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A recorded thing as it stands, and the log position of its newest event."""

    current: Current
    log_position: int


class Known:
    """Things by stream: what is recorded, else what is about to be recorded (`things`, `texts`).

    `texts` are by document id. It reads on `connection` as long as it is used, and remembers the answers.
    """

    def __init__(
        self, connection: Connection, things: Iterable[Thing] = (), texts: dict[str, str] | None = None
    ) -> None:
        self._connection = connection
        self._in_hand: dict[str, Current] = {}
        for thing in things:
            self._in_hand.setdefault(stream_of(thing), Current(first=thing, body=thing, revision=0))
        self._texts_in_hand = texts or {}
        self._recorded: dict[str, Loaded | None] = {}

    def load(self, streams: Iterable[str]) -> None:
        """Loads these streams in one query, so that later questions about them need none."""
        wanted = {stream for stream in streams if stream not in self._recorded}
        self._recorded.update(dict.fromkeys(wanted))
        # What cannot be an id was never recorded, and PostgreSQL cannot even be asked for a NUL character.
        wanted = {stream for stream in wanted if SLUG.fullmatch(stream.partition(":")[2])}
        if not wanted:
            return
        for stream, group in groupby(read_streams(self._connection, wanted), key=lambda row: row.stream):
            rows = list(group)
            current = fold_stream(row.event for row in rows)
            if current is not None:
                self._recorded[stream] = Loaded(current=current, log_position=rows[-1].log_position)

    def recorded(self, stream: str) -> Loaded | None:
        """The thing of a stream as it is recorded, whatever is in hand."""
        if stream not in self._recorded:
            self.load([stream])
        return self._recorded[stream]

    def find(self, what: str, identifier: str) -> Current | None:
        """A thing as it is recorded, else one in hand."""
        stream = f"{what}:{identifier}"
        loaded = self.recorded(stream)
        return loaded.current if loaded else self._in_hand.get(stream)

    def find_text(self, document: DocumentArchived) -> str | None:
        """The stored text of a document, else the one in hand."""
        if document.sha256 is None:
            return self._texts_in_hand.get(document.id)
        stored = self.find_stored_text(document)
        return stored.text if stored else None

    def find_stored_text(self, document: DocumentArchived) -> DocumentText | None:
        """The stored text of a document with its salt; None when it has none or it was taken away."""
        if document.sha256 is None:
            return None
        return load_texts(self._connection, [document.sha256]).get(document.sha256)
