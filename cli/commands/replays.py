"""`palimpsest replay`: the history of a place, frame by frame along one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Zone, ask_clocks
from cli.terminal import output

if TYPE_CHECKING:
    from domain.replays import Along


def replay_place(
    place: Annotated[
        str, typer.Argument(metavar="PLACE", show_default=False, help="Its id, such as kupiansk.")
    ],
    *,
    along: Annotated[
        str, typer.Option(metavar="CLOCK", help="The clock that runs: valid, known or recorded.")
    ] = "valid",
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Where it starts. Default: at the first.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Where it ends. Default: where the clock is.")
    ] = None,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """The state of a place at the start, then every change of it, and what made it."""
    from api.clocks import read_bound, read_start, read_zone
    from api.shapes.replays import frame
    from cli.asking import REPLAY_NEEDS, ask_reel
    from cli.following import lag_told
    from cli.opening import opened_services
    from cli.tables.replay import print_frames
    from domain.replays import play

    way = _read_way(along)
    asked, zone = ask_clocks(valid_at, known_at, recorded_at, log_position, tz), read_zone(tz)
    begins, ends = read_start("from", start, zone), read_bound("to", end, zone)
    with opened_services() as services, lag_told(services.database, asked, REPLAY_NEEDS):
        found, reel = ask_reel(services.reader, asked, place)
    frames = play(reel, way, *reel.span(way, begins, ends))
    if not as_json:
        print_frames(output(), found, way, frames, zone)
        return
    for told in frames:
        typer.echo(frame(told).model_dump_json(by_alias=True))


def _read_way(along: str) -> Along:
    match along:
        case "valid" | "known" | "recorded":
            return along
    message = f"{along!r} is no clock: write valid, known or recorded."
    raise typer.BadParameter(message, param_hint="--along")
