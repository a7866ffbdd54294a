"""Dates in words, seen from the publication date of the document that has them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.date_words import edtf_of_words, looks_like_words
from intake.dates import resolve_when

SATURDAY = date(2025, 12, 13)


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        ("Friday", "2025-12-12"),
        ("on Friday", "2025-12-12"),
        ("yesterday", "2025-12-12"),
        ("three weeks ago", "2025-11-22~"),
        ("last week", "2025-12-06~"),
        ("two months ago", "2025-10"),
        ("last year", "2024"),
        ("September 2022", "2022-09"),
        ("November 20", "2025-11-20"),
        ("14 December", "2024-12-14"),
        ("Friday at 14:00", "2025-12-12"),
        ("vineri", "2025-12-12"),
        ("joi", "2025-12-11"),
        ("astăzi", "2025-12-13"),
        ("alaltăieri", "2025-12-11"),
        ("vinerea trecută", "2025-12-12"),
        ("acum 3 săptămâni", "2025-11-22~"),
        ("în urmă cu trei săptămâni", "2025-11-22~"),
        ("acum două luni", "2025-10"),
        ("un an în urmă", "2024"),
        ("septembrie 2022", "2022-09"),
        ("20 noiembrie 2025", "2025-11-20"),
        ("п'ятниця", "2025-12-12"),
        ("у п’ятницю", "2025-12-12"),
        ("минулої п'ятниці", "2025-12-12"),
        ("учора", "2025-12-12"),
        ("три тижні тому", "2025-11-22~"),
        ("тиждень тому", "2025-12-06~"),
        ("у вересні 2022 року", "2022-09"),
        ("2022 року", "2022"),
        ("20 листопада", "2025-11-20"),
        ("в пятницу", "2025-12-12"),
        ("в прошлую пятницу", "2025-12-12"),
        ("вчера", "2025-12-12"),
        ("три недели назад", "2025-11-22~"),
        ("в сентябре 2022 года", "2022-09"),
        ("в 2022 году", "2022"),
        ("20 ноября 2025 г.", "2025-11-20"),
    ],
)
def test_words(text: str, edtf: str) -> None:
    assert edtf_of_words(text, SATURDAY) == edtf
    assert resolve_when(text, anchor=SATURDAY) == resolve_when(edtf)


@pytest.mark.parametrize("text", ["Saturday", "sâmbătă", "субота", "у суботу", "в субботу"])
def test_a_weekday_in_that_day_s_own_report_is_that_day(text: str) -> None:
    assert edtf_of_words(text, SATURDAY) == "2025-12-13"


@pytest.mark.parametrize("text", ["last Saturday", "sâmbăta trecută", "минулої суботи", "a week ago"])
def test_the_last_one_is_a_week_before(text: str) -> None:
    assert edtf_of_words(text, SATURDAY)[:10] == "2025-12-06"


@pytest.mark.parametrize(
    "text",
    [
        "two hours ago",  # the day before, if it was published just after midnight
        "for several months in 2022",
        "Q3 of 2022",
        "31 September 2022",
        "минулого вересня",
        "sometime",
    ],
)
def test_words_that_settle_no_day_week_month_or_year(text: str) -> None:
    with pytest.raises(ValueError, match="seen from 2025-12-13"):
        edtf_of_words(text, SATURDAY)


def test_figures_that_are_read_in_two_ways() -> None:
    with pytest.raises(ValueError, match="from country to country"):
        resolve_when("Friday, 03.04.2025", anchor=SATURDAY)


def test_a_document_s_day_is_its_day_in_the_zone() -> None:
    published = datetime(2025, 12, 12, 23, 30, tzinfo=UTC)
    assert resolve_when("yesterday", anchor=published).edtf == "2025-12-11"
    assert resolve_when("yesterday", anchor=published, tz=ZoneInfo("Europe/Kyiv")).edtf == "2025-12-12"


@pytest.mark.parametrize("text", ["2022-09-10T14:00 EST", "XXXX", "20XX-XX", "2022", "[2022,2023]", "Y17E7"])
def test_what_is_not_in_words(text: str) -> None:
    assert not looks_like_words(text)


@pytest.mark.parametrize("anchor", [date.min, date.max])
@pytest.mark.parametrize("text", ["Friday", "tomorrow", "yesterday", "three weeks ago"])
def test_at_the_ends_of_the_calendar(text: str, anchor: date) -> None:
    with suppress(ValueError):
        resolve_when(text, anchor=anchor)


WORDS = "Friday vineri last next ago three week 3 99999999 months in за тому назад тижні acum urmă 2022 -5 ."


@settings(deadline=5000, max_examples=50)
@given(st.lists(st.sampled_from(WORDS.split()) | st.text(max_size=6), max_size=8).map(" ".join), st.dates())
def test_anything_is_a_window_or_a_value_error(text: str, anchor: date) -> None:
    with suppress(ValueError):
        when = resolve_when(text, anchor=anchor)
        assert when.earliest < when.ends
