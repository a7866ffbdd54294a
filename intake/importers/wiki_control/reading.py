"""The table's edits as developments: the voice of the table, at the places that it lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from intake.batches import Batch
from intake.drafts import Draft, read_rows
from intake.importers.wiki_control.cells import GONE, Row, plain
from intake.importers.wiki_control.places import Life, Listed, list_places
from intake.importers.wiki_control.placing import TABLE, Placing
from intake.importers.wiki_control.statements import Statement, Unread, list_edits, read_statements
from intake.importers.wiki_control.versions import Line, Version, Versions, restore_versions
from intake.slugs import slug_of
from intake.sources import Source

ACTORS = (
    {"id": TABLE, "kind": "outlet", "name": "Wikipedia's table of control of cities"},
    {"id": "russia", "kind": "party", "name": "Russia"},
    {"id": "ukraine", "kind": "party", "name": "Ukraine"},
    {"id": "donetsk-pr", "kind": "party", "name": "Donetsk PR"},
    {"id": "luhansk-pr", "kind": "party", "name": "Luhansk PR"},
)
DOCUMENT = {
    "id": TABLE,
    "publisher": TABLE,
    "title": "Control of cities during the Russo-Ukrainian War: the table, edit by edit",
    "url": "https://github.com/vi-enne/controlCitiesUkraine",
    "language": "en",
    "licence": "The edits as data: CC BY 4.0 (vi-enne/controlCitiesUkraine). The text: CC BY-SA (Wikipedia).",
}


def read_wiki_control(source: Source) -> Iterator[Batch]:
    """Batches of places and of what the table said of them, edit by edit (docs/importers/wiki-control.md)."""
    draft = Draft(source)
    lines = list(_read_lines(source, draft))
    restored = restore_versions(lines)
    versions = restored.versions
    places, unclear = list_places(versions)
    for actor in ACTORS:
        draft.actor(actor)
    draft.document(DOCUMENT)
    _tell_left_out(draft, restored, unclear)
    placing = Placing(source.places, places)
    count = listed = 0
    for place in places:
        made = _write_place(draft, placing, place, versions)
        count, listed = count + made, listed + bool(made)
        if draft.is_full:
            yield draft.close()
    draft.remark(
        f"{len(lines):,} lines, of which {len(restored.old):,} are of old copies of the page and "
        f"{len(restored.copies):,} are second copies of rows. Versions of the table: {len(versions):,}; "
        f"places: {listed:,}; developments: {count:,}."
    )
    yield draft.close()


def _read_lines(source: Source, draft: Draft) -> Iterator[Line]:
    for number, row in read_rows(source.file, Row, draft):
        try:
            aware = datetime.fromisoformat(row.seen_at).tzinfo is not None
        except ValueError:
            aware = False
        if aware:
            yield Line(number=number, row=row)
        else:
            message = "The time at which it was seen is no instant with an offset (RFC 3339)."
            draft.fault(message, code="bad-value", line=number, path="seen_at")


def _tell_left_out(draft: Draft, restored: Versions, unclear: Iterable[Life]) -> None:
    for line in restored.misplaced:
        draft.leave_out("The stamp is no time: the columns are in the wrong places.", line=line.number)
    for life in unclear:
        for _, line in life.lines:
            draft.leave_out(
                f"The table has several places called {life.name!r}, and this row no population that tells "
                "which it is.",
                line=line.number,
            )


def _write_place(draft: Draft, placing: Placing, place: Listed, versions: Sequence[Version]) -> int:
    """Writes the place, if it is new, and its developments; how many they are. Without any, nothing."""
    statements = []
    for each in read_statements(list_edits(place, versions)):
        if isinstance(each, Unread):
            cell = plain(each.line.row.held_by)
            message = f"The cell 'Held by' says {cell!r}, which is no holder."
            draft.leave_out(message, line=each.line.number)
        else:
            statements.append(each)
    if not statements:
        return 0
    at, new = placing.place(place)
    if new is not None:
        draft.location(new, line=place.lives[0].lines[0][1].number)
    for statement in statements:
        number = statement.line.number if statement.line else None
        draft.development(_write(statement, place, at), line=number)
    return len(statements)


def _write(statement: Statement, place: Listed, at: str) -> dict[str, Any]:
    """A statement as a development. Its id is made of the row, the version and the day it speaks of."""
    name, population = place.first
    row = f"{slug_of(name)}-{population}".strip("-")
    written: dict[str, Any] = {
        "id": f"wiki-control.{row}.{statement.edited:%Y%m%d-%H%M}.{statement.day:%Y%m%d}",
        "kind": "control-reported",
        "at": at,
        "by": TABLE,
        **statement.holding.stated,
        "occurred": statement.day.isoformat(),
        "reported": f"{statement.edited:%Y-%m-%dT%H:%MZ}",
        "manner": _manner(statement),
        "summary": _summary(statement, place),
        "sources": [{"document": TABLE}],
    }
    if statement.dated and statement.line:
        written["when_text"] = plain(statement.line.row.as_of)
    return written


def _manner(statement: Statement) -> str:
    return f"Held by: {plain(statement.line.row.held_by)}" if statement.line else "Row taken out"


def _summary(statement: Statement, place: Listed) -> str:
    if statement.holding is GONE:
        said = f"The table no longer lists {place.names[0]}"
    else:
        line = statement.line
        name = plain(line.row.place) if line else place.names[0]
        said = f"The table lists {name} with the holder {statement.holding.word!r}"
        said += _say_date(statement, plain(line.row.as_of) if line else "")
    return f"{said}, in place of what it said of this day before." if statement.instead else f"{said}."


def _say_date(statement: Statement, as_of: str) -> str:
    if not as_of:
        return ", without a date"
    left_standing = not (statement.dated or statement.instead)
    return f", beside a date that is not its own ({as_of})" if left_standing else f" as of {as_of}"
