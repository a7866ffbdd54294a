"""Assessments: control as judged by an assessor, or stated as fact by an outlet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from domain.errors import Fault
from domain.kinds.envelope import Development, Effect, Family, Sets, Terms
from domain.shares import ALL, Share, is_consistent


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """The assessor's own category, and which version of its legend it comes from.

    Legends change: the same word can mean another thing a year later, so the version is kept.
    """

    category: str
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Development):
    """What both share: a control of several parties, or one holder and its share."""

    family: ClassVar[Family] = "assessment"

    by: str
    control: dict[str, Share] = field(default_factory=dict)
    holder: str | None = None
    share: Share | None = None

    @property
    def stated(self) -> dict[str, Share]:
        """Who is said to hold how much, in one mapping."""
        if self.holder is not None:
            return {self.holder: self.share or ALL}
        return self.control

    def effect(self, answered: Development | None) -> Effect | None:
        """The voice's position becomes what it judges or states."""
        return Sets(control=self.stated)

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and every party of the control."""
        yield from super(Assessment, self).mentioned_actors()
        if self.holder is not None:
            yield "holder", self.holder
        for party in self.control:
            yield f"control.{party}", party

    def find_faults(self) -> Iterator[Fault]:
        """The faults of the envelope, and a control that is missing, doubled or contradicts itself."""
        yield from super(Assessment, self).find_faults()
        if bool(self.control) == (self.holder is not None):
            yield Fault(
                path="control",
                message="Give either `control` ({party: share}) or `holder` with `share`.",
                code="missing" if not self.control else "duplicate",
            )
        elif self.control and self.share is not None:
            yield Fault(path="share", message="A `share` needs the `holder` it is of.", code="missing")
        elif not is_consistent(self.stated):
            yield Fault(
                path="control" if self.control else "share",
                message="These shares cannot all be so: each lies within [0, 1], and together at most 1.",
                code="bad-share",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAssessed(Assessment):
    """An assessor judges who controls how much of a place.

    ISW: "Assessed Russian-controlled Ukrainian Territory", "Assessed Russian Advances"; DeepState:
    occupied, liberated, unknown; VIINA: status_*. ACLED and PLOVER code events, not states.
    """

    terms: ClassVar[Terms] = Terms(
        isw="Assessed Russian-controlled Ukrainian Territory",
        note="DeepState: occupied, liberated, unknown. VIINA: status_*. The assessor's word is in `legend`.",
    )
    kind: Literal["control-assessed"] = "control-assessed"
    legend: Legend | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlReported(Assessment):
    """An outlet states control as fact, for instance as background. VIINA: status_wiki is the nearest."""

    terms: ClassVar[Terms] = Terms(note="VIINA: status_wiki is the nearest.")
    kind: Literal["control-reported"] = "control-reported"
