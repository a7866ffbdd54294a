"""The map as developments: DeepState's voice at every registered place that it marks anything near."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from domain.errors import Fault, InvalidInput, NotConfigured
from domain.registry import LocationRegistered
from intake.batches import Batch
from intake.drafts import Draft
from intake.importers.deepstate.turns import Measure, Turn
from intake.places import LARGER
from intake.sources import Option, Source

if TYPE_CHECKING:
    from intake.importers.deepstate.watching import Watch

RADIUS = Option(
    name="radius", metavar="KM", default="5", help="How far a place reaches at most, 0.5 to 50 kilometres."
)
THRESHOLD = Option(
    name="threshold",
    metavar="SHARE",
    default="0.01",
    help="The change in the marked share of the disc that is news, 0.005 to 0.5.",
)
PLACES = Option(
    name="places",
    metavar="WHICH",
    default="touched",
    help="'touched' for places that the map marks anything near at some time, or 'all'.",
)
WHICH = ("touched", "all")
DAY = timedelta(days=1)
LONGEST_ID = 100
"""An id of a place that is longer leaves no room for those of its developments."""

ACTORS = (
    {"id": "deepstate", "kind": "assessor", "name": "DeepState"},
    {"id": "russia", "kind": "party", "name": "Russia"},
)
DOCUMENT = {
    "id": "deepstate-occupied",
    "publisher": "deepstate",
    "title": "DeepState's map: the area marked as occupied, day by day",
    "url": "https://github.com/cyterat/deepstate-map-data",
    "licence": "The repository of the files: GPL-3.0 (cyterat/deepstate-map-data). The map: DeepState's own "
    "terms; it is under no open licence.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """What the surroundings of a place are measured by: kilometres, and a share of the disc."""

    radius: float
    threshold: float

    @property
    def disc(self) -> float:
        """The area of a disc, in square kilometres."""
        return math.pi * self.radius**2


def read_deepstate(source: Source) -> Iterator[Batch]:
    """Batches of assessments, by day (docs/importers/deepstate.md). Raises InvalidInput, NotConfigured."""
    scale, untouched = _read_options(source.options)
    draft = Draft(source)
    places = list(_choose_places(source, draft))
    watch = _start_watch(places, scale, untouched=untouched)
    for actor in ACTORS:
        draft.actor(actor)
    draft.document(DOCUMENT)
    count = 0
    for number, turn in watch.follow(source, draft):
        draft.development(_write(places[number], turn, scale), line=turn.line)
        count += 1
        if draft.is_full:
            yield draft.close()
    draft.remark(
        f"Days: {watch.days:,}; those that repeat the one before: {watch.repeated:,}. "
        f"Places: {len(places):,}; told of: {watch.told:,}; developments: {count:,}. "
        f"Turns that a later day has to bear out: {watch.unsettled:,}."
    )
    if not places:
        draft.remark("No place with a point is registered, so nothing can be told: import places first.")
    yield draft.close()


def _read_options(options: Mapping[str, str]) -> tuple[Scale, bool]:
    """The scale, and whether places are told of that the map marks nothing near."""
    radius = _read_number(options, RADIUS.name, 0.5, 50)
    threshold = _read_number(options, THRESHOLD.name, 0.005, 0.5)
    which = options[PLACES.name]
    if which not in WHICH:
        message = f"It is {' or '.join(WHICH)}, not {which!r}."
        raise InvalidInput([Fault(path=f"--{PLACES.name}", message=message, code="bad-value")])
    return Scale(radius=radius, threshold=threshold), which == "all"


def _read_number(options: Mapping[str, str], name: str, least: float, most: float) -> float:
    try:
        number = float(options[name])
    except ValueError:
        number = math.nan
    if not least <= number <= most:
        message = f"It is a number from {least:g} to {most:g}, not {options[name]!r}."
        raise InvalidInput([Fault(path=f"--{name}", message=message, code="bad-value")])
    return number


def _choose_places(source: Source, draft: Draft) -> Iterator[LocationRegistered]:
    """Every place with a point, but no regions and districts, whose point is only one within them."""
    for place in source.places:
        if place.point is None or place.kind in LARGER:
            continue
        if len(place.id) > LONGEST_ID:
            draft.leave_out(f"The id of the place {place.id!r} is too long to make others of it.")
        else:
            yield place


def _start_watch(places: list[LocationRegistered], scale: Scale, *, untouched: bool) -> Watch:
    try:
        from intake.importers.deepstate.watching import Watch  # noqa: PLC0415 - shapely is an extra
    except ModuleNotFoundError:
        message = (
            "The format 'deepstate' needs the package shapely; install the extra: "
            "pip install 'palimpsest[deepstate]'."
        )
        raise NotConfigured(message) from None
    points = [place.point for place in places if place.point is not None]
    return Watch(points, scale.radius, scale.threshold, untouched=untouched)


def _write(place: LocationRegistered, turn: Turn, scale: Scale) -> dict[str, Any]:
    """A turn as a development. Nothing of it is taken from how the place is described but its point."""
    as_of = turn.day - DAY
    after = turn.after or as_of
    return {
        "id": f"deepstate.{place.id}.{turn.day:%Y%m%d}",
        "kind": "control-assessed",
        "at": place.id,
        "by": "deepstate",
        "control": {"russia": bounds_of(turn.measure, scale.threshold)},
        "occurred": _days(after, as_of),
        "reported": _days(after, turn.day),
        "legend": {"category": "occupied", "version": f"map of {as_of}"},
        "summary": _summary(turn, scale),
        "sources": [{"document": DOCUMENT["id"], "mode": "inferred"}],
    }


def bounds_of(measure: Measure, threshold: float) -> str | dict[str, Any]:
    """What a measure says of the share of the place, wherever between its point and the radius it ends.

    Where the point is marked, the share is at least that of the disc; where not, at most. The disc's share
    itself may be off by the threshold before it is told anew.
    """
    if measure.is_end:
        return "all" if measure.share else "none"
    if measure.marked:
        return {"min": round(max(0.0, measure.share - threshold), 4), "max": 1.0}
    return {"min": 0.0, "max": round(min(1.0, measure.share + threshold), 4)}


def _days(first: date, last: date) -> str:
    return f"{first}" if first == last else f"{first}/{last}"


def _summary(turn: Turn, scale: Scale) -> str:
    disc = f"{scale.disc:.1f} km² within {scale.radius:g} km"
    said = f"The map marks {_amount(turn.measure, scale)} of the {disc} as occupied"
    if turn.before is not None:
        said += f", {_amount(turn.before, scale)} before"
    if turn.measure.is_end:
        return f"{said}."
    return f"{said}; the point of the place itself {'is' if turn.measure.marked else 'is not'} marked."


def _amount(measure: Measure, scale: Scale) -> str:
    """The marked area in square kilometres, or that it is all or nothing."""
    if measure.is_end:
        return "all" if measure.share else "nothing"
    return f"{measure.share * scale.disc:.1f}"
