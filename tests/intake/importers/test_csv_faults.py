"""What can be wrong with a table and with its mapping: all of it is told at once, and where."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.errors import InvalidInput
from intake.importers.csv_tables import read_csv_table
from intake.importers.csv_tables.date_forms import read_date_form
from tests.intake.importers.tables import HEAD, MAPPING, development, faults, mapping, read, source

FAR = "a name that no place has within 10 km of its point. Is it lyman-1, lyman-2? Then name that in values."
ROW = f"{HEAD}\n1,kupiansk,2025\n"


@pytest.mark.parametrize(
    ("table", "line", "message"),
    [
        (b"", 1, "The table is empty"),
        (b"\n,,\n \n", 1, "The table is empty"),
        (f"{HEAD}\n1,K\n".encode("utf-16"), 1, "This is UTF-16, and not UTF-8."),
        (
            f"{HEAD}\n1,kupiansk,2025\n2,Київ,2025\n".encode("cp1251"),
            3,
            "This is no UTF-8: byte 3 of the line",
        ),
        (
            f'{HEAD}\n1,kupiansk,2025\n2,"kup\niansk,2025\n'.encode(),
            3,
            "This is no CSV: unexpected end of data.",
        ),
        (f'{HEAD}\n1,"kup"iansk,2025\n'.encode(), 2, "This is no CSV: ',' expected after '\"'."),
        (f"{HEAD}\n1,k{'u' * 200_000},2025\n".encode(), 2, "This is no CSV: field larger than field limit"),
        (f"{HEAD}\r1,kupiansk,2025\r".encode(), 1, "This is no CSV: new-line character seen"),
    ],
)
def test_what_is_no_table_ends_it_with_one_fault(
    tmp_path: Path, table: bytes, line: int, message: str
) -> None:
    [(told_line, path, told)] = faults(tmp_path, table)
    assert (told_line, path) == (line, "")
    assert told.startswith(message)


def test_what_is_no_table_further_down_ends_it_beside_no_batch_that_is_recorded(tmp_path: Path) -> None:
    rows = "".join(f"{number},kupiansk,2025\n" for number in range(1_500))
    batches = read_csv_table(source(tmp_path, f'{HEAD}\n{rows}1,"open\n'))
    next(batches)
    with pytest.raises(InvalidInput) as raised:
        list(batches)
    assert [fault.line for fault in raised.value.faults] == [1_502]


def test_every_fault_of_every_row_has_its_line(tmp_path: Path) -> None:
    said = development(
        at={"column": "town", "find": "name"},
        share={"column": "how", "values": {"all": "all"}},
        reported={"column": "day", "date": ["DD.MM.YYYY", "YYYY"]},
        summary={"column": "words"},
    )
    said["id"] = {"column": "nr"}
    table = (
        f"{HEAD},how,words\n"
        '1,Kupets,2025-11-20,some,"two\nlines"\n'
        "2,Kupiansk\n"
        ",Lyman,31.02.2025,all,w\n"
        "4,Kupiansk,31.02.2025,all,w\n"
        "5,Kupiansk,,all,w\n"
        "6,Nowhere,2025,all,w\n"
    )
    hint = "Is it kupiansk? Then name that in values."
    which = "lyman-1, lyman-2. Say which with part_of or near, or name its id in values."
    assert faults(tmp_path, table, said) == [
        (2, "at", f"The column 'town' says 'Kupets', a name that no place has. {hint}"),
        (2, "reported", "The column 'day' says '2025-11-20', which is not written DD.MM.YYYY or YYYY."),
        (
            2,
            "share",
            "The column 'how' says 'some', for which there is no value. There are values for 'all'.",
        ),
        (4, "", "This row has 2 cells, and the table has 5 columns."),
        (5, "at", f"The column 'town' says 'Lyman', which 2 places are called: {which}"),
        (5, "id", "The column 'nr' is empty."),
        (
            6,
            "reported",
            "The date '2025-02-31' cannot be used: there is no day 31 in 2025-02, which has 28 days.",
        ),
        (7, "reported", "This field is missing."),
        (8, "at", "The column 'town' says 'Nowhere', a name that no place has."),
    ]


@pytest.mark.parametrize(
    ("field", "spec", "cell", "message"),
    [
        (
            "count",
            {"column": "more", "number": True},
            "many",
            "says 'many', which is no number like 1200 or 0.4.",
        ),
        (
            "count",
            {"column": "more", "number": True},
            "1e3",
            "says '1e3', which is no number like 1200 or 0.4.",
        ),
        ("count", {"column": "more", "number": True}, "12.5", "Expected 'int', got 'float'."),
        ("by", {"column": "more", "values": {"x": 5}}, "x", "Expected 'str | null', got 'int'."),
    ],
)
def test_what_a_field_cannot_be(tmp_path: Path, field: str, spec: Any, cell: str, message: str) -> None:
    said = development(kind="population-reported", holder=None, count=1)
    said["development"][field] = spec
    [(line, path, told)] = faults(tmp_path, f"{HEAD},more\n1,kupiansk,2025,{cell}\n", said)
    assert (line, path) == (2, field)
    assert told.endswith(message)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("Lyman,x,49", "The column 'lon' says 'x', which is no number of degrees."),
        ("Lyman,37,", "The column 'lat' says '', which is no number of degrees."),
        ("Lyman,37,91", "The column 'lat' says '91', which is no number of degrees."),
        ("Lyman,nan,49", "The column 'lon' says 'nan', which is no number of degrees."),
        ("Lyman,30,49", f"The column 'town' says 'Lyman', {FAR}"),
    ],
)
def test_what_a_point_cannot_be(tmp_path: Path, cells: str, message: str) -> None:
    near = {"longitude": "lon", "latitude": "lat"}
    said = development(at={"column": "town", "find": "name", "near": near})
    assert faults(tmp_path, f"nr,town,lon,lat,day\n1,{cells},2025\n", said) == [(2, "at", message)]


def test_an_id_in_another_register_that_nobody_has_is_a_fault(tmp_path: Path) -> None:
    said = development(at={"column": "town", "ref": "geonames"})
    message = "The column 'town' says 'kupiansk', an id of 'geonames' that no place has."
    assert faults(tmp_path, ROW, said) == [(2, "at", message)]


@pytest.mark.parametrize(
    ("said", "path", "message"),
    [
        (mapping(colour=1), "colour", "There is no 'colour' here; there are mapping, timezone, table"),
        (mapping(timezone="Kyiv"), "timezone", "There is no time zone named 'Kyiv'"),
        (mapping(table=[1]), "table", "A table is a mapping of delimiter, lines_before."),
        (mapping(table={"delimiter": "::"}), "table.delimiter", "This is one character"),
        (mapping(table={"delimiter": '"'}), "table.delimiter", "This is one character"),
        (
            mapping(table={"lines_before": -1}),
            "table.lines_before",
            "This is a number of lines, up to 1,000.",
        ),
        (mapping(table={"encoding": "cp1251"}), "table.encoding", "There is no 'encoding' here"),
        (mapping("document", id="Watch!"), "document.id", "'Watch!' is no id"),
        (mapping("document", title=None), "document.title", "This field is missing."),
        (mapping("document", licence=5), "document.licence", "Expected"),
        (mapping("document", published="2025-13"), "document.published", "The date '2025-13'"),
        (mapping(actors=5), "actors", "This is a list of entries."),
        (mapping(actors=[{"id": "x", "kind": "y", "name": "X"}]), "actors[0].kind", "There is no 'y'"),
        (mapping(locations=[{"id": "x", "kind": "area"}]), "locations[0].name", "This field is missing."),
        (mapping(locations=[5]), "locations[0]", "This is a mapping of fields."),
        (mapping(skip={"column": "nr"}), "skip", "This is a list of"),
        (mapping(skip=[{"column": "nr"}]), "skip[0].is", "Say what stands in the column of such a row."),
        (
            mapping(skip=[{"column": "no", "is": 1}]),
            "skip[0].column",
            "There is no column 'no'; the columns are",
        ),
        (mapping(id={"column": "n"}), "id.column", "There is no column 'n'; the columns are nr, town, day."),
        (mapping(id={}), "id", "Write either `column`"),
        (mapping(id={"columns": ["nr", "x"]}), "id.columns[1]", "There is no column 'x'"),
        (mapping(id={"column": "nr", "columns": ["nr"]}), "id", "Write either `column`"),
        (mapping(id={"columns": "nr"}), "id", "Write either `column`"),
        (mapping(id={"column": "nr", "prefix": 5}), "id.prefix", "This is text; put it in quotes."),
        (mapping(development=None), "development", "Say of what its fields are made"),
        (development(kind=None), "development.kind", "This field is missing."),
        (
            development(kind="occupation-claimd"),
            "development.kind",
            "There is no kind 'occupation-claimd'. Did",
        ),
        (development(at=None), "development.at", "This field is missing."),
        (development(reported=None), "development.reported", "This field is missing."),
        (development(holdr="x"), "development.holdr", "There is no 'holdr' here; there are"),
        (development(id="x"), "development.id", "There is no 'id' here; there are"),
        (development(sources=[]), "development.sources", "There is no 'sources' here; there are"),
        (development(share=5), "development.share", "A share lies between 0 and 1"),
        (development(reported="2025-13"), "development.reported", "The date '2025-13' cannot be used"),
        (development(by={"column": "who"}), "development.by.column", "There is no column 'who'"),
        (
            development(by={"column": "nr", "x": 1}),
            "development.by.x",
            "There is no 'x' here; there are column",
        ),
        (
            development(by={"column": "nr", "values": [1]}),
            "development.by.values",
            "This is a mapping of what",
        ),
        (
            development(by={"column": "nr", "values": {"a": "b"}, "otherwise": "x"}),
            "development.by.otherwise",
            "There",
        ),
        (
            development(by={"column": "nr", "otherwise": "empty"}),
            "development.by.otherwise",
            "This goes with",
        ),
        (
            development(by={"column": "nr", "number": "yes"}),
            "development.by.number",
            "This is true or false.",
        ),
        (
            development(by={"column": "nr", "split": 1}),
            "development.by.split",
            "This is text; put it in quotes.",
        ),
        (development(by={"column": "nr", "date": "DD"}), "development.by.date", "The form 'DD' is none"),
        (development(summary={"text": "{twon}"}), "development.summary.text", "There is no column 'twon'"),
        (development(at={"column": "town", "find": "nam"}), "development.at", "Write either `find: name` or"),
        (
            development(at={"column": "town", "find": "name", "ref": "x"}),
            "development.at",
            "Write either `find",
        ),
        (
            development(at={"column": "town", "part_of": "x"}),
            "development.at",
            "Write either `find: name` or",
        ),
        (
            development(at={"column": "town", "find": "name", "otherwise": "keep"}),
            "development.at.otherwise",
            "There is no 'keep'; there are leave-out, empty.",
        ),
        (
            development(at={"column": "town", "find": "name", "near": {"longitude": "nr", "latitude": "y"}}),
            "development.at.near.latitude",
            "There is no column 'y'",
        ),
        (
            development(
                at={
                    "column": "town",
                    "find": "name",
                    "near": {"longitude": "nr", "latitude": "nr", "within_km": 0},
                }
            ),
            "development.at.near.within_km",
            "This is a number of kilometres.",
        ),
        (mapping(source=[1]), "source", "A source is a mapping of publisher"),
        (mapping(source={"quote": "x"}), "source.quote", "There is no 'quote' here"),
        (mapping(source={"url": {"column": "link"}}), "source.url.column", "There is no column 'link'"),
    ],
)
def test_what_can_be_wrong_with_a_mapping(
    tmp_path: Path, said: dict[str, Any], path: str, message: str
) -> None:
    [(line, where, told)] = [
        fault for fault in faults(tmp_path, ROW, said) if path in fault[1] or "watch.yaml" not in fault[1]
    ]
    assert line is None, "the line is that of the mapping, and stands in the path"
    assert where.startswith("watch.yaml")
    assert where.endswith(path)
    assert told.startswith(message)


def test_a_fault_of_the_mapping_has_its_line_and_they_come_in_their_order(tmp_path: Path) -> None:
    said = """\
mapping: 1
development:
  kind: occupation-claimed
  at: {column: town}
  reported: 2025
  holder: russia
  by:
    column: who
  share: 5
document: {id: watch, publisher: watch, title: Watch}
actors:
  - {id: x, kind: party, name: X}
  - {id: y,
     kind: y, name: Y}
"""
    assert [where for _, where, _ in faults(tmp_path, ROW, said)] == [
        "watch.yaml:8: development.by.column",
        "watch.yaml:9: development.share",
        "watch.yaml:14: actors[1].kind",
    ]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("", "watch.yaml:1: mapping", "A mapping starts with `mapping: 1`"),
        ("- 1", "watch.yaml:1: mapping", "A mapping starts with `mapping: 1`"),
        ("mapping: 2", "watch.yaml:1: mapping", "A mapping starts with `mapping: 1`"),
        ("mapping: true", "watch.yaml:1: mapping", "A mapping starts with `mapping: 1`"),
        ("mapping: 1\nid: [}", "watch.yaml:2", "This is no YAML or JSON"),
        ("mapping: 1\nmapping: 1", "watch.yaml:2: mapping", "This field is written twice."),
        ("#" * 1_048_577, "watch.yaml", "A mapping has at most 1 MiB."),
    ],
)
def test_what_is_no_mapping(tmp_path: Path, text: str, where: str, message: str) -> None:
    [(_, told_where, told)] = faults(tmp_path, ROW, text)
    assert told_where == where
    assert told.startswith(message)


def test_a_mapping_that_is_not_there_is_one_fault(tmp_path: Path) -> None:
    given = source(tmp_path, ROW)
    (tmp_path / "watch.yaml").unlink()
    with pytest.raises(InvalidInput, match=r"watch\.yaml cannot be read: No such file or directory\."):
        list(read_csv_table(given))


def test_columns_of_one_name_are_a_fault_only_when_they_are_read(tmp_path: Path) -> None:
    assert faults(tmp_path, "nr,town,day,x,x,,\n1,kupiansk,2025,a,b,c,d\n") == []
    for column, path in {"town": "development.at.column", "nr": "id.column"}.items():
        [(_, where, message)] = faults(tmp_path, f"nr,town,day,{column}\n1,kupiansk,2025,2\n")
        assert where.endswith(f": {path}")
        assert message == f"Several columns are called {column!r}; give each its own name."


def test_reading_ends_when_a_thousand_rows_are_wrong(tmp_path: Path) -> None:
    batch = read(tmp_path, f"{HEAD}\n" + "1,kupiansk\n" * 5_000)
    assert len(batch.found.faults) == 1_001
    assert batch.found.faults[-1].code == "too-many"


@pytest.mark.parametrize(
    "form", ["", "x", "DD.MM", "YYYY DD", "YYYY-MM-DD HH", "YYYY mm", "YYYY YYYY", "MMM MM YYYY"]
)
def test_a_form_of_dates_leaves_nothing_out(form: str) -> None:
    with pytest.raises(ValueError, match="The form"):
        read_date_form(form)


def test_a_date_of_another_form_is_none() -> None:
    form = read_date_form("DD.MM.YYYY")
    assert form.read("20.11.2025") == "2025-11-20"
    for other in ("20.11.25", "2.11.2025", "20x11.2025", "20.11.2025 ", "٢٠.١١.٢٠٢٥"):
        assert form.read(other) is None


def test_the_mapping_of_these_tests_is_right(tmp_path: Path) -> None:
    assert faults(tmp_path, ROW, MAPPING) == []
