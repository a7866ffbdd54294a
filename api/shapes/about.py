"""What the service knows of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.shapes.base import Shape
from domain.kinds.envelope import Terms


class KindShape(Shape):
    """A kind of development, what it maps to elsewhere, and the schema of what is written."""

    kind: str
    family: str
    description: str
    terms: Terms
    written: dict[str, Any] = Field(description="JSON Schema; its references lead into the OpenAPI document.")


class KindList(Shape):
    """Every kind there is."""

    items: list[KindShape]


class ProblemTypeShape(Shape):
    """A kind of problem."""

    type: str = Field(examples=["/v1/problems/not-recorded-yet"])
    title: str
    status: int


class ProblemTypeList(Shape):
    """Every kind of problem there is."""

    items: list[ProblemTypeShape]


class Health(Shape):
    """The process answers."""

    status: Literal["ok"]


class ProjectionShape(Shape):
    """How a projection stands. `error` is what stopped it, at the event `error_position`."""

    name: str
    position: int
    head: int
    lag: int = Field(description="How many log positions it is behind the log.")
    settled: bool
    building: bool
    error: str | None
    error_position: int | None
    failed_at: datetime | None


class Readiness(Shape):
    """Whether questions can be answered, and if not, why not."""

    status: Literal["ready", "unready"]
    problems: list[str]
    projections: list[ProjectionShape]
