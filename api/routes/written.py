"""Dates and shares as people write them, read as a write would: to be seen before they are sent."""

from __future__ import annotations

from datetime import date, tzinfo
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.access import reader
from api.answers import plain_answer
from api.clocks import invalid, read_zone
from api.documenting import reads
from api.shapes import written as shapes
from domain.times import When
from intake.date_words import looks_like_words
from intake.dates import resolve_when
from intake.shares import resolve_share

router = APIRouter(prefix="/v1", tags=["written"], dependencies=[Depends(reader)])


@router.get("/dates", responses=reads(shapes.DateRead, one=False))
def read_date(
    request: Request,
    text: Annotated[
        str, Query(description="A date in any form that a dossier takes.", examples=["three weeks ago"])
    ] = "",
    relative_to: Annotated[
        str | None,
        Query(
            description="When the document was published that has it: words are read against the first day "
            "of this date (EDTF).",
            examples=["2025-12-13"],
        ),
    ] = None,
    tz: Annotated[
        str, Query(description="The time zone in which a date is a day, such as Europe/Kyiv.")
    ] = "UTC",
) -> Response:
    """The window that a date stands for. Nothing is recorded.

    What a write would refuse is refused here in the same words, with the path `query.text`.
    """
    zone = read_zone(tz)
    anchor = _read_anchor(relative_to, zone)
    when = _read_when("text", text, zone, anchor)
    words = text if looks_like_words(text) else None
    return plain_answer(request, shapes.date_read(text, when, words, anchor, tz))


def _read_anchor(written: str | None, zone: tzinfo) -> date | None:
    """The first day of a publication date in the zone, as a dossier takes it."""
    if written is None:
        return None
    try:
        return _read_when("relative_to", written, zone, None).earliest.astimezone(zone).date()
    except OverflowError:
        raise invalid("relative_to", "This day lies beyond the years 1 to 9999 in that zone.") from None


def _read_when(name: str, written: str, zone: tzinfo, anchor: date | None) -> When:
    try:
        return resolve_when(written, tz=zone, anchor=anchor)
    except ValueError as error:
        raise invalid(name, str(error)) from None


@router.get("/shares", responses=reads(shapes.ShareRead, one=False))
async def read_share(
    request: Request,
    text: Annotated[
        str, Query(description="A share in any form of text that a dossier takes.", examples=["[0.85, 0.9)"])
    ] = "",
) -> Response:
    """The interval that a share stands for. Nothing is recorded.

    What a write would refuse is refused here in the same words, with the path `query.text`.
    """
    try:
        share = resolve_share(text)
    except ValueError as error:
        raise invalid("text", str(error)) from None
    return plain_answer(request, shapes.share_read(text, share))
