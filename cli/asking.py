"""The questions of `state`, `timeline`, `claim` and `replay`, answered in the shapes of HTTP."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from api.shapes.claims import ClaimDetail, claim_detail
from api.shapes.developments import DevelopmentList, development_list
from api.shapes.locations import LocationState, location_state
from domain.registry import LocationRegistered
from domain.replays import Reel
from domain.states import state_at
from projections.reading import claims, developments, places, replays
from projections.reading.developments import DevelopmentRevision, TimelineQuestion
from projections.reading.moments import AskedClocks, Reader

STATE_NEEDS = places.NEEDS
TIMELINE_NEEDS = (*places.NEEDS, *developments.NEEDS)
CLAIM_NEEDS = claims.NEEDS
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
        view = places.load_view(moment, place)
    return location_state(found, state_at(view, moment.valid_before, voices), moment.clocks)


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


def ask_reel(reader: Reader, asked: AskedClocks, place: str) -> tuple[LocationRegistered, Reel]:
    """A place, and all that a replay of it needs. Raises NotFound."""
    with reader.at(asked, *REPLAY_NEEDS) as moment:
        return places.find_place(moment, place), replays.load_reel(moment, place)
