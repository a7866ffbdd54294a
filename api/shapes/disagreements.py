"""Disagreements in a list: where, who against whom, over what, since when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from pydantic import Field

from api.shapes.base import Shape, fields_of
from domain.positions import Position
from domain.registry import LocationKind
from domain.status import Move
from domain.times import Clocks
from projections.reading.disagreements import Dispute

DAY = timedelta(days=1)


class DisputeShape(Shape):
    """Two voices that disagree on a place."""

    id: str = Field(description="The place.", examples=["kupiansk"])
    name: str
    kind: LocationKind
    point: tuple[float, float] | None = Field(description="[longitude, latitude] in degrees, WGS 84.")
    part_of: str | None
    between: tuple[str, str]
    party: str = Field(description="The party over whose share they disagree most.")
    gap: float = Field(description="The distance between the two intervals, as a share of the place.")
    since: datetime = Field(description="From when on they have disagreed without a break.")
    age_days: float = Field(description="Days from `since` to `valid_at`.")
    moved_last: Move = Field(description="The later one of the moves that brought them to what they say.")
    sides: tuple[Position, Position] = Field(description="What each says, in the order of `between`.")
    because: tuple[str, ...]


class DisputeList(Shape):
    """A page of disagreements."""

    items: list[DisputeShape]
    clocks: Clocks


def dispute_list(found: Iterable[Dispute], clocks: Clocks) -> DisputeList:
    """A page of disagreements."""
    return DisputeList.model_construct(items=[_dispute(each, clocks) for each in found], clocks=clocks)


def _dispute(found: Dispute, clocks: Clocks) -> DisputeShape:
    place = fields_of(found.place)
    told = {name: place[name] for name in ("id", "name", "kind", "point", "part_of")}
    return DisputeShape.model_construct(
        **told,
        **fields_of(found.disagreement),
        age_days=round((clocks.valid_at - found.disagreement.since) / DAY, 2),
        sides=found.sides,
    )
