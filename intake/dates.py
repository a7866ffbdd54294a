"""Dates as people, files and clients write them, resolved once into `When`, and the bounds of queries.

Every fault is a ValueError with one sentence that says what is wrong and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from domain.times import END_OF_TIME, When, before_instant
from intake.date_words import edtf_of_words, looks_like_words
from intake.edtf_spans import read_time
from intake.edtf_windows import LONGEST, read_edtf, resolve_edtf, shown

_BOUNDS = ("earliest", "latest")
_SURE_BOUNDS = ("sure_from", "sure_until")
_FIELDS = ("edtf", *_BOUNDS, *_SURE_BOUNDS)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]+))?"
    r"([Zz]|[+ -][0-9]{2}:[0-9]{2})"
)


def resolve_when(written: object, *, tz: tzinfo = UTC, anchor: date | None = None) -> When:
    """The window of a date, a day being that day in `tz`.

    `written` is EDTF text (what is read of it: `intake/edtf_windows.py`); a date, a datetime (its
    second; on the clocks of `tz` if naive) or a year; the resolved form `{edtf, earliest, latest,
    sure_from?, sure_until?}`, taken as told, or with `edtf` alone, resolved; or, if `anchor` is given,
    words such as "Friday" in a document published on that date (in `tz` if it is a datetime).

    Raises ValueError for anything else.
    """
    if isinstance(written, str):
        return _resolve_text(written.strip(), tz, anchor)
    if isinstance(written, When):
        return written
    if isinstance(written, Mapping):
        return _resolve_mapping(written, tz, anchor)
    return _resolve_text(_text_of(written), tz, anchor)


def resolve_clock(text: str, *, tz: tzinfo = UTC) -> datetime:
    """The exclusive bound `before`, in UTC, of a query at `text`: a date or an RFC 3339 instant.

    Date D gives the start of D+1 in `tz`, instant T gives T + 1 µs. A `+` that URL decoding turned
    into a space is taken for one. Raises ValueError for anything else.
    """
    written = text.strip()
    if _DAY.fullmatch(written):
        return resolve_edtf(written, tz).ends
    instant = _read_instant(written)
    if instant is None:
        raise ValueError(
            f"The clock {shown(text)} is neither a date like 2025-11-20 nor an instant with its offset "
            "like 2025-11-20T14:00:00Z (RFC 3339)."
        )
    return before_instant(instant)


def timezone_named(name: str) -> tzinfo:
    """The zone of the IANA name, such as `Europe/Kyiv`; ValueError if there is none."""
    if name == "UTC":
        return UTC
    # Asking the list first, because ZoneInfo takes names for paths and raises OSError, KeyError or
    # ValueError by what it finds there.
    if name not in _zone_names():
        raise ValueError(
            f"There is no time zone named {shown(str(name))}; write an IANA name such as Europe/Kyiv or UTC."
        )
    return ZoneInfo(name)


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    # `localtime` is whatever this machine is set to, so it would mean something else elsewhere.
    return frozenset(available_timezones() - {"localtime", "Factory"})


@lru_cache(maxsize=16_384)  # a timeline names the same few thousand days again and again
def _resolve_text(text: str, tz: tzinfo, anchor: date | None) -> When:
    if len(text) > LONGEST or not looks_like_words(text):
        return resolve_edtf(text, tz)
    if anchor is None:
        raise ValueError(
            f"The date {shown(text)} is in words, which can only be read against a document's publication "
            "date; name a document that has one, or write the date like 2025-11-20."
        )
    if isinstance(anchor, datetime):
        anchor = anchor.astimezone(tz).date() if anchor.tzinfo else anchor.date()
    return resolve_edtf(edtf_of_words(text, anchor), tz)


def _text_of(written: object) -> str:
    """The text of a single value, as its author would have written it."""
    match written:
        case str():
            return written.strip()
        case datetime():
            return _text_of_datetime(written)
        case date():
            return written.isoformat()
        case int() if not isinstance(written, bool):
            if 1 <= written <= 9999:
                return f"{written:04d}"
            raise ValueError("A year is a number from 1 to 9999; write a day with hyphens, like 2025-11-20.")
        case float():
            raise ValueError("A date is no number with a fraction; write it in quotes, like '2022-10'.")
    kind = "nothing" if written is None else f"a value of the type {type(written).__name__}"
    raise ValueError(
        f"A date is text such as 2025-11-20, a year, or an object with edtf, earliest and latest, not {kind}."
    )


def _text_of_datetime(written: datetime) -> str:
    offset = written.utcoffset()
    if offset is None:
        return written.replace(tzinfo=None).isoformat(timespec="seconds")
    if offset % timedelta(minutes=1):
        # Offsets of local mean time have seconds, which ISO 8601 cannot write.
        try:
            written = written.astimezone(UTC)
        except OverflowError:
            raise ValueError("A date must lie in the years 1 to 9999 in UTC as well.") from None
    return written.isoformat(timespec="seconds").replace("+00:00", "Z")


def _resolve_mapping(written: Mapping[object, object], tz: tzinfo, anchor: date | None) -> When:
    unknown = [str(key) for key in written if key not in _FIELDS]
    if unknown:
        raise ValueError(f"A resolved date has no field {shown(unknown[0])}, only {', '.join(_FIELDS)}.")
    text = _text_of(written.get("edtf"))
    if len(written) == 1:
        return _resolve_text(text, tz, anchor)
    if missing := [field for field in _BOUNDS if field not in written]:
        raise ValueError(
            f"A resolved date needs {missing[0]} as well; give edtf alone to have its window worked out."
        )
    told = {field: _told_instant(field, written.get(field)) for field in _BOUNDS + _SURE_BOUNDS}
    return _told_when(read_edtf(text).edtf, **told)


def _told_instant(field: str, told: object) -> datetime | None:
    if told is None:
        return None
    instant = _read_instant(told) if isinstance(told, str) else told
    if not isinstance(instant, datetime) or instant.utcoffset() is None:
        raise ValueError(
            f"The {field} of a resolved date is an instant like 2025-11-20T14:00:00Z (RFC 3339)."
        )
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"The {field} of a resolved date must lie in the years 1 to 9999 in UTC.") from None


def _told_when(
    edtf: str,
    *,
    earliest: datetime | None,
    latest: datetime | None,
    sure_from: datetime | None,
    sure_until: datetime | None,
) -> When:
    if earliest is None:
        raise ValueError("A resolved date needs earliest, the start of its window.")
    end = latest or END_OF_TIME
    if earliest >= end:
        raise ValueError("The earliest of a resolved date must come before its latest.")
    if not earliest <= (sure_from or earliest) <= (sure_until or end) <= end:
        raise ValueError("The sure_from and sure_until of a resolved date must lie in its window, in order.")
    return When(edtf=edtf, earliest=earliest, latest=latest, sure_from=sure_from, sure_until=sure_until)


def _read_instant(text: str) -> datetime | None:
    """An RFC 3339 instant in UTC; None if the text has another form, ValueError if it names none."""
    found = _INSTANT.fullmatch(text)
    if not found:
        return None
    day, clock, fraction, offset = found.groups()
    try:
        told = read_time(day, clock + offset.upper().replace(" ", "+"))
        return told.replace(microsecond=int(f"{fraction or 0:0<6}"[:6])).astimezone(UTC)
    except OverflowError:
        reason = "in UTC it lies beyond the years 0001 to 9999"
    except ValueError as error:
        reason = str(error)
    raise ValueError(f"The instant {shown(text)} cannot be used: {reason}.") from None
