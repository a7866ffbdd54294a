"""How tables look: one quiet style for all of them, no colour that takes a side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

from api.words import is_plain, say_when
from domain.times import When

TITLE = "bold"
QUIET = "dim"
WIDE = 110
"""From this width on, what is stacked in one cell has columns of its own."""
GAP = 2
"""Blanks between columns."""
DATE_WIDTH = 24
"""Room for an interval with qualifiers, such as 2022-02-27~/2022-09-10~."""


def new_table(*columns: Column | str) -> Table:
    """An empty table."""
    table = Table(*columns, box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style=TITLE)
    table.padding = (0, 1, 0, 0)
    for column in table.columns:
        column.overflow = "fold"
    return table


def number(header: str) -> Column:
    """A column of numbers."""
    return Column(header, justify="right")


def date(header: str) -> Column:
    """A column of dates, which are long in words."""
    return Column(header, max_width=DATE_WIDTH)


def reasons(header: str) -> Column:
    """A column of the ids that something follows from."""
    return Column(header, style=QUIET)


def print_table(console: Console, table: Table) -> None:
    """A table as wide as the terminal at most. No word is broken as long as all fit beside each other."""
    measured = [
        [Measurement.get(console, console.options, cell) for cell in (column.header, *column.cells)]
        for column in table.columns
    ]
    wanted = [
        min(max(cell.maximum for cell in cells), column.max_width or console.width)
        for column, cells in zip(table.columns, measured, strict=True)
    ]
    longest_words = [max(cell.minimum for cell in cells) for cells in measured]
    room = console.width - GAP * (len(wanted) - 1)
    for column, width in zip(table.columns, share_out(room, wanted, longest_words), strict=True):
        column.width = width
    console.print(table)


def share_out(room: int, wanted: Sequence[int], needed: Sequence[int]) -> list[int]:
    """The width of each column: what it wants, else what it needs and a fair part of what is left."""
    if sum(wanted) <= room:
        return list(wanted)
    widths = [min(want, need) for want, need in zip(wanted, needed, strict=True)]
    while sum(widths) > max(room, len(widths)):
        widths[widths.index(max(widths))] -= 1
    left, wishes = room - sum(widths), sum(wanted) - sum(widths)
    if left <= 0:
        return widths
    return [width + left * (want - width) // wishes for want, width in zip(wanted, widths, strict=True)]


def print_section(console: Console, title: str, table: Table) -> None:
    """A table under its title, if it has rows."""
    if table.row_count:
        console.print()
        console.print(Text(title, style=TITLE))
        print_table(console, table)


def stack(first: str, *below: str, style: str = "") -> Text:
    """Lines in one cell, the first in full, those below it quiet; empty ones are left out."""
    text = Text()
    text.append(first, style=style)
    for line in filter(None, below):
        text.append(f"\n{line}" if text else line, style=QUIET)
    return text


def date_cell(when: When, *, throughout: bool = False) -> Text:
    """A date as it was written, with words below it where it needs any."""
    return stack(when.edtf, "" if is_plain(when) else say_when(when, throughout=throughout))


def lines(ids: Iterable[str]) -> str:
    """Ids, one a line."""
    return "\n".join(ids)


def print_quiet(console: Console, sentence: str) -> None:
    """A remark of small weight, on its own line."""
    console.print(Text(sentence, style=QUIET))
