"""What differs between two settings of the clocks."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from api.shapes.base import Shape
from domain.comparisons import Aspect, Change, DevelopmentChange
from domain.times import Clocks


class ChangeShape(Shape):
    """One thing that differs."""

    aspect: Aspect
    key: str = Field(description="Which: a voice, a pair of voices, a condition; empty where there is one.")
    value: Any = Field(description="What it is at the clocks; null where there is none.")
    against: Any = Field(description="What it is at the clocks compared against.")
    because: tuple[str, ...] = Field(description="The developments that one side rests on and not the other.")


class Comparison(Shape):
    """What differs for a place; `changes` is empty exactly when both states are equal."""

    id: str
    changes: list[ChangeShape]
    developments: tuple[DevelopmentChange, ...] = Field(
        description="Why each counts on one side only, or otherwise: read from `against` to `clocks`."
    )
    clocks: Clocks
    against: Clocks


def comparison(
    place: str,
    changes: tuple[Change, ...],
    developments: tuple[DevelopmentChange, ...],
    clocks: tuple[Clocks, Clocks],
) -> Comparison:
    """The answer; `clocks` are those compared against, then those asked for."""
    told = [
        ChangeShape.model_construct(
            aspect=change.aspect,
            key=change.key,
            value=change.other,
            against=change.one,
            because=change.because,
        )
        for change in changes
    ]
    return Comparison.model_construct(
        id=place, changes=told, developments=developments, against=clocks[0], clocks=clocks[1]
    )
