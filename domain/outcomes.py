"""The outcome of a claim by the rule `outcome/1` (docs/outcomes.md): what assessors' positions say of it.

Rules are named and versioned in answers, so that a judgement can be repeated and a better rule can
stand beside this one. A place is folded once (`fold_ground`), and any number of claims about it are judged
on that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, get_args

from domain.kinds.answers import ClaimRenounced
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.positions import PlaceView, Standing, Trace, effect_order, get_start, trace_positions
from domain.shares import Share, find_clash, implied_share
from domain.times import before_instant

OutcomeValue = Literal["open", "borne-out", "contradicted", "disputed", "renounced", "retracted"]
OUTCOMES: tuple[OutcomeValue, ...] = get_args(OutcomeValue)
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

    @property
    def lead_days(self) -> float | None:
        """Days from the claim's effect to the first assessment that bears it out; None unless borne out."""
        leads = [said.lead_days for said in self.assessors if said.lead_days is not None]
        return min(leads) if self.value == "borne-out" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One place as claims about it are judged: what every voice said of it, folded once up to the bound
    `before`. `renounced` has each claim that was taken back there, with the voice that did so.
    """

    view: PlaceView
    before: datetime
    traces: Mapping[str, Trace]
    renounced: frozenset[tuple[str, str | None]]


def fold_ground(view: PlaceView, before: datetime) -> Ground:
    """The ground on which every claim about the place is judged under the bound."""
    renounced = frozenset(
        (answer.claim, view.voice_of(answer))
        for answer in view.developments
        if isinstance(answer, ClaimRenounced) and answer.occurred.began(before)
    )
    return Ground(view=view, before=before, traces=trace_positions(view, before), renounced=renounced)


def counts(claim: Claim, before: datetime) -> bool:
    """Whether the claim was public and had taken effect by the bound, on both clocks."""
    return claim.reported.surely_over(before) and claim.occurred.began(before)


def outcome_turns(developments: Iterable[Development], before: datetime) -> list[datetime]:
    """The bounds after `before` at which outcomes may turn by themselves, in order.

    Time alone changes an outcome when something becomes public, or takes effect.
    """
    turns = set()
    for development in developments:
        if development.reported.ends > before:
            turns.add(development.reported.ends)
        if development.occurred.earliest >= before:
            turns.add(before_instant(development.occurred.earliest))
    return sorted(turns)


def judge_claim(claim: Claim, grounds: Sequence[Ground], *, retracted: bool) -> Outcome:
    """The outcome of `claim`; `grounds` has one for each place it names, all under one bound.

    A claim that is renounced for some of its places is judged by the others.
    """
    if retracted:
        return Outcome(value="retracted", rule=RULE, assessors=())
    standing = [
        ground for ground in grounds if (claim.id, ground.view.voice_of(claim)) not in ground.renounced
    ]
    if grounds and not standing:
        return Outcome(value="renounced", rule=RULE, assessors=())
    judgements = _join_places([_judge_place(claim, ground) for ground in standing])
    verdicts = {judgement.verdict for judgement in judgements}
    value: OutcomeValue = "open"
    if len(verdicts) == 2:
        value = "disputed"
    elif verdicts:
        value = "contradicted" if verdicts == {"contradicts"} else "borne-out"
    return Outcome(value=value, rule=RULE, assessors=judgements)


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


def _judge_place(claim: Claim, ground: Ground) -> dict[str, Judgement | None]:
    claimant = ground.view.voice_of(claim)
    until = _given_up(claim, ground.traces.get(claimant or ""), ground.before)
    return {
        voice: _judge_voice(claim, ground.traces[voice], until)
        for voice in ground.view.assessors & ground.traces.keys()
        if voice != claimant
    }


def _given_up(claim: Claim, trace: Trace | None, before: datetime) -> datetime:
    """The bound until which a claim is judged: the claimant's next incompatible position, or the question's.

    What was claimed throughout an interval says nothing of the time after it, so nothing later judges it.
    """
    until = min(before, claim.occurred.ends) if claim.during == "throughout" else before
    control, order = claim.control, effect_order(claim)
    for standing in _from(trace.standings, claim.occurred.earliest) if trace is not None else ():
        if standing.starts >= until:
            break
        if standing.control is None or not find_clash(standing.control, control):
            continue
        if effect_order(standing.setter) > order:
            return standing.starts
    return until


def _from(standings: Sequence[Standing], instant: datetime) -> Sequence[Standing]:
    """The standings that start at the instant or later."""
    return standings[bisect_left(standings, instant, key=get_start) :]


def _judge_voice(claim: Claim, trace: Trace, until: datetime) -> Judgement | None:
    """The verdict of the assessor's latest position; one that bears out is dated by the first that did."""
    span = _in_force(trace.standings, claim.occurred.earliest, until)
    latest = next((standing for standing in reversed(span) if not _lapsed_before(standing, claim)), None)
    verdict = _verdict(claim, latest) if latest is not None else None
    if latest is None or verdict is None:
        return None
    if verdict == "contradicts":
        return _judgement(trace.voice, verdict, latest, None)
    first = next(
        standing
        for standing in span
        if not _lapsed_before(standing, claim) and _verdict(claim, standing) == verdict
    )
    lead = (first.setter.occurred.earliest - claim.occurred.earliest) / DAY
    return _judgement(trace.voice, verdict, first, lead)


def _judgement(voice: str, verdict: AssessorVerdict, standing: Standing, lead: float | None) -> Judgement:
    setter = standing.setter
    return Judgement(
        voice=voice, verdict=verdict, development=setter.id, since=setter.occurred.earliest, lead_days=lead
    )


def _in_force(standings: Sequence[Standing], effect: datetime, until: datetime) -> Sequence[Standing]:
    """The standings that are in force at some time from the effect until the bound, if they do not lapse."""
    if effect >= until:
        return ()
    first = bisect_left(standings, before_instant(effect), key=get_start) - 1
    return standings[max(first, 0) : bisect_left(standings, until, key=get_start)]


def _lapsed_before(standing: Standing, claim: Claim) -> bool:
    """Whether it had lapsed when it could first have said anything of the claim."""
    return standing.setter.during == "throughout" and standing.has_lapsed(
        before_instant(max(standing.starts, claim.occurred.earliest))
    )


def _verdict(claim: Claim, standing: Standing) -> AssessorVerdict | None:
    """What a standing says of the claim; None when it decides nothing or was taken back."""
    if standing.control is None:
        return None
    return _judge_control(frozenset(standing.control.items()), claim.holder, claim.share)


@lru_cache(maxsize=4_096)
def _judge_control(
    stated: frozenset[tuple[str, Share]], holder: str, claimed: Share
) -> AssessorVerdict | None:
    """Kept, because a place's claims meet the same few controls again and again."""
    control = dict(stated)
    if find_clash(control, {holder: claimed}):
        return "contradicts"
    share = implied_share(control, holder)
    return "bears-out" if share is not None and share.lies_within(claimed.rounded) else None
