"""`palimpsest replay`: the history of a place, frame by frame along one clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.options import AsJson, KnownAt, LogPosition, RecordedAt, ValidAt, Zone, ask_clocks, read_along
from cli.terminal import output

if TYPE_CHECKING:
    from api.playing import Frames


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
    frames: Annotated[
        str,
        typer.Option(metavar="WHAT", help="With --json: whole states in every frame, or only the changes."),
    ] = "states",
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """The state of a place at the start, then every change of it, and what made it."""
    from api.clocks import read_bound, read_start, read_zone
    from api.playing import Playback
    from cli.asking import REPLAY_NEEDS, ask_reel
    from cli.following import lag_told
    from cli.opening import opened_services
    from cli.tables.replay import print_frames
    from domain.replays import play

    way, form = read_along(along), _read_form(frames)
    asked, zone = ask_clocks(valid_at, known_at, recorded_at, log_position, tz), read_zone(tz)
    span = read_start("from", start, zone), read_bound("to", end, zone)
    with opened_services() as services, lag_told(services.database, asked, REPLAY_NEEDS):
        found, reel = ask_reel(services.reader, asked, place)
    playback = Playback.begin(reel, way, form, span)
    if not as_json:
        told = play(reel, way, playback.pins.start, playback.pins.end)
        print_frames(output(), found, reel, way, told, zone)
        return
    for line in playback.lines(reel):
        typer.echo(line, nl=False)


def _read_form(frames: str) -> Frames:
    match frames:
        case "states" | "changes":
            return frames
    message = f"{frames!r} is no form of frames: write states or changes."
    raise typer.BadParameter(message, param_hint="--frames")
