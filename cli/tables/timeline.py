"""The timeline of a place, for people."""

from __future__ import annotations

from datetime import tzinfo

from rich.console import Console
from rich.table import Column
from rich.text import Text

from api.words import count_of, say_clocks, say_control, say_kind
from cli.asking import Timeline
from cli.tables.layout import (
    QUIET,
    TITLE,
    WIDE,
    date,
    date_cell,
    new_table,
    print_quiet,
    print_table,
    reasons,
    stack,
)
from domain.kinds.envelope import Development, Sets
from domain.kinds.happenings import PopulationReported
from projections.reading.developments import DevelopmentRevision


def print_timeline(console: Console, timeline: Timeline, zone: tzinfo) -> None:
    """The developments, a row each; on a wide terminal, ids and dates of publication beside them."""
    count = count_of(len(timeline.items), "development")
    console.print(Text.assemble((timeline.place.name, TITLE), (f"  {timeline.place.id}, {count}", QUIET)))
    if timeline.items:
        wide = console.width >= WIDE
        table = new_table(*_columns(wide=wide))
        table.leading = 1
        for found in timeline.items:
            table.add_row(*_row(found, wide=wide))
        console.print()
        print_table(console, table)
    console.print()
    print_quiet(console, say_clocks(timeline.shape.clocks, zone))


def _columns(*, wide: bool) -> list[Column | str]:
    if wide:
        return [date("When"), date("Public"), "What", "Who", reasons("Id")]
    return [date("When"), "What", "Who"]


def _row(found: DevelopmentRevision, *, wide: bool) -> list[Text]:
    body = found.body
    when = date_cell(body.occurred, throughout=body.during == "throughout")
    what = stack(_headline(body), body.summary or "", style=TITLE)
    who = stack(found.voice or "", body.by if body.by and body.by != found.voice else "")
    if wide:
        return [when, date_cell(body.reported), what, who, Text(body.id)]
    if body.reported.edtf != body.occurred.edtf:
        when.append(f"\npublic {body.reported.edtf}", style=QUIET)
    what.append(f"\n{body.id}", style=QUIET)
    return [when, what, who]


def _headline(body: Development) -> str:
    """The kind, and what it says of control or is about."""
    effect = body.effect(None)
    about = say_control(effect.control) if isinstance(effect, Sets) else body.answers
    if isinstance(body, PopulationReported):
        about = f"{body.count:,}"
    for name in ("force", "visitor"):
        about = about or getattr(body, name, None)
    return say_kind(body.kind) + (f": {about}" if about else "")
