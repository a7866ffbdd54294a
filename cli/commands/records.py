"""`palimpsest record`: what became of an actor's claims."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Zone, ask_clocks
from cli.terminal import output, remark


def show_record(
    actor: Annotated[
        str, typer.Argument(metavar="ACTOR", show_default=False, help="Its id, such as russia.")
    ],
    *,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    made_from: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only claims that took effect from this on.")
    ] = None,
    made_to: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only claims that took effect by this.")
    ] = None,
    part_of: Annotated[
        str | None, typer.Option(metavar="PLACE", help="Only claims about this place or what is below it.")
    ] = None,
    bbox: Annotated[
        str | None, typer.Option(metavar="W,S,E,N", help="Only claims about places within, in degrees.")
    ] = None,
    outcome: Annotated[
        list[str] | None, typer.Option(metavar="A,B", help="List the claims of these outcomes instead.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Of those, at most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """An actor's claims by outcome; for a party, all that were made with its voice."""
    from api.clocks import read_list, read_zone
    from api.routes.records import read_question
    from cli.asking import RECORD_NEEDS, ask_record, ask_recorded_claims
    from cli.following import lag_told
    from cli.opening import opened_services
    from cli.tables.record import print_claims, print_record
    from domain.outcomes import OUTCOMES

    zone = read_zone(tz)
    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    question = read_question(made_from=made_from, made_to=made_to, part_of=part_of, bbox=bbox, zone=zone)
    outcomes = read_list("outcome", outcome, of="outcome", known=OUTCOMES)
    with opened_services() as services, lag_told(services.database, asked, RECORD_NEEDS):
        if outcomes is None:
            record = ask_record(services.reader, asked, actor, question)
        else:
            claims, more = ask_recorded_claims(services.reader, asked, actor, question, outcomes, limit)
    if as_json:
        typer.echo((record if outcomes is None else claims).model_dump_json(by_alias=True))
    elif outcomes is None:
        print_record(output(), record, zone)
    else:
        print_claims(output(), actor, claims, zone)
        if more:
            remark("There are more; ask for them with --limit (up to 1000) or --made-from.")
