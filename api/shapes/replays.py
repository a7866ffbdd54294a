"""The frames of a replay."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from domain.replays import Frame
from domain.states import PlaceState


class FrameShape(Shape):
    """The state from an instant on, and what made it differ from the frame before; the first has no cause."""

    t: datetime
    log_position: int
    development: str | None = Field(description="The first of `developments`.")
    developments: tuple[str, ...]
    state: PlaceState


def frame(told: Frame) -> FrameShape:
    """A frame."""
    return FrameShape.model_construct(
        t=told.t,
        log_position=told.log_position,
        development=told.developments[0] if told.developments else None,
        developments=told.developments,
        state=told.state,
    )
