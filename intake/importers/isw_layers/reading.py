"""The layers of ISW's map as developments: what ISW assesses, and apart from it what it maps as claimed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from intake.batches import Batch
from intake.drafts import Draft, read_rows
from intake.importers.geonames import REGISTER, SAME_PLACE_KM
from intake.importers.isw_layers.layers import ACTORS, BY_NAME, ISW, LAYERS, OUTSIDE, PARTISANS
from intake.importers.isw_layers.stays import Change, Line, Row, find_clashes, list_stays
from intake.places import PlaceBook, Sighting
from intake.slugs import slug_of
from intake.sources import Source

DAY = timedelta(days=1)
DOCUMENT = {
    "id": "isw-layers",
    "publisher": ISW,
    "title": "ISW's map of the war in Ukraine: places inside its layers, day by day",
    "url": "https://github.com/Nikkei-Visual-Data-Journalism/ISW",
    "language": "en",
    "licence": "The repository of the files: MIT (Nikkei-Visual-Data-Journalism/ISW). The map: ISW's "
    "own terms.",
}


@dataclass(slots=True)
class _Tally:
    developments: int = 0
    holes: int = 0
    unsettled: int = 0


def read_isw_layers(source: Source) -> Iterator[Batch]:
    """Batches of places and of what the map says of them, place by place (docs/importers/isw-layers.md)."""
    draft = Draft(source)
    lines = [Line(number=number, row=row) for number, row in read_rows(source.file, Row, draft)]
    last = max((line.row.date for line in lines), default=date.min)
    places = _by_place(_choose_lines(lines, draft))
    for actor in ACTORS:
        draft.actor(actor)
    draft.document(DOCUMENT)
    used: set[str] = set()
    tally = _Tally()
    for of_place in places:
        at = _place(of_place, source.places, draft, used)
        _write_place(draft, of_place, at, last, tally)
        if draft.is_full:
            yield draft.close()
    draft.remark(
        f"Places: {len(places):,}; developments: {tally.developments:,}; holes of one map passed over: "
        f"{tally.holes:,}. Places that left on the last day, which a later one has to bear out: "
        f"{tally.unsettled:,}."
    )
    yield draft.close()


def _place(lines: Sequence[Line], book: PlaceBook, draft: Draft, used: set[str]) -> str:
    """The id of the place, which is registered when it is not yet.

    It is there when it has GeoNames' id, or the name and point without such an id; `used` are those found so.
    """
    row = lines[0].row
    ref = str(row.geonameid)
    if known := book.with_ref(REGISTER, ref):
        return known.id
    point = next((point for line in lines if (point := line.row.point)), None)
    near = book.recognise(Sighting(names=(row.name,), point=point), within_km=SAME_PLACE_KM)
    if near is not None and REGISTER not in near.refs and near.id not in used:
        used.add(near.id)
        return near.id
    written = {"kind": "settlement", "name": row.name, "refs": {REGISTER: ref}}
    identifier = f"{slug_of(row.name)}-{ref}"
    draft.location({"id": identifier, **written} | ({"point": point} if point else {}), line=lines[0].number)
    return identifier


def _write_place(draft: Draft, lines: Sequence[Line], at: str, last: date, tally: _Tally) -> None:
    """What every voice says of one place."""
    for voice in OUTSIDE:
        stays = list_stays([line for line in lines if BY_NAME[line.row.layer].voice == voice], last)
        for change in stays.changes:
            draft.development(_write(change, voice, lines[0].row, at), line=change.line)
        tally.developments += len(stays.changes)
        tally.holes += stays.holes
        tally.unsettled += stays.unsettled


def _choose_lines(lines: Sequence[Line], draft: Draft) -> Iterator[Line]:
    """The lines that say something of control; the others are left out."""
    clashing = find_clashes(lines)
    for line in lines:
        reason = _why_not(line.row)
        if reason is None and line.number in clashing:
            reason = "Another line says otherwise of the same place, layer and day."
        if reason is None:
            yield line
        else:
            draft.leave_out(reason, line=line.number)


def _why_not(row: Row) -> str | None:
    if row.layer == PARTISANS:
        return "Reported partisan warfare says nothing of who holds a place."
    if row.layer not in BY_NAME:
        return f"The layer {row.layer!r} is not known."
    return None if row.where else "The line does not say where the place is: it has neither 'state' nor 'to'."


def _by_place(lines: Iterable[Line]) -> list[list[Line]]:
    places: dict[int, list[Line]] = {}
    for line in lines:
        places.setdefault(line.row.geonameid, []).append(line)
    return [places[identifier] for identifier in sorted(places)]


def _write(change: Change, voice: str, place: Row, at: str) -> dict[str, Any]:
    """A change as a development. Its id is made of GeoNames' id, the voice and the day of the map."""
    first = change.after + DAY if change.after else change.day
    layer = change.layer
    written: dict[str, Any] = {
        "id": f"isw-layers.{place.geonameid}.{voice}.{change.day:%Y%m%d}",
        "at": at,
        "by": voice,
        **(layer.stated if layer else OUTSIDE[voice]),
        "occurred": _days(first, change.day),
        "reported": _days(first, change.day + DAY),
        "summary": _summary(change, voice, place.name),
        "sources": [
            {"document": DOCUMENT["id"], "mode": "inferred"} | ({} if voice == ISW else {"via": [voice, ISW]})
        ],
    }
    if layer is not None and voice == ISW:
        written["legend"] = {"category": layer.title, "version": f"map of {change.day}"}
    return written


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}/{last}"


def _summary(change: Change, voice: str, name: str) -> str:
    if change.layer is not None:
        return f"ISW's map has {name} in the layer '{change.layer.title}'."
    titles = " or ".join(f"'{layer.title}'" for layer in LAYERS if layer.voice == voice)
    return f"ISW's map no longer has {name} in {titles}, and so says nothing of it there."
