"""What all shapes share."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from projections.reading.registry import Registered


class Shape(BaseModel):
    """A shape: made from values that are right by construction, so it is written without a check."""

    model_config = ConfigDict(populate_by_name=True)


def fields_of(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, one level deep: what is in them is written by its own type."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def recorded_fields(found: Registered[Any]) -> dict[str, Any]:
    """What the ledger knows of an entry of the registry."""
    return {
        "revision": found.revision,
        "log_position": found.log_position,
        "recorded_at": found.recorded_at,
    }
