"""Between the event sourcing library's events and stored ones, by our codec and our stable topics."""

from __future__ import annotations

from dataclasses import dataclass

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import JSONTranscoder, Mapper, StoredEvent

from ledger.codec import Entry, decode, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEvent:
    """An entry with its place in a stream, as the library knows events."""

    originator_id: str
    originator_version: int
    entry: Entry


class LedgerMapper(Mapper[str]):
    """The library's mapper with no transcoder, cipher or module paths of its own."""

    def __init__(self) -> None:
        super().__init__(transcoder=JSONTranscoder())

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The row of a LedgerEvent. Raises Unstorable."""
        if not isinstance(domain_event, LedgerEvent):
            raise TypeError("the ledger stores LedgerEvents")
        topic, state = encode(domain_event.entry)
        return StoredEvent(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=topic,
            state=state,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        """The LedgerEvent of a row. Raises Undecodable."""
        return LedgerEvent(
            originator_id=str(stored_event.originator_id),
            originator_version=stored_event.originator_version,
            entry=decode(stored_event.topic, stored_event.state),
        )
