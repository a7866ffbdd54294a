"""How a development stands on each of two sides of a comparison, and why it stands otherwise on them.

A side is one setting of the three clocks. A development counts there when the ledger holds it of the place,
and it is public, and it took effect. The two sides may differ in several clocks at once, so a development
may stand otherwise for several reasons: each is named, and only those that do make a difference to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from domain.kinds.envelope import Development
from domain.positions import PlaceView

Reason = Literal[
    "recorded",
    "not-recorded",
    "corrected",
    "retracted",
    "became-public",
    "not-public",
    "took-effect",
    "not-in-effect",
    "window",
    "voice",
    "linked",
]
Standing = Literal["counts", "not-recorded", "retracted", "elsewhere", "not-public", "not-in-effect"]
Depth = Literal["begun", "lapse", "certainty"]
"""How much of a window matters: that it began; also that it lapsed, if it was so throughout; or all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """What an actor is, and whose position it moves."""

    voice: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standpoint:
    """One setting of the clocks, and what the ledger held there by id, whether it counts or not.

    `held` has whatever names the place, is answered there, or bears on a claim about it. `retracted` has the
    last bodies of what was taken back. `revisions` says which revision a body is, for those of the place.
    """

    location: str
    valid_before: datetime
    known_before: datetime
    log_position: int
    held: Mapping[str, Development]
    retracted: Mapping[str, Development] = field(default_factory=dict)
    revisions: Mapping[str, int] = field(default_factory=dict)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)

    def body_of(self, name: str) -> Development | None:
        """What is held of a development, or was until it was retracted."""
        return self.held.get(name) or self.retracted.get(name)

    def view(self, place: str | None = None) -> PlaceView:
        """All that counts for a place, by default for the one compared."""
        location = place or self.location
        here = tuple(each for each in self.held.values() if location in each.at)
        return PlaceView(
            location=location,
            developments=here,
            answered=self.held,
            voices={actor: speaker.voice for actor, speaker in self.speakers.items()},
            assessors=frozenset(actor for actor, each in self.speakers.items() if each.kind == "assessor"),
        ).known_by(self.known_before)

    def voice_of(self, body: Development) -> str | None:
        """The voice that a development speaks with on this side."""
        speaker = self.speakers.get(body.by) if body.by is not None else None
        return speaker.voice if speaker is not None else body.by

    def counts(self, name: str, place: str | None = None) -> bool:
        """Whether the development counts for a place, by default for the one compared."""
        body = self.held.get(name)
        return (
            body is not None
            and (place or self.location) in body.at
            and _is_public(body, self)
            and _has_begun(body, self)
        )


def standing_of(name: str, side: Standpoint, beside: Standpoint) -> Standing:
    """How a development stands on a side; where several things keep it from counting, the first of them."""
    body = side.held.get(name)
    if body is None:
        return "retracted" if name in side.retracted else "not-recorded"
    elsewhere = beside.held.get(name, body)
    # What is about another place on both sides bears on this one as the answer to a claim, or as its judge.
    if side.location not in body.at and side.location in elsewhere.at:
        return "elsewhere"
    if not _is_public(body, side):
        return "not-public"
    return "counts" if _has_begun(body, side) else "not-in-effect"


def essence(body: Development) -> Development:
    """A body less what has no bearing on what follows for one place."""
    return replace(body, at=(), reliability=None, credibility=None)


def differs(
    name: str, one: Standpoint, other: Standpoint, *, depth: Depth, voiced: bool, place: str | None = None
) -> bool:
    """Whether a development counts for a place on one side only, or otherwise.

    `voiced` when the voice matters as well, `depth` says how much of the window does.
    """
    counts = one.counts(name, place), other.counts(name, place)
    if not all(counts):
        return any(counts)
    mine, yours = one.held[name], other.held[name]
    if voiced and one.voice_of(mine) != other.voice_of(yours):
        return True
    phases = phase_of(mine, one.valid_before, depth), phase_of(yours, other.valid_before, depth)
    return phases[0] != phases[1] or essence(mine) != essence(yours)


def phase_of(body: Development, before: datetime, depth: Depth = "certainty") -> tuple[bool, ...]:
    """Where a bound lies in the window of a development, as far as that matters."""
    occurred = body.occurred
    phase: tuple[bool, ...] = (occurred.began(before),)
    lasted = body.during == "throughout"
    if depth != "begun":
        phase += (lasted and before > occurred.ends,)
    if depth == "certainty":
        surely = (
            (
                before > (occurred.sure_from or occurred.earliest),
                before > (occurred.sure_until or occurred.ends),
            )
            if lasted
            else (occurred.surely_over(before),)
        )
        phase += surely
    return phase


def explain(name: str, one: Standpoint, other: Standpoint) -> tuple[Reason, ...]:
    """Why a development stands otherwise on the other side than on the one; none when it does not."""
    reasons = [*_records(name, one, other), *_clocks(name, one, other)]
    if not reasons and one.revisions.get(name) != other.revisions.get(name):
        return ("corrected",)  # only in what it tells, not in what follows from it
    return tuple(reasons)


def _records(name: str, one: Standpoint, other: Standpoint) -> Iterator[Reason]:
    """What the recorded clock has to do with it."""
    mine, yours = one.held.get(name), other.held.get(name)
    if mine is not None and yours is not None:
        moved = (one.location in mine.at) != (other.location in yours.at)
        if moved or essence(mine) != essence(yours):
            yield "corrected"
        return
    before, after = name in one.retracted, name in other.retracted
    if yours is None and not after:
        if mine is not None or before:
            yield "not-recorded"
    elif mine is None and not before:
        yield "recorded"
        if after:
            yield "retracted"
    elif before != after:
        yield "retracted"


def _clocks(name: str, one: Standpoint, other: Standpoint) -> Iterator[Reason]:
    """What the known and the valid clock, and the voice, have to do with it."""
    mine, yours = one.body_of(name), other.body_of(name)
    first, last = mine or yours, yours or mine
    if first is None or last is None:
        return

    def turned(standing: Callable[[Development, Standpoint], object]) -> bool:
        """Whether it stands otherwise, and one body alone would: so not through a correction only."""
        return standing(first, one) != standing(last, other) and any(
            standing(body, one) != standing(body, other) for body in (first, last)
        )

    if turned(_is_public):
        yield "became-public" if _is_public(last, other) else "not-public"
    if turned(_has_begun):
        yield "took-effect" if _has_begun(last, other) else "not-in-effect"
    standing = standing_of(name, one, other)
    if standing != standing_of(name, other, one):
        return
    if standing == "counts" and turned(lambda body, side: phase_of(body, side.valid_before)):
        yield "window"
    # A claim that was taken back on both sides is still told there, with its voice.
    if standing in ("counts", "retracted") and turned(lambda body, side: side.voice_of(body)):
        yield "voice"


def _is_public(body: Development, side: Standpoint) -> bool:
    return body.reported.surely_over(side.known_before)


def _has_begun(body: Development, side: Standpoint) -> bool:
    return body.occurred.began(side.valid_before)
