"""The tables of dates, clocks and shares: what the pages say of a written form is what it means."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from fastapi.testclient import TestClient

from domain.shares import Share
from intake.dates import resolve_clock, resolve_when, timezone_named
from intake.dossiers import read_dossier
from intake.edtf_spans import PADDING_DAYS
from intake.ndjson import read_ndjson
from intake.shares import resolve_share
from tests.docs.pages import code, codes, fences, sections, table
from tests.docs.sessions import Session

CLOCKS = {**sections("clocks.md", 2), **sections("clocks.md", 3)}


def instant(cell: str) -> datetime | None:
    """The instant of a cell; None where it says so."""
    return datetime.fromisoformat(code(cell)) if code(cell) else None


@pytest.mark.parametrize("row", table(CLOCKS["Setting a clock"]), ids=lambda row: row[0])
def test_what_a_clock_becomes(row: list[str]) -> None:
    assert resolve_clock(code(row[0]), tz=timezone_named(code(row[1]))) == instant(row[2])


@pytest.mark.parametrize("row", table(CLOCKS["Imprecise dates"].partition("### ")[0]), ids=lambda row: row[0])
def test_the_window_of_a_date(row: list[str]) -> None:
    when = resolve_when(code(row[0]))
    assert (when.earliest, when.latest) == (instant(row[1]), instant(row[2]))


@pytest.mark.parametrize("row", table(CLOCKS["Within and throughout"]), ids=lambda row: row[0])
def test_what_is_sure_of_an_interval(row: list[str]) -> None:
    when = resolve_when(code(row[0]))
    assert [when.earliest, when.sure_from, when.sure_until, when.latest] == [
        instant(cell) for cell in row[1:]
    ]


def test_the_padding() -> None:
    assert {row[0]: int(row[1]) for row in table(CLOCKS["Padding"])} == PADDING_DAYS


@pytest.mark.parametrize("row", table(CLOCKS["Words"]), ids=lambda row: row[0])
def test_dates_in_words(row: list[str]) -> None:
    assert resolve_when(code(row[0]), anchor=date(2025, 12, 13)).edtf == code(row[1])


def test_one_place_under_several_clocks(client: TestClient, session: Session) -> None:
    for asked, status, because in table(CLOCKS["One place, six questions"]):
        answer = client.get(f"/v1/locations/kupiansk?{code(asked)}").json()
        assert [answer["status"], *filter(None, [answer["holder"]])] == codes(status)
        assert answer["because"] == codes(because)


@pytest.mark.parametrize("row", table(sections("positions.md", 2)["Shares"]), ids=lambda row: row[0])
def test_the_interval_of_a_share(row: list[str]) -> None:
    opening, closing = row[1][0], row[1][-1]
    low, high = (float(end) for end in row[1][1:-1].split(","))
    expected = Share(min=low, max=high, min_open=opening == "(", max_open=closing == ")")
    assert resolve_share(code(row[0])) == expected
    assert all(resolve_share(also) == expected for also in codes(row[2]))


def test_every_form_of_a_share_is_read() -> None:
    for _, examples in table(sections("dossiers.md", 2)["Shares"]):
        for example in codes(examples):
            value = read_dossier_value(example)
            assert resolve_share(value).is_possible


def read_dossier_value(written: str) -> object:
    from intake.yaml_lines import read_yaml

    return read_yaml(written).value


def test_the_dossier_of_the_page_can_be_read() -> None:
    [fence] = [fence for fence in fences("dossiers.md") if "dossier" in fence.words]
    batch = read_dossier(fence.text.encode())
    assert batch.found.faults == ()
    assert len(batch.items) == 6


def test_the_ndjson_of_the_page_can_be_read() -> None:
    [fence] = [fence for fence in fences("dossiers.md") if "ndjson" in fence.words]
    [batch] = read_ndjson(fence.text.encode().splitlines())
    assert batch.found.faults == ()
    assert len(batch.items) == 3
