"""Which developments made a claim come out otherwise on one side of a comparison than on the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain.kinds.answers import ClaimRenounced
from domain.kinds.claims import Claim
from domain.outcomes import Outcome, fold_ground, judge_claim
from domain.positions import PlaceView
from domain.standpoints import Standpoint, differs
from domain.supports import as_it_stood


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedSide:
    """A claim and its outcome on one side."""

    standpoint: Standpoint
    claim: Claim
    outcome: Outcome

    def views(self, voices: set[str]) -> list[PlaceView]:
        """What these voices said of each place of the claim."""
        views = [self.standpoint.view(place) for place in self.claim.at]
        return [
            replace(
                view, developments=tuple(each for each in view.developments if view.voice_of(each) in voices)
            )
            for view in views
        ]

    def without(self, views: list[PlaceView], name: str, beside: Standpoint) -> Outcome:
        """The outcome here if a development stood as it does on the side beside."""
        before = self.standpoint.valid_before
        grounds = [fold_ground(as_it_stood(name, view, beside), before) for view in views]
        return judge_claim(self.claim, grounds, retracted=self.outcome.value == "retracted")


def find_outcome_makers(one: JudgedSide, other: JudgedSide) -> tuple[set[str], set[str]]:
    """The developments that made the outcomes differ, and the actors that are assessors on one side only.

    An assessment named on one side is a maker when it does not stand alike on both, and so is what takes the
    claim back. Where none is, it is whatever the claimant or these assessors said that, if it stood as on the
    other side, would change an outcome.
    """
    judged = _judged_otherwise(one, other)
    actors = {voice for voice in judged if _is_assessor(voice, one) != _is_assessor(voice, other)}
    named = {
        said.development for side in (one, other) for said in side.outcome.assessors if said.voice in judged
    }
    named |= {
        body.id
        for side in (one, other)
        for body in side.standpoint.held.values()
        if isinstance(body, ClaimRenounced) and body.claim == one.claim.id
    }
    makers = {name for name in named if _differs(name, one, other)}
    if makers or actors:
        return makers, actors
    return _search(one, other, judged), actors


def _judged_otherwise(one: JudgedSide, other: JudgedSide) -> set[str]:
    """The assessors whose verdict is not the same on both sides."""
    ours = {said.voice: said for said in one.outcome.assessors}
    theirs = {said.voice: said for said in other.outcome.assessors}
    return {voice for voice in {*ours, *theirs} if ours.get(voice) != theirs.get(voice)}


def _is_assessor(voice: str, side: JudgedSide) -> bool:
    speaker = side.standpoint.speakers.get(voice)
    return speaker is not None and speaker.kind == "assessor"


def _differs(name: str, one: JudgedSide, other: JudgedSide) -> bool:
    return any(
        differs(name, one.standpoint, other.standpoint, depth="begun", voiced=True, place=place)
        for place in dict.fromkeys((*one.claim.at, *other.claim.at))
    )


def _search(one: JudgedSide, other: JudgedSide, judged: set[str]) -> set[str]:
    """What the voices concerned said that does not stand alike, narrowed to what matters by itself."""
    voices = judged | {side.standpoint.voice_of(side.claim) or side.claim.by for side in (one, other)}
    suspects = {name for name in _said(one, other, voices) if _differs(name, one, other)}
    for side, beside in ((other, one), (one, other)):
        views = side.views(voices)
        needed = {name for name in suspects if side.without(views, name, beside.standpoint) != side.outcome}
        if needed:
            return needed
    return suspects


def _said(one: JudgedSide, other: JudgedSide, voices: set[str]) -> Iterator[str]:
    for side in (one, other):
        for view in side.views(voices):
            yield from (each.id for each in view.developments if each.moves_positions)
