"""`palimpsest state` and `palimpsest timeline`: what is asked of a place."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Voices, Zone, ask_clocks
from cli.terminal import output, remark

Place = Annotated[str, typer.Argument(metavar="PLACE", show_default=False, help="Its id, such as kupiansk.")]


def show_state(
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
    """Who says who holds how much of a place, who disagrees, and what else is reported of it."""
    from api.clocks import read_list, read_zone
    from cli.asking import STATE_NEEDS, ask_state
    from cli.following import lag_told
    from cli.opening import opened_services

    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    wanted = read_list("voices", voices)
    with opened_services() as services, lag_told(services.database, asked, STATE_NEEDS):
        state = ask_state(services.reader, asked, place, wanted)
    if as_json:
        typer.echo(state.model_dump_json(by_alias=True))
        return
    from cli.tables.state import print_state

    print_state(output(), state, read_zone(tz))


def show_timeline(
    place: Place,
    *,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    voices: Voices = None,
    kinds: Annotated[list[str] | None, typer.Option(metavar="A,B", help="Only these kinds.")] = None,
    valid_from: Annotated[
        str | None, typer.Option(metavar="TIME", help="Only what did not end before this.")
    ] = None,
    valid_to: Annotated[str | None, typer.Option(metavar="TIME", help="Only what began by this.")] = None,
    order: Annotated[Literal["asc", "desc"], typer.Option(help="By effect, first or last first.")] = "asc",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 100,
    as_json: AsJson = False,
) -> None:
    """The developments of a place, in the order in which they took effect."""
    from api.clocks import read_bound, read_list, read_start, read_zone
    from cli.asking import TIMELINE_NEEDS, ask_timeline
    from cli.following import lag_told
    from cli.opening import opened_services
    from domain.catalogue import KINDS
    from projections.reading.developments import TimelineQuestion

    zone = read_zone(tz)
    question = TimelineQuestion(
        kinds=read_list("kinds", kinds, of="kind", known=KINDS),
        voices=read_list("voices", voices),
        valid_from=read_start("valid_from", valid_from, zone),
        valid_to=read_bound("valid_to", valid_to, zone),
        backward=order == "desc",
        limit=limit + 1,
    )
    asked = ask_clocks(valid_at, known_at, recorded_at, log_position, tz)
    with opened_services() as services, lag_told(services.database, asked, TIMELINE_NEEDS):
        timeline = ask_timeline(services.reader, asked, place, question)
    if as_json:
        typer.echo(timeline.shape.model_dump_json(by_alias=True))
        return
    from cli.tables.timeline import print_timeline

    print_timeline(output(), timeline, zone)
    if timeline.more:
        remark("There are more; ask for them with --limit (up to 1000) or --valid-from.")
