"""The clocks of a request, and what else of a query is read into values of ours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, tzinfo
from typing import Annotated

from fastapi import Depends, Query

from api.parameters import did_you_mean
from domain.errors import Fault, InvalidInput
from domain.times import instant_of
from intake.dates import resolve_clock, resolve_when, timezone_named
from intake.edtf_windows import shown
from projections.reading.moments import AskedClocks

LARGEST = 2**63 - 1


async def clocks_of_query(
    valid_at: Annotated[
        str | None,
        Query(
            description="When it was so: an RFC 3339 instant, or a date for all of that day. Default: now."
        ),
    ] = None,
    known_at: Annotated[
        str | None, Query(description="When it was public: an instant or a date. Default: now.")
    ] = None,
    recorded_at: Annotated[
        str | None, Query(description="When this ledger held it: an instant or a date. Default: now.")
    ] = None,
    log_position: Annotated[
        int | None,
        Query(
            ge=0,
            le=LARGEST,
            description="The recorded clock exactly: everything up to this position. With it, or with "
            "`recorded_at`, the other two default to the moment of that position. With both, as an answer "
            "repeats them, this one counts, and has to have been recorded by then.",
        ),
    ] = None,
    min_log_position: Annotated[
        int | None,
        Query(
            ge=0, le=LARGEST, description="Wait until the answer covers this position of a write of yours."
        ),
    ] = None,
    tz: Annotated[
        str, Query(description="The time zone in which a date is a day, such as Europe/Kyiv.")
    ] = "UTC",
) -> AskedClocks:
    """A dependency: the clocks of a request."""
    return asked_clocks(
        valid_at=valid_at,
        known_at=known_at,
        recorded_at=recorded_at,
        log_position=log_position,
        min_log_position=min_log_position,
        tz=tz,
    )


def asked_clocks(
    *,
    valid_at: str | None = None,
    known_at: str | None = None,
    recorded_at: str | None = None,
    log_position: int | None = None,
    min_log_position: int | None = None,
    tz: str = "UTC",
) -> AskedClocks:
    """The three clocks as written. All default to now; with `log_position` or `recorded_at` given, the
    other two default to the moment of that position, so that the same question has the same answer for ever.
    Given both, as an answer repeats them, it is the position that counts.

    Raises InvalidInput.
    """
    zone = read_zone(tz)
    return AskedClocks(
        valid_before=read_bound("valid_at", valid_at, zone),
        known_before=read_bound("known_at", known_at, zone),
        recorded_before=read_bound("recorded_at", recorded_at, zone),
        log_position=log_position,
        min_log_position=min_log_position,
    )


def invalid(name: str, message: str, code: str = "bad-value") -> InvalidInput:
    """The error for one parameter of the query."""
    return InvalidInput([Fault(path=f"query.{name}", message=message, code=code)])


def read_zone(name: str) -> tzinfo:
    """The zone of that name. Raises InvalidInput."""
    try:
        return timezone_named(name)
    except ValueError as error:
        raise invalid("tz", str(error)) from None


def read_bound(name: str, written: str | None, zone: tzinfo) -> datetime | None:
    """The exclusive bound of a date or an instant. Raises InvalidInput."""
    if written is None:
        return None
    try:
        return resolve_clock(written, tz=zone)
    except ValueError as error:
        raise invalid(name, str(error)) from None


def read_start(name: str, written: str | None, zone: tzinfo) -> datetime | None:
    """The instant at which a date begins, or the instant itself. Raises InvalidInput."""
    before = read_bound(name, written, zone)
    if written is None or before is None:
        return None
    return instant_of(before) if ":" in written else resolve_when(written, tz=zone).earliest


def split_list(values: Sequence[str] | None) -> list[str] | None:
    """The words of a list: `a,b` and `a`, `b` both mean a and b."""
    return None if values is None else [part for value in values for part in value.split(",") if part]


def read_list(
    name: str, values: Sequence[str] | None, *, of: str = "", known: Collection[str] | None = None
) -> list[str] | None:
    """The words of a parameter. Raises InvalidInput when there is none, or one that is not among the words
    that are `known` for things `of` a sort.
    """
    words = split_list(values)
    if words is None:
        return None
    if not words:
        raise invalid(name, f"Name at least one, or leave {name} out.")
    for word in words:
        if known is not None and word not in known:
            raise invalid(name, f"There is no {of} {shown(word)}{did_you_mean(word, known)}")
    return words


def read_box(written: str | None) -> tuple[float, float, float, float] | None:
    """West, south, east and north in degrees. Raises InvalidInput."""
    if written is None:
        return None
    try:
        west, south, east, north = (float(part) for part in written.split(","))
    except ValueError:
        west = south = east = north = float("nan")
    if not (-180 <= west <= 180 and -90 <= south <= north <= 90 and -180 <= east <= 180):
        raise invalid("bbox", "Write west,south,east,north: four numbers in degrees, south not above north.")
    return west, south, east, north


ClocksDep = Annotated[AskedClocks, Depends(clocks_of_query)]
Voices = Annotated[
    list[str] | None, Query(description="Only these voices count, separated by commas. Default: all.")
]
Box = Annotated[
    str | None,
    Query(description="west,south,east,north in degrees (WGS 84); west above east crosses the antimeridian."),
]
