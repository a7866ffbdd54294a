"""`palimpsest compare`: what differs for a place between two settings of the clocks."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.commands.places import Place
from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Voices, Zone, ask_clocks
from cli.terminal import output

AGAINST = "Compared against (a clock that is not named is the same)"


def compare_place(
    place: Place,
    *,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    against_valid_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was so.", rich_help_panel=AGAINST)
    ] = None,
    against_known_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When it was public.", rich_help_panel=AGAINST)
    ] = None,
    against_recorded_at: Annotated[
        str | None, typer.Option(metavar="TIME", help="When this ledger held it.", rich_help_panel=AGAINST)
    ] = None,
    against_log_position: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, help="The recorded clock, exactly.", rich_help_panel=AGAINST),
    ] = None,
    tz: Zone = "UTC",
    voices: Voices = None,
    as_json: AsJson = False,
) -> None:
    """What is otherwise at the clocks than at those compared against, and what made it so."""
    from api.clocks import read_list, read_zone
    from cli.asking import COMPARISON_NEEDS, ask_comparison
    from cli.following import lag_told
    from cli.opening import opened_services

    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    against = ask_clocks(against_valid_at, against_known_at, against_recorded_at, against_log_position, tz)
    wanted = read_list("voices", voices)
    with opened_services() as services, lag_told(services.database, asked, COMPARISON_NEEDS):
        told = ask_comparison(services.reader, asked, against, place, wanted)
    if as_json:
        typer.echo(told.model_dump_json(by_alias=True))
        return
    from cli.tables.comparison import print_comparison

    print_comparison(output(), told, read_zone(tz))
