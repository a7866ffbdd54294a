"""Small things to record, with everything filled in that a test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.catalogue import KINDS
from domain.kinds.answers import ClaimDenied
from domain.kinds.claims import OccupationClaimed
from domain.kinds.envelope import Development
from domain.kinds.happenings import StatementMade
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from domain.times import When


def day(text: str, *, latest: str | None = None) -> When:
    """A day (`2025-11-20`) as a window, or the days up to and with `latest`."""
    earliest = datetime.fromisoformat(text).replace(tzinfo=UTC)
    end = datetime.fromisoformat(latest or text).replace(tzinfo=UTC) + timedelta(days=1)
    return When(edtf=f"{text}/{latest}" if latest else text, earliest=earliest, latest=end)


def development(kind: str, id: str, *, at: str | tuple[str, ...] = "kupiansk", **fields: Any) -> Development:
    """A development of any kind; `occurred` and `reported` may be given as days."""
    for name in ("occurred", "reported"):
        value = fields.get(name, fields.get("occurred", "2025-11-20"))
        fields[name] = day(value) if isinstance(value, str) else value
    return KINDS[kind](id=id, at=(at,) if isinstance(at, str) else at, **fields)


def claim(id: str = "kupiansk-claimed", **fields: Any) -> OccupationClaimed:
    """Russia's voice claims all of Kupiansk, unless told otherwise."""
    built = development("occupation-claimed", id, **{"by": "russia", "holder": "russia", **fields})
    assert isinstance(built, OccupationClaimed)
    return built


def denial(id: str = "kupiansk-claim-denied", **fields: Any) -> ClaimDenied:
    """Ukraine's voice denies `kupiansk-claimed`, unless told otherwise."""
    built = development("claim-denied", id, **{"by": "ukraine", "claim": "kupiansk-claimed", **fields})
    assert isinstance(built, ClaimDenied)
    return built


def statement(id: str, **fields: Any) -> StatementMade:
    """A statement that points at nothing but its place."""
    built = development("statement-made", id, **{"summary": "Something was said.", **fields})
    assert isinstance(built, StatementMade)
    return built


def actor(id: str, kind: Any = "party", **fields: Any) -> ActorRegistered:
    """An actor, a party unless told otherwise."""
    return ActorRegistered(id=id, kind=kind, **{"name": id.title(), **fields})


def location(id: str = "kupiansk", kind: Any = "settlement", **fields: Any) -> LocationRegistered:
    """A place."""
    return LocationRegistered(id=id, kind=kind, **{"name": id.title(), **fields})


def document(id: str = "report", **fields: Any) -> DocumentArchived:
    """A document of the outlet `outlet`."""
    return DocumentArchived(id=id, **{"publisher": "outlet", "title": id.title(), **fields})


REGISTRY = (
    actor("russia"),
    actor("ukraine"),
    actor("russian-army", "unit", speaks_for="russia"),
    actor("deepstate", "assessor"),
    actor("outlet", "outlet"),
    location("kupiansk"),
    location("lyman"),
)
"""What most developments point at."""
