"""Any table by its mapping: what becomes of rows and cells (docs/importers/csv.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.registry import ActorRegistered, DocumentArchived
from domain.shares import ALL, MOST, PART, Share
from intake.drafts import BATCH
from intake.importers.csv_tables import read_csv_table
from tests.builders import location
from tests.intake.importers.tables import (
    HEAD,
    MAPPING,
    development,
    developments,
    mapping,
    read,
    registered,
    source,
)


def test_a_row_is_a_development_that_cites_the_table(tmp_path: Path) -> None:
    batch = read(tmp_path, f"{HEAD}\n1,kupiansk,2025-11-20~\n")
    [said] = developments(batch)
    assert (said.id, said.kind, said.at, said.by, said.holder) == (
        "watch.1",
        "occupation-claimed",
        ("kupiansk",),
        "russia",
        "russia",
    )
    assert said.reported.edtf == said.occurred.edtf == "2025-11-20~"
    assert [cited.document for cited in said.sources] == ["watch"]
    [document] = [item.event for item in batch.items if isinstance(item.event, DocumentArchived)]
    assert (document.id, document.publisher, document.licence) == ("watch", "watch", "CC BY 4.0")
    assert [item.event.id for item in batch.items if isinstance(item.event, ActorRegistered)] == ["watch"]
    assert batch.remarks == ("Rows: 1; developments: 1.",)


def test_a_row_has_the_line_on_which_it_starts(tmp_path: Path) -> None:
    said = development(summary={"column": "words"})
    table = f'{HEAD},words\n\n1,kupiansk,2025,"two\nlines, ""quoted"""\r\n,,,\n2,kupiansk,2025,more\n'
    batch = read(tmp_path, table, said)
    assert [item.line for item in batch.items][-2:] == [3, 6]
    assert [each.summary for each in developments(batch)] == ['two\nlines, "quoted"', "more"]


@pytest.mark.parametrize(
    ("table", "layout"),
    [
        (f"{HEAD}\n1,kupiansk,2025\n", {}),
        (f"\ufeff{HEAD}\n1,kupiansk,2025", {}),
        (f"{HEAD}\r\n1, kupiansk ,2025\r\n", {}),
        ("nr;town;day\n1;kupiansk;2025\n", {"delimiter": ";"}),
        ("nr\ttown\tday\n1\tkupiansk\t2025\n", {"delimiter": "\t"}),
        (f'\ufeffTown watch\nas of today, "quoted\n{HEAD}\n1,kupiansk,2025\n', {"lines_before": 2}),
    ],
)
def test_tables_are_written_in_many_ways(tmp_path: Path, table: str, layout: dict[str, Any]) -> None:
    batch = read(tmp_path, table, mapping(table=layout))
    [said] = developments(batch)
    assert (said.id, said.at) == ("watch.1", ("kupiansk",))
    assert batch.items[-1].line == 2 + layout.get("lines_before", 0)


def test_a_day_is_one_in_the_time_zone_of_the_table(tmp_path: Path) -> None:
    table = f"{HEAD}\n1,kupiansk,20.11.2025 14:30\n2,kupiansk,1.7.2025\n"
    said = development(reported={"column": "day", "date": ["DD.MM.YYYY HH:mm", "D.M.YYYY"]})
    first, second = developments(read(tmp_path, table, {**said, "timezone": "Europe/Kyiv"}))
    assert first.reported.earliest.isoformat() == "2025-11-20T12:30:00+00:00"
    assert second.reported.earliest.isoformat() == "2025-06-30T21:00:00+00:00"


@pytest.mark.parametrize(
    ("form", "cell", "edtf"),
    [
        ("DD.MM.YYYY", "20.11.2025", "2025-11-20"),
        ("MM/DD/YYYY", "11/20/2025", "2025-11-20"),
        ("D/M/YYYY", "2/1/2025", "2025-01-02"),
        ("D MMMM YYYY", "20 November 2025", "2025-11-20"),
        ("DD-MMM-YYYY", "20-nov-2025", "2025-11-20"),
        ("MMMM YYYY", "May 2025", "2025-05"),
        ("YYYY", "2025", "2025"),
        ("YYYYMMDD", "20251120", "2025-11-20"),
        ("YYYY-MM-DD HH:mm:ss", "2025-11-20 09:05:01", "2025-11-20T09:05:01"),
        ("H:mm, D.M.YYYY", "9:05, 1.2.2025", "2025-02-01T09:05"),
    ],
)
def test_dates_have_the_form_that_the_mapping_names(tmp_path: Path, form: str, cell: str, edtf: str) -> None:
    said = development(reported={"column": "day", "date": form})
    [read_] = developments(read(tmp_path, f'{HEAD}\n1,kupiansk,"{cell}"\n', said))
    assert read_.reported.edtf == edtf


def test_a_date_of_no_form_may_be_kept(tmp_path: Path) -> None:
    said = development(reported={"column": "day", "date": "DD.MM.YYYY", "otherwise": "keep"})
    table = f"{HEAD}\n1,kupiansk,20.11.2025\n2,kupiansk,2025-11~\n"
    assert [each.reported.edtf for each in developments(read(tmp_path, table, said))] == [
        "2025-11-20",
        "2025-11~",
    ]


def test_dates_without_a_form_are_those_of_a_dossier(tmp_path: Path) -> None:
    said = mapping("document", published="2025-11-20")
    said["development"]["occurred"] = {"column": "since"}
    batch = read(
        tmp_path, f"{HEAD},since\n1,kupiansk,2025-11-20,yesterday\n2,kupiansk,2025-11,2025-10~\n", said
    )
    assert [(each.occurred.edtf, each.when_text) for each in developments(batch)] == [
        ("2025-11-19", "yesterday"),
        ("2025-10~", None),
    ]


def test_values_stand_for_what_cells_say(tmp_path: Path) -> None:
    values = {"Russia": {"russia": "all"}, "Contested": {"russia": "part", "ukraine": "part"}, "": {"x": 0.5}}
    said = development(kind="control-assessed", holder=None, control={"column": "held", "values": values})
    table = f"{HEAD},held\n1,kupiansk,2025,Russia\n2,kupiansk,2025, Contested \n3,kupiansk,2025,\n"
    assert [each.control for each in developments(read(tmp_path, table, said))] == [
        {"russia": ALL},
        {"russia": PART, "ukraine": PART},
        {"x": Share(min=0.5, max=0.5)},
    ]


def test_what_has_no_value_is_kept_or_empty_or_left_out_as_the_mapping_says(tmp_path: Path) -> None:
    table = f"{HEAD},how\n1,kupiansk,2025,most of it\n2,kupiansk,2025,40%\n3,kupiansk,2025,\n"
    how = {"column": "how", "values": {"most of it": "most"}}
    kept = read(tmp_path, table, development(share={**how, "otherwise": "keep"}))
    assert [each.share for each in developments(kept)] == [MOST, Share(min=0.4, max=0.4), ALL]
    empty = read(tmp_path, table, development(share={**how, "otherwise": "empty"}))
    assert [each.share for each in developments(empty)] == [MOST, ALL, ALL]
    left_out = read(tmp_path, table, development(share={**how, "otherwise": "leave-out"}))
    assert [each.id for each in developments(left_out)] == ["watch.1", "watch.3"]
    [told] = left_out.left_out
    assert (told.line, told.message) == (3, "The column 'how' says '40%', for which there is no value.")
    assert left_out.remarks == ("Rows: 3; developments: 2, left out: 1.",)


def test_a_share_and_a_control_may_be_made_of_cells(tmp_path: Path) -> None:
    said = development(
        kind="control-assessed",
        holder=None,
        control={"russia": {"column": "ru"}, "ukraine": {"column": "ua"}},
    )
    table = f'{HEAD},ru,ua\n1,kupiansk,2025,0.4,\n2,kupiansk,2025,"[0.1, 0.2)",most\n'
    first, second = developments(read(tmp_path, table, said))
    assert first.control == {"russia": Share(min=0.4, max=0.4)}
    assert second.control == {"russia": Share(min=0.1, max=0.2, max_open=True), "ukraine": MOST}


def test_numbers_prefixes_lists_and_sentences(tmp_path: Path) -> None:
    said = development(
        kind="population-reported",
        holder=None,
        at={"column": "town", "split": ";"},
        by={"column": "who", "prefix": "unit-"},
        count={"column": "people", "number": True},
        summary={"text": "{people} people in {town}."},
    )
    table = f"{HEAD},who,people\n1,kupiansk; lyman-1,2025,3,27 169\n"
    [each] = developments(read(tmp_path, table, said))
    assert (each.at, each.by, each.count) == (("kupiansk", "lyman-1"), "unit-3", 27_169)
    assert each.summary == "27 169 people in kupiansk; lyman-1."


def test_rows_may_be_skipped(tmp_path: Path) -> None:
    said = mapping(skip=[{"column": "state", "is": ["draft", "", 5]}, {"column": "nr", "is": "9"}])
    table = f"{HEAD},state\n1,kupiansk,2025,draft\n2,kupiansk,2025,ok\n3,,,\n4,?,?,5\n9,kupiansk,2025,ok\n"
    batch = read(tmp_path, table, said)
    assert [each.id for each in developments(batch)] == ["watch.2"]
    assert batch.remarks == ("Rows: 5; developments: 1, skipped: 4.",)
    assert batch.left_out == ()


PLACE = {"column": "town", "find": "name"}


@pytest.mark.parametrize(
    ("place", "cells", "at"),
    [
        (PLACE, "Kupjansk,,,", "kupiansk"),
        (PLACE, "Куп’янськ,,,", "kupiansk"),
        ({**PLACE, "values": {"The river port": "lyman-2"}}, "The river port,,,", "lyman-2"),
        ({**PLACE, "part_of": {"column": "oblast"}}, "Lyman,donetsk,,", "lyman-1"),
        (
            {**PLACE, "part_of": {"column": "oblast", "values": {"Харків": "kharkiv"}}},
            "Lyman,Харків,,",
            "lyman-2",
        ),
        ({**PLACE, "near": {"longitude": "x", "latitude": "y"}}, "Lyman,,36.5,49.65", "lyman-2"),
        ({**PLACE, "near": {"longitude": "x", "latitude": "y", "within_km": 500}}, "Lyman,,38,49", "lyman-1"),
        ({**PLACE, "near": {"longitude": "x", "latitude": "y"}}, "Kupiansk,,,", "kupiansk"),
        ({"column": "town", "ref": "geonames"}, "702320,,,", "lyman-1"),
    ],
)
def test_a_place_is_found_by_name_or_reference(
    tmp_path: Path, place: dict[str, Any], cells: str, at: str
) -> None:
    batch = read(
        tmp_path, f"{HEAD.replace('day', 'oblast,x,y,day')}\n1,{cells},2025\n", development(at=place)
    )
    [said] = developments(batch)
    assert said.at == (at,)


def test_several_places_may_be_found_in_one_cell_or_in_several(tmp_path: Path) -> None:
    table = f"{HEAD},other\n1,Kupiansk/Куп’янськ-2,2025,702320\n"
    more = [
        location("kupiansk-2"),
        location("kupiansk", name="Kupiansk"),
        location("l", refs={"geonames": "702320"}),
    ]
    said = development(at={**PLACE, "split": "/"})
    [each] = developments(read(tmp_path, table, said, places=more))
    assert each.at == ("kupiansk", "kupiansk-2")
    said = development(at=["kupiansk", {"column": "other", "ref": "geonames"}])
    [each] = developments(read(tmp_path, table, said, places=more))
    assert each.at == ("kupiansk", "l")


def test_a_place_that_is_not_found_may_be_left_out(tmp_path: Path) -> None:
    table = f"{HEAD}\n1,Lyman,2025\n2,Nowhere,2025\n3,Kupiansk,2025\n"
    batch = read(tmp_path, table, development(at={**PLACE, "otherwise": "leave-out"}))
    assert [each.id for each in developments(batch)] == ["watch.3"]
    many = "The column 'town' says 'Lyman', which 2 places are called: lyman-1, lyman-2."
    many += " Say which with part_of or near, or name its id in values."
    none = "The column 'town' says 'Nowhere', a name that no place has."
    assert [(fault.line, fault.message) for fault in batch.left_out] == [(2, many), (3, none)]


def test_places_that_come_with_the_mapping_are_found_and_registered_once(tmp_path: Path) -> None:
    izium = {"id": "izium", "kind": "settlement", "name": "Izium", "names": {"uk": "Ізюм"}}
    said = development(at=PLACE) | {"locations": [izium]}
    table = f"{HEAD}\n1,Ізюм,2025\n"
    batch = read(tmp_path, table, said)
    assert registered(batch) == ["izium"]
    assert [each.at for each in developments(batch)] == [("izium",)]
    again = read(tmp_path, table, said, places=[location("izium", name="Izium")])
    assert registered(again) == []
    assert [each.at for each in developments(again)] == [("izium",)]
    elsewhere = read(tmp_path, f"{HEAD}\n1,Other,2025\n", said, places=[location("izium", name="Other")])
    assert [each.at for each in developments(elsewhere)] == [("izium",)]


def test_ids_are_of_a_column_or_of_what_the_row_says(tmp_path: Path) -> None:
    def ids(said: dict[str, Any], table: str) -> list[str]:
        return [each.id for each in developments(read(tmp_path, table, said))]

    rows = "\n1/A,kupiansk,2025\nПерший,kupiansk,2025\nb_2.x,kupiansk,2024\n"
    assert ids(MAPPING, HEAD + rows) == ["watch.1-a", "watch.pershi", "watch.b_2.x"]
    assert ids(mapping(id={"column": "nr", "prefix": "w-"}), HEAD + rows)[0] == "w-1-a"
    whole = ids(mapping(id=None), HEAD + rows)
    assert whole[0] == whole[1] != whole[2]
    assert all(each.startswith("watch.") and len(each) == len("watch.") + 16 for each in whole)
    # Columns that the mapping does not read, their order and the order of rows make no difference.
    moved = "day,more,town,nr\n2024,!,kupiansk,3\n2025,?,kupiansk,1\n"
    assert ids(mapping(id=None), moved) == [whole[2], whole[0]]
    assert ids(mapping(id=None) | {"timezone": "Europe/Kyiv"}, HEAD + rows) == whole
    chosen = ids(mapping(id={"columns": ["town", "day"], "prefix": "x."}), HEAD + rows)
    assert chosen == [each.replace("watch.", "x.") for each in whole]
    by_number = ids(mapping(id={"columns": ["nr"]}), HEAD + rows)
    assert len(set(by_number)) == 3


def test_an_id_made_of_a_row_stays_the_same_for_ever(tmp_path: Path) -> None:
    """Whoever changes this makes every table anew at its next import."""
    [said] = developments(read(tmp_path, f"{HEAD}\n1,kupiansk,2025\n", mapping(id=None)))
    assert said.id == "watch.ca3b5aabb71c120a"


def test_a_row_may_have_a_source_of_its_own(tmp_path: Path) -> None:
    own = {"publisher": {"column": "paper"}, "url": {"column": "link"}, "title": {"column": "title"}}
    said = mapping(source={**own, "via": {"column": "via"}, "mode": "paraphrase"})
    table = (
        f"{HEAD},paper,link,title,via\n"
        "1,kupiansk,2025,daily,https://example.org/a,An army claims,\n"
        "2,kupiansk,2025,daily,https://example.org/a,An army claims,agency\n"
        "3,kupiansk,2025,daily,https://example.org/b,,\n"
        "4,kupiansk,2025,,,,agency\n"
        "5,kupiansk,2025,,,,\n"
    )
    batch = read(tmp_path, table, said)
    documents = [item.event for item in batch.items if isinstance(item.event, DocumentArchived)]
    assert [(each.publisher, each.title, each.url) for each in documents[1:]] == [
        ("daily", "An army claims", "https://example.org/a"),
        ("daily", "https://example.org/b", "https://example.org/b"),
    ]
    assert documents[1].id.startswith("watch.")
    a, b = documents[1].id, documents[2].id
    assert [[(cited.document, cited.via) for cited in each.sources] for each in developments(batch)] == [
        [(a, ()), ("watch", ("daily",))],
        [(a, ("agency",)), ("watch", ("agency",))],
        [(b, ()), ("watch", ("daily",))],
        [("watch", ("agency",))],
        [("watch", ())],
    ]
    assert {each.mode for each in developments(batch)} == {"paraphrase"}


def test_a_long_table_is_read_in_batches_and_twice_the_same(tmp_path: Path) -> None:
    rows = "".join(f"{number},kupiansk,2025\n" for number in range(2 * BATCH))
    given = source(tmp_path, f"{HEAD}\n{rows}")
    first, second = ([batch.items for batch in read_csv_table(given)] for _ in range(2))
    assert [len(items) for items in first] == [BATCH, BATCH, 2]
    assert first == second
