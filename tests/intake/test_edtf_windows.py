"""The windows of EDTF expressions: what each form spans, what qualifiers do, what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from intake import edtf_spans
from intake.edtf_windows import read_edtf, resolve_edtf

KYIV = ZoneInfo("Europe/Kyiv")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def window(text: str, tz: tzinfo = UTC) -> tuple[datetime, datetime | None]:
    when = resolve_edtf(text, tz)
    return when.earliest, when.latest


def sure(text: str, tz: tzinfo = UTC) -> tuple[datetime | None, datetime | None]:
    when = resolve_edtf(text, tz)
    return when.sure_from, when.sure_until


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2022", "2022-01-01", "2023-01-01"),
        ("2022-02", "2022-02-01", "2022-03-01"),
        ("2022-12", "2022-12-01", "2023-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("2022-21", "2022-03-01", "2022-06-01"),
        ("2022-22", "2022-06-01", "2022-09-01"),
        ("2022-23", "2022-09-01", "2022-12-01"),
        ("201X", "2010-01-01", "2020-01-01"),
        ("20XX", "2000-01-01", "2100-01-01"),
        ("2022-XX", "2022-01-01", "2023-01-01"),
        ("2022-XX-XX", "2022-01-01", "2023-01-01"),
        ("2022-09-XX", "2022-09-01", "2022-10-01"),
        ("2022-1X", "2022-10-01", "2023-01-01"),
        ("2022-XX-31", "2022-01-31", "2023-01-01"),
        ("200X-02-29", "2000-02-29", "2008-03-01"),
        ("2022-09-10T14:00:00Z", "2022-09-10T14:00:00", "2022-09-10T14:00:01"),
        ("2022-09-10T14:00Z", "2022-09-10T14:00", "2022-09-10T14:01"),
        ("2022-09-10T14:00:00.250Z", "2022-09-10T14:00:00", "2022-09-10T14:00:01"),
        ("2022-09-10T23:59:59-02:00", "2022-09-11T01:59:59", "2022-09-11T02:00:00"),
        ("2022-02-27/2022-09-10", "2022-02-27", "2022-09-11"),
        ("2022-09-10/2022-09", "2022-09-10", "2022-10-01"),
        ("2022-09-10T14:00Z/2022-09-11", "2022-09-10T14:00", "2022-09-12"),
        ("2022-24/2023-06", "2022-12-01", "2023-07-01"),
        ("2022-09/2022-XX", "2022-09-01", "2023-01-01"),
        ("[2022-09-12,2022-09-10]", "2022-09-10", "2022-09-13"),
        ("[2022-01..2022-03]", "2022-01-01", "2022-04-01"),
        ("[2022-05,2022-XX]", "2022-01-01", "2023-01-01"),
        ("0001", "0001-01-01", "0002-01-01"),
        ("9999-12-30", "9999-12-30", "9999-12-31"),
    ],
)
def test_window_in_utc(text: str, earliest: str, latest: str) -> None:
    assert window(text) == (at(earliest), at(latest))
    assert sure(text) == (None, None)


@pytest.mark.parametrize("text", ["2022-09-10/..", "2022-09-10/", "[2022-09-10..]", "[2022-09-10..,2023]"])
def test_end_that_stays_open(text: str) -> None:
    assert window(text) == (at("2022-09-10"), None)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" 2022-09-10 ", "2022-09-10"),
        ("2022-09-10t14:00:00.5z", "2022-09-10T14:00:00Z"),
        ("2022-02-27 / 2022-09-10~", "2022-02-27/2022-09-10~"),
        ("[2022, 2023-05 .. 2023-06]", "[2022,2023-05..2023-06]"),
    ],
)
def test_canonical_text(text: str, canonical: str) -> None:
    assert resolve_edtf(text, UTC).edtf == canonical


class TestZones:
    def test_a_day_is_that_day_in_the_zone(self) -> None:
        assert window("2022-09-10", KYIV) == (at("2022-09-09T21:00"), at("2022-09-10T21:00"))

    def test_days_on_which_the_clocks_change(self) -> None:
        assert window("2022-03-27", KYIV) == (at("2022-03-26T22:00"), at("2022-03-27T21:00"))
        assert window("2022-10-30", KYIV) == (at("2022-10-29T21:00"), at("2022-10-30T22:00"))

    def test_a_midnight_that_is_skipped_is_the_skip(self) -> None:
        assert window("2022-03-27", ZoneInfo("Asia/Beirut"))[0] == at("2022-03-26T22:00")

    def test_a_midnight_that_comes_twice_is_the_first(self) -> None:
        assert window("2022-11-06", ZoneInfo("America/Havana"))[0] == at("2022-11-06T04:00")

    def test_a_day_that_was_left_out(self) -> None:
        with pytest.raises(ValueError, match="never came there"):
            resolve_edtf("2011-12-30", ZoneInfo("Pacific/Apia"))

    def test_a_local_time(self) -> None:
        assert window("2022-09-10T14:00", KYIV) == (at("2022-09-10T11:00"), at("2022-09-10T11:01"))

    def test_a_local_time_that_comes_twice_covers_both(self) -> None:
        assert window("2022-10-30T03:30:00", KYIV) == (at("2022-10-30T00:30"), at("2022-10-30T01:30:01"))

    def test_a_local_time_that_is_skipped(self) -> None:
        with pytest.raises(ValueError, match="never came there"):
            resolve_edtf("2022-03-27T03:30:00", KYIV)

    def test_padding_is_in_calendar_days(self) -> None:
        # 2022-03-25 is still in winter time, 2022-03-30 in summer time.
        assert window("2022-03-27~", KYIV) == (at("2022-03-24T22:00"), at("2022-03-29T21:00"))

    def test_order_may_depend_on_the_zone(self) -> None:
        text = "2022-09-10T23:00:00-05:00/2022-09-10"
        assert window(text, ZoneInfo("America/Chicago")) == (at("2022-09-11T04:00"), at("2022-09-11T05:00"))
        with pytest.raises(ValueError, match="ends before it begins"):
            resolve_edtf(text, UTC)


class TestQualifiers:
    @pytest.mark.parametrize(
        ("text", "earliest", "latest"),
        [
            ("2025-11-21~", "2025-11-19", "2025-11-24"),
            ("2025-11-21?", "2025-11-19", "2025-11-24"),
            ("2025-11-21%", "2025-11-19", "2025-11-24"),
            ("2025-11-21T14:00:00Z~", "2025-11-19T14:00:00", "2025-11-23T14:00:01"),
            ("2022-09~-10", "2022-09-08", "2022-09-13"),
            ("?2022-09-~10", "2022-09-08", "2022-09-13"),
            ("2022-09~", "2022-08-22", "2022-10-11"),
            ("2022~-09", "2022-08-22", "2022-10-11"),
            ("2022-09-XX~", "2022-08-22", "2022-10-11"),
            ("2022-09-1X~", "2022-08-31", "2022-09-30"),
            ("2022-24~", "2022-11-21", "2023-03-11"),
            ("2022~", "2021-10-03", "2023-04-01"),
            ("201X?", "2009-10-03", "2020-03-31"),
            ("20XX?", "1999-10-03", "2100-04-01"),
        ],
    )
    def test_widen_by_the_stated_table(self, text: str, earliest: str, latest: str) -> None:
        assert window(text) == (at(earliest), at(latest))

    def test_leave_the_middle_sure(self) -> None:
        assert sure("2022-09~") == (at("2022-09-11"), at("2022-09-21"))
        assert sure("2022-02-27~/2022-09-10~") == (at("2022-03-01"), at("2022-09-09"))

    def test_that_meet_leave_nothing_sure(self) -> None:
        for text in ("2025-11-21~", "2025-11-21~/2025-11-21", "2025-11-21/2025-11-21~"):
            assert sure(text) == (at("2025-11-21"), at("2025-11-21"))

    def test_touch_only_their_end_of_an_interval(self) -> None:
        assert window("2022-02-27~/2022-09-10") == (at("2022-02-25"), at("2022-09-11"))
        assert sure("2022-02-27~/2022-09-10") == (at("2022-03-01"), None)
        assert window("2022-02-27/2022-09-10?") == (at("2022-02-27"), at("2022-09-13"))
        assert sure("2022-02-27/2022-09-10?") == (None, at("2022-09-09"))
        assert window("2022-02~/..") == (at("2022-01-22"), None)
        assert sure("2022-02~/..") == (at("2022-02-11"), None)


class TestDefectsOfTheLibrary:
    """What edtf 5.0.2 gets wrong, by the numbers of reference/standards.md, 1; and what else was met."""

    def test_1_time_of_day_is_kept(self) -> None:
        assert window("2022-09-10T14:00:00+03:00") == (at("2022-09-10T11:00:00"), at("2022-09-10T11:00:01"))

    def test_2_a_month_is_not_padded_by_a_year_as_well(self) -> None:
        assert window("2022-09~") == (at("2022-08-22"), at("2022-10-11"))

    def test_3_winter_runs_to_the_end_of_february(self) -> None:
        assert window("2022-24") == (at("2022-12-01"), at("2023-03-01"))
        assert window("2023-24") == (at("2023-12-01"), at("2024-03-01"))

    def test_4_an_unknown_end_is_not_ten_years_on(self) -> None:
        assert window("2022-09-10/")[1] is None

    def test_5_an_unspecified_digit_of_a_day_has_bounds(self) -> None:
        assert window("2022-09-1X") == (at("2022-09-10"), at("2022-09-20"))
        assert window("2022-02-2X") == (at("2022-02-20"), at("2022-03-01"))

    def test_5_minutes_are_read(self) -> None:
        assert window("2022-09-10T14:00+03:00") == (at("2022-09-10T11:00"), at("2022-09-10T11:01"))

    def test_qualified_seasons_are_read(self) -> None:
        assert window("2022-22?") == (at("2022-05-22"), at("2022-09-11"))

    @pytest.mark.parametrize("text", ["2022-1X", "2022-0X", "[2022-XX,2023]", "2022-XX/2023", "2022-X1"])
    def test_nothing_is_printed(self, text: str, capsys: pytest.CaptureFixture[str]) -> None:
        resolve_edtf(text, UTC)
        assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("2025-02-30", "no day 30 in 2025-02, which has 28 days"),
        ("2025-02~-30", "no day 30 in 2025-02"),
        ("2025-00-10", "no month 00"),
        ("2025-13", "no month 13"),
        ("2025-13/2026", "no month 13"),
        ("2025-21-01", "no month 21"),
        ("2022-33", "seasons of a year 21 to 24"),
        ("2025-02-3X", "no day of the years"),
        ("2022-0X-00", "no day of the years"),
        ("2022-1X-45", "no day of the years"),
        ("0000-0X-00", "no day of the years"),
        ("0000", "no year 0000"),
        ("-0044", "four digits"),
        ("Y17E7", "four digits"),
        ("20000", "four digits"),
        ("9999", "beyond the years"),
        ("9999-12-31", "beyond the years"),
        ("0001~", "beyond the years"),
        ("0001-01-01T00:00:00+01:00", "beyond the years"),
        ("2022-09-10T24:00:00Z", "no time 24:00:00Z"),
        ("2022-09-10T23:59:60Z", "no time 23:59:60Z"),
        ("2022-09-10T14:00+24:00", "no time 14:00\\+24:00"),
        ("../2022", "needs a start"),
        ("/2022", "needs a start"),
        ("../..", "needs a start"),
        ("[..2022]", "needs a start"),
        ("2022-10/2022-09", "ends .2022-09. before it begins .2022-10."),
        ("2022-09-10~/2022-09-09~", "before it begins"),
        ("[2024..2022]", "before it begins"),
        ("[2022]", "two dates"),
        ("[2022,]", "one of its dates is empty"),
        ("{2022,2023}", "one development for each"),
        ("2022/2023/2024", "not EDTF"),
        ("[[2022,2023],2024]", "not EDTF"),
        ("2022~~", "not EDTF"),
        ("2022-09~-~10", "not EDTF"),
        ("2022-W36", "not EDTF"),
        ("1950S2", "not EDTF"),
        ("2022-21^north", "not EDTF"),
        ("20220910", "not EDTF"),
        ("13.12.2025", "not EDTF"),
        ("２０２２", "not EDTF"),
        ("2" * 201, "at most 200"),
    ],
)
def test_refused_with_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as raised:
        resolve_edtf(text, UTC)
    assert str(raised.value).startswith("The date ")
    assert str(raised.value).endswith(".")
    assert "\n" not in str(raised.value)


def test_common_forms_do_not_reach_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise AssertionError

    monkeypatch.setattr(edtf_spans, "edtf_library", refuse)
    for text in ("1987", "1987-05~", "1987-05-04?", "1987-24", "1987-05-04T10:00:00Z/..", "[1987,1988-05]"):
        assert read_edtf(text).edtf == text
