"""The shapes of answers, as models that both document and write them (DESIGN 8: fields are never renamed)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from domain.conditions import Encirclement, Fighting, ForceCondition, Population, Visit
from domain.kinds.envelope import Mode
from domain.outcomes import Outcome
from domain.positions import Position
from domain.registry import ActorKind, ActorRegistered, DocumentArchived, LocationKind, LocationRegistered
from domain.shares import Share
from domain.states import PlaceHistory, PlaceState
from domain.status import Disagreement, Status
from domain.times import Clocks, When
from projections.reading.claims import ClaimAnswer
from projections.reading.developments import DevelopmentRevision
from projections.reading.places import PlaceSummary
from projections.reading.registry import Registered


class Shape(BaseModel):
    """A shape: made from values that are right by construction, so it is written without a check."""

    model_config = ConfigDict(populate_by_name=True)


class LocationState(Shape):
    """What follows for a place at the clocks: who says it holds what, who disagrees, on what evidence."""

    id: str = Field(examples=["kupiansk"])
    name: str = Field(examples=["Kupiansk"])
    kind: LocationKind
    names: dict[str, str] = Field(description="Names by language tag (BCP 47).")
    point: tuple[float, float] | None = Field(description="[longitude, latitude] in degrees, WGS 84.")
    part_of: str | None
    refs: dict[str, str] = Field(description="Ids in other registers.")
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
    population: Population | None
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


class History(Shape):
    """The spells over valid time, at the known and recorded clocks."""

    status: list[StatusSpellShape]
    voices: dict[str, list[PositionSpellShape]]
    clocks: Clocks


class RecordedDevelopment(Shape):
    """A development as the ledger holds it: its own fields, and what the ledger knows of it."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"allOf": [{"$ref": "#/components/schemas/Development"}]},
    )

    voice: str | None = Field(description="Whose position it moves.")
    revision: int
    change: str = Field(description="What the revision is: reported, corrected, retracted or linked.")
    log_position: int
    recorded_at: datetime
    recorded_by: str
    retracted: bool
    reason: str | None = Field(description="Why it was corrected, retracted or linked.")


class DevelopmentAnswer(RecordedDevelopment):
    """One development at the clocks."""

    clocks: Clocks


class RevisionShape(RecordedDevelopment):
    """One revision; `changed` has what is otherwise than in the one before, `link` the link of a `linked` one."""

    until_position: int | None = Field(description="The log position that ended it; null while it holds.")
    request_id: str | None
    changed: dict[str, Any] = Field(description="By field: {from, to}.")
    link: Any = None


class DevelopmentList(Shape):
    """A page of developments."""

    items: list[RecordedDevelopment]
    clocks: Clocks


class RevisionList(Shape):
    """Every revision of a development, first first."""

    items: list[RevisionShape]
    clocks: Clocks


class ClaimEntryShape(Shape):
    """One thing that befell a claim."""

    what: str = Field(examples=["made", "denied", "contradicted"])
    voice: str | None
    development: str
    occurred: When | None
    reported: When | None
    log_position: int
    recorded_at: datetime
    recorded_by: str
    reason: str | None
    link_type: str | None


class ReportShape(Shape):
    """One document that reports the claim."""

    document: str
    origin: str = Field(description="Where it has the claim from: the first of `via`, else its publisher.")
    via: tuple[str, ...]
    mode: Mode
    development: str
    misattributed: bool


class ClaimShape(Shape):
    """A claim, what befell it, and what became of it."""

    id: str
    kind: str
    at: tuple[str, ...]
    by: str
    voice: str
    holder: str
    share: Share
    manner: str | None
    summary: str | None
    occurred: When
    reported: When
    revision: int
    outcome: Outcome
    entries: list[ClaimEntryShape]
    reports: int = Field(description="How many reports count.", examples=[5])
    origins: int = Field(description="From how many independent origins they come.", examples=[2])
    sources: list[ReportShape] = Field(description="The reports, those that do not count too.")


class ClaimDetail(ClaimShape):
    """One claim at the clocks."""

    clocks: Clocks


class ClaimList(Shape):
    """A page of claims."""

    items: list[ClaimShape]
    clocks: Clocks


class ActorShape(Shape):
    """An actor as described."""

    id: str
    kind: ActorKind
    name: str
    names: dict[str, str]
    speaks_for: str | None
    voice: str
    revision: int
    log_position: int
    recorded_at: datetime


class ActorDetail(ActorShape):
    """One actor at the clocks."""

    clocks: Clocks


class ActorList(Shape):
    """A page of actors."""

    items: list[ActorShape]
    clocks: Clocks


class DocumentShape(Shape):
    """An archived source. `sha256` is of a secret salt and the text, so it matches no published hash."""

    id: str
    publisher: str
    title: str
    url: str | None
    published: str | None
    language: str | None
    licence: str | None
    note: str | None
    sha256: str | None
    revision: int
    log_position: int
    recorded_at: datetime


class DocumentDetail(DocumentShape):
    """One document at the clocks, with its text while it is kept."""

    text: str | None
    clocks: Clocks


class DocumentList(Shape):
    """A page of documents."""

    items: list[DocumentShape]
    clocks: Clocks


def location_state(place: LocationRegistered, state: PlaceState, clocks: Clocks) -> LocationState:
    """The answer for one place."""
    return LocationState.model_construct(**_fields(place), **_fields(state), clocks=clocks)


def location_summary(summary: PlaceSummary) -> LocationSummary:
    """A place in a list."""
    place, verdict = _fields(summary.place), _fields(summary.verdict)
    del place["refs"]
    return LocationSummary.model_construct(**place, **verdict)


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
                from_=spell.start, to=spell.end, shares=spell.shares, certain=spell.certain, because=spell.because
            )
            for spell in spells
        ]
        for voice, spells in told.voices.items()
    }
    return History.model_construct(status=status, voices=voices, clocks=clocks)


def development_fields(found: DevelopmentRevision) -> dict[str, Any]:
    """The fields of a development, its own and the ledger's."""
    own: dict[str, Any] = msgspec.to_builtins(found.body)
    return {
        **own,
        "voice": found.voice,
        "revision": found.revision,
        "change": found.change,
        "log_position": found.log_position,
        "recorded_at": found.recorded_at,
        "recorded_by": found.recorded_by,
        "retracted": found.retracted,
        "reason": found.reason,
    }


def development(found: DevelopmentRevision) -> RecordedDevelopment:
    """A development in a list."""
    return RecordedDevelopment.model_construct(**development_fields(found))


def development_answer(found: DevelopmentRevision, clocks: Clocks) -> DevelopmentAnswer:
    """One development."""
    return DevelopmentAnswer.model_construct(**development_fields(found), clocks=clocks)


def revisions(found: list[DevelopmentRevision]) -> list[RevisionShape]:
    """Every revision, with what each changed."""
    shapes = []
    before: dict[str, Any] = {}
    for revision in found:
        body = msgspec.to_builtins(revision.body)
        changed = {
            name: {"from": before.get(name), "to": body.get(name)}
            for name in {**before, **body}
            if before and before.get(name) != body.get(name)
        }
        shapes.append(
            RevisionShape.model_construct(
                **development_fields(revision),
                until_position=revision.until_position,
                request_id=revision.request_id,
                changed=changed,
                link=revision.detail,
            )
        )
        before = body
    return shapes


def claim_fields(found: ClaimAnswer) -> dict[str, Any]:
    """The fields of a claim."""
    told = _fields(found.claim)
    kept = ("id", "kind", "at", "by", "holder", "share", "manner", "summary", "occurred", "reported")
    return {
        **{name: told[name] for name in kept},
        "voice": found.voice,
        "revision": found.revision,
        "outcome": found.outcome,
        "entries": [ClaimEntryShape.model_construct(**_fields(entry)) for entry in found.entries],
        "reports": len(found.counted),
        "origins": len(found.origins),
        "sources": [ReportShape.model_construct(**_fields(report)) for report in found.reports],
    }


def actor_fields(found: Registered[ActorRegistered]) -> dict[str, Any]:
    """The fields of an actor."""
    return {**_fields(found.body), "voice": found.body.voice, **_recorded(found)}


def document_fields(found: Registered[DocumentArchived]) -> dict[str, Any]:
    """The fields of a document."""
    return {**_fields(found.body), **_recorded(found)}


def _recorded(found: Registered[Any]) -> dict[str, Any]:
    return {"revision": found.revision, "log_position": found.log_position, "recorded_at": found.recorded_at}


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass, one level deep: what is in them is written by its own type."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}
