"""Values in plain words: shares, imprecise dates, instants, clocks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, tzinfo

from domain.shares import ALL, ANY, MOST, NONE, PART, Share
from domain.times import Clocks, When, before_instant

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SEASONS = {"21": "spring", "22": "summer", "23": "autumn", "24": "winter"}
QUALIFIERS = {"": "", "~": "about ", "?": "perhaps ", "%": "perhaps about "}

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?([~?%]?)")

_ONE_OF = re.compile(r"\[([^\[\].]+)\]")

_NAMED = {ALL: "all", NONE: "none", PART: "part", MOST: "most", ANY: "any share"}
_LESS_THAN_ALL = Share(min=0.0, max=1.0, max_open=True)
_SOME_OR_ALL = Share(min=0.0, max=1.0, min_open=True)


def say_share(share: Share) -> str:
    """How much of a place: "all", "part", "less than all", "40%", "50% to 100%"."""
    if share in _NAMED:
        return _NAMED[share]
    if share == _LESS_THAN_ALL:
        return "less than all"
    if share == _SOME_OR_ALL:
        return "some or all"
    if share.min == share.max:
        return _percent(share.min)
    if share.min == 0:
        return f"{'some, ' if share.min_open else ''}{_upper(share)}"
    if share.max == 1 and not share.max_open:
        return f"more than {_percent(share.min)}" if share.min_open else f"{_percent(share.min)} to 100%"
    if share.min_open or share.max_open:
        lower = f"{'more than' if share.min_open else 'at least'} {_percent(share.min)}"
        return f"{lower}, {_upper(share)}"
    return f"{_percent(share.min)} to {_percent(share.max)}"


def _upper(share: Share) -> str:
    return f"{'less than' if share.max_open else 'up to'} {_percent(share.max)}"


def _percent(part: float) -> str:
    return f"{part * 100:.4g}%"


def say_control(shares: Mapping[str, Share]) -> str:
    """Who holds how much: "russia all", "russia part, ukraine part"."""
    return ", ".join(f"{party} {say_share(share)}" for party, share in shares.items()) or "nothing"


def say_gap(gap: float) -> str:
    """How far two intervals are apart; they may have no number in common and still touch."""
    return "touching" if gap == 0 else _percent(gap)


def say_apart(gap: float) -> str:
    """The same beside what they are apart on: "touching", "2% apart"."""
    return say_gap(gap) if gap == 0 else f"{say_gap(gap)} apart"


def say_when(when: When, *, throughout: bool = False) -> str:
    """An imprecise date in words, or as it is written where there are no shorter words for it."""
    if one_of := _ONE_OF.fullmatch(when.edtf):
        return " or ".join(_say_date(date.strip()) for date in one_of[1].split(","))
    first, slash, last = when.edtf.partition("/")
    start = _say_date(first)
    if not slash:
        return start
    if last in ("", ".."):
        return f"from {start} on"
    end = _say_date(last)
    return f"from {start} to {end}" if throughout else f"between {start} and {end}"


def is_plain(when: When) -> bool:
    """Whether the date as written needs no words beside it."""
    found = _DATE.fullmatch(when.edtf)
    return found is not None and not found[4] and found[2] not in SEASONS


def _say_date(edtf: str) -> str:
    found = _DATE.fullmatch(edtf)
    if found is None:
        return edtf
    year, month, day, qualifier = found.groups()
    if month in SEASONS:
        words = f"{SEASONS[month]} {year}"
    elif month is None or not 1 <= int(month) <= 12:
        words = edtf.removesuffix(qualifier)
    else:
        words = " ".join(part for part in ((day or "").lstrip("0"), MONTHS[int(month) - 1], year) if part)
    return QUALIFIERS[qualifier] + words


def say_instant(instant: datetime, zone: tzinfo = UTC) -> str:
    """An instant: the day alone where a day begins, else with the time."""
    local = _local(instant, zone)
    day = f"{local.day} {MONTHS[local.month - 1]} {local.year}"
    if local.time() == time.min:
        return day
    return f"{day} {local:%H:%M:%S}".removesuffix(":00") + f" {local.tzname() or zone}"


def say_lead(days: float) -> str:
    """By how much a claim came before an assessment, or after: "4.5 days before", "less than a day after"."""
    if days == 0:
        return "at the same time as"
    count = f"{abs(days):,.1f}".removesuffix(".0")
    long = f"{count} {'day' if count == '1' else 'days'}" if abs(days) >= 1 else "less than a day"
    return f"{long} {'before' if days > 0 else 'after'}"


def say_clock(instant: datetime, zone: tzinfo = UTC) -> str:
    """The last instant that counts: "all of 13 Dec 2025" where that is the end of a day."""
    following = _local(before_instant(instant), zone)
    local = _local(instant, zone)
    if following.time() == time.min and local.date() != following.date():
        return f"all of {local.day} {MONTHS[local.month - 1]} {local.year}"
    return say_instant(instant, zone)


def say_clocks(clocks: Clocks, zone: tzinfo = UTC) -> str:
    """All clocks of an answer, in one line."""
    if clocks.valid_at == clocks.known_at == clocks.recorded_at:
        return f"All clocks: {say_clock(clocks.valid_at, zone)}, log position {clocks.log_position}."
    return (
        f"Valid: {say_clock(clocks.valid_at, zone)}. Known: {say_clock(clocks.known_at, zone)}. "
        f"Recorded: {say_clock(clocks.recorded_at, zone)}, log position {clocks.log_position}."
    )


def _local(instant: datetime, zone: tzinfo) -> datetime:
    try:
        return instant.astimezone(zone)
    except OverflowError:  # the end of time has no later zone
        return instant


def say_kind(kind: str) -> str:
    """A kind as words."""
    return kind.replace("-", " ")


def count_of(number: int, singular: str, plural: str | None = None) -> str:
    """A number with its noun: "1 place", "5 places"."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
