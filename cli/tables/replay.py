"""A replay, for people: a table that grows, a frame at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.tables.layout import GAP, QUIET, TITLE, print_quiet
from cli.words import count_of, say_clock
from domain.registry import LocationRegistered
from domain.replays import Along, Frame

NARROW = (23, 18)
"""Widths of the instant and of the status; what made the change has the rest."""
HEADINGS = {"valid": "From", "known": "Known from", "recorded": "Recorded"}


def print_frames(
    console: Console, place: LocationRegistered, along: Along, frames: Iterable[Frame], zone: tzinfo
) -> None:
    """Each frame as soon as it is there, then how many there were."""
    console.print(Text.assemble((place.name, TITLE), (f"  {place.id}, along the {along} clock", QUIET)))
    console.print()
    _print_row(console, *(Text(word, TITLE) for word in (HEADINGS[along], "Status", "Made by")))
    number = 0
    for number, frame in enumerate(frames, start=1):  # noqa: B007 - the count is told at the end
        _print_row(
            console, _when(frame, along, zone), _status(frame), Text(", ".join(frame.developments), QUIET)
        )
    console.print()
    print_quiet(console, f"{count_of(number, 'frame')}.")


def _when(frame: Frame, along: Along, zone: tzinfo) -> Text:
    instant = say_clock(frame.t, zone)
    return Text(f"{instant}, log {frame.log_position}" if along == "recorded" else instant)


def _status(frame: Frame) -> Text:
    state = frame.state
    said = f"{state.status} by {state.holder}" if state.holder else state.status
    return Text(said if state.certain else f"{said}, not certain yet")


def _print_row(console: Console, when: Text, status: Text, made_by: Text) -> None:
    row = Table.grid(padding=(0, GAP, 0, 0), expand=False)
    share = min(1.0, console.width / 80)
    for width in NARROW:
        row.add_column(width=max(8, int(width * share)), overflow="fold")
    row.add_column(overflow="fold")
    row.add_row(when, status, made_by)
    console.print(row)
