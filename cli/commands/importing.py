"""`palimpsest import` and `palimpsest check`: files into the ledger, or only looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cli.failures import say_fault
from cli.terminal import progress, remark
from cli.words import count_of
from domain.errors import Conflict, Conflicts, IdTaken, InvalidInput, PalimpsestError

if TYPE_CHECKING:
    from cli.recording import Tally
    from ledger.application import Ledger
    from ledger.recording import Item

Files = Annotated[
    list[str], typer.Argument(metavar="FILE", show_default=False, help="Dossiers; - is standard input.")
]
Format = Annotated[
    str | None,
    typer.Option("--format", metavar="NAME", help="dossier (YAML, JSON) or ndjson. Default: by the suffix."),
]
SHOWN = 60
"""Of values that differ, so many characters are shown."""


def import_files(
    files: Files,
    format: Format = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who records it. Default: your account's name.")
    ] = None,
) -> None:
    """Record dossiers. What is recorded already with the same content is left as it is.

    A dossier is recorded whole or not at all, NDJSON in batches. The first file with a fault ends it.
    """
    from cli.following import catch_up
    from cli.opening import opened_services
    from cli.recording import who_runs

    by = by or who_runs()
    with opened_services() as services:
        left = list(files)
        while left and _import_one(services.ledger, left[0], format, by):
            del left[0]
        catch_up(services.database)
    for name in left[1:]:
        remark(f"{name}: not looked at, nothing recorded.")
    if left:
        raise typer.Exit(1)


def _import_one(ledger: Ledger, name: str, format: str | None, by: str) -> bool:
    """Records one file and says what became of it; whether it was in order."""
    from cli.recording import Tally, check_whole, readable, record_file

    tally = Tally()
    try:
        with readable(name, format) as (path, importer):
            check_whole(path, importer)
            record_file(ledger, path, importer, by, tally)
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


def check_files(
    files: Files,
    format: Format = None,
    against_ledger: Annotated[
        bool, typer.Option("--against-ledger", help="Check against what is recorded, without writing.")
    ] = False,
) -> None:
    """Check dossiers without writing: each by itself, or against what is recorded already."""
    if against_ledger:
        from cli.opening import opened_services

        with opened_services() as services:
            right = [_check_against(services.ledger, name, format) for name in files]
    else:
        right = [_check_alone(name, format) for name in files]
    if not all(right):
        raise typer.Exit(1)


def _check_alone(name: str, format: str | None) -> bool:
    from cli.checking import FileAlone
    from cli.recording import readable

    alone = FileAlone()
    try:
        with readable(name, format) as (path, importer), progress(f"Checking {path.name}") as tell:
            for batch in importer.read(path):
                alone.add(batch)
                tell(alone.counts.total(), None)
        if alone.faults:
            raise InvalidInput(alone.faults)
    except InvalidInput as error:
        return _tell_faults(name, error)
    things = ("actor", "location", "document", "development")
    nouns = {"location": "place"}
    counts = ", ".join(count_of(alone.counts[what], nouns.get(what, what)) for what in things)
    typer.echo(f"{name}: ok, {counts}")
    return True


def _check_against(ledger: Ledger, name: str, format: str | None) -> bool:
    from cli.recording import readable
    from intake.batches import join

    items: tuple[Item, ...] = ()
    try:
        with readable(name, format) as (path, importer):
            entries = join(importer.read(path))
        items = entries.items
        outcomes = ledger.record(items, recorded_by="check", dry_run=True, found=entries.found).outcomes
    except InvalidInput as error:
        return _tell_faults(name, error)
    except Conflict as error:
        for conflict in error.conflicts if isinstance(error, Conflicts) else [error]:
            _tell_conflict(name, conflict, items)
        return False
    new = sum(outcome.status == "new" for outcome in outcomes)
    typer.echo(f"{name}: ok, {new:,} new, {len(outcomes) - new:,} unchanged")
    return True


def _tell_faults(name: str, error: InvalidInput) -> bool:
    for fault in error.faults:
        remark(say_fault(fault, name))
    remark(f"{name}: {count_of(len(error.faults), 'fault')}.")
    return False
