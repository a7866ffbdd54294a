"""What to do with a list of things to record: decided as a whole, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from eventsourcing.persistence import StoredEvent

from domain.catalogue import Event
from domain.errors import Conflicts, Difference, Fault, IdTaken, InvalidInput
from domain.references import Mention, References, mentions
from domain.registry import ActorDescribed, DocumentArchived, LocationDescribed
from domain.streams import Thing, stream_of, what_of
from ledger.appending import Appended
from ledger.codec import Entry, Unstorable, encode
from ledger.commands import Places
from ledger.differences import find_differences
from ledger.known import UNPLACED, Known, Loaded, Recorded, Standing
from ledger.texts import DocumentText, MakeSalt, hash_text, salted

Status = Literal["new", "unchanged", "conflict"]
EXCERPT = 200
"""Of texts that differ, so many characters are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to record. `path` and `line` say where it stands in the input, for the faults found in it.

    `text` is the text of a document; the ledger keeps it outside the log and sets the document's `sha256`.
    """

    event: Thing
    path: str = ""
    line: int | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What reading an input found wrong already. Nothing of it is recorded then, and the rest is checked all
    the same, so that everything wrong is told at once.

    `broken` are the streams of the entries that could not be read, as far as they have an id.
    """

    faults: tuple[Fault, ...] = ()
    broken: frozenset[str] = frozenset()


NOTHING_FOUND = Findings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of an item, or would. `revision` and `log_position` are those of the thing as it stands
    then; both are None for what is new in a dry run.
    """

    item: Item
    status: Status
    revision: int | None = None
    log_position: int | None = None
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of all items, in their order. `log_position` is the greatest among them; `recorded_at`
    is None when nothing was written.
    """

    outcomes: tuple[Outcome, ...]
    log_position: int | None
    recorded_at: datetime | None


def decide(items: Sequence[Item], recorded: Recorded, found: Findings = NOTHING_FOUND) -> tuple[Outcome, ...]:
    """The outcome of each item, in their order; the first of equal items counts.

    Raises InvalidInput with everything wrong anywhere, or IdTaken or Conflicts.
    """
    firsts = {stream_of(item.event): item for item in reversed(items)}
    texts = {item.event.id: item.text for item in firsts.values() if item.text is not None}
    known = Known(recorded, (item.event for item in items), texts)
    recorded.load(streams_of(items))
    outcomes, faults = [], list(found.faults)
    references = References(known, nearby(items), found.broken)
    for item in items:
        first = firsts[stream_of(item.event)]
        if first is not item:
            outcomes.append(Outcome(item=item, status="unchanged"))
            faults += place_faults(item, find_repetition(first, item))
            continue
        outcome = decide_item(item, recorded)
        outcomes.append(outcome)
        # What is recorded was in order then; what it points at may have changed since.
        if outcome.status != "unchanged":
            faults += place_faults(item, find_item_faults(item, references))
    raise_if_wrong(outcomes, faults)
    return tuple(outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item as it is stored, with the text that goes with it; `faults` when it cannot be."""

    event: StoredEvent | None = None
    text: DocumentText | None = None
    faults: tuple[Fault, ...] = ()


def make_row(item: Item, recorded_by: str, request_id: str | None, make_salt: MakeSalt) -> Row:
    """The row of an item, should it be new."""
    event, text = item.event, None
    if item.text is not None and isinstance(event, DocumentArchived) and _is_storable(item.text):
        text = salted(item.text, make_salt)
        event = replace(event, sha256=text.sha256)
    try:
        stored = to_stored_event(stream_of(event), 1, event, recorded_by, request_id)
    except InvalidInput as error:
        return Row(faults=tuple(place_faults(item, error.faults)))
    return Row(event=stored, text=text)


def join_rows(rows: Iterable[Row]) -> tuple[list[StoredEvent], list[DocumentText]]:
    """What there is to store. Raises InvalidInput with everything that cannot be."""
    together = list(rows)
    if faults := [fault for row in together for fault in row.faults]:
        raise InvalidInput(faults)
    events = [row.event for row in together if row.event is not None]
    return events, [row.text for row in together if row.text is not None]


def prepare(
    items: Iterable[Item], recorded_by: str, request_id: str | None, make_salt: MakeSalt
) -> tuple[list[StoredEvent], list[DocumentText]]:
    """The rows of new items, and the texts that go with them. Raises InvalidInput."""
    return join_rows(make_row(item, recorded_by, request_id, make_salt) for item in items)


def to_stored_event(
    stream: str, version: int, event: Event, recorded_by: str, request_id: str | None
) -> StoredEvent:
    """The row of an event. Raises InvalidInput when it could not be read back."""
    try:
        topic, state = encode(Entry(event=event, recorded_by=recorded_by, request_id=request_id))
    except Unstorable as error:
        fault = Fault(path="", message=f"This cannot be stored: {error}.", code="unstorable")
        raise InvalidInput([fault]) from error
    return StoredEvent(originator_id=stream, originator_version=version, topic=topic, state=state)


def receipt_of(
    outcomes: Sequence[Outcome], appended: Appended | None = None, places: Places = MappingProxyType({})
) -> Receipt:
    """The receipt, with the positions that the new items were given; `places` are those of all that was
    recorded in the same transaction.
    """
    positions = iter(appended.positions if appended else ())
    firsts: dict[str, Outcome] = {}
    told = []
    for outcome in outcomes:
        stream = stream_of(outcome.item.event)
        if stream in firsts:
            first = firsts[stream]
            told.append(replace(outcome, revision=first.revision, log_position=first.log_position))
            continue
        if appended is not None and outcome.status == "new":
            outcome = replace(outcome, revision=1, log_position=next(positions))
        elif outcome.log_position == UNPLACED:
            outcome = replace(outcome, log_position=places[stream, outcome.revision or 0])
        firsts[stream] = outcome
        told.append(outcome)
    return Receipt(
        outcomes=tuple(told),
        log_position=max((each.log_position for each in told if each.log_position), default=None),
        recorded_at=appended.recorded_at if appended else None,
    )


def streams_of(items: Iterable[Item]) -> Iterator[str]:
    """Every stream the items are recorded in or point at."""
    for item in items:
        yield stream_of(item.event)
        yield from mentioned_streams(item.event)


def mentioned_streams(thing: Thing) -> Iterator[str]:
    """Every stream a thing points at."""
    return (f"{mention.what}:{mention.id}" for mention in mentions(thing))


def nearby(items: Sequence[Item]) -> dict[str, list[str]]:
    """The ids of the items by their sort, for suggestions."""
    ids: dict[str, list[str]] = {}
    for item in items:
        ids.setdefault(what_of(item.event), []).append(item.event.id)
    return ids


def decide_item(item: Item, recorded: Standing) -> Outcome:
    """New, the same as it was first or is now, or in conflict."""
    loaded = recorded.find(stream_of(item.event))
    if loaded is None:
        return Outcome(item=item, status="new")
    standing = loaded.current
    differences = find_differences(standing.body, item.event)
    if differences and not find_differences(standing.first, item.event):
        differences = ()
    differences += tuple(_text_differences(item, loaded, recorded))
    return Outcome(
        item=item,
        status="conflict" if differences else "unchanged",
        revision=standing.revision,
        log_position=loaded.log_position,
        differences=differences,
    )


def _text_differences(item: Item, loaded: Loaded, recorded: Standing) -> Iterator[Difference]:
    """Whether the text given for a document is another one than the text stored for it.

    Of a text that was taken away nothing is left to compare with.
    """
    document = loaded.current.body
    if not isinstance(document, DocumentArchived):
        return
    stored = recorded.find_text(document)
    if document.sha256 is None and item.text is not None:
        yield Difference(path="text", recorded=None, given=item.text[:EXCERPT])
    elif stored is not None and (item.text is None or hash_text(stored.salt, item.text) != stored.sha256):
        given = None if item.text is None else item.text[:EXCERPT]
        yield Difference(path="text", recorded=stored.text[:EXCERPT], given=given)


def find_repetition(first: Item, again: Item) -> Iterator[Fault]:
    """The same id twice in one input is fine, as long as it is the same thing."""
    if find_differences(first.event, again.event) or first.text != again.text:
        where = f"line {first.line}" if first.line else first.path or "before"
        message = (
            f"The {what_of(again.event)} {again.event.id!r} is given already ({where}), with other content."
        )
        yield Fault(path="id", message=message, code="duplicate")


def find_item_faults(
    item: Item, references: References, named: Sequence[Mention] | None = None
) -> Iterator[Fault]:
    """Everything wrong with an entry: in itself, in what it points at, and in the text it brings."""
    if isinstance(item.event, LocationDescribed | ActorDescribed):
        raise TypeError("a description is no first event; describe_location and describe_actor take it")
    yield from item.event.find_faults()
    yield from references.find_faults(item.event, named)
    if item.text is not None and not _is_storable(item.text):
        message = "The text holds a NUL character or half of a character, which cannot be stored."
        yield Fault(path="text", message=message, code="bad-text")


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def place_faults(item: Item, faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults with the place of their item in front."""
    for fault in faults:
        path = ".".join(part for part in (item.path, fault.path) if part)
        yield replace(fault, path=path, line=fault.line or item.line)


def raise_if_wrong(outcomes: Sequence[Outcome], faults: list[Fault]) -> None:
    """Faults come first; conflicts beside them are told as faults, so that nothing found is kept back."""
    taken = [
        (outcome.item, IdTaken(what_of(outcome.item.event), outcome.item.event.id, outcome.differences))
        for outcome in outcomes
        if outcome.status == "conflict"
    ]
    if faults:
        for item, error in taken:
            faults += place_faults(item, [Fault(path="id", message=error.message, code="id-taken")])
        # In the order of the input, as far as it has lines; what is said of the whole comes last.
        raise InvalidInput(
            sorted(faults, key=lambda fault: (not fault.path and fault.line is None, fault.line or 0))
        )
    if taken and len(outcomes) == 1:
        raise taken[0][1]
    if taken:
        raise Conflicts(error for _, error in taken)
