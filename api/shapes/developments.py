"""Developments: as the ledger holds them, and revision by revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from pydantic import ConfigDict, Field

from api.shapes.base import Shape
from domain.catalogue import DEVELOPMENT_KINDS
from domain.kinds.envelope import Development
from domain.times import Clocks
from projections.reading.developments import DevelopmentRevision


class RecordedDevelopment(Shape):
    """A development as the ledger holds it: its own fields, and what the ledger knows of it."""

    model_config = ConfigDict(
        extra="allow",
        # Not the component that tells them apart by `kind`: generators would take this for one more kind.
        json_schema_extra={
            "allOf": [
                {"oneOf": [{"$ref": f"#/components/schemas/{cls.__name__}"} for cls in DEVELOPMENT_KINDS]}
            ]
        },
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
    """One revision; `changed` has what differs from the one before, `link` the link of a `linked` one."""

    until_position: int | None = Field(description="The log position that ended it; null while it holds.")
    request_id: str | None
    changed: dict[str, Any] = Field(description="By field: {from, to}.")
    link: Any = None
    as_told: bool = Field(description="Whether it was taken over with a log from elsewhere.")


class DevelopmentList(Shape):
    """A page of developments."""

    items: list[RecordedDevelopment]
    clocks: Clocks


class RevisionList(Shape):
    """Every revision of a development, first first."""

    items: list[RevisionShape]
    clocks: Clocks


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


def development_list(found: Sequence[DevelopmentRevision], clocks: Clocks) -> DevelopmentList:
    """A page of developments."""
    return DevelopmentList.model_construct(items=[*map(development, found)], clocks=clocks)


def revision_list(found: Sequence[DevelopmentRevision], clocks: Clocks, told_until: int) -> RevisionList:
    """Every revision, with what each changed, in a log that was taken over up to a position."""
    shapes = []
    before: Development | None = None
    for revision in found:
        shapes.append(
            RevisionShape.model_construct(
                **development_fields(revision),
                until_position=revision.until_position,
                request_id=revision.request_id,
                changed=changed_fields(before, revision.body),
                link=revision.detail,
                as_told=revision.log_position <= told_until,
            )
        )
        before = revision.body
    return RevisionList.model_construct(items=shapes, clocks=clocks)


def changed_fields(before: Development | None, after: Development) -> dict[str, Any]:
    """What differs between a body and the one before it, by field: {from, to}; nothing for a first body."""
    if before is None:
        return {}
    was: dict[str, Any] = msgspec.to_builtins(before)
    now: dict[str, Any] = msgspec.to_builtins(after)
    return {
        name: {"from": was.get(name), "to": now.get(name)}
        for name in {**was, **now}
        if was.get(name) != now.get(name)
    }
