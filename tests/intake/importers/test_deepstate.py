"""Every rule for the map of what is occupied, on a few drawings each (docs/importers/deepstate.md)."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput, NotConfigured
from domain.registry import DocumentArchived, LocationRegistered
from domain.shares import ALL, NONE
from intake.batches import join
from intake.importers.deepstate import read_deepstate
from intake.sources import Source
from tests.builders import location
from tests.intake.importers.drawings import (
    DEFAULTS,
    LATITUDE,
    LONGITUDE,
    assessed,
    box,
    days,
    east_of,
    read,
    row,
    share_up_to,
    up_to,
)

pytest.importorskip("shapely", reason="the extra deepstate is not installed")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "days.ndjson"


def told(path: Path, lines: list[str], *places: LocationRegistered, **options: str) -> list[tuple[str, str]]:
    """Each development as the days on which it became so, and the words of its summary for how much."""
    developments = assessed(read(path, lines, *places, **options))
    return [
        (each.occurred.edtf, str(each.summary).removeprefix("The map marks ").split(" of the ")[0])
        for each in developments
    ]


@pytest.mark.parametrize("km", [-4.9, -3.0, -0.5, 0.5, 2.0, 4.9])
@pytest.mark.parametrize("radius", [1.0, 5.0, 50.0])
def test_the_share_of_a_disc_is_that_of_the_circle(file: Path, km: float, radius: float) -> None:
    """Against the formula of a circle's segment; at 50 km a degree of longitude no longer has one length."""
    edge = km * radius / 5
    [said] = assessed(read(file, days(up_to(edge)), radius=f"{radius:g}", threshold="0.005"))
    stated = said.stated["russia"]
    share = stated.min + 0.005 if km > 0 else stated.max - 0.005
    assert share == pytest.approx(share_up_to(edge, radius), abs=0.001 if radius < 50 else 0.004)


def test_a_marked_point_leaves_at_least_the_share_and_another_at_most(file: Path) -> None:
    """How far the place reaches from its point is not known: a village lies wholly on one side."""
    [marked] = assessed(read(file, days(up_to(1))))
    [unmarked] = assessed(read(file, days(up_to(-1))))
    share = share_up_to(1)
    low, high = marked.stated["russia"], unmarked.stated["russia"]
    assert low.min == pytest.approx(share - 0.02, abs=3e-4)
    assert low.max == 1
    assert high.min == 0
    assert high.max == pytest.approx(1 - share + 0.02, abs=3e-4)


def test_nothing_is_said_of_ukraine(file: Path) -> None:
    developments = assessed(read(file, days(up_to(-9), up_to(-1), up_to(9), up_to(9), up_to(9))))
    assert [each.stated for each in developments][::2] == [{"russia": NONE}, {"russia": ALL}]
    assert {party for each in developments for party in each.stated} == {"russia"}


def test_a_development_has_its_clocks_its_legend_and_its_source(file: Path) -> None:
    batch = read(file, days(up_to(-9), up_to(-1), up_to(-1.01)))
    said = assessed(batch)[-1]
    assert said.id == "deepstate.town.20250502"
    # The map of 2 May is the state published in the evening before, and public by the end of the day.
    assert (said.occurred.edtf, said.reported.edtf) == ("2025-05-01", "2025-05-01/2025-05-02")
    assert said.legend is not None
    assert (said.by, said.legend.category, said.legend.version) == (
        "deepstate",
        "occupied",
        "map of 2025-05-01",
    )
    assert str(said.summary) == (
        "The map marks 29.3 of the 78.5 km² within 5 km as occupied, nothing before; "
        "the point of the place itself is not marked."
    )
    [document] = [item.event for item in batch.items if isinstance(item.event, DocumentArchived)]
    assert [source.document for source in said.sources] == [document.id]
    assert "GPL-3.0" in str(document.licence)


def test_creep_is_told_once_it_has_added_up(file: Path) -> None:
    """A hundred metres a day near the middle are 1.2 % of the disc: every second day makes the 2 %."""
    lines = days(*(up_to(-2 + step / 10) for step in range(8)))
    assert [day for day, _ in told(file, lines)] == ["2025-04-30", "2025-05-02", "2025-05-04", "2025-05-06"]


def test_a_border_drawn_back_and_forth_is_not_told(file: Path) -> None:
    lines = days(*(up_to(-1 + (-1) ** step * 0.05) for step in range(20)))
    assert len(told(file, lines)) == 1


def test_a_drawing_that_is_only_written_otherwise_is_not_told(file: Path) -> None:
    """The ring begins elsewhere, runs the other way, has a point more, and is in two parts with a seam."""
    plain = up_to(-1)
    [[ring]] = plain["coordinates"]
    turned = [*ring[2:], *ring[1:3]]
    middle = [(ring[0][0] + ring[1][0]) / 2, ring[0][1]]
    parts = box(-200, -3)["coordinates"] + box(-2.9999, -1)["coordinates"]
    others = ([turned], [ring[::-1]], [[ring[0], middle, *ring[1:]]])
    geometries = [{**plain, "coordinates": [rings]} for rings in others]
    lines = days(plain, *geometries, {**plain, "coordinates": parts}, plain)
    assert len(told(file, lines)) == 1


@pytest.mark.parametrize("other", [box(-200, 200, 300, 400), up_to(-4.9), up_to(3)])
def test_a_hole_or_spike_of_one_day_is_not_told(file: Path, other: dict[str, Any]) -> None:
    lines = days(up_to(-1), other, up_to(-1), up_to(-1), up_to(-1))
    assert [day for day, _ in told(file, lines)] == ["2025-04-30"]


def test_nor_is_one_of_which_a_repeated_day_keeps_a_copy(file: Path) -> None:
    lines = days(up_to(-1), up_to(3), up_to(3), up_to(-1), up_to(-1))
    assert [day for day, _ in told(file, lines)] == ["2025-04-30"]


def test_what_is_drawn_for_longer_is_told_and_so_is_its_end(file: Path) -> None:
    lines = days(up_to(-4), up_to(-1), up_to(-1.01), up_to(-1.02), up_to(-4), up_to(-4.01))
    assert told(file, lines) == [
        ("2025-04-30", "4.1"),
        ("2025-05-01", "29.3"),
        ("2025-05-04", "4.1"),
    ]


def test_of_a_spike_that_is_only_partly_undone_the_rest_is_told_a_day_later(file: Path) -> None:
    """It became so at some time since the drawing before the spike."""
    lines = days(up_to(-4), up_to(3), up_to(-1), up_to(-1.01))
    assert told(file, lines) == [("2025-04-30", "4.1"), ("2025-05-01/2025-05-02", "29.3")]


def test_a_change_after_days_that_are_missing_or_repeated_has_all_of_them_as_its_window(file: Path) -> None:
    missing = days(up_to(-4), None, None, up_to(-1), up_to(-1.01))
    repeated = days(up_to(-4), up_to(-4), up_to(-4), up_to(-1), up_to(-1.01))
    for lines in (missing, repeated):
        *_, said = assessed(read(file, lines))
        assert (said.occurred.edtf, said.reported.edtf) == ("2025-05-01/2025-05-03", "2025-05-01/2025-05-04")
    assert "before: 2." in read(file, repeated).remarks[0]


def test_a_turn_of_the_last_day_waits_for_a_later_one(file: Path) -> None:
    lines = days(up_to(-4), up_to(-1))
    assert len(told(file, lines)) == 1
    assert "has to bear out: 1." in read(file, lines).remarks[0]
    # A day that repeats it keeps it waiting; after two no later drawing is near enough to undo it.
    assert len(told(file, days(up_to(-4), up_to(-1), up_to(-1)))) == 1
    assert len(told(file, days(up_to(-4), up_to(-1), up_to(-1), up_to(-1)))) == 2


def test_a_longer_file_says_the_same_and_more(file: Path) -> None:
    lines = days(
        up_to(-9), up_to(-4), up_to(-1), up_to(3), up_to(-1), up_to(0.5), up_to(9), up_to(4), up_to(-9)
    )
    whole = assessed(read(file, lines))
    for length in range(1, len(lines)):
        part = assessed(read(file, lines[:length]))
        assert [each for each in whole if each in part] == part


def test_the_order_of_the_rows_plays_no_part_and_a_row_given_twice_counts_once(file: Path) -> None:
    lines = days(up_to(-4), up_to(-1), up_to(-1.01), up_to(1), up_to(1.01))
    assert assessed(read(file, lines[::-1] + lines[:1])) == assessed(read(file, lines))


def test_two_different_drawings_of_a_day_are_both_left_out(file: Path) -> None:
    lines = [*days(up_to(-4), up_to(-1), up_to(-4)), row("2025-05-02", up_to(3))]
    batch = read(file, lines)
    assert [(fault.line, fault.message) for fault in batch.left_out] == [
        (2, "There are 2 different drawings of 2025-05-02."),
        (4, "There are 2 different drawings of 2025-05-02."),
    ]
    assert len(assessed(batch)) == 1


@pytest.mark.parametrize(
    ("geometry", "reason"),
    [
        ({"type": "MultiPolygon", "coordinates": []}, "Nothing is drawn."),
        ({"type": "Point", "coordinates": [1, 2]}, "The geometry is no polygon or multipolygon."),
        ({"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}, "The geometry is no GeoJSON"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [1, 91], [2, 2], [1, 2]]]}, "off the globe"),
        ({"type": "Polygon", "coordinates": "x"}, "The geometry is no GeoJSON"),
        (None, "The geometry is no GeoJSON"),
    ],
)
def test_a_day_that_is_no_drawing_is_left_out_as_if_it_were_missing(
    file: Path, geometry: Any, reason: str
) -> None:
    lines = [*days(up_to(-4), None, up_to(-1), up_to(-1.01)), row("2025-05-02", geometry)]
    batch = read(file, lines)
    assert [fault.line for fault in batch.left_out] == [4]
    assert reason in batch.left_out[0].message
    assert [each.occurred.edtf for each in assessed(batch)] == ["2025-04-30", "2025-05-01/2025-05-02"]


def test_a_line_that_is_no_row_is_a_fault_with_its_line(file: Path) -> None:
    lines = [*days(up_to(-4)), '{"date": "1 May"}', json.dumps({"date": "2025-13-01", "geometry": up_to(1)})]
    found = read(file, lines).found
    assert [fault.line for fault in found.faults] == [2, 3]


def test_edges_that_cross_are_mended(file: Path) -> None:
    """A bow tie of two triangles: the one in the west covers what a plain triangle would."""
    west, east = east_of(-8), east_of(8)
    tie = [[west, 48.9], [east, 49.1], [east, 48.9], [west, 49.1], [west, 48.9]]
    triangle = [[west, 48.9], [LONGITUDE, LATITUDE], [west, 49.1], [west, 48.9]]
    [whole] = assessed(read(file, days({"type": "Polygon", "coordinates": [tie]})))
    [half] = assessed(read(file, days({"type": "Polygon", "coordinates": [triangle]})))
    assert 2 * (half.stated["russia"].min + 0.02) == pytest.approx(
        whole.stated["russia"].min + 0.02, abs=3e-4
    )


def test_a_hole_in_a_polygon_is_not_marked(file: Path) -> None:
    geometry = box(-200, 200)
    geometry["coordinates"][0].append(box(-10, 10, -10, 10)["coordinates"][0][0])
    assert told(file, days(geometry)) == []
    [said] = assessed(read(file, days(geometry), places="all"))
    assert said.stated == {"russia": NONE}


def test_only_places_that_are_touched_at_some_time_are_told_of_unless_all_are_asked_for(file: Path) -> None:
    near = location("near", point=(LONGITUDE, LATITUDE))
    inside = location("inside", point=(east_of(-50), LATITUDE))
    far = location("far", point=(east_of(50), LATITUDE))
    lines = days(up_to(-9), up_to(-9.5), up_to(-1), up_to(-1.01))
    seen = [each.id for each in assessed(read(file, lines, near, inside, far))]
    # What was so at first sight is told as soon as there is something to tell of the place.
    assert seen == ["deepstate.inside.20250501", "deepstate.near.20250501", "deepstate.near.20250503"]
    every = {each.at[0]: each.stated["russia"] for each in assessed(read(file, lines[:1], near, inside, far))}
    assert every == {"inside": ALL}
    every = {
        each.at[0]: each.stated["russia"] for each in assessed(read(file, lines[:1], near, far, places="all"))
    }
    assert every == {"near": NONE, "far": NONE}


def test_regions_and_places_without_a_point_are_not_measured(file: Path) -> None:
    region = location("region", "region", point=(LONGITUDE, LATITUDE))
    long = location("x" * 101, point=(LONGITUDE, LATITUDE))
    batch = read(file, days(up_to(9)), region, location("nowhere"), long)
    assert assessed(batch) == []
    assert [fault.message[:22] for fault in batch.left_out] == ["The id of the place 'x"]
    assert "import places first" in batch.remarks[-1]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"radius": "0.4"}, "--radius"),
        ({"radius": "five"}, "--radius"),
        ({"radius": "nan"}, "--radius"),
        ({"threshold": "0.001"}, "--threshold"),
        ({"threshold": "2%"}, "--threshold"),
        ({"places": "some"}, "--places"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused(file: Path, options: dict[str, str], path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(file, days(up_to(1)), **options)
    assert [fault.path for fault in caught.value.faults] == [path]


def test_without_the_package_one_sentence_says_what_to_install(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "intake.importers.deepstate.watching", raising=False)
    monkeypatch.delitem(sys.modules, "intake.importers.deepstate.areas", raising=False)
    monkeypatch.setitem(sys.modules, "shapely", None)
    monkeypatch.setitem(sys.modules, "shapely.geometry.base", None)
    with pytest.raises(NotConfigured, match=r"pip install 'palimpsest\[deepstate\]'"):
        read(file, days(up_to(1)))


def test_a_packed_file_is_read_as_well_and_in_batches(file: Path) -> None:
    places = [location(f"p{number}", point=(LONGITUDE, LATITUDE)) for number in range(1_200)]
    plain = read(file, days(up_to(-1)), *places)
    packed = file.with_suffix(".gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    from intake.places import PlaceBook

    source = Source(path=packed, options=DEFAULTS, places=PlaceBook(lambda: places))
    batches = list(read_deepstate(source))
    assert join(batches).items == plain.items
    assert [len(batch.items) for batch in batches] == [1_000, 203]
