"""Answers: a voice says something of a claim that was made. Each points at the claim it answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from domain.errors import Fault
from domain.kinds.claims import Claim
from domain.kinds.envelope import Denies, Development, Effect, Family, Removes, Sets, Terms, slug_faults

Entry = Literal["denied", "confirmed", "repeated", "renounced"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Development):
    """What all answers share: who answers, and the claim answered."""

    family: ClassVar[Family] = "answer"
    entry: ClassVar[Entry]

    by: str
    claim: str

    @property
    def answers(self) -> str | None:
        """The claim answered."""
        return self.claim

    def find_faults(self) -> Iterator[Fault]:
        """The faults of the envelope, and a claim that cannot be one."""
        yield from super(Answer, self).find_faults()
        yield from slug_faults("claim", self.claim)
        if self.claim == self.id:
            yield Fault(path="claim", message="An answer cannot point at itself.", code="bad-reference")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDenied(Answer):
    """A voice denies a claim.

    PLOVER: nearest is REJECT; it dropped CAMEO's statements (01), so there is no real slot. ACLED and
    ISW have none.
    """

    terms: ClassVar[Terms] = Terms(
        plover="REJECT", note="The nearest term; no vocabulary has a slot for a denial."
    )
    entry: ClassVar[Entry] = "denied"
    kind: Literal["claim-denied"] = "claim-denied"

    def effect(self, answered: Development | None) -> Effect | None:
        """The denier says that the claimed control is not so."""
        return Denies(control=answered.control) if isinstance(answered, Claim) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimConfirmed(Answer):
    """A voice confirms a claim and takes its position. STIX/MISP: Opinion "agree"; no term elsewhere."""

    terms: ClassVar[Terms] = Terms(note="STIX and MISP: Opinion (agree).")
    entry: ClassVar[Entry] = "confirmed"
    kind: Literal["claim-confirmed"] = "claim-confirmed"

    def effect(self, answered: Development | None) -> Effect | None:
        """The confirmer's position becomes the claimed one."""
        return Sets(control=answered.control) if isinstance(answered, Claim) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRepeated(Answer):
    """A voice repeats a claim, its own or another's. No term in ACLED, PLOVER or ISW."""

    terms: ClassVar[Terms] = Terms(note="No vocabulary has a slot for a repeated claim.")
    entry: ClassVar[Entry] = "repeated"
    kind: Literal["claim-repeated"] = "claim-repeated"

    def effect(self, answered: Development | None) -> Effect | None:
        """The speaker's position becomes the claimed one."""
        return Sets(control=answered.control) if isinstance(answered, Claim) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRenounced(Answer):
    """A voice takes back its own claim. No term in ACLED, PLOVER or ISW."""

    terms: ClassVar[Terms] = Terms(note="No vocabulary has a slot for a claim taken back.")
    entry: ClassVar[Entry] = "renounced"
    kind: Literal["claim-renounced"] = "claim-renounced"

    def effect(self, answered: Development | None) -> Effect | None:
        """The speaker no longer says anything of control."""
        return Removes() if isinstance(answered, Claim) else None
