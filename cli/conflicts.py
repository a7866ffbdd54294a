"""Which entries of a file are recorded already with other content, and in what they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.terminal import remark
from domain.errors import Conflict, Conflicts, IdTaken

if TYPE_CHECKING:
    from ledger.recording import Item

SHOWN = 60
"""Of values that differ, so many characters are shown."""


def tell_conflicts(name: str, error: Conflict, items: Sequence[Item]) -> int:
    """Tells each conflict; how many there are."""
    taken = error.conflicts if isinstance(error, Conflicts) else [error]
    for conflict in taken:
        _tell_conflict(name, conflict, items)
    return len(taken)


def _tell_conflict(name: str, conflict: Conflict, items: Sequence[Item]) -> None:
    """The id, where it stands in the file as far as that is known, and every field that differs."""
    if not isinstance(conflict, IdTaken):
        remark(f"{name}: {conflict.message}")
        return
    from domain.streams import what_of

    taken = (conflict.what, conflict.identifier)
    item = next((item for item in items if (what_of(item.event), item.event.id) == taken), None)
    where = f"{name}:{item.line}" if item and item.line else name
    path = item.path if item else ""
    remark(": ".join(part for part in (where, path, conflict.message) if part))
    for difference in conflict.differences:
        recorded, given = _shown(difference.recorded), _shown(difference.given)
        remark(f"    {difference.path}: recorded {recorded}, given {given}")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
