"""Dates and clocks in every form that people, files and clients write them in."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.times import END_OF_TIME, MICROSECOND, When, instant_of
from intake.dates import resolve_clock, resolve_when, timezone_named

KYIV = ZoneInfo("Europe/Kyiv")
UNHURRIED = settings(deadline=2000)  # the libraries take up to a third of a second to import


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def printed(when: When) -> dict[str, object]:
    """The resolved form, as it is read over HTTP."""
    bounds = {
        "earliest": when.earliest,
        "latest": when.latest,
        "sure_from": when.sure_from,
        "sure_until": when.sure_until,
    }
    texts = {name: at and at.isoformat().replace("+00:00", "Z") for name, at in bounds.items()}
    return {"edtf": when.edtf, **texts}


class TestWritten:
    def test_text(self) -> None:
        when = resolve_when(" 2022-02-27~/2022-09-10~ ", tz=KYIV)
        assert when == When(
            edtf="2022-02-27~/2022-09-10~",
            earliest=at("2022-02-24T22:00"),
            latest=at("2022-09-12T21:00"),
            sure_from=at("2022-02-28T22:00"),
            sure_until=at("2022-09-08T21:00"),
        )

    def test_unqualified_text_is_sure_of_its_window(self) -> None:
        when = resolve_when("2022-09")
        assert when == When(edtf="2022-09", earliest=at("2022-09-01"), latest=at("2022-10-01"))

    def test_date(self) -> None:
        assert resolve_when(date(2022, 9, 10), tz=KYIV) == resolve_when("2022-09-10", tz=KYIV)

    def test_year(self) -> None:
        assert resolve_when(2022) == resolve_when("2022")
        assert resolve_when(987).edtf == "0987"

    def test_datetime_with_an_offset(self) -> None:
        written = datetime(2022, 9, 10, 14, 0, 5, 250_000, tzinfo=timezone(timedelta(hours=3)))
        when = resolve_when(written)
        assert when.edtf == "2022-09-10T14:00:05+03:00"
        assert (when.earliest, when.latest) == (at("2022-09-10T11:00:05"), at("2022-09-10T11:00:06"))

    def test_datetime_in_utc(self) -> None:
        assert resolve_when(at("2022-09-10T14:00")).edtf == "2022-09-10T14:00:00Z"

    def test_datetime_without_an_offset_is_on_the_clocks_of_the_zone(self) -> None:
        when = resolve_when(datetime(2022, 9, 10, 14), tz=KYIV)  # noqa: DTZ001 - as YAML gives it
        assert when.edtf == "2022-09-10T14:00:00"
        assert when.earliest == at("2022-09-10T11:00")

    def test_datetime_whose_offset_has_seconds(self) -> None:
        when = resolve_when(datetime(1900, 1, 1, tzinfo=KYIV))
        assert when.edtf == "1899-12-31T21:57:56Z"

    def test_what_is_resolved_already(self) -> None:
        when = resolve_when("2022")
        assert resolve_when(when) is when

    @pytest.mark.parametrize(
        ("written", "reason"),
        [
            (None, "not nothing"),
            (True, "type bool"),
            ([], "type list"),
            (b"2022", "type bytes"),
            (2022.09, "in quotes"),
            (0, "from 1 to 9999"),
            (20220910, "with hyphens"),
            pytest.param(10**5000, "from 1 to 9999", id="huge"),  # too long to be shown
            (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1, seconds=1))), "in UTC"),
            ("2025-02-30", "no day 30"),
            ("Friday", "document's publication date"),
            ("September 2022", "document's publication date"),
        ],
    )
    def test_refused(self, written: object, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            resolve_when(written)


TOLD = {"edtf": "2022-09", "earliest": "2022-08-31T21:00:00Z", "latest": "2022-09-30T21:00:00Z"}


class TestResolvedForm:
    def test_bounds_are_taken_as_told(self) -> None:
        when = resolve_when(TOLD, tz=UTC)
        assert when == resolve_when("2022-09", tz=KYIV)

    def test_bounds_may_be_datetimes_in_any_zone(self) -> None:
        told = {**TOLD, "earliest": datetime(2022, 9, 1, tzinfo=KYIV), "latest": None}
        when = resolve_when(told)
        assert (when.earliest, when.latest) == (at("2022-08-31T21:00"), None)
        assert when.earliest.tzinfo is UTC

    def test_edtf_alone_is_resolved(self) -> None:
        assert resolve_when({"edtf": "2022-09"}, tz=KYIV) == resolve_when("2022-09", tz=KYIV)
        assert resolve_when({"edtf": date(2022, 9, 10)}) == resolve_when("2022-09-10")

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({"edtf": "soon"}, "not EDTF"),
            ({"edtf": None}, "A date is text"),
            ({"edtf": {"edtf": "2022"}}, "type dict"),
            ({"earliest": None}, "needs earliest"),
            ({"earliest": "2022-09-01"}, "earliest of a resolved date is an instant"),
            ({"earliest": 2022}, "earliest of a resolved date is an instant"),
            ({"earliest": "2022-09-31T00:00:00Z"}, "no day 31"),
            ({"latest": datetime(2023, 1, 1)}, "latest of a resolved date is an instant"),  # noqa: DTZ001
            ({"latest": "2022-08-31T21:00:00Z"}, "must come before"),
            ({"latest": datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=9)))}, "in UTC"),
            ({"sure_from": "2022-01-01T00:00:00Z"}, "lie in its window"),
            ({"sure_until": "2023-01-01T00:00:00Z"}, "lie in its window"),
            ({"sure_from": "2022-09-20T00:00:00Z", "sure_until": "2022-09-10T00:00:00Z"}, "in order"),
            ({"precision": "month"}, "no field 'precision'"),
        ],
    )
    def test_refused(self, change: dict[str, object], reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            resolve_when({**TOLD, **change})

    def test_half_told(self) -> None:
        with pytest.raises(ValueError, match="needs latest as well"):
            resolve_when({"edtf": "2022", "earliest": "2022-01-01T00:00:00Z"})
        with pytest.raises(ValueError, match="A date is text"):
            resolve_when({})

    @UNHURRIED
    @given(
        st.dates(),
        st.sampled_from(
            ["{0}", "{0}~", "{1}?", "{2}", "{2}~/{0}~", "{0}/..", "{1}-XX", "[{1},{0}~]", "{0}T10:00"]
        ),
        st.sampled_from([UTC, KYIV, ZoneInfo("Pacific/Apia")]),
    )
    def test_the_printed_form_is_the_same_again(self, day: date, shape: str, tz: tzinfo) -> None:
        text = day.isoformat()
        try:
            when = resolve_when(shape.format(text, text[:7], text[:4]), tz=tz)
        except ValueError:
            assume(False)
        assert resolve_when(printed(when)) == when


class TestClock:
    @pytest.mark.parametrize(
        ("text", "before"),
        [
            ("2025-11-20", "2025-11-21"),
            ("2024-02-29", "2024-03-01"),
            ("2025-11-20T10:00:00Z", "2025-11-20T10:00:00.000001"),
            ("2025-11-20t10:00:00.5z", "2025-11-20T10:00:00.500001"),
            ("2025-11-20T10:00:00.1234569Z", "2025-11-20T10:00:00.123457"),
            ("2025-11-20T10:00:00+02:00", "2025-11-20T08:00:00.000001"),
            ("2025-11-20T10:00:00 02:00", "2025-11-20T08:00:00.000001"),
            ("2025-11-20 10:00:00-02:00", "2025-11-20T12:00:00.000001"),
            (" 2025-11-20 10:00:00 02:00 ", "2025-11-20T08:00:00.000001"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000001"),
        ],
    )
    def test_bound_of_a_query(self, text: str, before: str) -> None:
        assert resolve_clock(text) == at(before)

    def test_a_date_means_all_of_that_day_in_the_zone(self) -> None:
        assert resolve_clock("2025-11-20", tz=KYIV) == at("2025-11-20T22:00")
        assert resolve_clock("2025-10-26", tz=KYIV) == at("2025-10-26T22:00")

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "neither a date"),
            ("now", "neither a date"),
            ("2025", "neither a date"),
            ("2025-11", "neither a date"),
            ("2025-11-20~", "neither a date"),
            ("2025-11-20T10:00Z", "neither a date"),
            ("2025-11-20T10:00:00", "with its offset"),
            ("2025-11-20T10:00:00+0200", "with its offset"),
            ("2025-02-30", "no day 30"),
            ("2025-02-30T10:00:00Z", "no day 30"),
            ("2025-11-20T25:00:00Z", "no time 25:00:00Z"),
            ("2025-11-20T10:00:00+24:00", "no time"),
            ("0000-01-01", "no year 0000"),
            ("9999-12-31", "beyond the years"),
            ("9999-12-31T23:59:59-02:00", "beyond the years"),
            ("0001-01-01T00:00:00+02:00", "beyond the years"),
            ("２０２５-11-20", "neither a date"),
        ],
    )
    def test_refused(self, text: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason) as raised:
            resolve_clock(text)
        assert str(raised.value).endswith(".")

    @given(st.datetimes(timezones=st.just(UTC)))
    def test_the_instant_printed_asks_the_same_again(self, instant: datetime) -> None:
        assume(instant < END_OF_TIME)
        before = resolve_clock(instant.isoformat())
        assert before == instant + MICROSECOND
        assert resolve_clock(instant_of(before).isoformat().replace("+", " ")) == before

    @given(st.text(alphabet="0123456789-:.TtZz+ ", max_size=40) | st.text())
    def test_anything_else_is_a_value_error(self, text: str) -> None:
        with suppress(ValueError):
            assert resolve_clock(text).tzinfo is UTC


class TestZone:
    def test_named(self) -> None:
        assert timezone_named("Europe/Kyiv") == KYIV
        assert timezone_named("UTC") is UTC

    @pytest.mark.parametrize(
        "name",
        [
            *(
                "",
                " ",
                ".",
                "..",
                "../etc",
                "/etc/passwd",
                "Europe",
                "Europe/",
                "Europe/Kyiv\n",
                "europe/kyiv",
            ),
            *(
                "Kyiv",
                "localtime",
                "Factory",
                "zone.tab",
                "tzdata.zi",
                "\0",
                "\ud800",
                "C:\\Zone",
                "a" * 5000,
            ),
        ],
    )
    def test_unknown(self, name: str) -> None:
        with pytest.raises(ValueError, match="no time zone named"):
            timezone_named(name)

    def test_is_not_text(self) -> None:
        unknown: Any = None
        with pytest.raises(ValueError, match="no time zone named"):
            timezone_named(unknown)


class TestAnything:
    VALUES = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=20)
        | st.datetimes()
        | st.dates(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["edtf", "earliest", "latest", "sure_from", "note"]), inner)
        ),
        max_leaves=5,
    )

    @UNHURRIED
    @given(VALUES)
    def test_is_a_window_or_a_value_error(self, written: object) -> None:
        with suppress(ValueError):
            when = resolve_when(written, tz=KYIV)
            assert when.earliest < when.ends

    @UNHURRIED
    @given(st.text(max_size=300))
    def test_text_is_a_window_or_a_value_error(self, text: str) -> None:
        with suppress(ValueError):
            assert resolve_when(text, anchor=date(2025, 12, 13)).earliest.tzinfo is UTC
