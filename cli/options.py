"""The options that several commands share: the clocks, voices, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from domain.reels import Along
    from projections.reading.moments import AskedClocks

CLOCKS = "Clocks (a date, or an instant such as 2025-12-13T18:00:00Z; default: now)"

ValidAt = Annotated[str | None, typer.Option(metavar="TIME", help="When it was so.", rich_help_panel=CLOCKS)]
KnownAt = Annotated[
    str | None, typer.Option(metavar="TIME", help="When it was public.", rich_help_panel=CLOCKS)
]
RecordedAt = Annotated[
    str | None, typer.Option(metavar="TIME", help="When this ledger held it.", rich_help_panel=CLOCKS)
]
LogPosition = Annotated[
    int | None,
    typer.Option(metavar="N", min=0, help="The recorded clock, exactly.", rich_help_panel=CLOCKS),
]
Zone = Annotated[
    str, typer.Option(metavar="ZONE", help="Where a date is a day: Europe/Kyiv.", rich_help_panel=CLOCKS)
]
Voices = Annotated[
    list[str] | None, typer.Option(metavar="A,B", help="Only these voices count. Default: all.")
]
PartOf = Annotated[str | None, typer.Option(metavar="PLACE", help="Only this place and everything below it.")]
Box = Annotated[
    str | None, typer.Option(metavar="W,S,E,N", help="Only within these degrees of longitude and latitude.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the JSON that HTTP answers.")]


def ask_clocks(
    valid_at: str | None, known_at: str | None, recorded_at: str | None, log_position: int | None, tz: str
) -> AskedClocks:
    """The clocks as the HTTP routes read them. Raises InvalidInput."""
    from api.clocks import asked_clocks

    return asked_clocks(
        valid_at=valid_at, known_at=known_at, recorded_at=recorded_at, log_position=log_position, tz=tz
    )


def read_along(along: str) -> Along:
    """The clock that a replay runs along. Raises BadParameter."""
    match along:
        case "valid" | "known" | "recorded":
            return along
    message = f"{along!r} is no clock: write valid, known or recorded."
    raise typer.BadParameter(message, param_hint="--along")
