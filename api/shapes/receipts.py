"""What a write answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, JsonValue

from api.problems import Problem
from api.shapes.base import Shape, fields_of
from domain.kinds.envelope import Development
from domain.likeness import RULE, Voiced
from domain.streams import what_of
from domain.times import When
from ledger.recording import Outcome
from ledger.recording import Receipt as Recorded
from ledger.recordings import Results
from ledger.revising import Revised
from projections.reading.duplicates import TOLD

DAY: JsonValue = {"edtf": "2025-11-20", "earliest": "2025-11-20T00:00:00Z", "latest": "2025-11-21T00:00:00Z"}
ALIKE: JsonValue = {
    "development": "kupiansk-claimed",
    "rule": RULE,
    "kind": "occupation-claimed",
    "at": ["kupiansk"],
    "by": "russian-army",
    "voice": "russia",
    "occurred": DAY,
    "reported": DAY,
    "documents": ["report-2025-12-13"],
    "summary": "The Russian army claims the whole of Kupiansk.",
}


class PossibleDuplicate(Shape):
    """A development that may be the same report. If it is, join the two by a link of type `same-report`."""

    model_config = ConfigDict(json_schema_extra={"examples": [ALIKE]})

    development: str
    rule: str = Field(description="The rule by which the two are alike.", examples=[RULE])
    kind: str
    at: tuple[str, ...]
    by: str | None
    voice: str | None
    occurred: When
    reported: When
    documents: list[str] = Field(description="The documents that report it.")
    summary: str | None


PossibleDuplicates = Annotated[
    list[PossibleDuplicate] | None,
    Field(
        description="Developments recorded before it that may be the same report, the nearest first, at most "
        f"{TOLD}. For what is unchanged, those recorded by now. null when it cannot be told right now: "
        "then send the same again to ask again."
    ),
]


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


class DevelopmentReceipt(Receipt):
    """What became of a development, and what it looks like."""

    possible_duplicates: PossibleDuplicates


class CorrectionReceipt(RevisionReceipt):
    """A development has this revision from this log position on, and looks like these now."""

    possible_duplicates: PossibleDuplicates


class BatchItem(Shape):
    """What became of one development of a batch. Where it `failed`, `problem` says why; the rest is null."""

    id: str | None = Field(description="null where it failed and was sent without one.")
    status: Literal["new", "unchanged", "failed"]
    revision: int | None
    log_position: int | None
    possible_duplicates: PossibleDuplicates
    problem: Problem | None = Field(description="What is wrong with it; paths are within the item.")


class BatchReceipt(Shape):
    """What became of a batch, item by item in the order in which they were sent."""

    new: int
    unchanged: int
    failed: int
    log_position: int | None = Field(description="The greatest of all items; null when none is recorded.")
    items: list[BatchItem]


class DossierItem(Shape):
    """What became of one entry. `possible_duplicates` is empty for what is no development."""

    what: Literal["actor", "location", "document", "development"]
    id: str
    status: Literal["new", "unchanged"]
    revision: int
    log_position: int
    possible_duplicates: PossibleDuplicates


class DossierReceipt(Shape):
    """What became of a dossier: how much was new, and how much was there already."""

    new: int
    unchanged: int
    log_position: int | None = Field(description="The greatest of all entries; null for an empty dossier.")
    items: list[DossierItem]


def receipt(recorded: Recorded) -> Receipt:
    """The receipt of one thing."""
    return Receipt.model_construct(**_receipt_fields(recorded))


def development_receipt(recorded: Recorded, duplicates: Iterable[Voiced] | None) -> DevelopmentReceipt:
    """The receipt of a development; `duplicates` is None when they are not known."""
    return DevelopmentReceipt.model_construct(
        **_receipt_fields(recorded), possible_duplicates=_told(duplicates)
    )


def _receipt_fields(recorded: Recorded) -> dict[str, Any]:
    [outcome] = recorded.outcomes
    return {
        "id": outcome.item.event.id,
        "recorded_at": recorded.recorded_at,
        **_outcome_fields(outcome),
    }


def revision_receipt(identifier: str, revised: Revised) -> RevisionReceipt:
    """The receipt of a revision."""
    return RevisionReceipt.model_construct(id=identifier, **fields_of(revised))


def correction_receipt(
    identifier: str, revised: Revised, duplicates: Iterable[Voiced] | None
) -> CorrectionReceipt:
    """The receipt of a correction; `duplicates` is None when they are not known."""
    return CorrectionReceipt.model_construct(
        id=identifier, **fields_of(revised), possible_duplicates=_told(duplicates)
    )


def dossier_receipt(recorded: Recorded, duplicates: Mapping[str, Iterable[Voiced]]) -> DossierReceipt:
    """The receipt of a dossier, entry by entry; `duplicates` are by development, without those not known."""
    items = [_dossier_item(outcome, duplicates) for outcome in recorded.outcomes]
    new = sum(item.status == "new" for item in items)
    return DossierReceipt.model_construct(
        new=new, unchanged=len(items) - new, log_position=recorded.log_position, items=items
    )


def batch_receipt(
    results: Results,
    problems: Mapping[int, tuple[str | None, Problem]],
    duplicates: Mapping[str, Iterable[Voiced]],
) -> BatchReceipt:
    """The receipt of a batch. `problems` are by place in the batch, with the id that was given; the results
    of those without one follow each other in order.
    """
    receipts = iter(results.receipts)
    size = len(results.receipts) + len(problems)
    items = [
        _failed_item(*problems[place]) if place in problems else _batch_item(next(receipts), duplicates)
        for place in range(size)
    ]
    counts = Counter(item.status for item in items)
    return BatchReceipt.model_construct(
        new=counts["new"],
        unchanged=counts["unchanged"],
        failed=counts["failed"],
        log_position=results.log_position,
        items=items,
    )


def _failed_item(identifier: str | None, problem: Problem) -> BatchItem:
    return BatchItem.model_construct(
        id=identifier,
        status="failed",
        revision=None,
        log_position=None,
        possible_duplicates=None,
        problem=problem,
    )


def _batch_item(recorded: Recorded, duplicates: Mapping[str, Iterable[Voiced]]) -> BatchItem:
    [outcome] = recorded.outcomes
    identifier = outcome.item.event.id
    alike = _told(duplicates.get(identifier))
    told = {**_outcome_fields(outcome), "possible_duplicates": alike}
    return BatchItem.model_construct(id=identifier, problem=None, **told)


def _dossier_item(outcome: Outcome, duplicates: Mapping[str, Iterable[Voiced]]) -> DossierItem:
    event = outcome.item.event
    alike = duplicates.get(event.id) if isinstance(event, Development) else ()
    told = {"what": what_of(event), **_outcome_fields(outcome), "possible_duplicates": _told(alike)}
    return DossierItem.model_construct(id=event.id, **told)


def _told(duplicates: Iterable[Voiced] | None) -> list[PossibleDuplicate] | None:
    return None if duplicates is None else [_possible_duplicate(each) for each in duplicates]


def _possible_duplicate(found: Voiced) -> PossibleDuplicate:
    body = found.body
    return PossibleDuplicate.model_construct(
        development=body.id,
        rule=RULE,
        kind=body.kind,
        at=body.at,
        by=body.by,
        voice=found.voice,
        occurred=body.occurred,
        reported=body.reported,
        documents=[source.document for source in body.sources],
        summary=body.summary,
    )


def _outcome_fields(outcome: Outcome) -> dict[str, Any]:
    """What is told of anything written. A conflict is an error, and nothing is left without a position."""
    return {
        "status": outcome.status,
        "revision": outcome.revision,
        "log_position": outcome.log_position,
    }
