"""A row in which a read model and the log differ, in one line."""

from __future__ import annotations

from projections.engine.verifying import Mismatch

SHOWN = 40


def say_mismatch(mismatch: Mismatch) -> str:
    """The table, the key, and the columns that differ, with what is there and what the log gives."""
    where = f"{mismatch.table} ({mismatch.key})"
    live, rebuilt = mismatch.live, mismatch.rebuilt
    if live is None or rebuilt is None:
        return f"{where}: {'the row is missing' if live is None else 'the log gives no such row'}"
    differences = [
        f"{name} is {_shown(held)}, the log gives {_shown(due)}"
        for name, held, due in zip(mismatch.columns, live, rebuilt, strict=True)
        if held != due
    ]
    return f"{where}: {'; '.join(differences)}"


def _shown(value: object) -> str:
    text = "null" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."
