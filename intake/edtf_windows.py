"""EDTF expressions (ISO 8601-2:2019) and the windows they stand for.

Read here: level 1 within the years 1 to 9999; of level 2 the qualifiers on a component
(`2022-09~-10`), unspecified digits anywhere (`2022-1X`) and one-of sets (`[2022-09,2022-11]`).
Beyond that, either end of an interval may be a date-time, seasons and date-times may be qualified,
and a date-time may stop at the minute, lack an offset or carry a fraction of a second, which is dropped.

A window is half-open and in UTC, `earliest <= t < latest`. A day is that day in the zone given, a
date-time its second (or minute). A qualifier (`~`, `?`, `%`) widens the window by
`edtf_spans.PADDING_DAYS`, calendar days in the zone, and shrinks what is surely within it by as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from domain.times import END_OF_TIME, When
from intake.edtf_spans import Span, read_span

LONGEST = 200
"""The characters accepted in one expression; real ones have fewer than 70."""

BEYOND = "it reaches beyond the years 0001 to 9999; write .. for an end that stays open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A whole expression: what it may begin with and what it may end with; no `ends` if it stays open."""

    edtf: str
    starts: Sequence[Span]
    ends: Sequence[Span]


@lru_cache(maxsize=16_384)
def resolve_edtf(text: str, tz: tzinfo) -> When:
    """The window of an EDTF expression read in `tz`; ValueError, one sentence, if it has none."""
    expression = read_edtf(text)
    try:
        return _window(expression, tz)
    except OverflowError:
        reason = BEYOND
    except ValueError as error:
        reason = str(error)
    raise ValueError(f"The date {shown(text)} cannot be used: {reason}.") from None


def read_edtf(text: str) -> Expression:
    """The parts of an EDTF expression, no zone applied; ValueError, one sentence, if it is none."""
    try:
        return _read_expression(text.strip())
    except OverflowError:
        reason = BEYOND
    except ValueError as error:
        reason = str(error)
    raise ValueError(f"The date {shown(text)} cannot be used: {reason}.") from None


def shown(text: str) -> str:
    """The text as an error quotes it: in quotes, and not endless."""
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def _read_expression(text: str) -> Expression:
    if len(text) > LONGEST:
        raise ValueError(f"it has {len(text)} characters, and a date has at most {LONGEST}")
    if not text:
        raise ValueError("it is empty; leave it out, or write one like 2025-11-20")
    if text.startswith("{"):
        raise ValueError("a set of all its dates names several times; record one development for each")
    if text.startswith("[") and text.endswith("]"):
        return _read_set(text[1:-1])
    if "/" in text:
        return _read_pair(text, "/")
    return _read_single(text)


def _read_single(text: str) -> Expression:
    span = read_span(text)
    return Expression(edtf=span.edtf, starts=(span,), ends=(span,))


def _read_set(text: str) -> Expression:
    """`[a,b]`, `[a..b]`, `[a..]`: one of several dates, so anywhere from the first to the last of them."""
    parts = [part.strip() for part in text.split(",")]
    if not all(parts):
        raise ValueError("one of its dates is empty")
    members = [_read_pair(part, "..") if ".." in part else _read_single(part) for part in parts]
    if len(members) == 1 and ".." not in text:
        raise ValueError("a one-of set needs two dates; write a single date without brackets")
    return Expression(
        edtf=f"[{','.join(member.edtf for member in members)}]",
        starts=[span for member in members for span in member.starts],
        ends=[span for member in members for span in member.ends] if all(m.ends for m in members) else (),
    )


def _read_pair(text: str, mark: str) -> Expression:
    """`A/B`, `A/..` (open) and `A/` (unknown) in an interval, `A..B` and `A..` in a set.

    An unknown end stays open as well: the library would put it ten years on.
    """
    first, _, last = (part.strip() for part in text.partition(mark))
    if first in ("", ".."):
        raise ValueError("it needs a start; write the earliest date it can have begun")
    start = read_span(first)
    if not last or (last == ".." and mark == "/"):
        return Expression(edtf=f"{start.edtf}{mark}{last}", starts=(start,), ends=())
    end = read_span(last)
    # A clock with an offset can be put in order with a plain day only once the zone is known.
    if start.start.tzinfo is None and end.end.tzinfo is None and start.start >= end.end:
        raise ValueError(f"it ends ({end.edtf}) before it begins ({start.edtf})")
    return Expression(edtf=f"{start.edtf}{mark}{end.edtf}", starts=(start,), ends=(end,))


def _window(expression: Expression, tz: tzinfo) -> When:
    low = min(expression.starts, key=lambda span: _opens(span, tz, -span.padding))
    earliest = start = _opens(low, tz)
    latest = sure_from = sure_until = None
    if low.padding:
        earliest, sure_from = _opens(low, tz, -low.padding), _opens(low, tz, low.padding)
    if expression.ends:
        high = max(expression.ends, key=lambda span: _closes(span, tz, span.padding))
        latest = _closes(high, tz)
        if latest <= start:
            raise ValueError(_why_empty(expression, tz))
        if high.padding:
            latest, sure_until = _closes(high, tz, high.padding), _closes(high, tz, -high.padding)
    if (sure_from or start) > (sure_until or latest or END_OF_TIME):
        sure_from = sure_until = start  # the paddings meet: nothing is sure
    return When(
        edtf=expression.edtf, earliest=earliest, latest=latest, sure_from=sure_from, sure_until=sure_until
    )


def _opens(span: Span, tz: tzinfo, days: int = 0) -> datetime:
    return _instant(span.start, tz, days)


def _closes(span: Span, tz: tzinfo, days: int = 0) -> datetime:
    if span.is_local_clock and not days:
        # When the clocks are put back, a local time comes twice: the window covers both.
        return _instant(span.start.replace(fold=1), tz) + (span.end - span.start)
    return _instant(span.end, tz, days)


def _instant(wall: datetime, tz: tzinfo, days: int = 0) -> datetime:
    """What clocks show, so many calendar days on in `tz`, as UTC.

    A midnight that the clocks skip is the instant of the skip; one that comes twice is the first.
    """
    local = wall.replace(tzinfo=tz) if wall.tzinfo is None else wall.astimezone(tz)
    # Adding even zero days would forget which of two equal local times is meant.
    return (local + timedelta(days=days) if days else local).astimezone(UTC)


def _why_empty(expression: Expression, tz: tzinfo) -> str:
    if expression.starts == expression.ends:
        return f"the clocks of {tz} were put past it, so it never came there"
    return f"in {tz} it ends before it begins"
