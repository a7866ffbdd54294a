"""CSV: whole, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import fields
from typing import Any

from api.feeds.csv import DANGEROUS
from domain.catalogue import DEVELOPMENT_KINDS
from tests.api.feeds.awkward import CONTROLS, FORMULA, MARKUP, timeline_ids
from tests.api.stories import report, set_the_stage, statement
from tests.api.talking import Api

PATH = "/v1/locations/hill/timeline.csv"


def rows(api: Api, path: str = PATH, **query: Any) -> list[dict[str, str]]:
    response = api.get(path, **query)
    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.content.endswith(b"\r\n")
    table = list(csv.reader(io.StringIO(response.text, newline=""), strict=True))
    assert {len(row) for row in table} == {len(table[0])}, "RFC 4180: every line has as many fields"
    assert len(set(table[0])) == len(table[0])
    return [dict(zip(table[0], row, strict=True)) for row in table[1:]]


def plain(cell: str) -> str:
    """A cell as it was before it was defused."""
    return cell.removeprefix("'")


def test_it_has_every_field_of_every_kind(awkward: Api) -> None:
    columns = set(rows(awkward)[0])
    for kind in DEVELOPMENT_KINDS:
        for field in fields(kind):
            assert {field.name, f"{field.name}_edtf"} & columns, (kind, field.name)


def test_it_is_what_the_json_answer_is(awkward: Api) -> None:
    told = {row["id"]: row for row in rows(awkward)}
    items = {item["id"]: item for item in awkward.read("/v1/locations/hill/timeline")["items"]}
    assert list(told) == timeline_ids(awkward)
    for name, item in items.items():
        row = told[name]
        for field, value in item.items():
            if field in ("occurred", "reported"):
                assert {part: row[f"{field}_{part}"] or None for part in value} == value
            elif field in ("at", "retracted"):
                assert field == "retracted" or row["at"].split() == value
            elif isinstance(value, (dict, list)) and value:
                assert json.loads(row[field]) == value
            else:
                assert plain(row[field]) == ("" if value in (None, [], {}) else str(value)), (name, field)
    assert told["elsewhere"]["at"] == "hill mill"
    assert told["denial"]["summary"] == MARKUP
    assert told["unnamed"]["summary"] == CONTROLS


def test_what_a_spreadsheet_would_run_is_defused_and_can_be_had_back(awkward: Api) -> None:
    told = {row["id"]: row for row in rows(awkward)}
    assert told["assessment"]["summary"] == f"'{FORMULA}"
    assert told["claim"]["manner"] == "'+took"
    for row in told.values():
        assert not any(cell.startswith(DANGEROUS[:-1]) for cell in row.values())


def test_no_text_begins_like_a_formula(fresh: Api) -> None:
    set_the_stage(fresh)
    report(fresh, *(statement(f"it-{number}", summary=f"{start}1") for number, start in enumerate(DANGEROUS)))
    told = {row["id"]: row["summary"] for row in rows(fresh)}
    assert told == {f"it-{number}": f"'{start}1" for number, start in enumerate(DANGEROUS)}
    fresh.write(
        "/v1/locations/hill/descriptions", {"id": "hill", "kind": "area", "name": "=1", "point": [-1, 2]}
    )
    place = rows(fresh, "/v1/map.csv")[0]
    assert place["name"] == "'=1"
    assert place["longitude"] == "-1.0", "a number is no text"


def test_the_map_is_what_the_geojson_is(awkward: Api) -> None:
    clocks = {"valid_at": "2025-03-20"}
    features = awkward.read("/v1/map", **clocks)["features"]
    told = rows(awkward, "/v1/map.csv", **clocks)
    assert [row["id"] for row in told] == [each["id"] for each in features]
    for row, feature in zip(told, features, strict=True):
        assert [float(row["longitude"]), float(row["latitude"])] == feature["geometry"]["coordinates"]
        for name, value in feature["properties"].items():
            assert row[name] == (
                "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
            )
        assert row["clocks_valid_at"] == "2025-03-20T23:59:59.999999Z"
        assert row["clocks_log_position"] == str(awkward.head())


def test_nothing_at_all_is_a_heading(fresh: Api) -> None:
    response = fresh.get("/v1/map.csv")
    assert response.text.count("\r\n") == 1
    assert response.text.startswith("id,name,kind,")
