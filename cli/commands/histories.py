"""`palimpsest history`: the spells of a place over valid time."""

from __future__ import annotations

import typer

from cli.commands.places import Place
from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Voices, Zone, ask_clocks
from cli.terminal import output


def show_history(
    place: Place,
    *,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    voices: Voices = None,
    as_json: AsJson = False,
) -> None:
    """The status of a place over time, and what each voice said of it, spell by spell."""
    from api.clocks import read_list, read_zone
    from cli.asking import STATE_NEEDS, ask_history
    from cli.following import lag_told
    from cli.opening import opened_services

    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    wanted = read_list("voices", voices)
    with opened_services() as services, lag_told(services.database, asked, STATE_NEEDS):
        found, history = ask_history(services.reader, asked, place, wanted)
    if as_json:
        typer.echo(history.model_dump_json(by_alias=True))
        return
    from cli.tables.history import print_history

    print_history(output(), found, history, read_zone(tz))
