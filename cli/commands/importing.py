"""`palimpsest import` and `palimpsest check`: files into the ledger, or only looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cli.failures import say_fault
from cli.formats import given_options
from cli.previews import show_first, tell_left_out
from cli.terminal import progress, remark
from cli.words import count_of
from domain.errors import Conflict, Conflicts, Fault, IdTaken, InvalidInput, PalimpsestError

if TYPE_CHECKING:
    from cli.recording import Tally
    from cli.sources import Reading
    from ledger.application import Ledger
    from ledger.recording import Item

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", show_default=False, help="Files to read; - is standard input."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="What the files are; see below. Default: by the suffix."),
]
SHOWN = 60
"""Of values that differ, so many characters are shown."""


def import_files(
    context: typer.Context,
    files: Files = None,
    format: Format = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who records it. Default: your account's name.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the first developments, and record nothing.")
    ] = False,
    as_log: Annotated[
        bool, typer.Option("--as-log", help="Take over a whole log from `export`, into an empty ledger.")
    ] = False,
) -> None:
    """Record dossiers and other people's data. What is recorded already with the same content stays as it is.

    A dossier is recorded whole or not at all, other formats in batches. The first file with a fault ends it.
    """
    from cli.alike import tell_alike_in_log
    from cli.following import catch_up
    from cli.opening import opened_services
    from cli.recording import Tally, who_runs
    from cli.sources import Reading
    from cli.taking_over import only_file, take_over_file

    by = by or who_runs()
    if as_log:
        take_over_file(only_file(files, alone=not (format or dry_run or given_options(context))), by)
        return
    with opened_services() as services:
        reading = Reading(format=format, options=given_options(context), services=services)
        left = reading.names(files or [])
        if dry_run:
            _rehearse(services.ledger, left, reading)
            return
        tallies: list[tuple[str, Tally]] = []
        while left:
            tallies.append((left[0], Tally()))
            if not _import_one(services.ledger, left[0], reading, by, tallies[-1][1]):
                break
            del left[0]
        catch_up(services.database)
        for name, tally in tallies:
            tell_alike_in_log(services.database, name, tally.stretches)
    for name in left[1:]:
        remark(f"{name}: not looked at, nothing recorded.")
    if left:
        raise typer.Exit(1)


def _import_one(ledger: Ledger, name: str, reading: Reading, by: str, tally: Tally) -> bool:
    """Records one file, keeps its tally, and says what became of it; whether it was in order."""
    from cli.recording import check_whole, record_file

    try:
        with reading.opened(name) as (source, importer):
            check_whole(source, importer)
            record_file(ledger, source, importer, by, tally)
    except InvalidInput as error:
        for fault in error.faults:
            remark(say_fault(fault, name))
        remark(_say_refused(name, count_of(len(error.faults), "fault"), tally))
        return False
    except Conflict as error:
        taken = error.conflicts if isinstance(error, Conflicts) else [error]
        for conflict in taken:
            _tell_conflict(name, conflict, tally.batch)
        remark(_say_refused(name, f"{len(taken):,} in conflict", tally))
        return False
    except PalimpsestError:
        if tally.recorded:
            remark(_say_refused(name, "broken off", tally))
        raise
    tell_left_out(name, tally.left_out, tally.remarks)
    where = f" (log position {tally.log_position})" if tally.log_position else ""
    typer.echo(f"{name}: {tally.new:,} new, {tally.unchanged:,} unchanged{where}")
    return True


def _say_refused(name: str, why: str, tally: Tally) -> str:
    if not tally.recorded:
        return f"{name}: {why}, nothing recorded."
    return (
        f"{name}: {why}. The first {count_of(tally.recorded, 'entry', 'entries')} "
        f"({tally.new:,} new, {tally.unchanged:,} unchanged) are recorded, nothing after them. "
        "Import the file again when it is mended: what is recorded counts as unchanged."
    )


def _tell_conflict(name: str, conflict: Conflict, batch: Sequence[Item]) -> None:
    """The id, where it stands in the file, and every field that differs."""
    if not isinstance(conflict, IdTaken):
        remark(f"{name}: {conflict.message}")
        return
    from domain.streams import what_of

    item = next(
        item for item in batch if (what_of(item.event), item.event.id) == (conflict.what, conflict.identifier)
    )
    where = f"{name}:{item.line}" if item.line else name
    remark(": ".join(part for part in (where, item.path, conflict.message) if part))
    for difference in conflict.differences:
        recorded, given = _shown(difference.recorded), _shown(difference.given)
        remark(f"    {difference.path}: recorded {recorded}, given {given}")


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def _rehearse(ledger: Ledger, names: list[str], reading: Reading) -> None:
    """Does everything but record, and shows what the first developments would be."""
    for name in names:
        rehearsed = _check_against(ledger, name, reading)
        if rehearsed is None:
            raise typer.Exit(1)
        show_first(rehearsed)


def check_files(
    context: typer.Context,
    files: Files = None,
    format: Format = None,
    against_ledger: Annotated[
        bool, typer.Option("--against-ledger", help="Check against what is recorded, without writing.")
    ] = False,
) -> None:
    """Check files without writing: each by itself, or against what is recorded already."""
    from cli.sources import Reading

    reading = Reading(format=format, options=given_options(context))
    names = reading.names(files or [])
    if against_ledger:
        from cli.opening import opened_services

        with opened_services() as services:
            beside = replace(reading, services=services)
            right = [_check_against(services.ledger, name, beside) is not None for name in names]
    else:
        right = [_check_alone(name, reading) for name in names]
    if not all(right):
        raise typer.Exit(1)


def _check_alone(name: str, reading: Reading) -> bool:
    from cli.alike import AloneInFile
    from cli.checking import FileAlone
    from cli.recording import label_of

    alone, alike = FileAlone(), AloneInFile()
    left_out: list[Fault] = []
    remarks: list[str] = []
    try:
        with (
            reading.opened(name) as (source, importer),
            progress(f"Checking {label_of(source, importer)}") as tell,
        ):
            for batch in importer.read(source):
                alone.add(batch)
                alike.add(batch.items)
                left_out += batch.left_out
                remarks += batch.remarks
                tell(alone.counts.total(), None)
        if alone.faults:
            raise InvalidInput(alone.faults)
    except InvalidInput as error:
        return _tell_faults(name, error)
    tell_left_out(name, left_out, remarks)
    things = ("actor", "location", "document", "development")
    nouns = {"location": "place"}
    counts = ", ".join(count_of(alone.counts[what], nouns.get(what, what)) for what in things)
    typer.echo(f"{name}: ok, {counts}")
    alike.found.tell(name)
    return True


def _check_against(ledger: Ledger, name: str, reading: Reading) -> Sequence[Item] | None:
    """The entries of a file that could be recorded as it is; None when it could not, and why is told."""
    from cli.alike import tell_alike_in_hand
    from intake.batches import join

    items: tuple[Item, ...] = ()
    try:
        with reading.opened(name) as (source, importer):
            entries = join(importer.read(source))
        items = entries.items
        outcomes = ledger.record(items, recorded_by="check", dry_run=True, found=entries.found).outcomes
    except InvalidInput as error:
        _tell_faults(name, error)
        return None
    except Conflict as error:
        for conflict in error.conflicts if isinstance(error, Conflicts) else [error]:
            _tell_conflict(name, conflict, items)
        return None
    tell_left_out(name, entries.left_out, entries.remarks)
    new = sum(outcome.status == "new" for outcome in outcomes)
    typer.echo(f"{name}: ok, {new:,} new, {len(outcomes) - new:,} unchanged")
    tell_alike_in_hand(ledger.database, name, outcomes)
    return items


def _tell_faults(name: str, error: InvalidInput) -> bool:
    for fault in error.faults:
        remark(say_fault(fault, name))
    remark(f"{name}: {count_of(len(error.faults), 'fault')}.")
    return False
