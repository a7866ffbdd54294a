"""`palimpsest claim`: what befell a claim, and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Zone, ask_clocks
from cli.terminal import output


def show_claim(
    claim: Annotated[
        str, typer.Argument(metavar="ID", show_default=False, help="Its id, such as kupiansk-claimed.")
    ],
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """The lifecycle of a claim, and its outcome by a named rule."""
    from api.clocks import read_zone
    from cli.asking import CLAIM_NEEDS, ask_claim
    from cli.following import lag_told
    from cli.opening import opened_services

    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    with opened_services() as services, lag_told(services.database, asked, CLAIM_NEEDS):
        found = ask_claim(services.reader, asked, claim)
    if as_json:
        typer.echo(found.model_dump_json(by_alias=True))
        return
    from cli.tables.claim import print_claim

    print_claim(output(), found, read_zone(tz))
