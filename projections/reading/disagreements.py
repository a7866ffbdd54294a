"""Where voices differ at a moment: first by the last words, then in full where they do."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString

import msgspec

from domain.positions import Position, trace_positions
from domain.registry import LocationRegistered
from domain.states import restrict_voices
from domain.status import Disagreement, find_disagreements, positions_at
from projections.reading.developments import check_actors
from projections.reading.last_words import RecentView, load_recent_views
from projections.reading.moments import Moment
from projections.reading.outlines import find_outlines
from projections.reading.places import IN_BOX, Box, box_bounds, find_area, find_places, find_rendered

NEEDS = ("locations", "states")
AT_ONCE = 200
"""Places whose developments are in memory at the same time."""
STATEMENTS = 3
"""So many of each actor's last statements are read first."""

Sort = Literal["age", "gap"]
Place = tuple[float, datetime, str, str, str]
"""What tells a disagreement apart, and where it stands in either order: gap, since, location, voices."""

SELECT_WITHIN: LiteralString = f"""
    SELECT location_id FROM projections.location_revisions
    WHERE from_position <= %(position)s AND (until_position IS NULL OR until_position > %(position)s)
      AND (%(area)s::text[] IS NULL OR location_id = ANY(%(area)s)) AND {IN_BOX}"""  # noqa: S608 - of constants


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementsQuestion:
    """Which disagreements are wanted; None means any. `part_of` is a place, with everything below it.

    `sort` is by age, the longest first, or by gap, the widest first; `after` is the last one of the page
    before.
    """

    part_of: str | None = None
    bbox: Box | None = None
    party: str | None = None
    min_gap: float = 0.0
    voices: Collection[str] | None = None
    sort: Sort = "age"
    after: Place | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A disagreement, where it is, and what the two voices say, in the order of `between`."""

    place: LocationRegistered
    disagreement: Disagreement
    sides: tuple[Position, Position]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Differing:
    """The part of a state that tells who differs."""

    positions: tuple[Position, ...]
    disagreements: tuple[Disagreement, ...]


_STATES = msgspec.json.Decoder(_Differing)


def list_disagreements(moment: Moment, question: DisagreementsQuestion) -> tuple[list[Dispute], Place | None]:
    """A page of the disagreements at the moment, and where to go on when there are more.

    Raises NotFound for a place or an actor that is named and was never recorded.
    """
    check_actors(moment, (question.party, *(question.voices or ())))
    after = None if question.after is None else _key(question.sort, question.after)
    differing: dict[str, _Differing] = {}
    found: list[tuple[Any, Place, Disagreement]] = []
    for place, each in _find_differing(moment, question):
        differing[place] = each
        for disagreement in each.disagreements:
            standing = (disagreement.gap, disagreement.since, place, *disagreement.between)
            key = _key(question.sort, standing)
            if _is_wanted(disagreement, question) and (after is None or key > after):
                found.append((key, standing, disagreement))
    page = heapq.nsmallest(question.limit + 1, found, key=lambda entry: entry[0])
    described = find_places(moment, sorted({standing[2] for _, standing, _ in page}))
    disputes = [
        Dispute(
            place=described[standing[2]],
            disagreement=disagreement,
            sides=_sides(differing[standing[2]], disagreement),
        )
        for _, standing, disagreement in page[: question.limit]
    ]
    return disputes, page[question.limit - 1][1] if len(page) > question.limit else None


def _key(sort: Sort, place: Place) -> tuple[Any, ...]:
    gap, since, *where = place
    return (-gap, since, *where) if sort == "gap" else (since, -gap, *where)


def _is_wanted(disagreement: Disagreement, question: DisagreementsQuestion) -> bool:
    if question.party is not None and disagreement.party != question.party:
        return False
    return disagreement.gap >= question.min_gap


def _sides(differing: _Differing, disagreement: Disagreement) -> tuple[Position, Position]:
    said = {position.voice: position for position in differing.positions}
    one, other = disagreement.between
    return said[one], said[other]


def _find_differing(moment: Moment, question: DisagreementsQuestion) -> Iterator[tuple[str, _Differing]]:
    """What is said at each place where voices differ."""
    outlines = find_outlines(moment, _find_within(moment, question), question.voices)
    disputed = [place for place, outline in outlines.items() if outline.status == "disputed"]
    rendered = find_rendered(moment, disputed) if moment.is_current and question.voices is None else {}
    for place, state in rendered.items():
        yield place, _STATES.decode(state)
    others = [place for place in disputed if place not in rendered]
    statements = STATEMENTS
    while others:
        undecided = []
        for start in range(0, len(others), AT_ONCE):
            chunk = others[start : start + AT_ONCE]
            for place, recent in load_recent_views(moment, chunk, question.voices, statements).items():
                differing = _fold(recent, moment.valid_before, question.voices)
                if differing is None:
                    undecided.append(place)
                else:
                    yield place, differing
        # Some have differed for longer than so few statements tell: of those, more is read.
        others, statements = undecided, statements * 4


def _fold(recent: RecentView, before: datetime, voices: Collection[str] | None) -> _Differing | None:
    """What is said, or None where what was read does not reach back to where it began."""
    traces = restrict_voices(trace_positions(recent.view, before), voices)
    disagreements = find_disagreements(traces, before)
    for found in disagreements:
        sure_from = [recent.sure_from[voice] for voice in found.between if voice in recent.sure_from]
        if sure_from and found.since <= max(sure_from):
            return None
        for voice in found.between:
            standings = traces[voice].standing(before), traces[voice].move(before)
            starts = [standing.starts for standing in standings if standing is not None]
            if voice in recent.sure_from and min(starts) <= recent.sure_from[voice]:
                return None
    return _Differing(positions=tuple(positions_at(traces, before)), disagreements=tuple(disagreements))


def _find_within(moment: Moment, question: DisagreementsQuestion) -> list[str] | None:
    """The places of the area and in the box; None where neither is named."""
    if question.part_of is None and question.bbox is None:
        return None
    area = sorted(find_area(moment, question.part_of)) if question.part_of is not None else None
    bounds = {"position": moment.position, "area": area, **box_bounds(question.bbox)}
    return [row[0] for row in moment.connection.execute(SELECT_WITHIN, bounds)]
