"""The rules of docs/positions.md read once more, as plainly as can be: slow, sharing nothing with `domain/`.

A share is the set of the nine cells it covers: exactly 0, between 0 and 1/4, exactly 1/4, ... exactly 1.
Everything is worked out anew for each bound by going through the developments in effect order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.shares import Share
from domain.times import END_OF_TIME

Cells = frozenset[int]
EVERY: Cells = frozenset(range(9))
CLAIMS = ("occupation-claimed", "recapture-claimed", "advance-claimed", "withdrawal-announced")
SAID_AGAIN = ("claim-confirmed", "claim-repeated")
TICK = timedelta(microseconds=1)


def cells(share: Share) -> Cells:
    """The cells of a share whose ends are quarters."""
    low, high = round(share.min * 8), round(share.max * 8)
    return frozenset(range(low + share.min_open, high - share.max_open + 1))


def says_of(control: dict[str, Cells], party: str) -> Cells:
    """What a control says of a party: what it states, less what it gives to others."""
    said = control.get(party, EVERY)
    for other, stated in control.items():
        if other != party:
            said &= frozenset(cell for cell in EVERY if cell <= 8 - min(stated))
    return said


def gap_between(one: Cells, other: Cells) -> float:
    """The distance between two shares, open ends counted as closed."""
    low, high = sorted((one, other), key=min)
    return max(0.0, low_end(high) - high_end(low))


def low_end(share: Cells) -> float:
    return (min(share) // 2) / 4


def high_end(share: Cells) -> float:
    return ((max(share) + 1) // 2) / 4


def clash(one: dict[str, Cells], other: dict[str, Cells]) -> tuple[str, float] | None:
    """The party over which two controls are farthest apart, the first of several, and how far."""
    apart = [
        (-gap_between(says_of(one, party), says_of(other, party)), party)
        for party in {*one, *other}
        if not says_of(one, party) & says_of(other, party)
    ]
    if not apart:
        return None
    gap, party = min(apart)
    return party, -gap


@dataclass
class Said:
    """What a voice said; control is None when it took back what it said."""

    setter: Development
    control: dict[str, Cells] | None
    because: list[str] = field(default_factory=list)

    def holds(self, t: datetime) -> bool:
        """Whether it still stands at `t`, if nothing else was said."""
        lapses = self.setter.during == "throughout" and t >= (self.setter.occurred.latest or END_OF_TIME)
        return self.control is not None and not lapses

    def is_certain(self, t: datetime) -> bool:
        occurred = self.setter.occurred
        if self.setter.during == "within":
            return occurred.latest is not None and occurred.latest <= t + TICK
        start = occurred.sure_from or occurred.earliest
        return start <= t < (occurred.sure_until or occurred.latest or END_OF_TIME)

    def surely_begun(self, t: datetime) -> bool:
        occurred = self.setter.occurred
        return self.setter.during == "throughout" and (occurred.sure_from or occurred.earliest) <= t


def in_order(developments: tuple[Development, ...], t: datetime) -> list[Development]:
    """Those that took effect by `t`: by earliest, latest, reported, answers last, then id."""

    def order(development: Development) -> Any:
        occurred, reported = development.occurred, development.reported
        return (
            occurred.earliest,
            occurred.latest or END_OF_TIME,
            reported.earliest,
            reported.latest or END_OF_TIME,
            getattr(development, "claim", None) is not None,
            development.id,
        )

    return sorted((each for each in developments if each.occurred.earliest <= t), key=order)


def voice_of(view: PlaceView, development: Development) -> str | None:
    return None if development.by is None else view.voices.get(development.by, development.by)


def sayings(view: PlaceView, voice: str, t: datetime) -> list[Said]:
    """All that a voice said by `t`, the latest last."""
    said: list[Said] = []
    for development in in_order(view.developments, t):
        if voice_of(view, development) != voice:
            continue
        claim = claimed(view, development)
        match development.kind:
            case "control-assessed" | "control-reported":
                said.append(Said(development, stated(development), [development.id]))
            case kind if kind in CLAIMS:
                said.append(Said(development, stated(development), [development.id]))
            case kind if kind in SAID_AGAIN and claim is not None:
                said.append(Said(development, claim, [development.id]))
            case "claim-renounced" if claim is not None:
                said.append(Said(development, None, [development.id]))
            case "claim-denied" if claim is not None:
                current = said[-1] if said and said[-1].holds(development.occurred.earliest) else None
                if current is not None and clash(current.control or {}, claim):
                    current.because.append(development.id)
                elif opposite := deny(claim):
                    said.append(Said(development, opposite, [development.id]))
            case _:
                pass
    return said


def stated(development: Any) -> dict[str, Cells]:
    """The control that a claim or an assessment states."""
    if development.holder is not None:
        return {development.holder: cells(development.share)}
    return {party: cells(share) for party, share in development.control.items()}


def claimed(view: PlaceView, development: Any) -> dict[str, Cells] | None:
    """The control of the claim that is answered; None when there is no such claim."""
    answered = view.answered.get(getattr(development, "claim", ""))
    return stated(answered) if answered is not None and answered.kind in CLAIMS else None


def deny(claim: dict[str, Cells]) -> dict[str, Cells] | None:
    """What lies below the claimed share, else what lies above it, else nothing."""
    ((party, share),) = claim.items()
    below = frozenset(cell for cell in EVERY if cell < min(share))
    above = frozenset(cell for cell in EVERY if cell > max(share))
    return {party: below or above} if below or above else None


Reading = dict[str, tuple[dict[str, Cells], datetime, bool, list[str], Any]]


def positions(view: PlaceView, before: datetime) -> Reading:
    """What each voice says: its shares, since when, whether certainly, why, and what it said before."""
    t = before - TICK
    result: Reading = {}
    for voice in sorted({name for each in view.developments if (name := voice_of(view, each))}):
        said = sayings(view, voice, t)
        if said and said[-1].holds(t):
            current = said[-1]
            earlier = said[-2] if len(said) > 1 and said[-2].holds(t) else None
            if current.is_certain(t) or current.surely_begun(t):
                earlier = None
            result[voice] = (
                current.control or {},
                current.setter.occurred.earliest,
                current.is_certain(t),
                current.because,
                earlier and (earlier.control, earlier.because),
            )
    return result


def status(view: PlaceView, before: datetime) -> tuple[str, str | None]:
    """The status and, when it is held, the holder."""
    controls = [reading[0] for reading in positions(view, before).values()]
    if not controls:
        return "unknown", None
    if any(clash(one, other) for one, other in combinations(controls, 2)):
        return "disputed", None
    parties = sorted({party for control in controls for party in control})
    together = {
        party: frozenset.intersection(*(says_of(control, party) for control in controls)) for party in parties
    }
    for party, share in together.items():
        if share == {8}:
            return "held", party
    between = any(0 not in share and 8 not in share for share in together.values())
    return ("divided" if between else "unclear"), None


def turns(view: PlaceView) -> list[datetime]:
    """Every instant at which a position may change."""
    return sorted(
        {
            turn
            for development in view.developments
            for turn in (development.occurred.earliest, development.occurred.latest)
            if turn is not None
        }
    )


def disagreements(view: PlaceView, before: datetime) -> dict[tuple[str, str], tuple[str, float, datetime]]:
    """Who disagrees, over which party, how far apart, and since when without a break."""
    now = positions(view, before)
    steps = [turn for turn in turns(view) if turn < before]
    found = {}
    for one, other in combinations(sorted(now), 2):
        apart = clash(now[one][0], now[other][0])
        if apart is not None:
            since = before
            for turn in reversed(steps):
                then = positions(view, turn + TICK)
                if one not in then or other not in then or not clash(then[one][0], then[other][0]):
                    break
                since = turn
            found[one, other] = (*apart, since)
    return found


def encirclements(view: PlaceView, before: datetime) -> dict[Any, tuple[datetime, datetime, list[str]]]:
    """Per voice, mode and force: since when, last reported when, and why."""
    t = before - TICK
    began = in_order(view.developments, t)
    standing: dict[Any, list[Development]] = {}
    for index, report in enumerate(began):
        over = report.during == "throughout" and t >= (report.occurred.latest or END_OF_TIME)
        if report.kind == "encirclement-reported" and not over:
            voice, force = voice_of(view, report), getattr(report, "force", None)
            ended = any(
                lift.kind == "encirclement-lifted"
                and voice_of(view, lift) == voice
                and getattr(lift, "force", None) in (None, force)
                for lift in began[index + 1 :]
            )
            if not ended:
                standing.setdefault((voice, report.mode, force), []).append(report)
    return {
        key: (
            reports[0].occurred.earliest,
            max(report.reported.earliest for report in reports),
            [report.id for report in reports],
        )
        for key, reports in standing.items()
    }


def outcome(view: PlaceView, claim: Development, before: datetime) -> tuple[str, dict[str, tuple[str, str]]]:
    """The outcome of a claim about this one place, with each assessor's verdict and what it rests on."""
    effect = claim.occurred.earliest
    claimant = voice_of(view, claim)
    for answer in in_order(view.developments, before - TICK):
        renounced = answer.kind == "claim-renounced" and getattr(answer, "claim", None) == claim.id
        if renounced and voice_of(view, answer) == claimant:
            return "renounced", {}
    verdicts = {}
    period = list(judged_at(view, claim, before))
    for assessor in sorted(view.assessors - {claimant}):
        by_turn = [verdict_of(view, assessor, claim, t) for t in period]
        heard = [verdict for verdict in by_turn if verdict is not None]
        taken_back = period and (said := sayings(view, assessor, period[-1])) and said[-1].control is None
        if heard and heard[-1][0] and not taken_back:
            first = next(each for each in heard if each[0] == heard[-1][0])
            verdicts[assessor] = first if first[0] == "bears-out" else heard[-1]
    said_of_it = {verdict for verdict, _ in verdicts.values()}
    if effect >= before or not said_of_it:
        return "open", {}
    if len(said_of_it) == 2:
        return "disputed", verdicts
    return ("borne-out" if said_of_it == {"bears-out"} else "contradicted"), verdicts


def judged_at(view: PlaceView, claim: Development, before: datetime) -> Iterator[datetime]:
    """The instants worth looking at from the claim's effect until its voice says something incompatible."""
    claimant, control = voice_of(view, claim) or "", stated(claim)
    until = before
    if claim.during == "throughout":
        until = min(until, claim.occurred.latest or END_OF_TIME)
    order = in_order(view.developments, END_OF_TIME)
    for t in turns(view):
        if t >= claim.occurred.earliest and t < until:
            now = sayings(view, claimant, t)[-1]
            later = order.index(now.setter) > order.index(claim)
            if later and now.control is not None and clash(now.control, control):
                return
            yield t


def verdict_of(view: PlaceView, assessor: str, claim: Development, t: datetime) -> tuple[str, str] | None:
    """What an assessor's position at `t` says of the claim, if anything, and the assessment it is from."""
    said = sayings(view, assessor, t)
    if not said or not said[-1].holds(t):
        return None
    ((party, share),) = stated(claim).items()
    control = said[-1].control or {}
    verdict = ""
    if clash(control, {party: share}):
        verdict = "contradicts"
    elif says_of(control, party) <= share:
        verdict = "bears-out"
    return verdict, said[-1].setter.id
