"""The history of a place, for people: the spells of its status, then those of every voice."""

from __future__ import annotations

from datetime import datetime, tzinfo

from rich.console import Console
from rich.table import Table
from rich.text import Text

from api.shapes.locations import History
from api.words import say_clocks, say_control, say_instant
from cli.tables.layout import QUIET, TITLE, lines, new_table, print_quiet, print_section, reasons, stack
from domain.registry import LocationRegistered

UNCERTAIN = "not certain"


def print_history(console: Console, place: LocationRegistered, told: History, zone: tzinfo) -> None:
    """A table of spells for the status, and one for each voice."""
    console.print(Text.assemble((place.name, TITLE), (f"  {place.id}, over valid time", QUIET)))
    if not told.status:
        console.print("Nobody has said who holds it.")
    print_section(console, "Status", _status(told, zone))
    for voice in told.voices:
        print_section(console, voice, _positions(told, voice, zone))
    console.print()
    print_quiet(console, say_clocks(told.clocks, zone))


def _status(told: History, zone: tzinfo) -> Table:
    table = new_table("From", "To", "Status")
    for spell in told.status:
        value = f"{spell.value} by {spell.holder}" if spell.holder else spell.value
        status = stack(value, "" if spell.certain else UNCERTAIN)
        table.add_row(say_instant(spell.from_, zone), _end(spell.to, zone), status)
    return table


def _positions(told: History, voice: str, zone: tzinfo) -> Table:
    table = new_table("From", "To", "Says who holds", reasons("Because"))
    for spell in told.voices[voice]:
        says = stack(say_control(spell.shares), "" if spell.certain else UNCERTAIN)
        table.add_row(say_instant(spell.from_, zone), _end(spell.to, zone), says, lines(spell.because))
    return table


def _end(to: datetime | None, zone: tzinfo) -> str:
    return "" if to is None else say_instant(to, zone)
