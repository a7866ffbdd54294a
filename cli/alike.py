"""Which developments of a file look like others: how many, the first few, and how to join them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING

from api.words import count_of, say_kind, say_when
from cli.terminal import progress, remark
from domain.errors import Unavailable, UndecodableEvent
from domain.kinds.envelope import Development
from domain.likeness import RULE, Heard, Voiced
from domain.registry import ActorRegistered
from domain.streams import Thing, stream_of

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.recording import Item

SHOWN = 5
"""So many developments are named, each with the one that it is most like."""
LOOKED_THROUGH = 20_000
"""Of a file, so many new developments are compared: they are a hint, and a file may be very long."""


@dataclass(slots=True)
class Lookalikes:
    """What was found in one file, so far."""

    compared: int = 0
    found: int = 0
    first: list[tuple[Development, Sequence[Voiced]]] = field(default_factory=list)

    def note(self, development: Development, alike: Sequence[Voiced]) -> None:
        """Takes in one development, and those before it that it looks like."""
        self.compared += 1
        if alike:
            self.found += 1
            if len(self.first) < SHOWN:
                self.first.append((development, alike))

    def tell(self, name: str) -> None:
        """Says how many there are, names the first, and how to join them; nothing when there are none."""
        if not self.found:
            return
        verb = "looks" if self.found == 1 else "look"
        total = count_of(self.compared, "development")
        remark(f"{name}: {self.found:,} of {total} {verb} like one before ({RULE}):")
        for development, alike in self.first:
            remark(f"    {development.id}: like {_say(alike)}")
        if self.found > len(self.first):
            remark(f"    and {self.found - len(self.first):,} more")
        development, alike = self.first[0]
        path = f"/v1/developments/{development.id}/links"
        link = f'{{"type": "same-report", "to": "{alike[0].body.id}"}}'
        remark(f"If two are one report, join them once they are recorded: POST {path} {link}")


class AloneInFile:
    """Looks for likenesses within one file, as if nothing had been recorded before."""

    def __init__(self) -> None:
        self.found = Lookalikes()
        self._heard = Heard()
        self._voices: dict[str, str] = {}
        self._ids: set[str] = set()

    def add(self, items: Iterable[Item]) -> None:
        """Takes in one batch, whose entries may stand in any order."""
        events = [item.event for item in items]
        for event in events:
            if isinstance(event, ActorRegistered):
                self._voices.setdefault(event.id, event.voice)
        for event in events:
            if self.found.compared >= LOOKED_THROUGH:
                break
            if isinstance(event, Development) and event.id not in self._ids:
                self._ids.add(event.id)
                voice = self._voices.get(event.by, event.by) if event.by is not None else None
                voiced = Voiced(body=event, voice=voice)
                self.found.note(event, self._heard.find_alike(voiced))
                self._heard.add(voiced)


def tell_alike_in_log(database: Database, name: str, stretches: Iterable[tuple[int, int]]) -> None:
    """Tells what looks alike of the developments that a file brought to these stretches of the log.

    The read models should have caught up before.
    """
    from projections.reading.duplicates import find_recorded_duplicates

    alike = Lookalikes()
    pairs = chain.from_iterable(find_recorded_duplicates(database, *stretch) for stretch in stretches)
    try:
        with progress("Comparing with what is recorded") as tell:
            for development, found in islice(pairs, LOOKED_THROUGH):
                alike.note(development, found)
                tell(alike.compared, None)
        if next(pairs, None) is not None:
            remark(f"{name}: only the first {LOOKED_THROUGH:,} new developments were compared.")
    except (Unavailable, UndecodableEvent) as error:
        _tell_unknown(name, error)
    alike.tell(name)


class InHand:
    """What is new of a file, as far as it is compared with what is recorded, before it is recorded."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}
        self._developments = 0

    def add(self, new: Iterable[Item]) -> None:
        """Takes in what is new of one batch."""
        for item in new:
            if self._developments >= LOOKED_THROUGH:
                return
            self._developments += isinstance(item.event, Development)
            self._things[stream_of(item.event)] = item.event

    def tell(self, database: Database, name: str) -> None:
        """Tells what looks alike of the developments."""
        from projections.reading.duplicates import find_duplicates
        from projections.reading.lookalikes import Sought

        things = list(self._things.values())
        sought = [Sought(body=thing) for thing in things if isinstance(thing, Development)]
        alike = Lookalikes()
        try:
            for each, found in zip(sought, find_duplicates(database, sought, things), strict=True):
                alike.note(each.body, found)
        except (Unavailable, UndecodableEvent) as error:
            _tell_unknown(name, error)
        alike.tell(name)


def _tell_unknown(name: str, error: Unavailable | UndecodableEvent) -> None:
    remark(f"{name}: recorded reports that look alike cannot be told right now. {error.message}")


def _say(alike: Sequence[Voiced]) -> str:
    """The nearest, and how many more there are."""
    body = alike[0].body
    said = ", ".join(filter(None, (say_kind(body.kind), body.by, say_when(body.occurred))))
    more = f", and {len(alike) - 1:,} more" if len(alike) > 1 else ""
    return f"{body.id} ({said}){more}"
