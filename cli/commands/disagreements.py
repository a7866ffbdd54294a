"""`palimpsest disagreements`: where voices differ, and who moved last."""

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
)
from cli.terminal import output, remark

if TYPE_CHECKING:
    from projections.reading.disagreements import Sort


def list_disagreements(
    *,
    sort: Annotated[
        str, typer.Option(metavar="BY", help="age, the longest first, or gap, the widest first.")
    ] = "age",
    part_of: PartOf = None,
    bbox: Box = None,
    party: Annotated[
        str | None, typer.Option(metavar="PARTY", help="Only over how much this party holds.")
    ] = None,
    min_gap: Annotated[
        float, typer.Option(metavar="SHARE", min=0, max=1, help="Only at least so wide, such as 0.5.")
    ] = 0.0,
    voices: Voices = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many.")] = 100,
    valid_at: ValidAt = None,
    known_at: KnownAt = None,
    recorded_at: RecordedAt = None,
    log_position: LogPosition = None,
    tz: Zone = "UTC",
    as_json: AsJson = False,
) -> None:
    """Where voices differ: who against whom, over what, since when, and who moved last."""
    from api.clocks import read_box, read_list, read_zone
    from api.shapes.disagreements import dispute_list
    from cli.following import lag_told
    from cli.opening import opened_services
    from projections.reading import disagreements

    question = disagreements.DisagreementsQuestion(
        part_of=part_of,
        bbox=read_box(bbox),
        party=party,
        min_gap=min_gap,
        voices=read_list("voices", voices),
        sort=_read_sort(sort),
        limit=limit,
    )
    asked, zone = ask_clocks(valid_at, known_at, recorded_at, log_position, tz), read_zone(tz)
    needs = disagreements.NEEDS
    with (
        opened_services() as services,
        lag_told(services.database, asked, needs),
        services.reader.at(asked, *needs) as moment,
    ):
        found, more = disagreements.list_disagreements(moment, question)
    shape = dispute_list(found, moment.clocks)
    if as_json:
        typer.echo(shape.model_dump_json(by_alias=True))
        return
    from cli.tables.disagreements import print_disputes

    print_disputes(output(), shape, zone)
    if more is not None:
        remark("There are more; ask for them with --limit (up to 1000), --part-of or --min-gap.")


def _read_sort(sort: str) -> Sort:
    match sort:
        case "age" | "gap":
            return sort
    raise typer.BadParameter(f"{sort!r} is no order: write age or gap.", param_hint="--sort")
