"""`palimpsest export`: the whole log, as it was recorded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from cli.terminal import Progress, progress

if TYPE_CHECKING:
    from ledger.database import Database

READ_AT_ONCE = 2_000


def export_log(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write. Default: standard output.")
    ] = "-",
) -> None:
    """Write the whole log as NDJSON, one event a line, in the order of the log.

    The texts of documents are no part of the log and are left out.
    """
    from cli.opening import opened_database

    with opened_database() as database, progress("Export") as tell, _opened(output) as file:
        for line in _lines(database, tell):
            file.write(line)
        file.flush()


def _lines(database: Database, tell: Progress) -> Iterator[bytes]:
    """Every event up to where the log ends now, read in portions, so that no transaction stays open."""
    from api.routes.events import encode_event
    from ledger.reading import head_position, read_events

    with database.connection() as connection:
        head = head_position(connection)
    after = 0
    while after < head:
        with database.connection() as connection:
            events = read_events(connection, after=after, limit=READ_AT_ONCE, until=head)
        for recorded in events:
            yield encode_event(recorded) + b"\n"
        if not events:
            return
        after = events[-1].log_position
        tell(after, head)


@contextmanager
def _opened(name: str) -> Iterator[IO[bytes]]:
    """Standard output, or a file that is there only when it is whole."""
    path = Path(name)
    if name == "-":
        yield typer.get_binary_stream("stdout")
    elif path.exists() and not path.is_file():
        with path.open("wb") as device:
            yield device
    else:
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                yield file
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
