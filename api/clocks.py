"""The clocks of a request, and what else many reads take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Annotated

from fastapi import Depends, Query

from domain.errors import Fault, InvalidInput
from domain.times import instant_of
from intake.dates import resolve_clock, resolve_when, timezone_named
from projections.reading.moments import AskedClocks

_LARGEST = 2**63 - 1


def asked_clocks(  # noqa: PLR0913 - each is a parameter of the query
    valid_at: Annotated[
        str | None,
        Query(description="When it was so: an RFC 3339 instant, or a date for all of that day. Default: now."),
    ] = None,
    known_at: Annotated[
        str | None, Query(description="When it was public: an instant or a date. Default: now.")
    ] = None,
    recorded_at: Annotated[
        str | None, Query(description="When this ledger held it: an instant or a date. Default: now.")
    ] = None,
    log_position: Annotated[
        int | None,
        Query(ge=0, le=_LARGEST, description="The recorded clock exactly: everything up to this position."),
    ] = None,
    min_log_position: Annotated[
        int | None,
        Query(ge=0, le=_LARGEST, description="Wait until the answer covers this position of a write of yours."),
    ] = None,
    tz: Annotated[str, Query(description="The time zone in which a date is a day, such as Europe/Kyiv.")] = "UTC",
) -> AskedClocks:
    """The three clocks. All default to now; with `log_position` or `recorded_at` given, the other two
    default to the moment of that position, so that the same question has the same answer for ever.
    """
    if recorded_at is not None and log_position is not None:
        message = "Give one of them: both set the recorded clock."
        raise InvalidInput([Fault(path="query.recorded_at", message=message, code="duplicate")])
    zone = read_zone(tz)
    return AskedClocks(
        valid_before=read_bound("valid_at", valid_at, zone),
        known_before=read_bound("known_at", known_at, zone),
        recorded_before=read_bound("recorded_at", recorded_at, zone),
        log_position=log_position,
        min_log_position=min_log_position,
    )


def read_zone(name: str) -> tzinfo:
    """The zone of that name. Raises InvalidInput."""
    try:
        return timezone_named(name)
    except ValueError as error:
        raise InvalidInput([Fault(path="query.tz", message=str(error), code="bad-value")]) from None


def read_bound(name: str, written: str | None, zone: tzinfo) -> datetime | None:
    """The exclusive bound of a date or an instant. Raises InvalidInput."""
    if written is None:
        return None
    try:
        return resolve_clock(written, tz=zone)
    except ValueError as error:
        raise InvalidInput([Fault(path=f"query.{name}", message=str(error), code="bad-value")]) from None


def read_start(name: str, written: str | None, zone: tzinfo) -> datetime | None:
    """The instant at which a date begins, or the instant itself. Raises InvalidInput."""
    before = read_bound(name, written, zone)
    if written is None or before is None:
        return None
    return instant_of(before) if ":" in written else resolve_when(written, tz=zone).earliest


def split_list(values: Sequence[str] | None) -> list[str] | None:
    """`voices=a,b` and `voices=a&voices=b` both mean a and b."""
    if values is None:
        return None
    return [part for value in values for part in value.split(",") if part]


ClocksDep = Annotated[AskedClocks, Depends(asked_clocks)]
Voices = Annotated[
    list[str] | None, Query(description="Only these voices count, separated by commas. Default: all.")
]
Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many items.")]
