"""Values in plain words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api import words
from domain.shares import ALL, ANY, MOST, NONE, PART, Share
from domain.times import END_OF_TIME, Clocks, When

KYIV = ZoneInfo("Europe/Kyiv")


def when(edtf: str) -> When:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return When(edtf=edtf, earliest=start, latest=start + timedelta(days=1))


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (ALL, "all"),
        (NONE, "none"),
        (PART, "part"),
        (MOST, "most"),
        (ANY, "any share"),
        (Share(min=0, max=1, max_open=True), "less than all"),
        (Share(min=0, max=1, min_open=True), "some or all"),
        (Share(min=0.4, max=0.4), "40%"),
        (Share(min=1 / 3, max=1 / 3), "33.33%"),
        (Share(min=0.5, max=1), "50% to 100%"),
        (Share(min=0.5, max=1, min_open=True), "more than 50%"),
        (Share(min=0.016, max=0.05), "1.6% to 5%"),
        (Share(min=0, max=0.05), "up to 5%"),
        (Share(min=0, max=0.05, max_open=True), "less than 5%"),
        (Share(min=0, max=0.05, min_open=True), "some, up to 5%"),
        (Share(min=0.2, max=0.4, max_open=True), "at least 20%, less than 40%"),
        (Share(min=0.2, max=0.4, min_open=True), "more than 20%, up to 40%"),
        (Share(min=0.2, max=1, max_open=True), "at least 20%, less than 100%"),
    ],
)
def test_a_share_in_words(share: Share, said: str) -> None:
    assert words.say_share(share) == said


def test_a_control_in_words() -> None:
    assert words.say_control({"russia": PART, "ukraine": ALL}) == "russia part, ukraine all"


@pytest.mark.parametrize(
    ("edtf", "said"),
    [
        ("2025-11-20", "20 Nov 2025"),
        ("2025-11-05~", "about 5 Nov 2025"),
        ("2025-11-05?", "perhaps 5 Nov 2025"),
        ("2025-11-05%", "perhaps about 5 Nov 2025"),
        ("2022-02", "Feb 2022"),
        ("2022-02~", "about Feb 2022"),
        ("2022", "2022"),
        ("2022~", "about 2022"),
        ("2022-21", "spring 2022"),
        ("2022-24~", "about winter 2022"),
        ("2022-02-27/2022-09-10", "between 27 Feb 2022 and 10 Sep 2022"),
        ("2022-02-27/..", "from 27 Feb 2022 on"),
        ("2022-02-27/", "from 27 Feb 2022 on"),
        ("2025-11-20T14:00:00Z", "2025-11-20T14:00:00Z"),
        ("2022-1X", "2022-1X"),
        ("2022-09~-10", "2022-09~-10"),
        ("[2022-09,2022-11]", "Sep 2022 or Nov 2022"),
        ("[2022-09..2022-11]", "[2022-09..2022-11]"),
    ],
)
def test_a_date_in_words(edtf: str, said: str) -> None:
    assert words.say_when(when(edtf)) == said


def test_what_is_meant_throughout_is_from_to() -> None:
    said = words.say_when(when("2022-02-27~/2022-09-10~"), throughout=True)
    assert said == "from about 27 Feb 2022 to about 10 Sep 2022"


@pytest.mark.parametrize(
    ("edtf", "plain"),
    [("2025-11-20", True), ("2022", True), ("2022-02", True), ("2022-21", False), ("2022~", False)],
)
def test_plain_dates_need_no_words(edtf: str, plain: bool) -> None:
    assert words.is_plain(when(edtf)) is plain


def test_an_instant_is_a_day_where_one_begins() -> None:
    midnight = datetime(2025, 11, 18, 22, tzinfo=UTC)
    assert words.say_instant(midnight) == "18 Nov 2025 22:00 UTC"
    assert words.say_instant(midnight, KYIV) == "19 Nov 2025"
    assert words.say_instant(midnight + timedelta(seconds=5), KYIV) == "19 Nov 2025 00:00:05 EET"


def test_a_clock_at_the_end_of_a_day_is_all_of_it() -> None:
    last = datetime(2025, 12, 13, 22, tzinfo=UTC) - timedelta(microseconds=1)
    assert words.say_clock(last, KYIV) == "all of 13 Dec 2025"
    assert words.say_clock(last) == "13 Dec 2025 21:59:59 UTC"


def test_the_end_of_time_can_be_said() -> None:
    assert "9999" in words.say_clock(END_OF_TIME, KYIV)
    assert "9999" in words.say_instant(END_OF_TIME, KYIV)


def test_clocks_that_agree_are_told_once() -> None:
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    clocks = Clocks(valid_at=now, known_at=now, recorded_at=now, log_position=7)
    assert words.say_clocks(clocks) == "All clocks: 2 Jan 2026 03:04:05 UTC, log position 7."


@pytest.mark.parametrize(("number", "said"), [(0, "0 days"), (1, "1 day"), (12_000, "12,000 days")])
def test_numbers_have_their_noun(number: int, said: str) -> None:
    assert words.count_of(number, "day") == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (4.0, "4 days before"),
        (4.5, "4.5 days before"),
        (1.0, "1 day before"),
        (1.04, "1 day before"),
        (-2.0, "2 days after"),
        (0.4, "less than a day before"),
        (-0.01, "less than a day after"),
        (0.0, "at the same time as"),
        (-1234.0, "1,234 days after"),
    ],
)
def test_a_lead_says_what_came_first(days: float, said: str) -> None:
    assert words.say_lead(days) == said
