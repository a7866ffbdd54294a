"""`palimpsest map`: every place with its status, and how the map changed along one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import (
    AsJson,
    Box,
    KnownAt,
    LogPosition,
    PartOf,
    RecordedAt,
    ValidAt,
    Voices,
    Zone,
    ask_clocks,
    read_along,
)
from cli.terminal import output

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, tzinfo

    from api.composition import Services
    from domain.reels import Along
    from projections.reading.maps import MapQuestion
    from projections.reading.moments import AskedClocks

REPLAYING = "With --replay"


def show_map(
    *,
    part_of: PartOf = None,
    bbox: Box = None,
    status: Annotated[list[str] | None, typer.Option(metavar="A,B", help="Only these statuses.")] = None,
    holder: Annotated[str | None, typer.Option(metavar="PARTY", help="Only held by this party.")] = None,
    voices: Voices = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    replay: Annotated[bool, typer.Option("--replay", help="How it changed along one clock.")] = False,
    along: Annotated[
        str | None,
        typer.Option(
            metavar="CLOCK", help="valid (the default), known or recorded.", rich_help_panel=REPLAYING
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--from", metavar="TIME", help="Where it starts.", rich_help_panel=REPLAYING),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Where it ends.", rich_help_panel=REPLAYING)
    ] = None,
    step: Annotated[
        str | None,
        typer.Option(metavar="DURATION", help="PT6H, P1D (the default), P1M.", rich_help_panel=REPLAYING),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Every place with its status at the clocks; with --replay, how that changed, step by step."""
    from api.clocks import read_bound, read_box, read_list, read_start, read_zone
    from cli.opening import opened_services
    from domain.status import STATUSES
    from projections.reading.maps import MapQuestion

    asked, zone = ask_clocks(valid_at, known_at, recorded_at, log_position, tz), read_zone(tz)
    if replay:
        filters = {"part-of": part_of, "bbox": bbox, "status": status, "holder": holder, "voices": voices}
        _refuse(filters, "A replay is always of the whole map.")
        span = read_start("from", start, zone), read_bound("to", end, zone)
        way = read_along(along or "valid")
        with opened_services() as services:
            _print_replay(services, asked, way, step or "P1D", tz, span, as_json=as_json)
        return
    _refuse({"along": along, "from": start, "to": end, "step": step}, "It needs --replay.")
    question = MapQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        status=read_list("status", status, of="status", known=STATUSES),
        holder=holder,
        voices=read_list("voices", voices),
    )
    with opened_services() as services:
        _print_map(services, asked, question, zone, as_json=as_json)


def _refuse(options: Mapping[str, object], message: str) -> None:
    """Raises BadParameter for the first option that was given where it means nothing."""
    for name, value in options.items():
        if value is not None:
            raise typer.BadParameter(message, param_hint=f"--{name}")


def _print_map(
    services: Services, asked: AskedClocks, question: MapQuestion, zone: tzinfo, *, as_json: bool
) -> None:
    from api.shapes.map import map_json
    from cli.following import lag_told
    from cli.tables.map import print_map
    from projections.reading import maps

    with lag_told(services.database, asked, maps.NEEDS), services.reader.at(asked, *maps.NEEDS) as moment:
        drawn = maps.read_map(moment, question)
    if as_json:
        typer.echo(map_json(drawn, moment.clocks))
    else:
        print_map(output(), drawn, moment.clocks, zone)


def _print_replay(
    services: Services,
    asked: AskedClocks,
    along: Along,
    step: str,
    tz: str,
    span: tuple[datetime | None, datetime | None],
    *,
    as_json: bool,
) -> None:
    from api.clocks import read_zone
    from api.map_playing import MapPlayback
    from cli.following import lag_told
    from cli.tables.map import print_map_frames
    from projections.reading import map_replays

    with (
        lag_told(services.database, asked, map_replays.NEEDS),
        services.reader.at(asked, *map_replays.NEEDS) as moment,
    ):
        playback = MapPlayback.begin(moment, along, step, tz, span)
    if not as_json:
        print_map_frames(output(), playback.frames(services.reader), along, step, read_zone(tz))
        return
    for line in playback.lines(services.reader):
        typer.echo(line, nl=False)
