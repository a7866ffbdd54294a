"""Windows as calendar days: all of the window, and the written day where there is one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.feeds.days import days_of
from domain.times import END_OF_TIME, MICROSECOND, When
from intake.dates import resolve_when

KYIV = ZoneInfo("Europe/Kyiv")
KIRITIMATI = ZoneInfo("Pacific/Kiritimati")
ADAK = ZoneInfo("America/Adak")


@pytest.mark.parametrize(
    ("written", "first", "last", "exact"),
    [
        ("2025-12-12", "2025-12-12", "2025-12-12", True),
        ("2025-12-12~", "2025-12-10", "2025-12-14", False),
        ("2022-09", "2022-09-01", "2022-09-30", False),
        ("2022", "2022-01-01", "2022-12-31", False),
        ("2022-02-27~/2022-09-10~", "2022-02-25", "2022-09-12", False),
        ("2024-24", "2024-12-01", "2025-02-28", False),
        ("[2022-09,2022-11]", "2022-09-01", "2022-11-30", False),
        ("2022-09-10/..", "2022-09-10", None, False),
        ("2025-11-20T14:00:00Z", "2025-11-20", "2025-11-20", True),
        ("2025-11-20T14:00:00Z~", "2025-11-18", "2025-11-22", False),
    ],
)
def test_a_window_is_all_of_its_days(written: str, first: str, last: str | None, exact: bool) -> None:
    days = days_of(resolve_when(written), UTC)
    assert days.first == date.fromisoformat(first)
    assert days.last == (date.fromisoformat(last) if last else None)
    assert days.exact is exact


@pytest.mark.parametrize("recorded_in", [UTC, KYIV, KIRITIMATI, ADAK])
@pytest.mark.parametrize("told_in", [UTC, KYIV, KIRITIMATI, ADAK])
def test_a_day_is_the_day_that_was_written_whatever_the_zone(recorded_in: tzinfo, told_in: tzinfo) -> None:
    days = days_of(resolve_when("2025-03-30", tz=recorded_in), told_in)
    assert (days.first, days.last, days.exact) == (date(2025, 3, 30), date(2025, 3, 30), True)


def test_a_window_that_is_not_the_day_it_names_is_told_as_it_is() -> None:
    day = resolve_when("2025-03-30")
    other = When(
        edtf="2025-03-30", earliest=day.earliest + timedelta(days=40), latest=day.ends + timedelta(days=41)
    )
    assert days_of(other, UTC).first == date(2025, 5, 9)
    assert not days_of(other, UTC).exact


def test_a_time_of_day_keeps_its_instants() -> None:
    days = days_of(resolve_when("2025-11-20T23:30:00Z"), KYIV)
    assert days.first == days.last == date(2025, 11, 21)
    assert days.start is not None
    assert days.end is not None
    assert days.end - days.start == timedelta(seconds=1)


@given(
    st.sampled_from(["{:04}", "{:04}-01", "{:04}-12-31", "{:04}-01-01", "{:04}~", "{:04}-06-15/.."]),
    st.integers(2, 9998),
    st.sampled_from([UTC, KYIV, KIRITIMATI, ADAK]),
)
def test_no_day_of_the_window_is_left_out_and_none_is_put_in(pattern: str, year: int, zone: tzinfo) -> None:
    when = resolve_when(pattern.format(year), tz=zone)
    days = days_of(when, zone)
    assert days.first == when.earliest.astimezone(zone).date()
    if when.latest is None:
        assert days.last is None
    else:
        assert days.last == (when.latest - MICROSECOND).astimezone(zone).date()


@pytest.mark.parametrize("zone", [UTC, KIRITIMATI, ADAK])
def test_the_ends_of_time_are_told_too(zone: tzinfo) -> None:
    whole = When(edtf="0001/9999", earliest=datetime.min.replace(tzinfo=UTC), latest=END_OF_TIME)
    days = days_of(whole, zone)
    assert days.first <= date(1, 1, 1)
    assert days.last == date.max
