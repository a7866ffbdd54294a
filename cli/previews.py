"""What an import would bring and what it leaves out, for people to look at before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from api.words import count_of
from cli.terminal import remark
from domain.kinds.envelope import Development

if TYPE_CHECKING:
    from ledger.recording import Item

FIRST = 10
"""So many developments are shown of a file."""
STRETCHES = 8
"""So many stretches of lines are named for one reason; the rest is counted."""


def tell_left_out(
    name: str, left_out: Mapping[tuple[str, str], Sequence[int]], remarks: Iterable[str]
) -> None:
    """What could not be used of a file, by path and message, with the lines it holds for (0 for one without a
    line), and the remarks.
    """
    for (path, message), numbers in left_out.items():
        where = _say_lines([number for number in numbers if number])
        said = ": ".join(part for part in (name, "left out", path, message) if part)
        remark(f"{said} ({where})" if where else said)
    for sentence in remarks:
        remark(f"{name}: {sentence}")


def _say_lines(numbers: Sequence[int]) -> str:
    """Lines with those that follow each other joined: "lines 3 to 7, 9"; empty for none."""
    runs = [list(run) for _, run in groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0])]
    stretches = [(run[0][1], run[-1][1]) for run in runs]
    said = [f"{first}" if first == last else f"{first} to {last}" for first, last in stretches[:STRETCHES]]
    more = sum(last - first + 1 for first, last in stretches[STRETCHES:])
    noun = "line" if len(numbers) == 1 else "lines"
    return f"{noun} {', '.join(said)}" + (f" and {more:,} more" if more else "") if said else ""


class Preview:
    """The first developments of a file, and how many there are; of a file without, the first of whatever
    it has.
    """

    def __init__(self) -> None:
        self._first: dict[bool, list[Item]] = {True: [], False: []}
        self._counts = Counter[bool]()

    def add(self, items: Iterable[Item]) -> None:
        """Takes in a batch."""
        for item in items:
            is_development = isinstance(item.event, Development)
            self._counts[is_development] += 1
            if len(self._first[is_development]) < FIRST:
                self._first[is_development].append(item)

    def show(self) -> None:
        """Prints them as entries of a dossier, one JSON object a line."""
        import msgspec

        from domain.streams import what_of

        wanted = bool(self._first[True])
        for item in self._first[wanted]:
            typer.echo(msgspec.json.encode({what_of(item.event): as_entry(item.event)}).decode())
        total = count_of(self._counts[wanted], *(("development",) if wanted else ("entry", "entries")))
        remark(f"Shown: the first {len(self._first[wanted])} of {total}. Nothing is recorded.")


def as_entry(value: Any) -> Any:
    """A value as a dossier has it: dates as EDTF, shares in words or as intervals, nothing that is empty."""
    from dataclasses import fields, is_dataclass

    from domain.shares import Share
    from domain.times import When
    from intake.shares import write_share

    match value:
        case When():
            return value.edtf
        case Share():
            return write_share(value)
        case dict():
            return {key: as_entry(each) for key, each in value.items()}
        case tuple() | list():
            return [as_entry(each) for each in value]
    if not is_dataclass(value):
        return value
    pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: as_entry(each) for name, each in pairs if each is not None and each not in ((), {}, [])}
