"""The log itself: one shape for its pages and its streams."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape
from ledger.codec import to_json_value
from ledger.reading import Recorded


class EventShape(Shape):
    """One event of the log."""

    log_position: int
    recorded_at: datetime
    recorded_by: str
    request_id: str | None
    stream: str = Field(examples=["development:kupiansk-claimed"])
    version: int = Field(description="The revision of the thing that this event made.")
    topic: str = Field(examples=["occupation-claimed"])
    event: dict[str, Any]
    as_told: bool = Field(
        description="Whether it was taken over with a log from elsewhere: its times are what that log tells."
    )


class EventList(Shape):
    """A page of the log; `head` is where the log ended when it was read."""

    items: list[EventShape]
    head: int


class WebhookMessage(Shape):
    """What a webhook is sent: an event of the log."""

    type: str = Field(description="The topic of the event.", examples=["occupation-claimed"])
    timestamp: datetime = Field(description="When it was recorded.")
    data: EventShape = Field(description="The event, as `/v1/events` gives it.")


def event_fields(recorded: Recorded, told_until: int) -> dict[str, Any]:
    """The fields of an event of a log that was taken over up to a position."""
    return {
        "log_position": recorded.log_position,
        "recorded_at": recorded.recorded_at,
        "recorded_by": recorded.recorded_by,
        "request_id": recorded.request_id,
        "stream": recorded.stream,
        "version": recorded.version,
        "topic": recorded.topic,
        "event": to_json_value(recorded.event),
        "as_told": recorded.log_position <= told_until,
    }
