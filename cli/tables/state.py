"""The state of a place, for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.shapes.locations import LocationState
from api.words import say_clocks, say_control, say_gap, say_instant
from cli.tables.layout import (
    QUIET,
    TITLE,
    WIDE,
    date,
    date_cell,
    lines,
    new_table,
    print_quiet,
    print_section,
    reasons,
    stack,
)
from domain.conditions import Encirclement, Fighting, ForceCondition
from domain.positions import Position

Words = tuple[str, ...]
Row = tuple[str, Words, Words, Text, Words]

MEANINGS = {
    "unknown": "no voice says who holds it",
    "divided": "by all voices together, some party holds a part and none holds all",
    "disputed": "voices disagree about who holds how much",
    "unclear": "what the voices say together decides nothing",
}


def print_state(console: Console, state: LocationState, zone: tzinfo) -> None:
    """The state, from the status down to the clocks it was answered at."""
    console.print(_title(state))
    console.print(_status(state))
    print_section(console, "Positions", _positions(state, zone))
    print_section(console, "Disagreements", _disagreements(state, zone))
    print_section(console, "Also reported", _reported(state, zone, wide=console.width >= WIDE))
    console.print()
    print_quiet(console, say_clocks(state.clocks, zone))


def _title(state: LocationState) -> Text:
    about: list[str] = [state.kind]
    if state.part_of:
        about.append(f"part of {state.part_of}")
    if state.point:
        longitude, latitude = state.point
        about.append(f"{abs(latitude):.3f} {'NS'[latitude < 0]} {abs(longitude):.3f} {'EW'[longitude < 0]}")
    return Text.assemble((state.name, TITLE), (f"  {state.id}, {', '.join(about)}", QUIET))


def _status(state: LocationState) -> Text:
    meaning = f" by {state.holder}" if state.status == "held" else f": {MEANINGS[state.status]}"
    text = Text.assemble((state.status, TITLE), meaning)
    if not state.certain:
        text.append("; not certain yet")
    return text


def _positions(state: LocationState, zone: tzinfo) -> Table:
    table = new_table("Voice", "Says who holds", "Since", reasons("Because"))
    for position in state.positions:
        since = say_instant(position.since, zone)
        table.add_row(position.voice, _says(position), since, lines(position.because))
    return table


def _says(position: Position) -> Text:
    below = ""
    if not position.certain:
        previous = position.previous
        below = "not certain yet" + (f"; before: {say_control(previous.shares)}" if previous else "")
    return stack(say_control(position.shares), below)


def _disagreements(state: LocationState, zone: tzinfo) -> Table:
    table = new_table("Between", "Party", "Gap", "Since", reasons("Because"))
    for found in state.disagreements:
        since = say_instant(found.since, zone)
        table.add_row(lines(found.between), found.party, say_gap(found.gap), since, lines(found.because))
    return table


def _reported(state: LocationState, zone: tzinfo, *, wide: bool) -> Table:
    """Conditions, the last visit and the population, a row each; when narrow, the ids stand below."""
    table = new_table("What", "Of whom", "Says", date("When"), *([reasons("Because")] if wide else []))
    for what, whom, says, when, because in _report_rows(state, zone):
        if wide:
            table.add_row(what, stack(*whom), stack(*says), when, lines(because))
        else:
            table.add_row(what, stack(*whom, *because), stack(*says), when)
    return table


def _report_rows(state: LocationState, zone: tzinfo) -> Iterator[Row]:
    for found in state.encirclements:
        by = f"by {found.encircled_by}" if found.encircled_by else ""
        of_whom = (found.force, by, found.strength or "", found.area or "")
        yield "encirclement", of_whom, _says_so(found), _since(found, zone), found.because
    for what, conditions in (("supply cut", state.supply_cuts), ("presence", state.presences)):
        for each in conditions:
            yield what, (each.force or "",), _says_so(each), _since(each, zone), each.because
    if fighting := state.fighting:
        yield "fighting", ("",), (lines(fighting.voices),), _since(fighting, zone), fighting.because
    if visit := state.last_visit:
        whom = (visit.visitor, visit.office or "")
        yield "last visit", whom, ("",), date_cell(visit.occurred), visit.because
    if population := state.population:
        count = (f"{population.count:,} people", population.as_of_text or "")
        yield "population", count, ("",), date_cell(population.occurred), population.because


def _says_so(condition: Encirclement | ForceCondition) -> Words:
    return condition.voice or "", "" if condition.mode == "direct" else condition.mode


def _since(condition: Encirclement | ForceCondition | Fighting, zone: tzinfo) -> Text:
    since, last = say_instant(condition.since, zone), say_instant(condition.last_reported, zone)
    return stack(f"since {since}", f"reported {last}" if last != since else "")
