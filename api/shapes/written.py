"""What was read of a date or a share as people write it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of
from api.words import say_share, say_when
from domain.shares import Share
from domain.times import When

READS_AS = Field(description="What it was read as, in English words.")
TEXT = Field(description="The text that was given.")


class DateRead(Shape):
    """The window that a date stands for, as a write would record it."""

    text: str = TEXT
    when_text: str | None = Field(
        description="The words that a write would keep beside the window; null for what is not in words."
    )
    edtf: str = Field(description="The date in EDTF (ISO 8601-2); of words what they came to.")
    earliest: datetime
    latest: datetime | None
    sure_from: datetime | None
    sure_until: datetime | None
    reads_as: str = READS_AS
    relative_to: date | None = Field(description="The day that words are read against; null for none.")
    tz: str = Field(description="The time zone in which a date is a day.", examples=["UTC"])


class ShareRead(Shape):
    """The interval that a share stands for, as a write would record it."""

    text: str = TEXT
    min: float
    max: float
    min_open: bool
    max_open: bool
    reads_as: str = READS_AS


def date_read(text: str, when: When, words: str | None, relative_to: date | None, tz: str) -> dict[str, Any]:
    """The fields of DateRead."""
    told = {**fields_of(when), "reads_as": say_when(when), "relative_to": relative_to, "tz": tz}
    return {"text": text, "when_text": words, **told}


def share_read(text: str, share: Share) -> dict[str, Any]:
    """The fields of ShareRead."""
    return {"text": text, **fields_of(share), "reads_as": say_share(share)}
