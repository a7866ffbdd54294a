"""Every rule for the layers of ISW's map, on a few lines each (docs/importers/isw-layers.md)."""

from __future__ import annotations

import gzip
import json
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from domain.kinds.assessments import Assessment, ControlAssessed
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.shares import ALL, ANY, Share
from intake.batches import Batch, join
from intake.importers.isw_layers import read_isw_layers
from intake.places import PlaceBook
from intake.sources import Source
from tests.builders import location

CONTROL = "RussianAssessedCoTinUkraine"
ADVANCE = "RussianAssessedAdvanceinUkraine"
CLAIMED = "RussianClaimedCoTinUkraine"
COUNTER = "UkrainianClaimedCounterOffensives"
PARTISANS = "UkrainianReportedPartisanWarfare"
LESS_THAN_ALL = Share(min=0.0, max=1.0, max_open=True)
SOME_OR_ALL = Share(min=0.0, max=1.0, min_open=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "flips.ndjson"


def inside(layer: str, day: str, place: int = 1, **more: Any) -> dict[str, Any]:
    """A place inside a layer when it begins."""
    return {"date": day, "layer": layer, "geonameid": place, "name": "Town", "state": "inside", **more}


def moved(
    layer: str, to: str, day: str, before: str | None = None, place: int = 1, **more: Any
) -> dict[str, Any]:
    """A place that came into a layer or left it; the map before is that of the day before unless told."""
    number = int(day[-2:]) - 1
    row = {"date": day, "prev_date": before or f"{day[:-2]}{number:02}", "layer": layer, "geonameid": place}
    return {**row, "name": "Town", "lat": 49.0, "lon": 37.0, "from": "x", "to": to, **more}


def came(layer: str, day: str, before: str | None = None, **more: Any) -> dict[str, Any]:
    return moved(layer, "inside", day, before, **more)


def left(layer: str, day: str, before: str | None = None, **more: Any) -> dict[str, Any]:
    return moved(layer, "outside", day, before, **more)


LATER = came(PARTISANS, "2022-06-30", place=9)
"""A line of a later day, that says nothing of control."""


def read(file: Path, *rows: dict[str, Any], places: tuple[LocationRegistered, ...] = ()) -> Batch:
    """What the importer makes of these lines."""
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return join(read_isw_layers(Source(path=file, places=PlaceBook(lambda: places))))


def developments(batch: Batch) -> list[Development]:
    assert batch.found.faults == ()
    return [item.event for item in batch.items if isinstance(item.event, Development)]


def stated(batch: Batch) -> list[tuple[str, str, str, dict[str, Share]]]:
    """Each development as its voice, its kind, its days, and what it says of control."""
    found = []
    for each in developments(batch):
        assert isinstance(each, (Assessment, Claim))
        said = each.stated if isinstance(each, Assessment) else each.control
        found.append((str(each.by), each.kind, each.occurred.edtf, dict(said)))
    return found


@pytest.mark.parametrize(
    ("layer", "voice", "kind", "control"),
    [
        (CONTROL, "isw", "control-assessed", {"russia": ALL}),
        (ADVANCE, "isw", "control-assessed", {"russia": LESS_THAN_ALL}),
        (CLAIMED, "isw-russian-claims", "occupation-claimed", {"russia": ALL}),
        (COUNTER, "isw-ukrainian-claims", "recapture-claimed", {"ukraine": SOME_OR_ALL}),
    ],
)
def test_every_layer_has_its_voice_and_leaving_it_leaves_everything_open(
    file: Path, layer: str, voice: str, kind: str, control: dict[str, Share]
) -> None:
    batch = read(file, came(layer, "2022-05-03"), left(layer, "2022-05-09"), LATER)
    ended = "control-assessed" if voice == "isw" else "control-reported"
    assert stated(batch) == [
        (voice, kind, "2022-05-03", control),
        (voice, ended, "2022-05-09", dict.fromkeys(control, ANY)),
    ]


def test_what_is_claimed_moves_neither_party_nor_the_assessor(file: Path) -> None:
    batch = read(file, came(CLAIMED, "2022-05-03"), came(COUNTER, "2022-05-04"))
    actors = {item.event.id: item.event for item in batch.items if isinstance(item.event, ActorRegistered)}
    voices = {actors[str(each.by)].voice for each in developments(batch)}
    assert voices == {"isw-russian-claims", "isw-ukrainian-claims"}
    assert actors["isw"].kind == "assessor"
    assert [(source.via, source.mode) for each in developments(batch) for source in each.sources] == [
        (("isw-russian-claims", "isw"), "inferred"),
        (("isw-ukrainian-claims", "isw"), "inferred"),
    ]


def test_a_development_has_its_clocks_its_legend_and_its_source(file: Path) -> None:
    batch = read(file, came(CONTROL, "2022-05-03"))
    [said] = developments(batch)
    assert isinstance(said, ControlAssessed)
    assert said.id == "isw-layers.1.isw.20220503"
    assert (said.occurred.edtf, said.reported.edtf) == ("2022-05-03", "2022-05-03/2022-05-04")
    assert said.legend is not None
    assert said.legend.category == "Assessed Russian-controlled Ukrainian Territory"
    assert said.legend.version == "map of 2022-05-03"
    assert (
        said.summary == "ISW's map has Town in the layer 'Assessed Russian-controlled Ukrainian Territory'."
    )
    [document] = [item.event for item in batch.items if isinstance(item.event, DocumentArchived)]
    assert "MIT" in str(document.licence)
    assert [source.document for source in said.sources] == [document.id]


def test_a_map_that_is_missing_widens_the_window(file: Path) -> None:
    [said] = developments(read(file, came(CONTROL, "2022-05-09", before="2022-05-05")))
    assert (said.occurred.edtf, said.reported.edtf) == ("2022-05-06/2022-05-09", "2022-05-06/2022-05-10")


def test_from_one_assessed_layer_into_the_other_is_one_change(file: Path) -> None:
    batch = read(
        file,
        came(ADVANCE, "2022-05-03"),
        left(ADVANCE, "2022-05-09"),
        came(CONTROL, "2022-05-09"),
    )
    assert [(day, control) for _, _, day, control in stated(batch)] == [
        ("2022-05-03", {"russia": LESS_THAN_ALL}),
        ("2022-05-09", {"russia": ALL}),
    ]


@pytest.mark.parametrize("layer", [CONTROL, ADVANCE, CLAIMED, COUNTER])
def test_a_hole_of_one_map_is_no_development(file: Path, layer: str) -> None:
    batch = read(
        file, inside(layer, "2022-05-01"), left(layer, "2022-05-06"), came(layer, "2022-05-07"), LATER
    )
    assert [day for _, _, day, _ in stated(batch)] == ["2022-05-01"]
    assert "passed over: 1." in batch.remarks[0]
    alone = read(file, left(layer, "2022-05-06"), came(layer, "2022-05-07"), LATER)
    assert stated(alone) == []


def test_a_hole_is_one_map_and_not_one_day(file: Path) -> None:
    """The map before 9 May was that of 6 May, so only one map was without the place."""
    rows = [inside(CONTROL, "2022-05-01"), left(CONTROL, "2022-05-06"), LATER]
    hole = read(file, *rows, came(CONTROL, "2022-05-09", before="2022-05-06"))
    assert [day for _, _, day, _ in stated(hole)] == ["2022-05-01"]
    gone = read(file, *rows, came(CONTROL, "2022-05-09"))
    assert [day for _, _, day, _ in stated(gone)] == ["2022-05-01", "2022-05-06", "2022-05-09"]


def test_after_a_hole_in_another_layer_it_changed_at_some_time_since_the_map_before(file: Path) -> None:
    batch = read(
        file, inside(CONTROL, "2022-05-01"), left(CONTROL, "2022-05-06"), came(ADVANCE, "2022-05-07"), LATER
    )
    assert [(day, control) for _, _, day, control in stated(batch)] == [
        ("2022-05-01", {"russia": ALL}),
        ("2022-05-06/2022-05-07", {"russia": LESS_THAN_ALL}),
    ]


def test_one_map_inside_a_layer_is_told(file: Path) -> None:
    """ISW did assess so on that day, and nothing marks it as an error."""
    batch = read(file, came(CONTROL, "2022-05-06"), left(CONTROL, "2022-05-07"), LATER)
    assert [day for _, _, day, _ in stated(batch)] == ["2022-05-06", "2022-05-07"]


def test_leaving_on_the_last_day_waits_for_a_later_one(file: Path) -> None:
    rows = [came(CONTROL, "2022-05-03"), left(CONTROL, "2022-05-06")]
    assert [day for _, _, day, _ in stated(read(file, *rows))] == ["2022-05-03"]
    assert "has to bear out: 1." in read(file, *rows).remarks[0]
    assert [day for _, _, day, _ in stated(read(file, *rows, LATER))] == ["2022-05-03", "2022-05-06"]


def test_a_place_that_leaves_was_inside_before_even_if_nothing_says_so(file: Path) -> None:
    batch = read(file, left(CONTROL, "2022-05-06"), LATER)
    assert stated(batch) == [("isw", "control-assessed", "2022-05-06", {"russia": ANY})]


def test_in_both_assessed_layers_it_is_controlled(file: Path) -> None:
    batch = read(
        file, came(ADVANCE, "2022-05-03"), came(CONTROL, "2022-05-05"), left(CONTROL, "2022-05-09"), LATER
    )
    assert [control for *_, control in stated(batch)] == [
        {"russia": LESS_THAN_ALL},
        {"russia": ALL},
        {"russia": LESS_THAN_ALL},
    ]


def test_neither_the_order_of_the_rows_nor_how_they_are_spread_over_files_plays_a_part(file: Path) -> None:
    rows = [
        inside(ADVANCE, "2022-05-02"),
        left(ADVANCE, "2022-05-06"),
        came(CONTROL, "2022-05-06"),
        left(CONTROL, "2022-05-09"),
        LATER,
    ]
    whole = {each.id: each for each in developments(read(file, *rows))}
    assert len(whole) == 3
    for order in permutations(rows):
        assert {each.id: each for each in developments(read(file, *order, order[0]))} == whole
    apart = [*developments(read(file, rows[0])), *developments(read(file, *rows[1:]))]
    assert {each.id: each for each in apart} == whole


def test_what_says_nothing_of_control_is_left_out_with_its_line(file: Path) -> None:
    unsaid = {key: value for key, value in came(CONTROL, "2022-05-03", place=3).items() if key != "to"}
    batch = read(
        file,
        came(PARTISANS, "2022-05-03"),
        came("RussianInfiltration", "2022-05-03"),
        unsaid,
        came(CONTROL, "2022-05-03", place=2),
        left(CONTROL, "2022-05-03", place=2),
    )
    assert developments(batch) == []
    assert [(fault.line, fault.message[:25]) for fault in batch.left_out] == [
        (1, "Reported partisan warfare"),
        (2, "The layer 'RussianInfiltr"),
        (3, "The line does not say whe"),
        (4, "Another line says otherwi"),
        (5, "Another line says otherwi"),
    ]
    assert [item for item in batch.items if isinstance(item.event, LocationRegistered)] == []


@pytest.mark.parametrize(
    "broken",
    [
        {**inside(CONTROL, "2022-05-03"), "date": "3 May"},
        {**inside(CONTROL, "2022-05-03"), "state": "near"},
        {"date": "2022-05-03"},
    ],
)
def test_a_line_that_is_no_row_is_a_fault_with_its_line(file: Path, broken: dict[str, Any]) -> None:
    [fault] = read(file, came(CONTROL, "2022-05-03"), broken).found.faults
    assert fault.line == 2


HERE, NEAR, FAR = (37.0, 49.0), (37.05, 49.0), (37.2, 49.0)


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (location("x", name="Elsewhere", refs={"geonames": "1"}), "x"),
        (location("x", name="Town", point=NEAR), "x"),
        (location("x", name="Товн", point=NEAR), "x"),
        (location("x", name="Town", point=NEAR, refs={"geonames": "2"}), "town-1"),
        (location("x", name="Town", point=FAR), "town-1"),
        (location("x", "region", name="Town", point=HERE), "town-1"),
        (location("town", name="Another", point=HERE), "town-1"),
    ],
)
def test_a_registered_place_is_found_by_its_number_or_by_name_and_point(
    file: Path, place: LocationRegistered, at: str
) -> None:
    batch = read(file, came(CONTROL, "2022-05-03"), places=(place,))
    assert developments(batch)[0].at == (at,)
    new = [item.event for item in batch.items if isinstance(item.event, LocationRegistered)]
    assert [(each.id, each.point, each.refs) for each in new] == (
        [("town-1", HERE, {"geonames": "1"})] if at == "town-1" else []
    )


def test_two_places_of_the_file_are_never_one_registered_place(file: Path) -> None:
    batch = read(
        file,
        came(CONTROL, "2022-05-03"),
        came(CONTROL, "2022-05-03", place=2),
        places=(location("x", name="Town", point=NEAR),),
    )
    assert [each.at for each in developments(batch)] == [("x",), ("town-2",)]


def test_a_place_whose_point_no_line_gives_is_registered_without(file: Path) -> None:
    batch = read(file, inside(CONTROL, "2022-05-03"))
    [place] = [item.event for item in batch.items if isinstance(item.event, LocationRegistered)]
    assert place.point is None
    batch = read(file, inside(CONTROL, "2022-05-03"), came(CLAIMED, "2022-05-04"))
    [place] = [item.event for item in batch.items if isinstance(item.event, LocationRegistered)]
    assert place.point == HERE


def test_a_packed_file_is_read_as_well(file: Path) -> None:
    plain = read(file, came(CONTROL, "2022-05-03"))
    packed = file.with_suffix(".gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert join(read_isw_layers(Source(path=packed))).items == plain.items
