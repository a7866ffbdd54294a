"""The outcome of a claim by the rule `outcome/1` (docs/outcomes.md): what assessors' positions say of it.

Rules are named and versioned in answers, so that a judgement can be repeated and a better rule can
stand beside this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from domain.kinds.answers import ClaimRenounced
from domain.kinds.claims import Claim
from domain.positions import PlaceView, Standing, Trace, effect_order, trace_positions
from domain.shares import find_clash, implied_share
from domain.times import before_instant

OutcomeValue = Literal["open", "borne-out", "contradicted", "disputed", "renounced", "retracted"]
AssessorVerdict = Literal["bears-out", "contradicts"]
RULE = "outcome/1"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One assessor's verdict on a claim.

    `lead_days` counts the days from the claim's effect to the assessment that first bears it out;
    positive when the claim came first, None when it is not borne out.
    """

    voice: str
    verdict: AssessorVerdict
    development: str
    since: datetime
    lead_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a claim, by which rule, and on whose assessments it rests."""

    value: OutcomeValue
    rule: str
    assessors: tuple[Judgement, ...]


def judge_claim(claim: Claim, views: Sequence[PlaceView], before: datetime, *, retracted: bool) -> Outcome:
    """The outcome of `claim` under the bound; `views` has one view for each place it names.

    A claim that is renounced for some of its places is judged by the others.
    """
    if retracted:
        return Outcome(value="retracted", rule=RULE, assessors=())
    standing = [view for view in views if not _is_renounced(claim, view, before)]
    if views and not standing:
        return Outcome(value="renounced", rule=RULE, assessors=())
    judgements = _join_places([_judge_place(claim, view, before) for view in standing])
    verdicts = {judgement.verdict for judgement in judgements}
    value: OutcomeValue = "open"
    if len(verdicts) == 2:
        value = "disputed"
    elif verdicts:
        value = "contradicted" if verdicts == {"contradicts"} else "borne-out"
    return Outcome(value=value, rule=RULE, assessors=judgements)


def _is_renounced(claim: Claim, view: PlaceView, before: datetime) -> bool:
    return any(
        isinstance(answer, ClaimRenounced)
        and answer.claim == claim.id
        and answer.occurred.began(before)
        and view.voice_of(answer) == view.voice_of(claim)
        for answer in view.developments
    )


def _join_places(places: Sequence[dict[str, Judgement | None]]) -> tuple[Judgement, ...]:
    """One judgement an assessor: it contradicts if it does so anywhere, bears out only if everywhere."""
    joined = []
    for voice in sorted({voice for place in places for voice in place}):
        said = [place.get(voice) for place in places]
        against = [judgement for judgement in said if judgement and judgement.verdict == "contradicts"]
        borne_out = [judgement for judgement in said if judgement and judgement.verdict == "bears-out"]
        if against:
            joined.append(against[0])
        elif borne_out and len(borne_out) == len(places):
            joined.append(max(borne_out, key=lambda judgement: judgement.since))
    return tuple(joined)


def _judge_place(claim: Claim, view: PlaceView, before: datetime) -> dict[str, Judgement | None]:
    traces = trace_positions(view, before)
    until = _given_up(claim, traces.get(view.voice_of(claim) or ""), before)
    return {
        voice: _judge_voice(claim, trace, until)
        for voice, trace in traces.items()
        if voice in view.assessors and voice != view.voice_of(claim)
    }


def _given_up(claim: Claim, trace: Trace | None, before: datetime) -> datetime:
    """The bound until which a claim is judged: the claimant's next incompatible position, or the question's.

    What was claimed throughout an interval says nothing of the time after it, so nothing later judges it.
    """
    until = min(before, claim.occurred.ends) if claim.during == "throughout" else before
    for standing in trace.standings if trace is not None else ():
        later = effect_order(standing.setter) > effect_order(claim)
        if later and standing.control is not None and find_clash(standing.control, claim.control):
            return min(until, standing.starts)
    return until


def _judge_voice(claim: Claim, trace: Trace, until: datetime) -> Judgement | None:
    """The verdict of the assessor's latest position; one that bears out is dated by the first that did."""
    judged = [(standing, _verdict(claim, standing)) for standing in _held_during(claim, trace, until)]
    if not judged:
        return None
    standing, verdict = judged[-1]
    if verdict is None:
        return None
    if verdict == "bears-out":
        standing = next(earlier for earlier, said in judged if said == "bears-out")
    since = standing.setter.occurred.earliest
    lead = (since - claim.occurred.earliest) / DAY if verdict == "bears-out" else None
    return Judgement(
        voice=trace.voice, verdict=verdict, development=standing.setter.id, since=since, lead_days=lead
    )


def _held_during(claim: Claim, trace: Trace, until: datetime) -> Iterator[Standing]:
    """The assessor's standings that are in force at some time from the claim's effect until the bound."""
    for standing, following in zip(trace.standings, [*trace.standings[1:], None], strict=True):
        starts = max(standing.starts, claim.occurred.earliest)
        ends = min(following.starts, until) if following is not None else until
        if starts < ends and not standing.has_lapsed(before_instant(starts)):
            yield standing


def _verdict(claim: Claim, standing: Standing) -> AssessorVerdict | None:
    """What a standing says of the claim; None when it decides nothing or was taken back."""
    if standing.control is None:
        return None
    if find_clash(standing.control, claim.control):
        return "contradicts"
    share = implied_share(standing.control, claim.holder)
    return "bears-out" if share is not None and share.lies_within(claim.share.rounded) else None
