"""The `palimpsest` command: its groups, and how every one of them ends."""

from __future__ import annotations

import io
import signal
import sys
from types import FrameType
from typing import Annotated, NoReturn

import typer

from cli.commands import (
    claims,
    comparisons,
    db,
    demo,
    disagreements,
    exporting,
    histories,
    importing,
    keys,
    maps,
    places,
    projections,
    records,
    replays,
    serving,
    webhooks,
)
from cli.failures import Guarded
from cli.formats import TakesFormats

app = typer.Typer(
    name="palimpsest",
    cls=Guarded,
    help="Who says who holds what, since when, on what evidence, and how that changed.",
    epilog="Configured by PALIMPSEST_* variables or .env. Without PALIMPSEST_DATABASE_URL the database is an "
    "embedded PostgreSQL in ./.palimpsest.",
    context_settings={"help_option_names": ["-h", "--help"]},
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # its tracebacks show the values of variables, and so keys
)
app.command("demo")(demo.run_demo)
app.command("serve")(serving.serve)
app.command("import", cls=TakesFormats)(importing.import_files)
app.command("check", cls=TakesFormats)(importing.check_files)
app.command("export")(exporting.export_log)
app.command("state")(places.show_state)
app.command("timeline")(places.show_timeline)
app.command("history")(histories.show_history)
app.command("compare")(comparisons.compare_place)
app.command("claim")(claims.show_claim)
app.command("record")(records.show_record)
app.command("replay")(replays.replay_place)
app.command("map")(maps.show_map)
app.command("disagreements")(disagreements.list_disagreements)
app.add_typer(projections.app, name="projections")
app.add_typer(db.app, name="db")
app.add_typer(keys.app, name="keys")
app.add_typer(webhooks.app, name="webhooks")


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"palimpsest {version('palimpsest')}")
        raise typer.Exit


@app.callback()
def set_up(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Nothing but the options of the command itself."""


def main() -> None:
    """Runs the command line of this process."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without Cyrillic shows question marks
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    app()


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    """Unwinds, so that what was opened is closed: an embedded database is not left running."""
    sys.exit(128 + number)
