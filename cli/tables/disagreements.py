"""Disagreements, for people."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from api.shapes.disagreements import DisputeList, DisputeShape
from api.words import count_of, say_apart, say_clocks, say_control, say_instant
from cli.tables.layout import QUIET, TITLE, new_table, print_quiet, print_table, stack


def print_disputes(console: Console, listed: DisputeList, zone: tzinfo) -> None:
    """A row for each: where, who says what, how far apart over whose share, since when, who moved last."""
    console.print(Text(count_of(len(listed.items), "disagreement"), TITLE))
    if listed.items:
        console.print()
        table = new_table("Place", "Who says what", "Since", "Moved last")
        table.leading = 1
        for found in listed.items:
            table.add_row(*_row(found, zone))
        print_table(console, table)
    console.print()
    print_quiet(console, say_clocks(listed.clocks, zone))


def _row(found: DisputeShape, zone: tzinfo) -> list[Text]:
    says = Text("\n".join(f"{side.voice}: {say_control(side.shares)}" for side in found.sides))
    says.append(f"\nover {found.party}, {say_apart(found.gap)}", style=QUIET)
    age = count_of(max(0, int(found.age_days)), "day")
    moved = found.moved_last
    since = say_instant(moved.since, zone)
    return [
        stack(found.name, found.id, style=TITLE),
        says,
        stack(say_instant(found.since, zone), age),
        stack(moved.voice, since, moved.development),
    ]
