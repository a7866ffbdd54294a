"""Sides of comparisons: one ledger as it was held, known and so at two settings of the clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.comparisons import Change, compare_states
from domain.kinds.envelope import Development
from domain.makers import Makers
from domain.standpoints import Speaker, Standpoint
from domain.states import PlaceState, state_at
from tests.domain.builders import ASSESSORS, end_of
from tests.domain.builders import SPEAKERS as SPEAK_FOR
from tests.domain.strategies import MOVERS, bounds, developments

BEFELL = ("corrected", "retracted", "absent", "elsewhere")
SPEAKERS = {
    **{actor: Speaker(voice=voice, kind="unit") for actor, voice in SPEAK_FOR.items()},
    **{actor: Speaker(voice=actor, kind="assessor") for actor in ASSESSORS},
}
DESCRIBED: tuple[dict[str, Speaker], ...] = (
    {},
    {},
    {},
    {"zelensky": Speaker(voice="zelensky", kind="official")},
    {"russian-army": Speaker(voice="ukraine", kind="unit")},
)
LATE = end_of(30)


def side(
    *held: Development,
    valid: datetime = LATE,
    known: datetime = LATE,
    retracted: Iterable[Development] = (),
    described: Mapping[str, Speaker] | None = None,
) -> Standpoint:
    """One side, by default with its clocks after all that happens in these tests."""
    return Standpoint(
        location="here",
        valid_before=valid,
        known_before=known,
        log_position=1,
        held={each.id: each for each in held},
        retracted={each.id: each for each in retracted},
        speakers={**SPEAKERS, **(described or {})},
    )


def state_of(told: Standpoint) -> PlaceState:
    """The state on one side."""
    return state_at(told.view(), told.valid_before)


def changes_between(one: Standpoint, other: Standpoint) -> tuple[Change, ...]:
    """What differs from the one to the other."""
    return compare_states(state_of(one), state_of(other))


def made(one: Standpoint, other: Standpoint) -> dict[tuple[str, str], tuple[str, ...]]:
    """The makers of each change, by aspect and key."""
    makers = Makers(one, other)
    return {(change.aspect, change.key): makers.of(change) for change in changes_between(one, other)}


@st.composite
def sides(
    draw: st.DrawFn, *, kinds: Sequence[str] = (*MOVERS, *MOVERS, *KINDS)
) -> tuple[Standpoint, Standpoint]:
    """Two sides of one ledger, with everything that may befall a development between them."""
    drawn = draw(st.lists(st.sampled_from(kinds), min_size=2, max_size=8))
    ids = {f"d{number}": kind for number, kind in enumerate(drawn)}
    claims = tuple(id for id, kind in ids.items() if KINDS[kind].family == "claim")
    pointed_at = (*claims, *claims, next(iter(ids)), "missing")
    bodies = {id: draw(developments(id, kind, pointed_at)) for id, kind in ids.items()}
    befell = st.sampled_from(("held",) * draw(st.sampled_from((3, 9))) + BEFELL)
    found = []
    for _ in range(2):
        held, retracted = {}, []
        for id, body in bodies.items():
            match draw(befell):
                case "held":
                    held[id] = body
                case "corrected":
                    kind = draw(st.sampled_from((body.kind, "occupation-claimed", "visit-reported")))
                    held[id] = draw(developments(id, kind, pointed_at))
                case "elsewhere":
                    held[id] = replace(body, at=("there",))
                case "retracted":
                    retracted.append(body)
        described = draw(st.sampled_from(DESCRIBED))
        clocks = {"valid": draw(bounds), "known": draw(bounds)}
        found.append(side(*held.values(), retracted=retracted, described=described, **clocks))
    one, other = found
    if draw(st.booleans()):
        other = replace(other, valid_before=one.valid_before)
    if draw(st.booleans()):
        other = replace(other, known_before=one.known_before)
    return one, other
