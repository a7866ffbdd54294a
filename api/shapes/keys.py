"""The key of a request."""

from __future__ import annotations

from pydantic import Field

from api.shapes.base import Shape
from ledger.keys import Role


class KeyShape(Shape):
    """A key that is good, without its secret."""

    id: str = Field(description="The part of the key that `palimpsest keys list` shows.")
    name: str = Field(description="Its name, which is recorded with what it writes.", examples=["ana"])
    role: Role = Field(
        description="What it may do; each role may do all that the ones before it may.", examples=["reporter"]
    )
