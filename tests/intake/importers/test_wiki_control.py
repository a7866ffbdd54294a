"""Every rule for the table's edits, on a few lines each (docs/importers/wiki-control.md)."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from domain.registry import ActorRegistered, LocationRegistered
from domain.shares import ALL, ANY, NONE, Share
from intake.batches import join
from intake.importers.wiki_control import read_wiki_control
from intake.places import ActorBook
from intake.sources import Source
from tests.builders import actor, location
from tests.intake.importers.edits import TABLE, developments, gone, read, registered, row, said, seen

LESS_THAN_ALL = Share(min=0.0, max=1.0, max_open=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "edits.ndjson"


def test_an_edit_has_its_three_clocks(file: Path) -> None:
    batch = read(file, seen("2022-09-10T13:39", row("add", held_by="Ukraine", as_of="9 September 2022")))
    [said] = developments(batch)
    assert (said.occurred.edtf, said.reported.edtf) == ("2022-09-09", "2022-09-10T13:39Z")
    assert (said.by, said.holder, said.share) == (TABLE, "ukraine", ALL)
    assert (said.when_text, said.manner) == ("9 September 2022", "Held by: Ukraine")
    assert [source.document for source in said.sources] == [TABLE]
    assert said.id == "wiki-control.town-5000.20220910-1339.20220909"


def test_the_edit_counts_and_not_when_it_was_seen(file: Path) -> None:
    late = seen("2022-09-12T08:00", row("add", held_by="Russia"), stamp="10 September 2022 13h39\xa0UTC")
    assert said(read(file, late)) == [("town 2022-09-10", "2022-09-10T13:39Z", "Russia")]


@pytest.mark.parametrize(
    ("cell", "control"),
    [
        ("Russia", {"russia": ALL}),
        ("ukraine", {"ukraine": ALL}),
        ("Donetsk PR", {"donetsk-pr": ALL}),
        ("DPR", {"donetsk-pr": ALL}),
        ("Luhansk PR", {"luhansk-pr": ALL}),
        ("Contested", {"russia": LESS_THAN_ALL, "ukraine": LESS_THAN_ALL}),
        ("Uncontrolled", {"russia": NONE, "ukraine": NONE}),
        ("Unknown", {"russia": ANY, "ukraine": ANY}),
        ("Not known", {"russia": ANY, "ukraine": ANY}),
        ("Truce", {"russia": ANY, "ukraine": ANY}),
    ],
)
def test_every_wording_has_its_control(file: Path, cell: str, control: dict[str, Share]) -> None:
    [said] = developments(read(file, seen("2022-05-01T10:00", row("add", held_by=cell))))
    assert said.stated == control
    assert said.manner == f"Held by: {cell}"


@pytest.mark.parametrize("cell", ["", "3 Oct 2022", "Contested\xa0Ukraine", "Ukraine\nFreedom of Russia"])
def test_prose_is_left_out_with_its_line_and_the_statement_before_stands(file: Path, cell: str) -> None:
    batch = read(
        file,
        seen("2022-05-01T10:00", row("add", held_by="Ukraine")),
        seen("2022-05-02T10:00", row("control_change", held_by=cell)),
        seen("2022-05-03T10:00", row("control_change", held_by="Ukraine")),
    )
    assert [fault.line for fault in batch.left_out] == [2]
    assert said(batch) == [("town 2022-05-01", "2022-05-01T10:00Z", "Ukraine")]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("9 March 2022", "2022-03-09"),
        ("9\xa0March\xa02022", "2022-03-09"),
        ("9 Mar 2022", "2022-03-09"),
        ("09-Mar-22", "2022-03-09"),
        ("March 9 2022", "2022-03-09"),
        ("", "2022-05-01"),
        ("https://example.org/a", "2022-05-01"),
        ("31 April 2022", "2022-05-01"),
        ("2 May 2022", "2022-05-01"),
    ],
)
def test_the_day_is_that_of_the_row_or_else_of_the_edit(file: Path, written: str, day: str) -> None:
    [said] = developments(read(file, seen("2022-05-01T10:00", row("add", held_by="Russia", as_of=written))))
    assert said.occurred.edtf == day
    assert (said.when_text is None) == (day == "2022-05-01")


def test_a_date_left_standing_belongs_to_the_holder_before(file: Path) -> None:
    batch = read(
        file,
        seen("2022-04-01T12:00", row("add", held_by="Russia", as_of="1 April 2022")),
        seen("2022-09-10T11:29", row("control_change", held_by="Ukraine", as_of="1 April 2022")),
        seen("2022-09-10T13:39", row("as_of", held_by="Ukraine", as_of="10 September 2022")),
    )
    assert said(batch) == [
        ("town 2022-04-01", "2022-04-01T12:00Z", "Russia"),
        ("town 2022-09-10", "2022-09-10T11:29Z", "Ukraine"),
    ]
    assert "not its own" in str(developments(batch)[1].summary)


def test_a_date_left_standing_counts_no_more_when_the_row_changes_again(file: Path) -> None:
    batch = read(
        file,
        seen("2022-09-08T17:32", row("add", held_by="Contested", as_of="8 September 2022")),
        seen("2022-09-09T00:19", row("control_change", held_by="Ukraine", as_of="8 September 2022")),
        seen("2022-10-11T23:17", row("as_of", held_by="Ukraine", as_of="8 Sep 2022")),
    )
    assert [day for day, _, _ in said(batch)] == ["town 2022-09-08", "town 2022-09-09"]


def test_saying_it_again_of_a_later_day_is_no_news(file: Path) -> None:
    batch = read(
        file,
        seen("2022-04-09T10:00", row("add", held_by="Ukraine", as_of="9 April 2022")),
        seen("2022-04-10T10:00", row("as_of", held_by="Ukraine", as_of="10 April 2022")),
        seen("2022-04-11T10:00", row("text_edit", held_by="Ukraine", as_of="10 April 2022")),
        seen("2022-04-12T10:00", row("control_change", held_by="Russia", as_of="5 April 2022")),
    )
    assert said(batch) == [
        ("town 2022-04-09", "2022-04-09T10:00Z", "Ukraine"),
        ("town 2022-04-05", "2022-04-12T10:00Z", "Russia"),
        ("town 2022-04-09", "2022-04-12T10:00Z", "Russia"),
    ]
    assert "in place of" in str(developments(batch)[2].summary)


def test_saying_that_it_is_so_since_earlier_is_news(file: Path) -> None:
    batch = read(
        file,
        seen("2022-04-09T10:00", row("add", held_by="Ukraine")),
        seen("2022-04-10T10:00", row("as_of", held_by="Ukraine", as_of="24 February 2022")),
    )
    assert said(batch)[1:] == [("town 2022-02-24", "2022-04-10T10:00Z", "Ukraine")]


def test_an_edit_war_keeps_every_turn(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T02:41", row("add", held_by="Russia")),
        seen("2022-03-24T14:03", row("control_change", held_by="Contested")),
        seen("2022-03-24T14:08", row("control_change", held_by="Russia")),
    )
    assert said(batch) == [
        ("town 2022-03-02", "2022-03-02T02:41Z", "Russia"),
        ("town 2022-03-24", "2022-03-24T14:03Z", "Contested"),
        ("town 2022-03-24", "2022-03-24T14:08Z", "Russia"),
    ]


def test_a_row_that_is_gone_ends_what_the_table_says(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia")),
        seen("2022-07-11T21:19", gone()),
    )
    end = developments(batch)[1]
    assert end.stated == {"russia": ANY, "ukraine": ANY}
    assert (end.occurred.edtf, end.manner) == ("2022-07-11", "Row taken out")


def test_a_row_that_is_back_says_again_what_it_said(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia", as_of="2 March 2022")),
        seen("2022-03-05T10:00", gone()),
        seen("2022-03-07T10:00", row("add", held_by="Russia", as_of="2 March 2022")),
    )
    assert said(batch)[1:] == [
        ("town 2022-03-05", "2022-03-05T10:00Z", "Row taken out"),
        ("town 2022-03-05", "2022-03-07T10:00Z", "Russia"),
    ]


def test_a_row_that_is_away_for_less_than_a_day_was_not_taken_out(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia")),
        seen("2022-03-05T10:00", gone()),
        seen("2022-03-06T09:59", row("add", held_by="Russia")),
    )
    assert said(batch) == [("town 2022-03-02", "2022-03-02T10:00Z", "Russia")]


def test_an_old_copy_of_the_page_says_nothing_new(file: Path) -> None:
    now, then = "10 October 2022 23h17 UTC", "10 October 2022 07h15 UTC"
    batch = read(
        file,
        seen("2022-10-10T09:00", row("add", held_by="Russia"), stamp=then),
        seen("2022-10-11T09:00", row("control_change", held_by="Ukraine"), stamp=now),
        seen("2022-10-11T10:00", row("control_change", held_by="Russia"), stamp=then),
        seen("2022-10-11T11:00", row("control_change", held_by="Ukraine"), stamp=now),
    )
    assert said(batch) == [
        ("town 2022-10-10", "2022-10-10T07:15Z", "Russia"),
        ("town 2022-10-10", "2022-10-10T23:17Z", "Ukraine"),
    ]
    assert "1 are of old copies" in batch.remarks[0]


def test_of_two_sightings_of_one_version_the_later_counts(file: Path) -> None:
    stamp = "3 March 2022 02h44 UTC"
    batch = read(
        file,
        seen("2022-03-03T02:52", row("add", held_by="Contested\xa0Ukraine"), stamp=stamp),
        seen("2022-03-03T03:09", row("control_change", held_by="Contested"), stamp=stamp),
    )
    assert said(batch) == [("town 2022-03-03", "2022-03-03T02:44Z", "Contested")]
    assert batch.left_out == ()


def test_a_row_that_went_belongs_to_the_version_that_is_seen_after_it(file: Path) -> None:
    """The page seen at 12:00 was last edited at 9:00, so it was that version at 11:00 as well."""
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia"), row("add", "Other", "Russia")),
        seen("2022-03-05T11:00", gone()),
        seen("2022-03-05T12:00", row("control_change", "Other", "Ukraine"), stamp="5 March 2022 09h00 UTC"),
    )
    assert ("town 2022-03-05", "2022-03-05T09:00Z", "Row taken out") in said(batch)


def test_a_second_copy_of_a_row_is_passed_over(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia"), row("add", held_by="Russia", dup=2)),
        seen("2022-03-04T10:00", gone(dup=2)),
    )
    assert len(developments(batch)) == 1
    assert "2 are second copies" in batch.remarks[0]


def test_misplaced_columns_are_left_out_with_their_line(file: Path) -> None:
    batch = read(
        file,
        seen("2022-04-02T10:00", row("add", held_by="Russia")),
        seen("2022-04-02T12:00", row("add", held_by="Ukraine", dup=2), stamp="48.4672"),
    )
    assert [fault.line for fault in batch.left_out] == [2]
    assert len(developments(batch)) == 1


def places_of(batch: Any) -> list[str]:
    return [place for place, _, _ in said(batch)]


def test_a_row_that_takes_over_is_the_same_place(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", "Chailynka", "Russia")),
        seen("2022-03-13T10:00", gone("Chailynka"), row("add", "Chaplynka", "Russia")),
        seen(
            "2022-03-14T10:00",
            gone("Chaplynka"),
            row("add", "Chaplynka[disambiguation needed]", "Ukraine", population="9000"),
        ),
    )
    assert places_of(batch) == ["chaplynka 2022-03-02", "chaplynka 2022-03-14"]
    assert registered(batch)["chaplynka"].refs == {TABLE: "Chailynka/5000"}


def test_namesakes_stay_apart(file: Path) -> None:
    batch = read(
        file,
        seen(
            "2022-03-02T10:00", row("add", held_by="Russia"), row("add", held_by="Ukraine", population="90")
        ),
    )
    assert places_of(batch) == ["town-5000 2022-03-02", "town-90 2022-03-02"]
    first, second = registered(batch).values()
    assert first.point == (37.0, 49.0)
    assert second.point is None, "the second has copied the point of the first"


@pytest.mark.parametrize(("population", "count"), [("5100", 1), ("4000", 2)])
def test_a_count_brought_up_to_date_is_the_same_place(file: Path, population: str, count: int) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia")),
        seen("2022-03-12T10:00", gone()),
        seen("2022-04-12T10:00", row("add", held_by="Ukraine", population=population)),
    )
    assert len(registered(batch)) == count


def test_a_row_without_a_number_is_the_one_place_it_can_be(file: Path) -> None:
    one = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia", population="")),
        seen("2022-03-03T10:00", gone(population="")),
        seen("2022-04-12T10:00", row("add", held_by="Ukraine")),
    )
    assert set(registered(one)) == {"town"}
    none = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia")),
        seen("2022-03-03T10:00", row("add", held_by="Ukraine", population="")),
    )
    assert [fault.line for fault in none.left_out] == [2]
    assert places_of(none) == ["town 2022-03-02"]


def test_the_last_point_counts_and_none_outside_the_box(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Russia")),
        seen("2022-03-03T10:00", row("text_edit", held_by="Russia", lat="48.5", lon="38.5")),
        seen("2022-03-04T10:00", row("text_edit", held_by="Russia", lat="37.9", lon="49.1")),
    )
    assert registered(batch)["town"].point == (38.5, 48.5)


HERE, NEAR, FAR = (37.0, 49.0), (37.1, 49.0), (37.2, 49.0)


@pytest.mark.parametrize(
    ("place", "population", "at"),
    [
        (location("x", name="Town", point=NEAR), "5000", "x"),
        (location("x", name="Товн", point=NEAR), "5000", "x"),
        (location("x", name="Town", point=FAR), "5000", "town"),
        (location("x", name="Town"), "5000", "town"),
        (location("x", name="Town", point=NEAR), "999", "town"),
        (location("x", name="Elsewhere", refs={TABLE: "Town/999"}), "999", "x"),
        (location("x", kind="region", name="Town", point=HERE), "5000", "town"),
        (location("town", name="Another", point=HERE), "5000", "town-5000"),
    ],
)
def test_a_registered_place_is_found_by_reference_or_by_name_and_point(
    file: Path, place: LocationRegistered, population: str, at: str
) -> None:
    edits = seen("2022-03-02T10:00", row("add", held_by="Russia", population=population))
    batch = read(file, edits, places=[place])
    assert developments(batch)[0].at == (at,)
    assert set(registered(batch)) == ({at} - {"x"})


def test_an_actor_that_is_registered_is_left_as_it_is(file: Path) -> None:
    read(file, seen("2022-03-02T10:00", row("add", held_by="Russia")))
    book = ActorBook(lambda: [actor("russia", name="The Russian Federation")])
    batch = join(read_wiki_control(Source(path=file, actors=book)))
    actors = {item.event.id for item in batch.items if isinstance(item.event, ActorRegistered)}
    assert actors == {TABLE, "ukraine", "donetsk-pr", "luhansk-pr"}


def test_a_place_of_which_nothing_could_be_read_is_not_registered(file: Path) -> None:
    batch = read(
        file,
        seen("2022-03-02T10:00", row("add", held_by="Captured by Russia")),
        seen("2022-03-04T10:00", gone()),
    )
    assert registered(batch) == {}
    assert developments(batch) == []


def test_a_packed_file_is_read_as_well(file: Path) -> None:
    plain = read(file, seen("2022-03-02T10:00", row("add", held_by="Russia")))
    packed = file.with_suffix(".gz")
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert join(read_wiki_control(Source(path=packed))).items == plain.items


def test_a_line_that_is_no_row_is_a_fault_with_its_line(file: Path) -> None:
    read(file, seen("2022-03-02T10:00", row("add", held_by="Russia")))
    with file.open("a", encoding="utf-8") as lines:
        lines.write('\n{"kind": "add"}\n\n{"nonsense\n')
    found = join(read_wiki_control(Source(path=file))).found
    assert [fault.line for fault in found.faults] == [2, 4]


def test_a_time_without_an_offset_is_a_fault(file: Path) -> None:
    edits = [{**seen("2022-03-02T10:00", row("add"))[0], "seen_at": "2022-03-02T10:00"}]
    [fault] = read(file, edits).found.faults
    assert (fault.line, fault.path) == (1, "seen_at")
