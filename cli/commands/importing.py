"""`palimpsest import` and `palimpsest check`: files into the ledger, or only looked at."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Annotated

import typer

from api.words import count_of
from cli.conflicts import tell_conflicts
from cli.failures import say_fault
from cli.formats import given_options
from cli.previews import tell_left_out
from cli.terminal import remark
from domain.errors import Conflict, InvalidInput, PalimpsestError

if TYPE_CHECKING:
    from cli.previews import Preview
    from cli.recording import Tally
    from cli.sources import Reading
    from ledger.database import Database
    from ledger.recording import Item

Files = Annotated[
    list[str] | None,
    typer.Argument(metavar="FILE", show_default=False, help="Files to read; - is standard input."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="What the files are; see below. Default: by the suffix."),
]
CHECKER = "check"
"""Who records what is only checked."""
LARGE = 10_000
"""From so many entries on, it is told how many were recorded a second."""


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

    A file with a fault is not recorded at all, and ends the import.
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
            _rehearse(services.database, left, reading)
            return
        tallies: list[tuple[str, Tally]] = []
        while left:
            tallies.append((left[0], Tally()))
            if not _import_one(services.database, left[0], reading, by, tallies[-1][1]):
                break
            del left[0]
        catch_up(services.database)
        for name, tally in tallies:
            tell_alike_in_log(services.database, name, tally.stretches)
    for name in left[1:]:
        remark(f"{name}: not looked at, nothing recorded.")
    if left:
        raise typer.Exit(1)


def _import_one(database: Database, name: str, reading: Reading, by: str, tally: Tally) -> bool:
    """Records one file, keeps its tally, and says what became of it; whether it was in order."""
    from cli.recording import record_source

    started = monotonic()
    try:
        with reading.opened(name) as (source, importer):
            record_source(database, source, importer, by, tally)
    except InvalidInput as error:
        for fault in error.faults:
            remark(say_fault(fault, name))
        remark(_say_refused(name, count_of(len(error.faults), "fault"), tally))
        return False
    except Conflict as error:
        taken = tell_conflicts(name, error, tally.conflicting)
        remark(_say_refused(name, f"{taken:,} in conflict", tally))
        return False
    except PalimpsestError:
        if tally.new:
            remark(_say_refused(name, "broken off", tally))
        raise
    tell_left_out(name, tally.left_out, tally.remarks)
    typer.echo(f"{name}: {tally.new:,} new, {tally.unchanged:,} unchanged{_say_where(tally, started)}")
    return True


def _say_where(tally: Tally, started: float) -> str:
    """The log position reached, and for a large file how quickly."""
    entries = tally.new + tally.unchanged
    said = [f"log position {tally.log_position}"] if tally.log_position else []
    if entries >= LARGE:
        said.append(f"{entries / (monotonic() - started):,.0f} entries a second")
    return f" ({', '.join(said)})" if said else ""


def _say_refused(name: str, why: str, tally: Tally) -> str:
    if not tally.new:
        return f"{name}: {why}, nothing recorded."
    return (
        f"{name}: {why}. The first {count_of(tally.new, 'new entry', 'new entries')} of it "
        f"{'is' if tally.new == 1 else 'are'} recorded, nothing after. "
        "Import the file again: what is recorded counts as unchanged."
    )


def _rehearse(database: Database, names: list[str], reading: Reading) -> None:
    """Does everything but record, and shows what the first developments would be."""
    from cli.previews import Preview

    for name in names:
        preview = Preview()
        if not _check_against(database, name, reading, preview):
            raise typer.Exit(1)
        preview.show()


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
            right = [_check_against(services.database, name, beside) for name in names]
    else:
        right = [_check_alone(name, reading) for name in names]
    if not all(right):
        raise typer.Exit(1)


def _check_alone(name: str, reading: Reading) -> bool:
    """Checks a file as if nothing were recorded; whether it is in order."""
    from cli.alike import AloneInFile
    from cli.recording import Tally, check_source
    from ledger.bulk_checking import BulkCheck
    from ledger.spool import Spool

    alike, tally = AloneInFile(), Tally()
    try:
        with reading.opened(name) as (source, importer), Spool() as spool:
            check = BulkCheck(None, spool, recorded_by=CHECKER)
            check_source(source, importer, check, tally, lambda items, _: alike.add(items))
    except InvalidInput as error:
        return _tell_faults(name, error)
    tell_left_out(name, tally.left_out, tally.remarks)
    things = ("actor", "location", "document", "development")
    nouns = {"location": "place"}
    counts = ", ".join(count_of(check.counts[what], nouns.get(what, what)) for what in things)
    typer.echo(f"{name}: ok, {counts}")
    alike.found.tell(name)
    return True


def _check_against(database: Database, name: str, reading: Reading, preview: Preview | None = None) -> bool:
    """Checks a file beside what is recorded; whether it could be recorded as it is."""
    from cli.alike import InHand
    from cli.recording import Tally, check_source
    from ledger.bulk_checking import BulkCheck
    from ledger.spool import Spool

    in_hand, tally = InHand(), Tally()

    def watch(items: Sequence[Item], new: Sequence[Item]) -> None:
        in_hand.add(new)
        if preview is not None:
            preview.add(items)

    try:
        with (
            reading.opened(name) as (source, importer),
            Spool() as spool,
            closing(database.connect()) as connection,
        ):
            check = BulkCheck(connection, spool, recorded_by=CHECKER)
            check_source(source, importer, check, tally, watch)
            new = len(spool)
    except InvalidInput as error:
        return _tell_faults(name, error)
    except Conflict as error:
        tell_conflicts(name, error, tally.conflicting)
        return False
    tell_left_out(name, tally.left_out, tally.remarks)
    typer.echo(f"{name}: ok, {new:,} new, {tally.unchanged:,} unchanged")
    in_hand.tell(database, name)
    return True


def _tell_faults(name: str, error: InvalidInput) -> bool:
    for fault in error.faults:
        remark(say_fault(fault, name))
    remark(f"{name}: {count_of(len(error.faults), 'fault')}.")
    return False
