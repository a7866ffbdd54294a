"""Dates and shares are shown before they are sent, just as a write would read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.stories import claim, set_the_stage
from tests.api.talking import Api

WHEN = ("edtf", "earliest", "latest", "sure_from", "sure_until")


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


def recorded(api: Api, **fields: Any) -> dict[str, Any]:
    """A claim as it is recorded with these fields."""
    identifier: str = api.write("/v1/developments", {**claim(), "id": None, **fields})["id"]
    return api.read(f"/v1/developments/{identifier}")


@pytest.mark.parametrize(
    "text",
    ["2025-03-01", "2025-03-01~", " 2025-02 ", "2025", "2024-02-27/2025-01-10~", "2025-02-01T14:00:00Z"],
)
def test_a_date_reads_as_a_write_reads_it(told: Api, text: str) -> None:
    shown = told.read("/v1/dates", text=text)
    written = recorded(told, occurred=text)
    assert {name: shown[name] for name in WHEN} == written["occurred"]
    assert (shown["text"], shown["when_text"], shown["relative_to"], shown["tz"]) == (text, None, None, "UTC")


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("Friday", "2025-12-12"),
        ("three weeks ago", "2025-11-22"),
        ("три тижні тому", "2025-11-22"),
        ("în urmă cu trei săptămâni", "2025-11-22"),
        ("September 2022", "2022-09"),
    ],
)
def test_words_read_as_in_a_document_of_that_day(told: Api, text: str, edtf: str) -> None:
    shown = told.read("/v1/dates", text=text, relative_to="2025-12-13")
    document = {"id": "of-that-day", "publisher": "gazette", "title": "Hill", "published": "2025-12-13"}
    report = claim(f"said-{edtf}-{len(text)}", occurred=text, sources=[{"document": "of-that-day"}])
    told.write("/v1/dossiers", {"palimpsest": 1, "documents": [document], "developments": [report]})
    written = told.read(f"/v1/developments/{report['id']}")
    assert {name: shown[name] for name in WHEN} == written["occurred"]
    assert shown["when_text"] == written["when_text"] == text
    assert (shown["edtf"].rstrip("~"), shown["relative_to"]) == (edtf, "2025-12-13")


def test_what_it_reads_as_is_in_words(told: Api) -> None:
    assert told.read("/v1/dates", text="2025-11-21~")["reads_as"] == "about 21 Nov 2025"
    assert told.read("/v1/shares", text="[0.85, 0.9)")["reads_as"] == "at least 85%, less than 90%"


def test_a_day_is_that_day_in_the_zone(told: Api) -> None:
    shown = told.read("/v1/dates", text="2025-12-12", tz="Europe/Kyiv")
    assert (shown["earliest"], shown["latest"]) == ("2025-12-11T22:00:00Z", "2025-12-12T22:00:00Z")
    shown = told.read("/v1/dates", text="today", relative_to="2025-12-13T23:30:00Z", tz="Europe/Kyiv")
    assert (shown["edtf"], shown["relative_to"]) == ("2025-12-14", "2025-12-14")


@pytest.mark.parametrize("text", ["2025-13-01", "Friday", "soon", "", "2025-12-13/2025-12-01", "1/2/2025"])
def test_a_date_is_refused_in_the_words_of_a_write(told: Api, text: str) -> None:
    refused = told.get("/v1/dates", text=text)
    written = told.post("/v1/developments", claim("refused", reported="2025-03-03", occurred=text))
    assert refused.status_code == written.status_code == 422
    [shown], [fault] = refused.json()["errors"], written.json()["errors"]
    assert shown == {**fault, "path": "query.text"}
    assert fault["path"] == "occurred"


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"relative_to": "2025-12-13"}, "query.text"),
        ({"text": "Friday", "relative_to": "yesterday"}, "query.relative_to"),
        ({"text": "Friday", "relative_to": "9999-12-31T23:00:00Z", "tz": "Asia/Tokyo"}, "query.relative_to"),
        ({"text": "2025", "tz": "Mars/Olympus"}, "query.tz"),
        ({"text": "2025", "relative": "2025-12-13"}, "query.relative"),
    ],
)
def test_what_cannot_be_read_says_which_parameter_it_is(told: Api, given: dict[str, Any], path: str) -> None:
    refused = told.get("/v1/dates", **given)
    assert refused.status_code == 422
    assert [each["path"] for each in refused.json()["errors"]] == [path]


@pytest.mark.parametrize("text", ["part", "All", "none", "most", "0.4", "90%", "[0.85, 0.9)", "(0,1]"])
def test_a_share_reads_as_a_write_reads_it(told: Api, text: str) -> None:
    shown = told.read("/v1/shares", text=text)
    written = recorded(told, share=text)["share"]
    assert {name: shown[name] for name in written} == written
    assert shown["text"] == text


@pytest.mark.parametrize("text", ["", "half", "120%", "[0.9, 0.1]", "(0.5,0.5)"])
def test_a_share_is_refused_in_the_words_of_a_write(told: Api, text: str) -> None:
    refused = told.get("/v1/shares", text=text)
    written = told.post("/v1/developments", claim("refused", share=text))
    assert refused.status_code == written.status_code == 422
    [shown], [fault] = refused.json()["errors"], written.json()["errors"]
    assert shown == {**fault, "path": "query.text"}


def test_nothing_is_recorded_by_looking(told: Api) -> None:
    before = told.head()
    told.read("/v1/dates", text="Friday", relative_to="2025-12-13")
    told.read("/v1/shares", text="part")
    assert told.head() == before
