"""The options that several commands share: the clocks, voices, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
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
AsJson = Annotated[bool, typer.Option("--json", help="Print the JSON that HTTP answers.")]


def ask_clocks(
    valid_at: str | None, known_at: str | None, recorded_at: str | None, log_position: int | None, tz: str
) -> AskedClocks:
    """The clocks as the HTTP routes read them. Raises InvalidInput."""
    from api.clocks import asked_clocks

    return asked_clocks(
        valid_at=valid_at, known_at=known_at, recorded_at=recorded_at, log_position=log_position, tz=tz
    )
