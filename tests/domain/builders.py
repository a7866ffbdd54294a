"""Days, developments and places in a few words, so that a test reads as a specification.

Days are those of January 2025, by number: `day(5)` is the window of the 5th, `end_of(5)` the bound of a
query for all of the 5th. Everything a test does not care about is filled in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from domain.catalogue import KINDS
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.positions import PlaceView, Position
from domain.shares import ALL, PART, Share
from domain.states import PlaceState, state_at
from domain.times import END_OF_TIME, When

SPEAKERS = {"russian-army": "russia", "ukrainian-army": "ukraine", "zelensky": "ukraine"}
ASSESSORS = frozenset({"deepstate", "isw"})
MICROSECOND = timedelta(microseconds=1)


def instant(number: float) -> datetime:
    """The start of a day of January 2025; 5.5 is noon of the 5th."""
    return datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=number - 1)


def end_of(number: int) -> datetime:
    """The bound of a query for all of that day."""
    return instant(number + 1)


def window(earliest: datetime, latest: datetime | None, padding: int = 0) -> When:
    """What lies between two instants, both widened by a qualifier's days, as intake resolves it."""
    wide = timedelta(days=padding)
    sure_from = earliest + wide if padding else None
    sure_until = latest - wide if padding and latest is not None else None
    if (sure_from or earliest) > (sure_until or latest or END_OF_TIME):
        sure_from = sure_until = earliest
    return When(
        edtf="about" if padding else "then",
        earliest=earliest - wide,
        latest=None if latest is None else latest + wide,
        sure_from=sure_from,
        sure_until=sure_until,
    )


def day(number: int) -> When:
    """One whole day."""
    return window(instant(number), instant(number + 1))


def about(number: int) -> When:
    """A day and two more on either side, as `~` widens it."""
    return window(instant(number), instant(number + 1), 2)


def days(first: int, last: int, padding: int = 0) -> When:
    """From the start of one day to the end of another."""
    return window(instant(first), instant(last + 1), padding)


def from_day(number: int) -> When:
    """From the start of a day, with no end."""
    return window(instant(number), None)


def number(share: float) -> Share:
    """Exactly so much."""
    return Share(min=share, max=share)


def between(low: float, high: float, *, min_open: bool = False, max_open: bool = False) -> Share:
    """An interval."""
    return Share(min=low, max=high, min_open=min_open, max_open=max_open)


def develop(kind: str, id: str, when: When, **fields: Any) -> Development:
    """A development of any kind at `here`, reported when it occurred unless told otherwise."""
    filled = {"at": ("here",), "occurred": when, "reported": when, **fields}
    return KINDS[kind](id=id, **filled)


def claims(id: str, by: str, when: When, share: Share = ALL, **fields: Any) -> Claim:
    """`by` claims that its own party holds `share`, unless a holder is named."""
    holder = fields.pop("holder", SPEAKERS.get(by, by))
    built = develop("occupation-claimed", id, when, by=by, holder=holder, share=share, **fields)
    assert isinstance(built, Claim)
    return built


def assesses(id: str, by: str, when: When, control: Mapping[str, Share], **fields: Any) -> Development:
    """An assessor's judgement of control."""
    return develop("control-assessed", id, when, by=by, control=dict(control), **fields)


def denies(id: str, by: str, when: When, claim: str, **fields: Any) -> Development:
    """A denial of a claim."""
    return develop("claim-denied", id, when, by=by, claim=claim, **fields)


def confirms(id: str, by: str, when: When, claim: str, **fields: Any) -> Development:
    """A confirmation of a claim."""
    return develop("claim-confirmed", id, when, by=by, claim=claim, **fields)


def repeats(id: str, by: str, when: When, claim: str, **fields: Any) -> Development:
    """A claim said again."""
    return develop("claim-repeated", id, when, by=by, claim=claim, **fields)


def renounces(id: str, by: str, when: When, claim: str, **fields: Any) -> Development:
    """A claim taken back."""
    return develop("claim-renounced", id, when, by=by, claim=claim, **fields)


def withdraws(id: str, by: str, when: When, **fields: Any) -> Development:
    """An announcement that the voice's own party withdraws."""
    return develop("withdrawal-announced", id, when, by=by, holder=SPEAKERS.get(by, by), **fields)


def encircled(id: str, by: str | None, when: When, force: str = "russia", **fields: Any) -> Development:
    """A report of an encirclement."""
    return develop("encirclement-reported", id, when, by=by, force=force, **fields)


def lifted(id: str, by: str | None, when: When, force: str | None = None, **fields: Any) -> Development:
    """A report that an encirclement ended."""
    return develop("encirclement-lifted", id, when, by=by, force=force, **fields)


def given(
    *developments: Development,
    elsewhere: tuple[Development, ...] = (),
    voices: Mapping[str, str] = SPEAKERS,
    location: str = "here",
) -> PlaceView:
    """All that counts for a place; `elsewhere` are claims that are answered but not among them."""
    return PlaceView(
        location=location,
        developments=developments,
        answered={development.id: development for development in (*developments, *elsewhere)},
        voices=voices,
        assessors=ASSESSORS,
    )


def position_of(voice: str, view: PlaceView, before: datetime) -> Position | None:
    """What a voice says under the bound, if anything."""
    said = {position.voice: position for position in state_at(view, before).positions}
    return said.get(voice)


def shares_of(voice: str, view: PlaceView, before: datetime) -> dict[str, Share] | None:
    """The shares a voice states under the bound, or None while it says nothing."""
    position = position_of(voice, view, before)
    return position.shares if position is not None else None


def ids_named(state: PlaceState) -> set[str]:
    """Every development that any part of a state rests on."""
    parts: list[Any] = [
        *state.positions,
        *(position.previous for position in state.positions),
        *state.disagreements,
        *state.encirclements,
        *state.supply_cuts,
        *state.presences,
        *(state.fighting, state.last_visit, state.population),
    ]
    return {*state.because, *(reason for part in parts if part is not None for reason in part.because)}


BOTH_PART: Mapping[str, Share] = {"russia": PART, "ukraine": PART}
