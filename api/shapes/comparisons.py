"""What differs between two settings of the clocks, and what made it differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import Field

from api.shapes.base import Shape, fields_of
from api.shapes.claims import ClaimEntryShape
from api.shapes.developments import RecordedDevelopment, changed_fields, development
from domain.comparisons import Aspect
from domain.outcomes import Outcome
from domain.shares import Share
from domain.standpoints import Reason, Speaker, Standing
from domain.times import Clocks
from projections.reading.claims import ClaimAnswer
from projections.reading.comparisons import ClaimChange, HappeningChange, PlaceComparison, StateChange
from projections.reading.developments import DevelopmentRevision
from projections.reading.lifecycles import ClaimEntry
from projections.reading.makers import ActorMaker, Made, Maker, Step


class MadeShape(Shape):
    """What made a change. Each id stands in `developments`, or in `actors`, with its reasons and events."""

    made_by: tuple[str, ...] = Field(
        description="The developments that made it: none counts alike on both sides."
    )
    described: tuple[str, ...] = Field(
        description="The actors that made it by being described anew, so that they speak otherwise."
    )


class ChangeShape(MadeShape):
    """One thing that differs in the state."""

    aspect: Aspect
    key: str = Field(description="Which: a voice, a pair of voices, a condition; empty where there is one.")
    value: Any = Field(description="What it is at the clocks; null where there is none.")
    against: Any = Field(description="What it is at the clocks compared against.")
    because: tuple[str, ...] = Field(description="The developments that one side names and not the other.")


class ClaimSideShape(Shape):
    """A claim as it stands on one side."""

    by: str
    voice: str
    holder: str
    share: Share
    revision: int
    outcome: Outcome


class ClaimChangeShape(MadeShape):
    """A claim that stands on one side only, or otherwise."""

    id: str
    value: ClaimSideShape | None = Field(description="At the clocks; null where it does not stand.")
    against: ClaimSideShape | None = Field(description="At the clocks compared against.")
    entries: list[ClaimEntryShape] = Field(description="What befell it at the clocks, and not at `against`.")
    gone: list[ClaimEntryShape] = Field(description="What befell it at `against`, and not at the clocks.")


class HappeningChangeShape(MadeShape):
    """A happening that counts on one side only, or is told otherwise."""

    id: str
    value: RecordedDevelopment | None = Field(description="At the clocks; null where it does not count.")
    against: RecordedDevelopment | None = Field(description="At the clocks compared against.")


class MakerEventShape(Shape):
    """An event of the log that made a difference."""

    log_position: int
    revision: int
    change: str = Field(description="reported, corrected, retracted or linked; described for an actor.")
    recorded_at: datetime
    recorded_by: str
    reason: str | None = Field(description="Why, in the editor's words.")
    changed: dict[str, Any] = Field(description="For a correction, by field: {from, to}.")
    link: Any = None


class DevelopmentChangeShape(Shape):
    """A development that made a difference: how it stands on both sides, and why not alike."""

    development: str
    reason: Reason = Field(description="The first of `reasons`.")
    reasons: tuple[Reason, ...] = Field(
        description="Why it stands otherwise at `clocks` than at `against`: everything that does make a "
        "difference to it."
    )
    value: Standing = Field(description="How it stands at the clocks.")
    against: Standing = Field(description="How it stands at the clocks compared against.")
    events: list[MakerEventShape] = Field(
        description="What was recorded of it between the two log positions."
    )


class ActorChangeShape(Shape):
    """An actor that was described anew between the two log positions."""

    actor: str
    value: Speaker | None = Field(description="What it is at the clocks; null where it was not registered.")
    against: Speaker | None = Field(description="What it is at the clocks compared against.")
    events: list[MakerEventShape]


class Comparison(Shape):
    """What differs for a place; `changes` is empty exactly when both states are equal."""

    id: str
    name: str
    changes: list[ChangeShape]
    claims: list[ClaimChangeShape] = Field(
        description="The claims that stand on one side only, or otherwise."
    )
    happenings: list[HappeningChangeShape] = Field(
        description="The happenings that count on one side only, or are told otherwise."
    )
    developments: list[DevelopmentChangeShape] = Field(description="Every development that made any of it.")
    actors: list[ActorChangeShape] = Field(description="Every actor whose new description made any of it.")
    clocks: Clocks
    against: Clocks


def comparison(told: PlaceComparison) -> Comparison:
    """The answer."""
    return Comparison.model_construct(
        id=told.place.id,
        name=told.place.name,
        changes=[*map(_change, told.changes)],
        claims=[*map(_claim, told.claims)],
        happenings=[*map(_happening, told.happenings)],
        developments=[*map(_maker, told.makers)],
        actors=[*map(_actor, told.actors)],
        clocks=told.clocks,
        against=told.against,
    )


def _made(made: Made) -> dict[str, Any]:
    return {"made_by": made.developments, "described": made.actors}


def _change(told: StateChange) -> ChangeShape:
    change = told.change
    return ChangeShape.model_construct(
        aspect=change.aspect,
        key=change.key,
        value=change.other,
        against=change.one,
        because=change.because,
        **_made(told.made),
    )


def _claim(told: ClaimChange) -> ClaimChangeShape:
    return ClaimChangeShape.model_construct(
        id=told.claim,
        value=_claim_side(told.other),
        against=_claim_side(told.one),
        entries=_entries(told.new),
        gone=_entries(told.gone),
        **_made(told.made),
    )


def _claim_side(found: ClaimAnswer | None) -> ClaimSideShape | None:
    if found is None:
        return None
    return ClaimSideShape.model_construct(
        by=found.claim.by,
        voice=found.voice,
        holder=found.claim.holder,
        share=found.claim.share,
        revision=found.revision,
        outcome=found.outcome,
    )


def _entries(entries: Iterable[ClaimEntry]) -> list[ClaimEntryShape]:
    return [ClaimEntryShape.model_construct(**fields_of(entry)) for entry in entries]


def _happening(told: HappeningChange) -> HappeningChangeShape:
    def side(found: DevelopmentRevision | None) -> RecordedDevelopment | None:
        return development(found) if found is not None else None

    return HappeningChangeShape.model_construct(
        id=told.development, value=side(told.other), against=side(told.one), **_made(told.made)
    )


def _maker(told: Maker) -> DevelopmentChangeShape:
    return DevelopmentChangeShape.model_construct(
        development=told.development,
        reason=told.reasons[0],
        reasons=told.reasons,
        value=told.other,
        against=told.one,
        events=[*map(_event, told.steps)],
    )


def _event(step: Step) -> MakerEventShape:
    revision = step.revision
    return MakerEventShape.model_construct(
        log_position=revision.log_position,
        revision=revision.revision,
        change=revision.change,
        recorded_at=revision.recorded_at,
        recorded_by=revision.recorded_by,
        reason=revision.reason,
        changed=changed_fields(step.before.body if step.before is not None else None, revision.body),
        link=revision.detail,
    )


def _actor(told: ActorMaker) -> ActorChangeShape:
    return ActorChangeShape.model_construct(
        actor=told.actor,
        value=told.other,
        against=told.one,
        events=[
            MakerEventShape.model_construct(
                **fields_of(description), change="described", reason=None, changed={}, link=None
            )
            for description in told.descriptions
        ],
    )
