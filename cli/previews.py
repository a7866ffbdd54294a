"""What an import would bring and what it leaves out, for people to look at before and after."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

import typer

from cli.terminal import remark
from cli.words import count_of

if TYPE_CHECKING:
    from domain.errors import Fault
    from ledger.recording import Item

FIRST = 10
"""So many developments are shown of a file."""
STRETCHES = 8
"""So many stretches of lines are named for one reason; the rest is counted."""


def tell_left_out(name: str, left_out: Iterable[Fault], remarks: Iterable[str]) -> None:
    """What could not be used of a file, each reason once with the lines it holds for, and the remarks."""
    lines: dict[tuple[str, str], list[int | None]] = {}
    for fault in left_out:
        lines.setdefault((fault.path, fault.message), []).append(fault.line)
    for (path, message), numbers in lines.items():
        where = _say_lines([number for number in numbers if number is not None])
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


def show_first(items: Sequence[Item]) -> None:
    """The first developments as entries of a dossier, one JSON object a line, and how many there are.

    Of a file without developments, the first of whatever it has.
    """
    import msgspec

    from domain.streams import what_of

    named = [(what_of(item.event), item.event) for item in items]
    wanted = [pair for pair in named if pair[0] == "development"] or named
    for what, event in wanted[:FIRST]:
        typer.echo(msgspec.json.encode({what: _written(event)}).decode())
    total = count_of(len(wanted), *(("development",) if wanted != named else ("entry", "entries")))
    remark(f"Shown: the first {min(FIRST, len(wanted))} of {total}. Nothing is recorded.")


def _written(value: Any) -> Any:
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
            return {key: _written(each) for key, each in value.items()}
        case tuple() | list():
            return [_written(each) for each in value]
    if not is_dataclass(value):
        return value
    pairs = ((field.name, getattr(value, field.name)) for field in fields(value))
    return {name: _written(each) for name, each in pairs if each is not None and each not in ((), {}, [])}
