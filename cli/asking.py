"""The questions that commands ask of places, claims and actors, answered in the shapes of HTTP."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from api.shapes.claims import ClaimDetail, ClaimList, claim_detail, claim_list
from api.shapes.comparisons import Comparison, comparison
from api.shapes.developments import DevelopmentList, development_list
from api.shapes.locations import History, LocationState, history, location_state
from api.shapes.records import RecordShape, record
from domain.reels import Reel
from domain.registry import LocationRegistered
from domain.states import state_at, trace_history
from projections.reading import claims, comparisons, developments, places, records, replays
from projections.reading.developments import DevelopmentRevision, TimelineQuestion
from projections.reading.moments import AskedClocks, Reader

STATE_NEEDS = places.NEEDS
COMPARISON_NEEDS = comparisons.NEEDS
TIMELINE_NEEDS = (*places.NEEDS, *developments.NEEDS)
CLAIM_NEEDS = claims.NEEDS
RECORD_NEEDS = records.NEEDS
REPLAY_NEEDS = (*places.NEEDS, *replays.NEEDS)
"""The projections that each question is answered from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A timeline in the shape of HTTP, and what its table is made from."""

    shape: DevelopmentList
    place: LocationRegistered
    items: list[DevelopmentRevision]
    more: bool


def ask_state(
    reader: Reader, asked: AskedClocks, place: str, voices: Collection[str] | None = None
) -> LocationState:
    """The state of a place. Raises NotFound."""
    with reader.at(asked, *STATE_NEEDS) as moment:
        found = places.find_place(moment, place)
        developments.check_actors(moment, voices or ())
        view = places.load_view(moment, place)
    return location_state(found, state_at(view, moment.valid_before, voices), moment.clocks)


def ask_history(
    reader: Reader, asked: AskedClocks, place: str, voices: Collection[str] | None = None
) -> tuple[LocationRegistered, History]:
    """A place, and its history. Raises NotFound."""
    with reader.at(asked, *STATE_NEEDS) as moment:
        found = places.find_place(moment, place)
        developments.check_actors(moment, voices or ())
        view = places.load_view(moment, place)
    return found, history(trace_history(view, moment.valid_before, voices), moment.clocks)


def ask_comparison(
    reader: Reader,
    asked: AskedClocks,
    against: AskedClocks,
    place: str,
    voices: Collection[str] | None = None,
) -> Comparison:
    """What differs for a place between two settings of the clocks. Raises NotFound."""
    return comparison(comparisons.compare_place(reader, asked, against, place, voices))


def ask_timeline(reader: Reader, asked: AskedClocks, place: str, question: TimelineQuestion) -> Timeline:
    """The developments of a place; the question's limit is one more than is wanted. Raises NotFound."""
    with reader.at(asked, *TIMELINE_NEEDS) as moment:
        found = places.find_place(moment, place)
        items = developments.list_timeline(moment, place, question)
    page = items[: question.limit - 1]
    shape = development_list(page, moment.clocks)
    return Timeline(shape=shape, place=found, items=page, more=len(items) > len(page))


def ask_claim(reader: Reader, asked: AskedClocks, claim: str) -> ClaimDetail:
    """A claim with its lifecycle. Raises NotFound."""
    with reader.at(asked, *CLAIM_NEEDS) as moment:
        found = claims.find_claim(moment, claim)
    return claim_detail(found, moment.clocks)


def ask_record(
    reader: Reader, asked: AskedClocks, actor: str, question: records.RecordQuestion
) -> RecordShape:
    """An actor's record. Raises NotFound."""
    with reader.at(asked, *RECORD_NEEDS) as moment:
        found = records.find_record(moment, actor, question)
    return record(found, question, moment.clocks)


def ask_recorded_claims(
    reader: Reader,
    asked: AskedClocks,
    actor: str,
    question: records.RecordQuestion,
    outcomes: Collection[str],
    limit: int,
) -> tuple[ClaimList, bool]:
    """The claims of these outcomes behind a record, and whether there are more. Raises NotFound."""
    with reader.at(asked, *RECORD_NEEDS) as moment:
        found, more = records.list_actor_claims(moment, actor, question, outcomes, limit=limit)
    return claim_list(found, moment.clocks), more is not None


def ask_reel(reader: Reader, asked: AskedClocks, place: str) -> tuple[LocationRegistered, Reel]:
    """A place, and all that a replay of it needs. Raises NotFound."""
    with reader.at(asked, *REPLAY_NEEDS) as moment:
        return places.find_place(moment, place), replays.load_reel(moment, place)
