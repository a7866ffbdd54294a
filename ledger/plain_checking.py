"""Checking prepared batches whole: that a batch is plainly right, as nearly all are, takes a few look-ups.

What is not plain is left to the thorough way (ledger/bulk_checking.py), which tells what it is: an id that
was given before, or is recorded otherwise; a pointer that leads nowhere; a claim that cannot be answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from domain.pointers import Pointer
from domain.references import References, mentions
from ledger.appending import pack
from ledger.database import Connection
from ledger.prepared import FIRST, Prepared, PreparedItems
from ledger.so_far import Beside, SoFar
from ledger.spool import Spool

# The streams are sent as one text: their ids hold no comma, and an array would be adapted name by name.
ROWS = """
select originator_id, originator_version, notification_id, topic, state
from ledger.events
where originator_id = any(string_to_array(%b, ','))
"""
MET = 50_000
"""So many pointers that lead where they should are kept in mind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of a batch: so many entries are recorded already, the newest of them at `log_position`."""

    unchanged: int
    log_position: int | None


class PlainCheck:
    """Takes batches that are plainly right, and sets aside what is new in them."""

    def __init__(self, connection: Connection | None, spool: Spool, so_far: SoFar) -> None:
        self._log = connection
        self._spool = spool
        self._so_far = so_far
        self._met: set[Pointer] = set()

    def take(self, prepared: Prepared) -> Taken | None:
        """Takes a batch whole; None when it has to be looked at entry by entry, and nothing was done."""
        if self._spool.may_hold(prepared.streams):
            return None
        recorded = self._find_recorded(prepared)
        if recorded is None or not self._is_right(prepared, recorded):
            return None
        new = prepared.without(recorded) if recorded else prepared
        self._spool.add_packed(new.packed, new.streams, new.ends, new.lines, new.texts)
        return Taken(unchanged=len(recorded), log_position=max(recorded.values(), default=None))

    def _find_recorded(self, prepared: Prepared) -> dict[str, int] | None:
        """The log positions of what is recorded to the same bytes; None if anything is recorded otherwise."""
        if self._log is None:
            return {}
        found: dict[str, int] = {}
        with self._log.cursor(binary=True) as cursor:
            rows = cursor.execute(ROWS, (",".join(prepared.streams),)).fetchall()
        numbers = {stream: number for number, stream in enumerate(prepared.streams)} if rows else {}
        for stream, version, log_position, topic, state in rows:
            if version != FIRST or pack(stream, version, topic, state) != prepared.row(numbers[stream]):
                return None
            found[stream] = log_position
        return found

    def _is_right(self, prepared: Prepared, recorded: Collection[str]) -> bool:
        """Whether all that is pointed at is there, and as it has to be. What is recorded was right then."""
        unmet = prepared.pointers - self._met
        streams = [prepared.streams[number] for number in prepared.apart]
        items = PreparedItems(prepared)
        apart = [items[stream].event for stream in streams if stream not in recorded]
        if not unmet and not apart:
            return True
        named = {f"{pointer.what}:{pointer.id}" for pointer in unmet}
        named |= {f"{mention.what}:{mention.id}" for thing in apart for mention in mentions(thing)}
        self._so_far.load(named)
        beside = Beside(self._so_far, items)
        for pointer in unmet:
            found = beside.find(pointer.what, pointer.id)
            if found is None or not pointer.is_met_by(found.body):
                return False
        references = References(beside)
        if any(True for thing in apart for _ in references.find_faults(thing)):
            return False
        self._note_met(unmet)
        return True

    def _note_met(self, pointers: frozenset[Pointer]) -> None:
        """What is seen to exist stays so."""
        if len(self._met) > MET:
            self._met.clear()
        self._met |= pointers
