"""Happenings: what was reported to take place there. They say nothing of who holds the place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from domain.errors import Fault
from domain.kinds.envelope import Condition, Development, Family, Terms

MOST_PEOPLE = 10_000_000_000
"""More than live on Earth; a number without an end would not fit where counts are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening(Development):
    """What all happenings share: nothing beyond the envelope."""

    family: ClassVar[Family] = "happening"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncirclementReported(Happening):
    """A force is said to be encircled. PLOVER: COERCE/restrict (CAMEO 191). ACLED has no term."""

    terms: ClassVar[Terms] = Terms(plover="COERCE/restrict (CAMEO 191)")
    condition: ClassVar[Condition | None] = "encirclement"
    kind: Literal["encirclement-reported"] = "encirclement-reported"
    force: str
    encircled_by: str | None = None
    strength: str | None = None
    area: str | None = None

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and both forces."""
        yield from super(EncirclementReported, self).mentioned_actors()
        yield "force", self.force
        if self.encircled_by is not None:
            yield "encircled_by", self.encircled_by


@dataclass(frozen=True, slots=True, kw_only=True)
class EncirclementLifted(Happening):
    """An encirclement is said to have ended: of one force, or of all. No term elsewhere."""

    terms: ClassVar[Terms] = Terms(note="No vocabulary has a slot for the end of an encirclement.")
    lifts: ClassVar[Condition | None] = "encirclement"
    kind: Literal["encirclement-lifted"] = "encirclement-lifted"
    force: str | None = None

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and the force."""
        yield from super(EncirclementLifted, self).mentioned_actors()
        if self.force is not None:
            yield "force", self.force


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyCut(Happening):
    """The supply of a force is said to be cut. PLOVER: COERCE/restrict (CAMEO 191)."""

    terms: ClassVar[Terms] = Terms(plover="COERCE/restrict (CAMEO 191)")
    condition: ClassVar[Condition | None] = "supply-cut"
    kind: Literal["supply-cut"] = "supply-cut"
    force: str | None = None

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and the force."""
        yield from super(SupplyCut, self).mentioned_actors()
        if self.force is not None:
            yield "force", self.force


@dataclass(frozen=True, slots=True, kw_only=True)
class FightingReported(Happening):
    """Fighting is said to go on there. ACLED: Armed clash. PLOVER: ASSAULT (CAMEO 19)."""

    terms: ClassVar[Terms] = Terms(acled="Armed clash", plover="ASSAULT (CAMEO 19)")
    condition: ClassVar[Condition | None] = "fighting"
    kind: Literal["fighting-reported"] = "fighting-reported"


@dataclass(frozen=True, slots=True, kw_only=True)
class StrikeReported(Happening):
    """A strike on the place is reported.

    ACLED: Shelling/artillery/missile attack, Air/drone strike. PLOVER: ASSAULT/heavy-weapons, aerial, drone.
    """

    terms: ClassVar[Terms] = Terms(
        acled="Shelling/artillery/missile attack; Air/drone strike",
        plover="ASSAULT/heavy-weapons, ASSAULT/aerial, ASSAULT/drone",
    )
    kind: Literal["strike-reported"] = "strike-reported"
    weapon: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceReported(Happening):
    """A force is said to be present, without holding ground. ISW: "Assessed Russian Infiltration Areas"."""

    terms: ClassVar[Terms] = Terms(
        isw="Assessed Russian Infiltration Areas",
        note="Project Owl: Presence (reported) as against Position (with evidence).",
    )
    condition: ClassVar[Condition | None] = "presence"
    kind: Literal["presence-reported"] = "presence-reported"
    force: str

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and the force."""
        yield from super(PresenceReported, self).mentioned_actors()
        yield "force", self.force


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitReported(Happening):
    """Somebody visited the place. PLOVER: CONSULT/visit (CAMEO 042)."""

    terms: ClassVar[Terms] = Terms(plover="CONSULT/visit (CAMEO 042)")
    kind: Literal["visit-reported"] = "visit-reported"
    visitor: str
    office: str | None = None
    purpose: str | None = None

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and the visitor."""
        yield from super(VisitReported, self).mentioned_actors()
        yield "visitor", self.visitor


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePublished(Happening):
    """Images, video or other evidence from the place became public.

    STIX and MISP: Sighting. GeoConfirmed: a record.
    """

    terms: ClassVar[Terms] = Terms(note="STIX and MISP: Sighting. GeoConfirmed: a record.")
    kind: Literal["evidence-published"] = "evidence-published"
    medium: str | None = None
    geolocated: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementMade(Happening):
    """Somebody said something that bears on the place, without saying who holds it.

    CAMEO 01 (public statement), which PLOVER dropped.
    """

    terms: ClassVar[Terms] = Terms(note="CAMEO 01 (public statement), which PLOVER dropped.")
    kind: Literal["statement-made"] = "statement-made"

    def find_faults(self) -> Iterator[Fault]:
        """The faults of the envelope, and a statement that does not say what was stated."""
        yield from super(StatementMade, self).find_faults()
        if not self.summary:
            yield Fault(path="summary", message="Say in one sentence what was stated.", code="missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationReported(Happening):
    """How many people live or lived there. No term elsewhere."""

    terms: ClassVar[Terms] = Terms(note="No vocabulary of events has a slot for it.")
    class_version: ClassVar[int] = 2
    kind: Literal["population-reported"] = "population-reported"
    count: int
    as_of_text: str | None = None

    def find_faults(self) -> Iterator[Fault]:
        """The faults of the envelope, and a count that cannot be one."""
        yield from super(PopulationReported, self).find_faults()
        if not 0 <= self.count <= MOST_PEOPLE:
            message = f"A population is 0 to {MOST_PEOPLE:,}."
            yield Fault(path="count", message=message, code="out-of-range")

    @staticmethod
    def upcast_v1_v2(state: dict[str, Any]) -> dict[str, Any]:
        """The first shape had the number in `people`, though some sources count households."""
        return {("count" if name == "people" else name): value for name, value in state.items()}
