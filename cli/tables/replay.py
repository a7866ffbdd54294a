"""A replay, for people: a table that grows, a frame at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.words import count_of, say_clock
from cli.tables.changes import say_changes
from cli.tables.layout import GAP, QUIET, TITLE, print_quiet
from domain.reels import Along, Reel
from domain.registry import LocationRegistered
from domain.replays import Frame
from domain.times import instant_of

NARROW = (13, 16)
"""Widths of the instant and of the status; what changed has the rest."""
HEADINGS = {"valid": "From", "known": "Known from", "recorded": "Recorded"}


def print_frames(
    console: Console,
    place: LocationRegistered,
    reel: Reel,
    along: Along,
    frames: Iterable[Frame],
    zone: tzinfo,
) -> None:
    """Each frame as soon as it is there, then how many there were, and where the other clocks stood."""
    console.print(Text.assemble((place.name, TITLE), (f"  {place.id}, along the {along} clock", QUIET)))
    console.print()
    _print_row(console, *(Text(word, TITLE) for word in (HEADINGS[along], "Status", "What changed")))
    number = 0
    for number, frame in enumerate(frames, start=1):  # noqa: B007 - the count is told at the end
        console.print()
        _print_row(console, _when(frame, along, zone), _status(frame), _what(frame))
    console.print()
    print_quiet(console, " ".join((f"{count_of(number, 'frame')}.", *_other_clocks(reel, along, zone))))


def _other_clocks(reel: Reel, along: Along, zone: tzinfo) -> Iterator[str]:
    if along != "valid":
        yield f"Valid: {say_clock(instant_of(reel.valid_before), zone)}."
    if along != "known":
        yield f"Known: {say_clock(instant_of(reel.known_before), zone)}."
    yield f"Log position {reel.log_position}."


def _when(frame: Frame, along: Along, zone: tzinfo) -> Text:
    text = Text(say_clock(frame.t, zone))
    if along == "recorded":
        text.append(f"\nlog {frame.log_position}", style=QUIET)
    return text


def _status(frame: Frame) -> Text:
    state = frame.state
    said = f"{state.status} by {state.holder}" if state.holder else state.status
    return Text(said if state.certain else f"{said}, not certain")


def _what(frame: Frame) -> Text:
    """The changes in words, and below them, quiet, what made them."""
    if not frame.changes:
        return Text("nothing is said yet", style=QUIET)
    text = Text("\n".join(say_changes(frame.changes)))
    for line in _causes(frame):
        text.append(f"\n{line}", style=QUIET)
    return text


def _causes(frame: Frame) -> list[str]:
    """The developments; where the log tells what befell them, grouped by that."""
    by_word: dict[str, list[str]] = {}
    for entry in frame.entries:
        by_word.setdefault(entry.what, []).append(entry.development or entry.actor or "")
    if not by_word:
        return [", ".join(frame.developments)] if frame.developments else []
    words = {"described": "described anew"}
    return [f"{words.get(what, what)}: {', '.join(ids)}" for what, ids in by_word.items()]


def _print_row(console: Console, when: Text, status: Text, what: Text) -> None:
    row = Table.grid(padding=(0, GAP, 0, 0), expand=False, pad_edge=False)
    share = min(1.0, console.width / 80)
    for width in NARROW:
        row.add_column(width=max(8, int(width * share)), overflow="fold")
    row.add_column(overflow="fold")
    row.add_row(when, status, what)
    console.print(row)
