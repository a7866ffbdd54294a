"""The map and its replay, for people: tables instead of a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import tzinfo

from rich.console import Console
from rich.text import Text

from api.words import count_of, say_clock, say_clocks
from cli.tables.layout import QUIET, TITLE, new_table, number, print_quiet, print_table, stack
from domain.reels import Along
from domain.status import STATUSES
from domain.times import Clocks
from projections.reading.map_replays import MapFrame
from projections.reading.maps import DrawnMap, DrawnPlace

HEADINGS = {"valid": "At", "known": "Known at", "recorded": "Recorded by"}


def print_map(console: Console, drawn: DrawnMap, clocks: Clocks, zone: tzinfo) -> None:
    """How many places have which status, then those of which anything is said."""
    console.print(_counts(drawn))
    said = [place for place in drawn.places if place.outline.status != "unknown"]
    if said:
        console.print()
        table = new_table("Place", "Status", number("Disagreements"))
        for place in sorted(said, key=lambda place: (place.name, place.id)):
            table.add_row(*_row(place))
        print_table(console, table)
    console.print()
    if drawn.without_point:
        left_out = count_of(drawn.without_point, "place has", "places have")
        print_quiet(console, f"{left_out} no point, and so no room on a map.")
    print_quiet(console, say_clocks(clocks, zone))


def _counts(drawn: DrawnMap) -> Text:
    counted = Counter(place.outline.status for place in drawn.places)
    parts = [f"{counted[status]:,} {status}" for status in STATUSES if counted[status]]
    about = f": {', '.join(parts)}" if parts else ""
    return Text.assemble((count_of(len(drawn.places), "place"), TITLE), about)


def _row(place: DrawnPlace) -> list[Text]:
    outline = place.outline
    name = Text.assemble(place.name, (f"  {place.id}", QUIET))
    return [
        name,
        _status(outline.status, outline.holder, certain=outline.certain),
        _number(outline.disagreements),
    ]


def _number(count: int) -> Text:
    return Text(str(count) if count else "")


def _status(status: str, holder: str | None, *, certain: bool) -> Text:
    said = f"{status} by {holder}" if holder else status
    return Text(said if certain else f"{said}, not certain yet")


def print_map_frames(
    console: Console, frames: Iterable[MapFrame], along: Along, step: str, zone: tzinfo
) -> None:
    """Each step with a change as soon as it is there, then how many there were."""
    console.print(Text.assemble(("The map", TITLE), (f"  along the {along} clock, step {step}", QUIET)))
    changed = told = 0
    for frame in frames:
        told += 1
        changed += len(frame.changes)
        console.print()
        _print_frame(console, frame, along, zone)
    console.print()
    print_quiet(console, f"{count_of(told, 'step')} told, {count_of(changed, 'change')}.")


def _print_frame(console: Console, frame: MapFrame, along: Along, zone: tzinfo) -> None:
    at = f"{HEADINGS[along]} {say_clock(frame.t, zone).replace('all of', 'the end of')}"
    log = f", log {frame.log_position}" if along == "recorded" else ""
    console.print(stack(at + log, style=TITLE))
    if not frame.changes:
        print_quiet(console, "nothing said yet" if frame.number == 0 else "no change")
    for change in frame.changes:
        status = _status(change.status, change.holder, certain=change.certain)
        console.print(Text.assemble(f"{change.id}  ", status))
