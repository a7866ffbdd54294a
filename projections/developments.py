"""Developments by revision, and where they stand: for timelines, revisions and as-of questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

import msgspec

from domain.catalogue import EDITORIAL_TOPICS, KINDS
from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.envelope import Development
from domain.positions import effect_order
from ledger.reading import Recorded
from projections.engine.projection import Projection, Row, Writer, topics_of

REVISION_COLUMNS = (
    "development_id",
    "revision",
    "change",
    "from_position",
    "until_position",
    "recorded_at",
    "recorded_by",
    "request_id",
    "reason",
    "detail",
    "retracted",
    "effect_from",
    "effect_until",
    "known_from",
    "kind",
    "actor_id",
    "body",
)
# In the middle, what `effect_order` answers: rows in the order of these columns are in the order of effect.
PLACE_COLUMNS = (
    "location_id",
    "effect_from",
    "effect_until",
    "reported_from",
    "known_from",
    "is_answer",
    "development_id",
    "revision",
    "from_position",
    "until_position",
    "kind",
    "actor_id",
)

# What a revision without a body of its own keeps of the one before it.
KEPT = ("retracted", "effect_from", "effect_until", "known_from", "kind", "actor_id", "body")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """The part of a revision's row that says what changed and why."""

    change: str
    reason: str | None = None
    detail: bytes | None = None


class Developments(Projection):
    """Rows of `development_revisions` and `development_places`."""

    name: ClassVar[str] = "developments"
    tables: ClassVar[tuple[str, ...]] = ("development_revisions", "development_places")
    topics: ClassVar[frozenset[str]] = topics_of(KINDS, EDITORIAL_TOPICS)
    lookups: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "development_revisions": ("development_id",),
        "development_places": ("development_id",),
    }
    weight: ClassVar[int] = 4

    def apply(self, writer: Writer, recorded: Recorded) -> None:
        """Adds a revision, and ends the one before it."""
        identifier = recorded.stream.partition(":")[2]
        match recorded.event:
            case Development() as body:
                _add_body(writer, recorded, body, _Change(change="reported"))
            case Corrected(body=body, reason=reason):
                writer.end("development_revisions", "development_id", recorded.log_position)
                writer.end("development_places", "development_id", recorded.log_position)
                _add_body(writer, recorded, body, _Change(change="corrected", reason=reason))
            case Retracted(reason=reason):
                writer.end("development_places", "development_id", recorded.log_position)
                _carry_on(writer, recorded, identifier, _Change(change="retracted", reason=reason))
            case Linked() as link:
                detail = msgspec.json.encode(asdict(link))
                change = _Change(change="linked", reason=link.reason, detail=detail)
                _carry_on(writer, recorded, identifier, change)
            case _:
                pass


def _add_body(writer: Writer, recorded: Recorded, body: Development, change: _Change) -> None:
    """A revision with a body of its own, and its places on the timelines."""
    kept = (
        False,
        body.occurred.earliest,
        body.occurred.ends,
        body.reported.ends,
        body.kind,
        body.by,
        msgspec.json.encode(body),
    )
    writer.add("development_revisions", REVISION_COLUMNS, _revision_row(recorded, body.id, change, kept))
    order = effect_order(body)
    for place in body.at:
        row = (place, *order, recorded.version, recorded.log_position, None, body.kind, body.by)
        writer.add("development_places", PLACE_COLUMNS, row)


def _carry_on(writer: Writer, recorded: Recorded, identifier: str, change: _Change) -> None:
    """A revision that keeps the body it found."""
    [(retracted, *kept)] = writer.find("development_revisions", "development_id", KEPT)
    writer.end("development_revisions", "development_id", recorded.log_position)
    row = _revision_row(recorded, identifier, change, (retracted or change.change == "retracted", *kept))
    writer.add("development_revisions", REVISION_COLUMNS, row)


def _revision_row(recorded: Recorded, identifier: str, change: _Change, kept: Row) -> Row:
    return (
        identifier,
        recorded.version,
        change.change,
        recorded.log_position,
        None,
        recorded.recorded_at,
        recorded.recorded_by,
        recorded.request_id,
        change.reason,
        change.detail,
        *kept,
    )
