"""What a write answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from api.shapes.base import Shape
from domain.streams import what_of
from ledger.application import Revised
from ledger.recording import Outcome
from ledger.recording import Receipt as Recorded


class Receipt(Shape):
    """What became of one thing. Written again with the same content it is `unchanged`."""

    id: str
    status: Literal["new", "unchanged"]
    revision: int
    log_position: int = Field(description="Read with `min_log_position` to be sure that an answer covers it.")
    recorded_at: datetime | None = Field(description="null when nothing was written.")


class RevisionReceipt(Shape):
    """A thing has this revision from this log position on."""

    id: str
    revision: int
    log_position: int
    recorded_at: datetime


class DossierItem(Shape):
    """What became of one entry."""

    what: Literal["actor", "location", "document", "development"]
    id: str
    status: Literal["new", "unchanged"]
    revision: int
    log_position: int


class DossierReceipt(Shape):
    """What became of a dossier: how much was new, and how much was there already."""

    new: int
    unchanged: int
    log_position: int | None = Field(description="The greatest of all entries; null for an empty dossier.")
    items: list[DossierItem]


def receipt(recorded: Recorded) -> Receipt:
    """The receipt of one thing."""
    [outcome] = recorded.outcomes
    return Receipt.model_construct(
        id=outcome.item.event.id, recorded_at=recorded.recorded_at, **_outcome_fields(outcome)
    )


def revision_receipt(identifier: str, revised: Revised) -> RevisionReceipt:
    """The receipt of a revision."""
    return RevisionReceipt.model_construct(
        id=identifier,
        revision=revised.revision,
        log_position=revised.log_position,
        recorded_at=revised.recorded_at,
    )


def dossier_receipt(recorded: Recorded) -> DossierReceipt:
    """The receipt of a dossier, entry by entry."""
    items = [_dossier_item(outcome) for outcome in recorded.outcomes]
    new = sum(item.status == "new" for item in items)
    return DossierReceipt.model_construct(
        new=new, unchanged=len(items) - new, log_position=recorded.log_position, items=items
    )


def _dossier_item(outcome: Outcome) -> DossierItem:
    event = outcome.item.event
    return DossierItem.model_construct(id=event.id, **{"what": what_of(event), **_outcome_fields(outcome)})


def _outcome_fields(outcome: Outcome) -> dict[str, Any]:
    """What is told of anything written. A conflict is an error, and nothing is left without a position."""
    return {
        "status": outcome.status,
        "revision": outcome.revision,
        "log_position": outcome.log_position,
    }
