"""`palimpsest export`: the whole log, as it is stored."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from cli.terminal import progress


def export_log(
    output: Annotated[
        str, typer.Option("--output", "-o", metavar="FILE", help="Where to write. Default: standard output.")
    ] = "-",
    with_texts: Annotated[
        bool, typer.Option("--with-texts", help="With the texts of documents, as far as they are kept.")
    ] = False,
) -> None:
    """Write the whole log as NDJSON, one event a line, in the order of the log.

    `palimpsest import --as-log` makes the same log of it again.
    """
    from cli.opening import opened_database
    from ledger.log_files import write_log

    with opened_database() as database, progress("Export") as tell, _opened(output) as file:
        for line in write_log(database, with_texts=with_texts, tell=tell):
            file.write(line)
        file.flush()


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
