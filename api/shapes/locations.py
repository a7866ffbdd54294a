"""Places: their state, their summary in lists, their history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of
from domain.conditions import Encirclement, Fighting, ForceCondition, Population, Visit
from domain.positions import Position
from domain.registry import LocationKind, LocationRegistered
from domain.shares import Share
from domain.states import PlaceHistory, PlaceState
from domain.status import Disagreement, Status
from domain.times import Clocks
from projections.reading.places import PlaceSummary

REGISTERED = "How many people live there, as a register has it. What voices say of it is a development."


class LocationState(Shape):
    """What follows for a place at the clocks: who says it holds what, who disagrees, on what evidence."""

    id: str = Field(examples=["kupiansk"])
    name: str = Field(examples=["Kupiansk"])
    kind: LocationKind
    names: dict[str, str] = Field(description="Names by language tag (BCP 47).")
    point: tuple[float, float] | None = Field(description="[longitude, latitude] in degrees, WGS 84.")
    part_of: str | None
    refs: dict[str, str] = Field(description="Ids in other registers.")
    aliases: tuple[str, ...] = Field(description="Former names and other spellings, by which it is found.")
    registered_population: int | None = Field(description=REGISTERED)
    status: Status
    holder: str | None = Field(description="The party that holds all of it, when the status is `held`.")
    certain: bool = Field(description="False while the window of a development it rests on is still open.")
    positions: tuple[Position, ...]
    disagreements: tuple[Disagreement, ...]
    encirclements: tuple[Encirclement, ...]
    supply_cuts: tuple[ForceCondition, ...]
    presences: tuple[ForceCondition, ...]
    fighting: Fighting | None
    last_visit: Visit | None
    population: Population | None = Field(description="What was last reported of it.")
    because: tuple[str, ...] = Field(description="The developments that the status follows from.")
    clocks: Clocks


class LocationSummary(Shape):
    """A place in a list: what it is, and its status."""

    id: str
    name: str
    kind: LocationKind
    names: dict[str, str]
    point: tuple[float, float] | None
    part_of: str | None
    registered_population: int | None = Field(description=REGISTERED)
    status: Status
    holder: str | None
    certain: bool
    because: tuple[str, ...]


class LocationList(Shape):
    """A page of places."""

    items: list[LocationSummary]
    clocks: Clocks


class StatusSpellShape(Shape):
    """The status for as long as it lasted."""

    from_: datetime = Field(alias="from")
    to: datetime | None = Field(description="null while it lasts.")
    value: Status
    holder: str | None
    certain: bool


class PositionSpellShape(Shape):
    """A voice's position for as long as it lasted; `shares` is empty while it said nothing."""

    from_: datetime = Field(alias="from")
    to: datetime | None
    shares: dict[str, Share]
    certain: bool
    because: tuple[str, ...]


class DisagreementSpellShape(Shape):
    """Two voices that disagree, for as long as they do without a break."""

    from_: datetime = Field(alias="from")
    to: datetime | None = Field(description="null while it lasts.")
    between: tuple[str, str]


class History(Shape):
    """The spells over valid time, at the known and recorded clocks."""

    status: list[StatusSpellShape]
    voices: dict[str, list[PositionSpellShape]]
    disagreements: list[DisagreementSpellShape] = Field(
        description="Of every pair of voices that ever disagrees, by their start."
    )
    clocks: Clocks


def location_state(place: LocationRegistered, state: PlaceState, clocks: Clocks) -> LocationState:
    """The answer for one place."""
    return LocationState.model_construct(**_described(place), **fields_of(state), clocks=clocks)


def location_summary(summary: PlaceSummary) -> LocationSummary:
    """A place in a list."""
    place = _described(summary.place)
    del place["refs"], place["aliases"]
    return LocationSummary.model_construct(**place, **fields_of(summary.verdict))


def _described(place: LocationRegistered) -> dict[str, Any]:
    """The fields of a place, beside those of its state: both have a population."""
    described = fields_of(place)
    described["registered_population"] = described.pop("population")
    return described


def location_list(found: Iterable[PlaceSummary], clocks: Clocks) -> LocationList:
    """A page of places."""
    return LocationList.model_construct(items=[*map(location_summary, found)], clocks=clocks)


def history(told: PlaceHistory, clocks: Clocks) -> History:
    """The answer for a history."""
    status = [
        StatusSpellShape.model_construct(
            from_=spell.start, to=spell.end, value=spell.value, holder=spell.holder, certain=spell.certain
        )
        for spell in told.status
    ]
    voices = {
        voice: [
            PositionSpellShape.model_construct(
                from_=spell.start,
                to=spell.end,
                shares=spell.shares,
                certain=spell.certain,
                because=spell.because,
            )
            for spell in spells
        ]
        for voice, spells in told.voices.items()
    }
    disagreements = [
        DisagreementSpellShape.model_construct(from_=spell.start, to=spell.end, between=spell.between)
        for spell in told.disagreements
    ]
    return History.model_construct(status=status, voices=voices, disagreements=disagreements, clocks=clocks)
