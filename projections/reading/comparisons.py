"""What differs of a place between two settings of the clocks, and by which events."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain.claim_makers import JudgedSide, find_outcome_makers
from domain.comparisons import Change, compare_states
from domain.makers import Makers
from domain.registry import LocationRegistered
from domain.standpoints import explain
from domain.states import state_at
from domain.times import Clocks, before_instant
from projections.reading import claims, developments, places
from projections.reading.claims import ClaimAnswer
from projections.reading.developments import DevelopmentRevision, check_actors, find_developments
from projections.reading.lifecycles import ClaimEntry
from projections.reading.makers import ActorMaker, Made, Maker, MakerReader
from projections.reading.moments import AskedClocks, Moment, Reader
from projections.reading.standpoints import Side, complete_sides, load_side

NEEDS = (*places.NEEDS, *claims.NEEDS, *developments.NEEDS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """One thing that differs in the state."""

    change: Change
    made: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """A claim that stands on one side only, or otherwise; `new` and `gone` are entries of its lifecycle."""

    claim: str
    one: ClaimAnswer | None
    other: ClaimAnswer | None
    new: tuple[ClaimEntry, ...]
    gone: tuple[ClaimEntry, ...]
    made: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningChange:
    """A happening that counts on one side only, or is told otherwise."""

    development: str
    one: DevelopmentRevision | None
    other: DevelopmentRevision | None
    made: Made


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceComparison:
    """All that differs of a place, from `against` to `clocks`, and what made it differ."""

    place: LocationRegistered
    changes: tuple[StateChange, ...]
    claims: tuple[ClaimChange, ...]
    happenings: tuple[HappeningChange, ...]
    makers: tuple[Maker, ...]
    actors: tuple[ActorMaker, ...]
    against: Clocks
    clocks: Clocks


def compare_place(
    reader: Reader,
    asked: AskedClocks,
    against: AskedClocks,
    place: str,
    voices: Collection[str] | None = None,
) -> PlaceComparison:
    """What differs at the clocks asked for from what `against` gives; a clock that names none is the same.

    `voices` leaves only their positions, the claims they made and the happenings they told. Raises NotFound.
    """
    with reader.at(asked, *NEEDS) as moment:
        other = load_side(moment, place)
    with reader.at(_completed(against, other.clocks), *NEEDS) as moment:
        one, other = complete_sides(moment.connection, load_side(moment, place), other)
        later = max(side.clocks.log_position for side in (one, other))
        check_actors(replace(moment, position=later), voices or ())
        return _Comparison(moment, one, other, voices).told()


def _completed(against: AskedClocks, clocks: Clocks) -> AskedClocks:
    """The other setting, with every clock that it does not name as it is in the answer compared with it."""
    said = against.recorded_before is not None or against.log_position is not None
    return AskedClocks(
        valid_before=against.valid_before or before_instant(clocks.valid_at),
        known_before=against.known_before or before_instant(clocks.known_at),
        recorded_before=against.recorded_before,
        log_position=against.log_position if said else clocks.log_position,
    )


class _Comparison:
    """Two sides, complete, and what is found about them."""

    def __init__(self, moment: Moment, one: Side, other: Side, voices: Collection[str] | None) -> None:
        self._moment, self._voices = moment, voices
        self._sides = one, other
        self._one, self._other = one.standpoint, other.standpoint
        self._makers = MakerReader(moment, self._one, self._other)

    def told(self) -> PlaceComparison:
        """The whole comparison."""
        against, asked = self._sides
        changes, claim_changes = tuple(self._state_changes()), tuple(self._claim_changes())
        happenings = tuple(self._happening_changes())
        made = [
            *(change.made for change in changes),
            *(change.made for change in claim_changes),
            *(change.made for change in happenings),
        ]
        names = {name for each in made for name in each.developments}
        linked = {change.claim for change in claim_changes}
        return PlaceComparison(
            place=asked.place,
            changes=changes,
            claims=claim_changes,
            happenings=happenings,
            makers=tuple(self._makers.list_developments(names, linked)),
            actors=tuple(self._makers.list_actors({actor for each in made for actor in each.actors})),
            against=against.clocks,
            clocks=asked.clocks,
        )

    def _state_changes(self) -> Iterator[StateChange]:
        one, other = (
            state_at(side.view(), side.valid_before, self._voices) for side in (self._one, self._other)
        )
        makers = Makers(self._one, self._other, self._voices)
        for change in compare_states(one, other):
            voiced = change.aspect not in ("visit", "population")
            made = self._makers.made(makers.of(change), voiced=voiced)
            yield StateChange(change=change, made=made)

    def _claim_changes(self) -> Iterator[ClaimChange]:
        """The claims of the voices asked for, by id."""
        ours, theirs = (side.claims for side in self._sides)
        for claim in sorted({*ours, *theirs}):
            one, other = ours.get(claim), theirs.get(claim)
            answers = [answer for answer in (one, other) if answer is not None]
            if not self._is_asked_for(answer.voice for answer in answers):
                continue
            if one is None or other is None:
                yield ClaimChange(
                    claim=claim,
                    one=one,
                    other=other,
                    new=other.entries if other is not None else (),
                    gone=one.entries if one is not None else (),
                    made=self._makers.made([claim]),
                )
            elif _essence(one) != _essence(other):
                yield self._claim_change(one, other)

    def _claim_change(self, one: ClaimAnswer, other: ClaimAnswer) -> ClaimChange:
        claim = one.claim.id
        before, after = ({_key(entry) for entry in answer.entries} for answer in (one, other))
        new = tuple(entry for entry in other.entries if _key(entry) not in before)
        gone = tuple(entry for entry in one.entries if _key(entry) not in after)
        makers: set[str] = set()
        names = {claim}
        for entry in (*new, *gone):
            if entry.what == "linked" and self._makers.spans(entry.log_position):
                makers.add(entry.development if entry.inbound else claim)
            else:
                names.add(entry.development)
        makers |= {name for name in names if {*explain(name, self._one, self._other)} - {"window"}}
        if one.revision != other.revision:  # if only by a link to what does not count
            makers.add(claim)
        actors: set[str] = set()
        if one.outcome != other.outcome:
            sides = zip((self._one, self._other), (one, other), strict=True)
            judged, actors = find_outcome_makers(
                *(
                    JudgedSide(standpoint=side, claim=answer.claim, outcome=answer.outcome)
                    for side, answer in sides
                )
            )
            makers |= judged
        return ClaimChange(
            claim=claim,
            one=one,
            other=other,
            new=new,
            gone=gone,
            made=self._makers.made(sorted(makers), actors=actors),
        )

    def _happening_changes(self) -> Iterator[HappeningChange]:
        """The happenings told by the voices asked for, by id."""
        names = [name for name in self._happenings() if self._is_told_otherwise(name)]
        bodies = []
        for side in (self._one, self._other):
            counting = [name for name in names if side.counts(name)]
            bodies.append(find_developments(replace(self._moment, position=side.log_position), counting))
        for name in names:
            one, other = (found.get(name) for found in bodies)
            yield HappeningChange(development=name, one=one, other=other, made=self._makers.made([name]))

    def _happenings(self) -> list[str]:
        return sorted(
            {
                name
                for side in (self._one, self._other)
                for name, body in side.held.items()
                if body.family == "happening"
                and side.counts(name)
                and self._is_asked_for([side.voice_of(body)])
            }
        )

    def _is_told_otherwise(self, name: str) -> bool:
        one, other = self._one, self._other
        if one.counts(name) != other.counts(name) or one.revisions.get(name) != other.revisions.get(name):
            return True
        return one.voice_of(one.held[name]) != other.voice_of(other.held[name])

    def _is_asked_for(self, voices: Iterable[str | None]) -> bool:
        return self._voices is None or any(voice in self._voices for voice in voices)


def _essence(answer: ClaimAnswer) -> tuple[Any, ...]:
    """What of a claim is compared."""
    claim = answer.claim
    entries = tuple(_key(entry) for entry in answer.entries)
    return (claim.holder, claim.share, answer.voice, answer.revision, answer.outcome, entries)


def _key(entry: ClaimEntry) -> tuple[Any, ...]:
    return (entry.what, entry.development, entry.log_position)
