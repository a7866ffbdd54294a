"""The frames of a replay."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from api.shapes.base import Shape
from api.shapes.comparisons import ChangeShape
from domain.comparisons import Change
from domain.reels import Entry
from domain.replays import Frame
from domain.states import PlaceState


class FrameShape(Shape):
    """The state from an instant on, and what changed against the frame before.

    The first frame is told against a place of which nothing is said.
    """

    t: datetime
    log_position: int = Field(description="Along the recorded clock that of the frame, else of the replay.")
    cursor: str = Field(description="Sent back as `cursor`, it gives the frames after this one.")
    last: bool = Field(
        description="Whether nothing changes after it. A replay that ends without such a frame was cut off."
    )
    development: str | None = Field(description="The first of `developments`.")
    developments: tuple[str, ...] = Field(description="Those that made the change.")
    entries: tuple[Entry, ...] = Field(
        description="Along the recorded clock: what befell them, or the voice of an actor, in the log."
    )
    changes: list[ChangeShape] = Field(
        description="`value` is what it is from this frame on, `against` what it was in the one before."
    )
    state: PlaceState | None = Field(description="Null with `frames=changes`, but for the first frame.")


def frame(told: Frame, cursor: str, *, whole: bool = True) -> FrameShape:
    """A frame; with its state when it is `whole`."""
    return FrameShape.model_construct(
        t=told.t,
        log_position=told.log_position,
        cursor=cursor,
        last=told.last,
        development=told.developments[0] if told.developments else None,
        developments=told.developments,
        entries=told.entries,
        changes=[_change(each, told) for each in told.changes],
        state=told.state if whole else None,
    )


def _change(change: Change, told: Frame) -> ChangeShape:
    made_by = tuple(name for name in told.developments if name in change.because)
    return ChangeShape.model_construct(
        aspect=change.aspect,
        key=change.key,
        value=change.other,
        against=change.one,
        because=change.because,
        made_by=made_by or told.developments,
        described=told.renamed,
    )
