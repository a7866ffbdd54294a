"""`palimpsest import --as-log`: a whole log from elsewhere, into an empty ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from api.words import count_of
from cli.failures import Refused, say_fault
from cli.terminal import progress, remark
from domain.errors import InvalidInput

if TYPE_CHECKING:
    from ledger.database import Database
    from ledger.log_checks import CheckedLog
    from ledger.taking_over import ToldLog


def only_file(files: list[str] | None, *, alone: bool) -> str:
    """The one file. Raises Refused for more or none, and when options of another import are given."""
    if not alone or files is None or len(files) != 1:
        raise Refused("--as-log takes one file, and no --format, option of a format or --dry-run.")
    return files[0]


def take_over_file(name: str, by: str) -> None:
    """Takes over the log in a file, or nothing of it, and says what came of it."""
    from cli.following import catch_up
    from cli.opening import opened_database

    with opened_database() as database:
        try:
            log, is_new = _take_over(database, name, by)
        except InvalidInput as error:
            for fault in error.faults:
                remark(say_fault(fault, name))
            remark(f"{name}: {count_of(len(error.faults), 'fault')}, nothing taken over.")
            raise typer.Exit(1) from None
        typer.echo(f"{name}: {_say_outcome(log, is_new=is_new)}")
        if is_new:
            catch_up(database)


def _take_over(database: Database, name: str, by: str) -> tuple[CheckedLog, bool]:
    from cli.sources import file_of
    from ledger.log_checks import check_log
    from ledger.taking_over import read_clock, take_over

    with file_of(name) as path:
        now = read_clock(database)
        with progress(f"Checking {path.name}") as tell:
            log = check_log(path, now, tell)
        with progress(path.name) as tell:
            return log, take_over(database, log, imported_by=by, tell=tell)


def _say_outcome(log: CheckedLog, *, is_new: bool) -> str:
    held = f"{count_of(log.events, 'event')}, up to log position {log.last_position:,}"
    if not is_new:
        return f"this ledger holds this log already ({held})"
    return f"{held}, and {count_of(log.texts, 'text')} taken over"


def say_told(told: ToldLog) -> str:
    """That a ledger began with a log from elsewhere."""
    return (
        f"It began with a log from elsewhere: {count_of(told.events, 'event')}, up to log position "
        f"{told.last_position:,}, taken over by {told.imported_by} at {told.imported_at:%Y-%m-%dT%H:%M:%SZ} "
        f"(sha256 {told.sha256})."
    )
