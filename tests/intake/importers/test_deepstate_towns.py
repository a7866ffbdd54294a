"""The real map around real towns, from May to October 2025."""

from __future__ import annotations

import gzip
import json
import math
from bisect import bisect_right
from collections import defaultdict
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from domain.kinds.assessments import ControlAssessed
from domain.registry import LocationRegistered
from domain.shares import ALL, NONE
from intake.batches import Batch, join
from intake.importers.deepstate import read_deepstate
from intake.importers.deepstate.turns import HOLE
from intake.places import EARTH_RADIUS, PlaceBook
from intake.sources import Source
from tests.builders import location
from tests.ukraine import read_places

shapely = pytest.importorskip("shapely", reason="the extra deepstate is not installed")

RADIUS = 5.0
DISC = math.pi * RADIUS**2
THRESHOLD = 0.01
OPTIONS = {"radius": "5", "threshold": "0.01", "places": "touched"}
TOWNS = (
    location("kupiansk", point=(37.61581, 49.71003)),
    location("kindrativka", point=(34.77343, 51.14326)),
    location("zelene-pole", point=(36.62275, 47.82673)),
    location("chasiv-yar", point=(37.83409, 48.58768)),
    location("pokrovsk", point=(37.17706, 48.28014)),
    location("donetsk", point=(37.80224, 48.023)),
    location("lviv", point=(24.02324, 49.83826)),
)
Figures = dict[date, tuple[float, bool]]
"""For each day the marked square kilometres around a town, and whether its point is marked."""


@pytest.fixture(scope="module")
def towns(occupied: Path) -> Batch:
    return join(read_deepstate(Source(path=occupied, options=OPTIONS, places=PlaceBook(lambda: TOWNS))))


@pytest.fixture(scope="module")
def figures(occupied: Path) -> dict[str, Figures]:
    """Every day measured anew, in kilometres on a plane around each town, and not only what changed."""
    found: dict[str, Figures] = defaultdict(dict)
    with gzip.open(occupied, "rt", encoding="utf-8") as lines:
        for line in lines:
            drawn = json.loads(line)
            area = shapely.geometry.shape(drawn["geometry"])
            for town in TOWNS:
                near = shapely.transform(area, lambda degrees, town=town: _plane(degrees, town))
                disc = shapely.Point(0, 0).buffer(RADIUS, quad_segs=64)
                here = shapely.intersection(near, disc).area, near.intersects(shapely.Point(0, 0))
                found[town.id][date.fromisoformat(drawn["date"])] = here
    return found


def _plane(degrees: Any, town: LocationRegistered) -> Any:
    assert town.point is not None
    kilometres = math.radians(1) * EARTH_RADIUS
    return (degrees - town.point) * (kilometres * math.cos(math.radians(town.point[1])), kilometres)


def of(batch: Batch, town: str) -> list[tuple[date, ControlAssessed]]:
    """The developments of a town, by the day of the file that they are of."""
    events = [item.event for item in batch.items if isinstance(item.event, ControlAssessed)]
    named = [(each.id.rpartition(".")[2], each) for each in events if each.at == (town,)]
    return sorted(((date.fromisoformat(day), each) for day, each in named), key=lambda pair: pair[0])


def test_the_point_of_kupiansk_never_flips_while_the_area_around_it_comes_and_goes(
    figures: dict[str, Figures],
) -> None:
    kupiansk = figures["kupiansk"]
    assert len(kupiansk) == 184
    assert not any(marked for _, marked in kupiansk.values())
    areas = {day.isoformat(): round(area, 1) for day, (area, _) in kupiansk.items()}
    days = ("2025-08-26", "2025-08-31", "2025-09-18", "2025-10-21")
    assert [areas[day] for day in days] == [12.0, 5.5, 9.5, 10.9]


def test_kupiansk(towns: Batch) -> None:
    told = {
        str(day): str(each.summary).removeprefix("The map marks ").split(" of the ")[0]
        for day, each in of(towns, "kupiansk")
    }
    assert told == {
        "2025-05-01": "nothing",
        "2025-06-25": "1.2",
        "2025-07-26": "5.1",
        "2025-08-07": "7.3",
        "2025-08-26": "12.0",
        "2025-08-31": "5.5",
        "2025-09-15": "6.6",
        "2025-09-18": "9.5",
        "2025-10-21": "10.9",
    }
    windows = {str(day): each.occurred.edtf for day, each in of(towns, "kupiansk")}
    # The files of 25 August and 17 September repeat those of the days before.
    assert windows["2025-08-26"] == "2025-08-24/2025-08-25"
    assert windows["2025-08-31"] == "2025-08-30"
    assert windows["2025-09-18"] == "2025-09-16/2025-09-17"


def test_towns_far_behind_the_line(towns: Batch) -> None:
    assert [each.stated for _, each in of(towns, "donetsk")] == [{"russia": ALL}]
    assert of(towns, "lviv") == []


def test_a_village_that_was_lost_again(towns: Batch, figures: dict[str, Figures]) -> None:
    marked = [(str(day), each.stated["russia"].max == 1) for day, each in of(towns, "kindrativka")]
    turns = [day for (_, before), (day, now) in pairwise(marked) if before != now]
    assert turns == ["2025-06-07", "2025-07-21"]
    assert figures["kindrativka"][date(2025, 7, 20)][1]
    assert not figures["kindrativka"][date(2025, 7, 21)][1]


@pytest.mark.parametrize("town", [town.id for town in TOWNS if town.id != "lviv"])
def test_what_stands_is_never_off_by_the_threshold_but_for_holes(
    towns: Batch, figures: dict[str, Figures], town: str
) -> None:
    """Every day's measure lies in the interval that stands, unless the next days take it back."""
    told = of(towns, town)
    days = sorted(figures[town])
    settled = [day for day in days if days[-1] - day >= HOLE]
    off = []
    for day in settled:
        area, _ = figures[town][day]
        standing = told[bisect_right([each for each, _ in told], day) - 1][1].stated["russia"]
        slack = 0.0011 if standing not in (ALL, NONE) else THRESHOLD
        if not standing.min - slack <= area / DISC <= standing.max + slack:
            off.append(day)
    for day in off:
        later = [other for other in days if day < other <= day + HOLE]
        assert any(other not in off for other in later), (town, day)
    assert len(off) <= 2


@pytest.mark.parametrize("town", [town.id for town in TOWNS])
def test_no_development_is_of_a_day_on_which_only_the_drawing_moved(
    towns: Batch, figures: dict[str, Figures], town: str
) -> None:
    """Nothing is told of a day that repeats the one before, or on which the measure hardly changed."""
    told = of(towns, town)
    days = sorted(figures[town])
    for (said, _), (day, _) in pairwise(told):
        area, marked = figures[town][day]
        before, was_marked = figures[town][days[days.index(day) - 1]]
        assert area != before
        then, then_marked = figures[town][said]
        assert marked != then_marked or abs(area - then) / DISC >= THRESHOLD - 0.0002 or area / DISC > 0.999
        following = days[days.index(day) + 1]
        later, later_marked = figures[town][following]
        # It lasts: the next day does not bring back what was before.
        if was_marked == marked and following != days[-1]:
            assert (later - then) * (area - then) > 0 or later_marked != then_marked


def test_the_whole_country(occupied: Path) -> None:
    source = Source(path=occupied, options=OPTIONS, places=PlaceBook(read_places))
    batches = list(read_deepstate(source))
    assert max(len(batch.items) for batch in batches) <= 1_000
    whole = join(batches)
    assert whole.found.faults == ()
    assert whole.left_out == ()
    events = [item.event for item in whole.items if isinstance(item.event, ControlAssessed)]
    assert len({event.id for event in events}) == len(events)
    [told] = whole.remarks
    assert told == (
        "Days: 184; those that repeat the one before: 33. "
        "Places: 5,488; told of: 1,296; developments: 1,883. "
        "Turns that a later day has to bear out: 9."
    )
    for event in events:
        assert event.reported.latest is not None
        assert event.occurred.latest is not None
        assert event.occurred.latest < event.reported.latest
