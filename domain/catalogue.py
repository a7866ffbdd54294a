"""Every event kind, with the stable topic it is stored under. Adding a kind is a class and a line here.

A topic never changes and is never reused: it is what makes an old event readable. It is a word, not a
module path, so that code can move.
"""

from __future__ import annotations

from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.answers import ClaimConfirmed, ClaimDenied, ClaimRenounced, ClaimRepeated
from domain.kinds.assessments import ControlAssessed, ControlReported
from domain.kinds.claims import AdvanceClaimed, OccupationClaimed, RecaptureClaimed, WithdrawalAnnounced
from domain.kinds.envelope import Development
from domain.kinds.happenings import (
    EncirclementLifted,
    EncirclementReported,
    EvidencePublished,
    FightingReported,
    PopulationReported,
    PresenceReported,
    StatementMade,
    StrikeReported,
    SupplyCut,
    VisitReported,
)
from domain.registry import (
    ActorDescribed,
    ActorRegistered,
    DocumentArchived,
    LocationDescribed,
    LocationRegistered,
)

DEVELOPMENT_KINDS: tuple[type[Development], ...] = (
    OccupationClaimed,
    RecaptureClaimed,
    AdvanceClaimed,
    WithdrawalAnnounced,
    ClaimDenied,
    ClaimConfirmed,
    ClaimRepeated,
    ClaimRenounced,
    ControlAssessed,
    ControlReported,
    EncirclementReported,
    EncirclementLifted,
    SupplyCut,
    FightingReported,
    StrikeReported,
    PresenceReported,
    VisitReported,
    EvidencePublished,
    StatementMade,
    PopulationReported,
)

Editorial = Corrected | Retracted | Linked
Registry = LocationRegistered | LocationDescribed | ActorRegistered | ActorDescribed | DocumentArchived
Event = Development | Editorial | Registry


def kind_of(development: type[Development]) -> str:
    """The kind of a development class, which is also its topic."""
    return str(development.__dataclass_fields__["kind"].default)


KINDS: dict[str, type[Development]] = {kind_of(cls): cls for cls in DEVELOPMENT_KINDS}

EDITORIAL_TOPICS: dict[str, type[Editorial]] = {
    "corrected": Corrected,
    "retracted": Retracted,
    "linked": Linked,
}
REGISTRY_TOPICS: dict[str, type[Registry]] = {
    "location-registered": LocationRegistered,
    "location-described": LocationDescribed,
    "actor-registered": ActorRegistered,
    "actor-described": ActorDescribed,
    "document-archived": DocumentArchived,
}
TOPICS: dict[str, type[Event]] = {**KINDS, **EDITORIAL_TOPICS, **REGISTRY_TOPICS}
TOPIC_OF: dict[type[Event], str] = {cls: topic for topic, cls in TOPICS.items()}
