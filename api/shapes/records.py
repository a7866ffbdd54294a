"""Actors' records: what became of their claims, in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of
from domain.outcomes import RULE, OutcomeValue
from domain.records import Tally
from domain.registry import ActorKind
from domain.times import Clocks, instant_of
from projections.reading.records import ActorRecord, RecordQuestion


class TallyShape(Shape):
    """A count of claims."""

    claims: int = Field(description="How many claims there are.", examples=[12])
    distinct: int = Field(
        description="How many are left when those of one voice that are the same report count once.",
        examples=[11],
    )
    outcomes: dict[OutcomeValue, int] = Field(description="The distinct ones by outcome: all six values.")
    median_lead_days: float | None = Field(
        description="The median of the days by which claims came before the first assessment that bears them "
        "out; null when none is borne out."
    )
    leads: int = Field(description="How many leads the median rests on.")


# Of two bases the fields of the second are written first: who, then how many.
class _Speaker(Shape):
    actor: str


class SpeakerShape(TallyShape, _Speaker):
    """The part of one actor in a record."""


class PeriodShape(Shape):
    """From the first to the last instant at which a claim may take effect; null where it is open."""

    made_from: datetime | None
    made_to: datetime | None


class _Recorded(Shape):
    id: str
    kind: ActorKind
    name: str
    rule: str = Field(description="The rule by which the claims were judged.", examples=[RULE])


class RecordShape(TallyShape, _Recorded):
    """What became of an actor's claims: for a party, of all that were made with its voice."""

    by_actor: list[SpeakerShape] = Field(
        description="The same for each actor that made any of them. What two of them told counts for both."
    )
    period: PeriodShape
    part_of: str | None
    bbox: tuple[float, float, float, float] | None
    clocks: Clocks


def record(found: ActorRecord, question: RecordQuestion, clocks: Clocks) -> RecordShape:
    """A record, with the question that it answers."""
    before = question.made_before
    period = PeriodShape.model_construct(
        made_from=question.made_from, made_to=instant_of(before) if before is not None else None
    )
    return RecordShape.model_construct(
        id=found.actor.id,
        kind=found.actor.kind,
        name=found.actor.name,
        rule=RULE,
        **_counts(found.total),
        by_actor=[*_speakers(found.by_actor.items())],
        period=period,
        part_of=question.part_of,
        bbox=question.bbox,
        clocks=clocks,
    )


def _speakers(tallies: Iterable[tuple[str, Tally]]) -> Iterable[SpeakerShape]:
    for actor, counted in tallies:
        yield SpeakerShape.model_construct(actor=actor, **_counts(counted))


def _counts(counted: Tally) -> dict[str, Any]:
    return fields_of(counted)
