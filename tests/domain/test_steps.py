"""Steps of time: days and months are those of a zone, hours are always as long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.steps import Step

KYIV = ZoneInfo("Europe/Kyiv")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "step"),
    [
        ("P1D", Step(days=1)),
        ("PT6H", Step(hours=6)),
        ("P2W", Step(days=14)),
        ("P1M", Step(months=1)),
        ("P1Y2M3W4DT5H", Step(months=14, days=25, hours=5)),
    ],
)
def test_durations_of_iso_8601_are_read(written: str, step: Step) -> None:
    assert Step.read(written) == step


@pytest.mark.parametrize(
    "written", ["", "P", "PT", "P0D", "P1", "1D", "P1.5D", "PT30M", "P1DT", "-P1D", "p1d", "P1D "]
)
def test_what_is_no_whole_step_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        Step.read(written)


def test_days_begin_at_midnight_where_the_clocks_are_changed() -> None:
    start, end = utc("2025-10-24T21:00"), utc("2025-10-27T22:00")
    told = [instant.astimezone(KYIV).isoformat() for instant in Step(days=1).instants(start, end, KYIV)]
    assert told == [
        "2025-10-25T00:00:00+03:00",
        "2025-10-26T00:00:00+03:00",
        "2025-10-27T00:00:00+02:00",
        "2025-10-28T00:00:00+02:00",
    ]


def test_hours_are_as_long_when_the_clocks_are_changed() -> None:
    start, end = utc("2025-10-25T18:00"), utc("2025-10-26T06:00")
    instants = list(Step(hours=6).instants(start, end, KYIV))
    assert instants == [start, utc("2025-10-26T00:00"), end]


def test_months_are_counted_from_the_start() -> None:
    instants = Step(months=1).instants(utc("2024-01-31"), utc("2024-06-01"), UTC)
    assert [f"{instant:%m-%d}" for instant in instants] == [
        "01-31",
        "02-29",
        "03-31",
        "04-30",
        "05-31",
        "06-01",
    ]


def test_the_end_is_told_even_where_no_step_falls() -> None:
    start = utc("2025-01-01")
    assert list(Step(days=7).instants(start, start, UTC)) == [start]
    assert list(Step(days=7).instants(start, utc("2025-01-02"), UTC)) == [start, utc("2025-01-02")]
    last = datetime.max.replace(tzinfo=UTC)
    assert list(Step(months=12 * 5000).instants(utc("2025-01-01"), last, UTC)) == [
        start,
        utc("7025-01-01"),
        last,
    ]


steps = st.builds(Step, months=st.integers(0, 30), days=st.integers(0, 50), hours=st.integers(0, 100)).filter(
    lambda step: step != Step()
)
starts = st.timedeltas(timedelta(0), timedelta(days=2_000)).map(lambda after: utc("2020-01-01") + after)


@for_all(steps, starts, st.timedeltas(timedelta(0), timedelta(days=60)))
def test_instants_go_up_from_the_start_to_the_end(step: Step, start: datetime, span: timedelta) -> None:
    instants = list(step.instants(start, start + span, KYIV))
    assert (instants[0], instants[-1]) == (start, start + span)
    assert all(one < other for one, other in pairwise(instants))
