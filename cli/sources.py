"""The sources that a command names: files, standard input, or a format that reads no file."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cli.failures import Refused
from intake.catalogue import IMPORTERS, Importer, importer_for
from intake.places import ActorBook, PlaceBook
from intake.sources import Source, check_options

if TYPE_CHECKING:
    from api.composition import Services
    from projections.reading.moments import Moment

T = TypeVar("T")
STDIN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to read files by: the format and its options as asked for, and what importers may look up."""

    format: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    services: Services | None = None

    def names(self, files: list[str]) -> list[str]:
        """The files, or the format in the place of a file where it reads none.

        Raises Refused for a file too many, and for none where there has to be one.
        """
        fileless = [importer.name for importer in IMPORTERS if not importer.reads_file]
        if self.format in fileless:
            if files:
                raise Refused(f"The format {self.format!r} reads no file; leave {files[0]} out.")
            return [str(self.format)]
        if not files:
            raise Refused(f"Name a file, or a --format that reads none: {', '.join(fileless)}.")
        return files

    @contextmanager
    def opened(self, name: str) -> Iterator[tuple[Source, Importer]]:
        """The source under this name and the importer for it; `-` is standard input, kept meanwhile.

        Raises InvalidInput for a format that is not known, and for options that it does not take.
        """
        if name == STDIN and self.format is None:
            raise Refused("Standard input has no suffix: say what it is with --format.")
        importer = importer_for(Path(name), self.format)
        options = check_options(importer.name, importer.options, self.options)
        with _kept(name, importer) as path:
            yield self._source(path, options), importer

    def _source(self, path: Path | None, options: Mapping[str, str]) -> Source:
        if self.services is None:
            return Source(path=path, options=options)
        from projections.reading import gazetteer

        services = self.services
        return Source(
            path=path,
            options=options,
            places=PlaceBook(lambda: _load(services, gazetteer.PLACES_NEEDS, gazetteer.every_place)),
            actors=ActorBook(lambda: _load(services, gazetteer.ACTORS_NEEDS, gazetteer.every_actor)),
        )


@contextmanager
def _kept(name: str, importer: Importer) -> Iterator[Path | None]:
    if not importer.reads_file:
        yield None
    else:
        with file_of(name) as path:
            yield path


@contextmanager
def file_of(name: str) -> Iterator[Path]:
    """The file under this name; `-` is standard input, kept in a file meanwhile."""
    if name != STDIN:
        yield Path(name)
        return
    with tempfile.TemporaryDirectory(prefix="palimpsest-") as folder:
        path = Path(folder) / "stdin"
        with path.open("wb") as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
        yield path


def _load(services: Services, needs: tuple[str, ...], every: Callable[[Moment], list[T]]) -> list[T]:
    """What is registered now: the read models are brought up to date first.

    Raises Unavailable when one of them has stopped, for what it leaves out would be registered twice.
    """
    from cli.following import catch_up
    from ledger.reading import head_position
    from projections.reading.moments import AskedClocks

    with services.database.connection() as connection:
        head = head_position(connection)
    catch_up(services.database)
    with services.reader.at(AskedClocks(min_log_position=head), *needs) as moment:
        return every(moment)
