"""Claims: a voice says who holds how much of a place. They move the claimant's position."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from domain.errors import Fault
from domain.kinds.envelope import Development, Effect, Family, Sets, Terms
from domain.shares import ALL, NONE, PART, Share, is_consistent


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Development):
    """What all claims share: who claims, which party is said to hold, and how much."""

    family: ClassVar[Family] = "claim"

    by: str
    holder: str
    share: Share = ALL

    @property
    def control(self) -> dict[str, Share]:
        """The claimed control, as stated."""
        return {self.holder: self.share}

    def effect(self, answered: Development | None) -> Effect | None:
        """The claimant's position becomes what it claims."""
        return Sets(control=self.control)

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """The actors of the envelope, and the holder."""
        yield from super(Claim, self).mentioned_actors()
        yield "holder", self.holder

    def find_faults(self) -> Iterator[Fault]:
        """The faults of the envelope, and an impossible share."""
        yield from super(Claim, self).find_faults()
        if not is_consistent(self.control):
            yield Fault(path="share", message="A share is an interval within [0, 1].", code="bad-share")


@dataclass(frozen=True, slots=True, kw_only=True)
class OccupationClaimed(Claim):
    """A voice claims that a party has taken a place.

    ISW: "Claimed Russian Control over Ukrainian Territory". PLOVER: COERCE/seize (CAMEO 192). ACLED
    "overtakes territory" only where it is later taken as fact.
    """

    terms: ClassVar[Terms] = Terms(
        acled="Non-state actor overtakes territory",
        plover="COERCE/seize (CAMEO 192)",
        isw="Claimed Russian Control over Ukrainian Territory",
        note="ACLED codes only what is later taken as fact; never map a claim to it by itself.",
    )
    kind: Literal["occupation-claimed"] = "occupation-claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecaptureClaimed(Claim):
    """A voice claims that a party has taken back a place, or part of it.

    ISW: "Claimed Ukrainian Counteroffensives". ACLED: "Government regains territory" where it is later
    taken as fact. PLOVER: COERCE/seize (CAMEO 192).
    """

    terms: ClassVar[Terms] = Terms(
        acled="Government regains territory",
        plover="COERCE/seize (CAMEO 192)",
        isw="Claimed Ukrainian Counteroffensives",
        note="ACLED codes only what is later taken as fact.",
    )
    kind: Literal["recapture-claimed"] = "recapture-claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceClaimed(Claim):
    """A voice claims that a party has advanced into a place and holds a share of it.

    ISW: "Claimed Limit of Ukrainian Advance", "Claimed Russian Control"; its assessed twin is "Assessed
    Russian Advances". ACLED and PLOVER have no term for a share of a place.
    """

    terms: ClassVar[Terms] = Terms(isw="Claimed Limit of Ukrainian Advance")
    kind: Literal["advance-claimed"] = "advance-claimed"
    share: Share = PART


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawalAnnounced(Claim):
    """A voice announces that a party withdraws from a place: the holder holds none of it.

    PLOVER: RETREAT/withdraw (CAMEO 0874). ACLED: "Non-violent transfer of territory".
    """

    terms: ClassVar[Terms] = Terms(
        acled="Non-violent transfer of territory",
        plover="RETREAT/withdraw (CAMEO 0874)",
    )
    kind: Literal["withdrawal-announced"] = "withdrawal-announced"
    share: Share = NONE

    def find_faults(self) -> Iterator[Fault]:
        """The faults of a claim, and a share taken for the part that is given up."""
        yield from super(WithdrawalAnnounced, self).find_faults()
        if self.share != NONE:
            yield Fault(
                path="share",
                message="A withdrawal leaves the holder none of the place; leave `share` out.",
                code="bad-share",
            )
