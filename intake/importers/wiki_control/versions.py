"""The table at every version of the page, put together again from the lines of the file.

The file tells how each sighting of the page differed from the one before. A sighting is not an edit: a
page is often seen twice between two edits, and sometimes in an old copy out of a cache. So what counts is
the version, named by the time of its edit, and not when it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from intake.importers.wiki_control.cells import Row, plain, read_name, read_stamp

Key = tuple[str, str]
"""A row of the table is known by its name and its population, both as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the file, with its number."""

    number: int
    row: Row

    @property
    def key(self) -> Key:
        """Which row of the table it is about."""
        return read_name(self.row.place), plain(self.row.population)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """The table as one version of the page had it. `edited` is when that version was written, in UTC."""

    edited: datetime
    table: dict[Key, Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """All versions in order, and the lines that say nothing new about any of them, by the reason."""

    versions: tuple[Version, ...]
    copies: tuple[Line, ...]
    misplaced: tuple[Line, ...]
    old: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sighting:
    seen: datetime
    edited: datetime | None
    lines: list[Line]


def restore_versions(lines: Iterable[Line]) -> Versions:
    """Every version of the table, from the lines in the order of the file.

    - A line with `dup` 2 is a second copy of the row with the same name and population.
    - A line whose stamp is no time has its columns in the wrong places.
    - A sighting of an older version than one seen before is an old copy of the page.
    - Of several sightings of one version the last counts.
    """
    every = list(lines)
    misplaced = [line for line in every if _is_misplaced(line.row)]
    copies = [line for line in every if line.row.dup != 1 and not _is_misplaced(line.row)]
    used = [line for line in every if line.row.dup == 1 and not _is_misplaced(line.row)]
    sightings = [_sighting(list(group)) for _, group in groupby(used, key=_sighted)]
    versions, old = _replay(_date_all(sightings))
    return Versions(
        versions=tuple(versions), copies=tuple(copies), misplaced=tuple(misplaced), old=tuple(old)
    )


def _is_misplaced(row: Row) -> bool:
    return row.kind != "remove" and read_stamp(row.wiki_stamp) is None


def _sighted(line: Line) -> tuple[str, str]:
    return line.row.seen_at, line.row.commit


def _sighting(lines: list[Line]) -> _Sighting:
    stamps = [stamp for line in lines if (stamp := read_stamp(line.row.wiki_stamp))]
    seen = datetime.fromisoformat(lines[0].row.seen_at).astimezone(UTC)
    return _Sighting(seen=seen, edited=max(stamps, default=None), lines=lines)


def _date_all(sightings: Sequence[_Sighting]) -> list[tuple[datetime, list[Line]]]:
    """The lines of each sighting with the time of the version that was seen.

    Lines about rows that went have no stamp. A page that is seen later with an older stamp was that version
    already. Otherwise all that is known is when it was seen.
    """
    dated = []
    following: datetime | None = None
    for sighting in reversed(sightings):
        edited = sighting.edited
        if edited is None:
            seen = sighting.seen.replace(second=0, microsecond=0)
            edited = following if following is not None and following <= sighting.seen else seen
        else:
            following = edited
        dated.append((edited, sighting.lines))
    return dated[::-1]


def _replay(sightings: Iterable[tuple[datetime, list[Line]]]) -> tuple[list[Version], list[Line]]:
    table: dict[Key, Line] = {}
    versions: list[Version] = []
    old: list[Line] = []
    for edited, lines in sightings:
        _apply(lines, table)
        if versions and edited < versions[-1].edited:
            old += lines
            continue
        if versions and edited == versions[-1].edited:
            versions.pop()
        versions.append(Version(edited=edited, table=dict(table)))
    return versions, old


def _apply(lines: Sequence[Line], table: dict[Key, Line]) -> None:
    """What went first, then what came: a row that was renamed back and forth may do both at once."""
    for line in lines:
        if line.row.kind == "remove":
            table.pop(line.key, None)
    for line in lines:
        if line.row.kind != "remove":
            table[line.key] = line
