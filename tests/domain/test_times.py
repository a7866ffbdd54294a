"""Windows are half-open, and a query is an exclusive bound."""

from __future__ import annotations

from datetime import UTC, datetime

from domain.times import END_OF_TIME, When, before_instant, instant_of
from tests.domain.builders import MICROSECOND, day, from_day, instant

NEW_YEAR = day(1)


def test_a_window_has_begun_once_the_bound_is_past_its_earliest_instant() -> None:
    assert not NEW_YEAR.began(instant(1))
    assert NEW_YEAR.began(instant(1) + MICROSECOND)


def test_a_window_is_surely_over_when_the_bound_reaches_its_latest() -> None:
    assert not NEW_YEAR.surely_over(instant(2) - MICROSECOND)
    assert NEW_YEAR.surely_over(instant(2))


def test_a_query_for_an_instant_counts_what_begins_at_it() -> None:
    assert NEW_YEAR.began(before_instant(instant(1)))
    assert not NEW_YEAR.began(before_instant(instant(1) - MICROSECOND))


def test_an_open_end_is_never_over() -> None:
    assert from_day(1).ends == END_OF_TIME
    assert not from_day(1).surely_over(instant(10_000))
    assert not from_day(1).surely_over(END_OF_TIME)


def test_a_bound_and_the_last_instant_that_counts_are_a_microsecond_apart() -> None:
    assert before_instant(instant(5)) == instant(5) + MICROSECOND
    assert instant_of(before_instant(instant(5))) == instant(5)


def test_the_end_of_time_is_its_own_bound() -> None:
    assert before_instant(END_OF_TIME) == END_OF_TIME
    assert before_instant(END_OF_TIME - MICROSECOND) == END_OF_TIME


def test_the_expression_is_kept_as_it_was_written() -> None:
    moment = datetime(2025, 11, 19, tzinfo=UTC)
    assert When(edtf="2025-11-21~", earliest=moment, latest=None).edtf == "2025-11-21~"
