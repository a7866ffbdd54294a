"""What holds of every EDTF expression, and where the windows agree with the library's bounds."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.times import END_OF_TIME, When
from intake.edtf_spans import edtf_library
from intake.edtf_windows import read_edtf, resolve_edtf

UNHURRIED = settings(deadline=2000)  # the library takes a third of a second to import
KYIV = ZoneInfo("Europe/Kyiv")
ZONES = [
    UTC,
    KYIV,
    timezone(timedelta(hours=-9, minutes=-30)),
    ZoneInfo("America/Havana"),  # the clocks are put forward at midnight, and back to it
    ZoneInfo("Asia/Beirut"),  # the clocks are put forward at midnight
    ZoneInfo("Pacific/Apia"),  # 2011-12-30 was left out
]


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


DAYS = st.dates(min_value=date(2, 1, 1), max_value=date(9998, 12, 31))
QUALIFIER = st.sampled_from("~?%")


@st.composite
def spans(draw: st.DrawFn) -> tuple[str, date]:
    """The text of one date in some form, unqualified as a whole, and a day that it includes."""
    day = draw(DAYS)
    y, m, d = day.isoformat().split("-")
    q = draw(QUALIFIER)
    forms = [y, f"{y}-{m}", f"{y}-{m}-{d}", f"{y}-{m}-{d}", f"{y[:3]}X", f"{y}-XX", f"{y}-{m}-XX"]
    forms += [f"{y}-XX-{d}", f"{y}-{m}-{d[0]}X", f"{y}-{m[0]}X", f"{y[:2]}X{y[3]}-{m}", f"{y}{q}-{m}-{d}"]
    forms += [
        f"{y}-{m}{q}-{d}",
        f"{q}{y}-{m}",
        f"{y}-{m}-{q}{d}",
        f"{y}-{m}-{d}T12:00:00",
        f"{y}-{m}-{d}T12:00",
    ]
    return draw(st.sampled_from(forms)), day


@st.composite
def expressions(draw: st.DrawFn) -> str:
    texts = [draw(spans())[0] + draw(st.sampled_from(["", "", "~", "?"])) for _ in range(3)]
    shape = draw(
        st.sampled_from(["{0}", "{0}/{1}", "{0}/..", "{0}/", "[{0},{1}]", "[{0}..{1},{2}]", "[{0}..]"])
    )
    return shape.format(*texts)


def resolved(text: str, tz: tzinfo) -> When:
    try:
        return resolve_edtf(text, tz)
    except ValueError:
        assume(False)
        raise


class TestProperties:
    @UNHURRIED
    @given(spans(), st.sampled_from(ZONES))
    def test_the_day_written_lies_in_the_window(self, span: tuple[str, date], tz: tzinfo) -> None:
        text, day = span
        when = resolved(text, tz)
        noon = datetime.combine(day, time(12), tz).astimezone(UTC)
        assert when.earliest <= noon < when.ends

    @UNHURRIED
    @given(expressions(), st.sampled_from(ZONES))
    def test_the_sure_window_lies_within_the_window(self, text: str, tz: tzinfo) -> None:
        when = resolved(text, tz)
        sure_from, sure_until = when.sure_from or when.earliest, when.sure_until or when.ends
        assert when.earliest < when.ends
        assert when.earliest <= sure_from <= sure_until <= when.ends
        assert all(bound.tzinfo is UTC for bound in (when.earliest, when.ends, sure_from, sure_until))

    @UNHURRIED
    @given(spans(), QUALIFIER, st.sampled_from(ZONES))
    def test_padding_only_widens(self, span: tuple[str, date], qualifier: str, tz: tzinfo) -> None:
        plain, padded = resolved(span[0], tz), resolved(span[0] + qualifier, tz)
        assert padded.earliest <= plain.earliest
        assert padded.ends >= plain.ends
        assert padded.sure_from is not None
        assert padded.sure_until is not None

    @UNHURRIED
    @given(expressions(), st.sampled_from(ZONES))
    def test_the_canonical_text_means_the_same(self, text: str, tz: tzinfo) -> None:
        when = resolved(text, tz)
        assert resolve_edtf(when.edtf, tz) == when

    @UNHURRIED
    @given(st.lists(DAYS, min_size=2, max_size=2).map(sorted), st.sampled_from([4, 7, 10]), st.booleans())
    def test_plain_dates_agree_with_the_library(self, days: list[date], length: int, pair: bool) -> None:
        text = "/".join(day.isoformat()[:length] for day in days[: 1 + pair])
        library = edtf_library().parse_edtf(text)
        first, last = (date(*bound[:3]) for bound in (library.lower_strict(), library.upper_strict()))
        when = resolve_edtf(text, UTC)
        assert (when.earliest, when.latest) == (midnight(first), midnight(last) + timedelta(days=1))

    @UNHURRIED
    @given(DAYS, st.times(), st.sampled_from(["", "Z", "+03:00", "-11:30"]))
    def test_date_times_agree_with_the_library_on_the_day(self, day: date, clock: time, offset: str) -> None:
        text = f"{day.isoformat()}T{clock.replace(microsecond=0).isoformat()}{offset}"
        library = edtf_library().parse_edtf(text)
        (span,) = read_edtf(text).starts
        assert span.start.date() == date(*library.lower_strict()[:3])

    @UNHURRIED
    @given(DAYS, st.sampled_from(["{0:.3}X", "{0:.2}XX", "{0:.4}-XX", "{0:.7}-XX", "{0:.4}-XX-XX"]))
    def test_unspecified_digits_agree_with_the_library(self, day: date, shape: str) -> None:
        text = shape.format(day.isoformat())
        library = edtf_library().parse_edtf(text)
        first, last = library.lower_strict()[:3], library.upper_strict()[:3]
        assume(first[0] > 0 and last[0] < 9999)  # the library has a year 0
        when = resolve_edtf(text, UTC)
        assert when.earliest == midnight(date(*first))
        assert when.latest == midnight(date(*last)) + timedelta(days=1)

    @UNHURRIED
    @given(st.text(alphabet="0123456789X~?%-/[]{},.TZ:+ YE", max_size=200), st.sampled_from(ZONES))
    def test_whatever_looks_like_edtf_is_a_window_or_a_value_error(self, text: str, tz: tzinfo) -> None:
        with suppress(ValueError):
            when = resolve_edtf(text, tz)
            assert when.earliest < (when.latest or END_OF_TIME)

    @UNHURRIED
    @given(st.from_regex(r"[0-9X~?%]{4,6}(-[0-9X~?%]{2,4}){0,2}", fullmatch=True))
    def test_whatever_looks_like_a_date_is_a_window_or_a_value_error(self, text: str) -> None:
        with suppress(ValueError):
            assert resolve_edtf(text, KYIV).edtf == text
