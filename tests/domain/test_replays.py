"""Replays on ledgers made at random: each frame is what a question at its instant is told; none is missing.

The reference folds all that counts anew for each instant; `play` works out only what each turn bears on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from domain.comparisons import compare_states
from domain.errors import InvalidInput
from domain.kinds.envelope import Development
from domain.moving_states import moves_a_state
from domain.positions import PlaceView
from domain.reels import Along, Entry, Held, Reel, Spoken, Writing
from domain.replays import Frame, play
from domain.shares import PART
from domain.states import PlaceState, state_at
from domain.times import before_instant
from tests.domain.builders import (
    MICROSECOND,
    SPEAKERS,
    claims,
    day,
    days,
    denies,
    encircled,
    end_of,
    given,
    instant,
    lifted,
)
from tests.domain.strategies import on_ledgers, places, turning_points

ALONG: tuple[Along, ...] = ("valid", "known", "recorded")
REGISTERED = instant(100)
"""When the place was registered; each later writing is recorded an hour after the one before."""


@dataclass
class Book:
    """A log of one place, a writing at a time, and the reel of it."""

    held: list[Held]
    spoken: list[Spoken]
    writings: list[Writing]
    elsewhere: frozenset[str] = frozenset()

    @property
    def position(self) -> int:
        return self.writings[-1].log_position

    def write(self, *entries: Entry) -> None:
        recorded_at = REGISTERED + timedelta(hours=len(self.writings))
        self.writings.append(Writing(recorded_at=recorded_at, entries=entries))

    def end(self, name: str, position: int) -> None:
        self.held = [
            replace(fact, until_position=position)
            if fact.development.id == name and fact.until_position is None
            else fact
            for fact in self.held
        ]

    def hold(self, development: Development, position: int) -> None:
        self.held.append(Held(development=development, from_position=position, until_position=None))

    def report(self, *developments: Development) -> None:
        """All of them in one transaction."""
        first = self.position + 1
        for position, each in enumerate(developments, first):
            self.hold(each, position)
        self.write(
            *(
                Entry(what="recorded", development=each.id, log_position=position)
                for position, each in enumerate(developments, first)
            )
        )

    def correct(self, body: Development) -> None:
        position = self.position + 1
        self.end(body.id, position)
        self.hold(body, position)
        self.write(Entry(what="corrected", development=body.id, log_position=position))

    def retract(self, name: str) -> None:
        self.end(name, self.position + 1)
        self.write(Entry(what="retracted", development=name, log_position=self.position + 1))

    def describe(self, actor: str, voice: str) -> None:
        position = self.position + 1
        self.spoken = [
            replace(each, until_position=position)
            if each.actor == actor and each.until_position is None
            else each
            for each in self.spoken
        ]
        self.spoken.append(Spoken(actor=actor, voice=voice, from_position=position, until_position=None))
        self.write(Entry(what="described", actor=actor, log_position=position))

    def reel(self, **clocks: Any) -> Reel:
        answers = {fact.development.answers for fact in self.held}
        return Reel(
            location="here",
            held=tuple(fact for fact in self.held if fact.development.id not in self.elsewhere),
            answered=tuple(fact for fact in self.held if fact.development.id in answers),
            spoken=tuple(self.spoken),
            writings=tuple(self.writings),
            **{
                "valid_before": instant(40),
                "known_before": instant(40),
                "log_position": self.position,
                **clocks,
            },
        )


def opened(*developments: Development) -> Book:
    """A book with the place registered, and all developments in one writing."""
    spoken = [
        Spoken(actor=actor, voice=voice, from_position=1, until_position=None)
        for actor, voice in SPEAKERS.items()
    ]
    book = Book(held=[], spoken=spoken, writings=[])
    book.write(Entry(what="registered", log_position=1))
    if developments:
        book.report(*developments)
    return book


@st.composite
def books(draw: st.DrawFn) -> Book:
    """A ledger on which things were reported, corrected, retracted and described anew, in any order."""
    developments = list(draw(places()).developments)
    others = {each.id: each for each in draw(places()).developments}
    book = opened()
    while developments:
        many = draw(st.sampled_from((1, 1, 2)))
        book.report(*developments[:many])
        del developments[:many]
        name = draw(st.sampled_from(sorted({fact.development.id for fact in book.held})))
        current = any(fact.development.id == name and fact.until_position is None for fact in book.held)
        match draw(st.sampled_from(("nothing", "nothing", "correct", "retract", "describe"))):
            case "correct" if current and name in others:
                book.correct(others[name])
            case "retract" if current:
                book.retract(name)
            case "describe":
                book.describe("russian-army", draw(st.sampled_from(("russia", "ukraine"))))
    book.elsewhere = frozenset(draw(st.sets(st.sampled_from(["d0", "d1", "missing"]))))
    return book


half_days = st.integers(4, 30).map(lambda number: instant(number / 2))


@st.composite
def reels(draw: st.DrawFn) -> Reel:
    """A reel with its clocks anywhere."""
    return draw(books()).reel(valid_before=draw(half_days), known_before=draw(half_days))


def plain_state(reel: Reel, along: Along, t: datetime) -> PlaceState:
    """What a question at the instant is told: all that counts then, folded anew."""
    before = before_instant(t)
    match along:
        case "valid":
            return state_at(reel.view(known=reel.known_before, position=reel.log_position), before)
        case "known":
            return state_at(reel.view(known=before, position=reel.log_position), reel.valid_before)
        case "recorded":
            position = max(each.log_position for each in reel.writings if each.recorded_at <= t)
            return state_at(reel.view(known=reel.known_before, position=position), reel.valid_before)


def instants_to_try(reel: Reel, along: Along, start: datetime, end: datetime) -> list[datetime]:
    """Every instant at which anything turns, and one in the middle between each two."""
    if along == "recorded":
        turns = {writing.recorded_at for writing in reel.writings}
    else:
        view = PlaceView(location="", developments=tuple(fact.development for fact in reel.held))
        turns = set(turning_points(view))
    within = sorted({start, end, *(turn for turn in turns if start <= turn <= end)})
    return sorted({*within, *(one + (other - one) / 2 for one, other in pairwise(within))})


spans = st.one_of(
    st.none(),
    st.tuples(half_days, half_days, st.sampled_from((0, 1))).map(
        lambda drawn: (min(drawn[:2]), max(drawn[:2]) - drawn[2] * MICROSECOND)
    ),
)


def span_of(reel: Reel, along: Along, drawn: tuple[datetime, datetime] | None) -> tuple[datetime, datetime]:
    if drawn is None or drawn[0] > drawn[1] or along == "recorded":
        return reel.span(along, None, None)
    return drawn


@pytest.mark.parametrize("along", ALONG)
@on_ledgers
@for_all(reels(), spans)
def test_at_every_instant_the_latest_frame_is_what_a_question_is_told(
    along: Along, reel: Reel, drawn: tuple[datetime, datetime] | None
) -> None:
    start, end = span_of(reel, along, drawn)
    frames = list(play(reel, along, start, end))
    assert frames[0].t == start
    for t in instants_to_try(reel, along, start, end):
        latest = max((frame for frame in frames if frame.t <= t), key=lambda frame: frame.t)
        assert latest.state == plain_state(reel, along, t)
    assert frames[-1].state == plain_state(reel, along, end)


@pytest.mark.parametrize("along", ALONG)
@on_ledgers
@for_all(reels(), spans)
def test_a_frame_tells_what_changed_and_only_the_last_one_says_so(
    along: Along, reel: Reel, drawn: tuple[datetime, datetime] | None
) -> None:
    frames = list(play(reel, along, *span_of(reel, along, drawn)))
    nothing = state_at(PlaceView(location="here", developments=()), instant(1))
    assert frames[0].changes == compare_states(nothing, frames[0].state)
    for before, frame in pairwise(frames):
        assert before.t < frame.t
        assert frame.changes == compare_states(before.state, frame.state) != ()
        assert frame.developments or any(entry.what == "described" for entry in frame.entries)
        named = {entry.development for entry in frame.entries if entry.development}
        assert named <= set(frame.developments)
        assert along == "recorded" or not frame.entries
    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]


@pytest.mark.parametrize("along", ALONG)
@on_ledgers
@for_all(reels(), spans)
def test_after_any_frame_a_replay_goes_on_as_if_unbroken(
    along: Along, reel: Reel, drawn: tuple[datetime, datetime] | None
) -> None:
    start, end = span_of(reel, along, drawn)
    frames = list(play(reel, along, start, end))
    for number, frame in enumerate(frames):
        assert list(play(reel, along, start, end, after=frame.t)) == frames[number + 1 :]


@on_ledgers
@for_all(places())
def test_what_moves_no_state_could_be_taken_away(view: PlaceView) -> None:
    moving = replace(view, developments=tuple(filter(moves_a_state, view.developments)))
    for before in (instant(4), instant(8), instant(40)):
        assert state_at(moving, before) == state_at(view, before)


# Examples


def told(frames: list[Frame]) -> list[tuple[datetime, str, tuple[str, ...]]]:
    return [(frame.t, frame.state.status, frame.developments) for frame in frames]


def replayed(reel: Reel, along: Along, *span: datetime | None) -> list[Frame]:
    return list(play(reel, along, *reel.span(along, *(span or (None, None)))))


def test_by_default_the_first_frame_is_the_first_thing_that_happened() -> None:
    book = opened(claims("claim", "russia", days(5, 6)), denies("denial", "ukraine", day(8), "claim"))
    assert told(replayed(book.reel(), "valid")) == [
        (instant(5), "held", ("claim",)),
        (instant(7), "held", ("claim",)),
        (instant(8), "disputed", ("denial",)),
        (instant(9), "disputed", ("denial",)),
    ]
    assert told(replayed(book.reel(), "known")) == [
        (instant(7), "held", ("claim",)),
        (instant(9), "disputed", ("denial",)),
    ]


def test_a_replay_up_to_a_day_ends_as_that_day_ends() -> None:
    """The end of a day's window falls on the next day; a question for the day counts it all the same."""
    book = opened(claims("claim", "russia", day(5)))
    for along in ("valid", "known"):
        last = replayed(book.reel(), along, instant(1), end_of(5))[-1]
        assert last.t == end_of(5) - MICROSECOND
        assert last.state.certain
        assert last.state.status == "held"


def test_the_log_tells_what_befell_what() -> None:
    book = opened(claims("claim", "russian-army", day(5)), encircled("circle", "ukraine", day(6)))
    book.correct(claims("claim", "russian-army", day(5), PART))
    book.describe("russian-army", "russia")  # nothing new
    book.describe("russian-army", "wagner")
    book.retract("claim")
    frames = replayed(book.reel(), "recorded")
    assert [
        [(entry.what, entry.development or entry.actor) for entry in frame.entries] for frame in frames
    ] == [
        [],
        [("recorded", "claim"), ("recorded", "circle")],
        [("corrected", "claim")],
        [("described", "russian-army")],
        [("retracted", "claim")],
    ]
    assert [frame.log_position for frame in frames] == [1, 3, 4, 6, 7]
    assert frames[3].developments == ()
    assert [position.voice for position in frames[3].state.positions] == ["wagner"]


def test_a_transaction_is_one_moment_of_the_log() -> None:
    book = opened(claims("claim", "russia", day(5)), denies("denial", "ukraine", day(5), "claim"))
    assert told(replayed(book.reel(), "recorded"))[1:] == [
        (REGISTERED + timedelta(hours=1), "disputed", ("claim", "denial"))
    ]


def test_a_claim_made_elsewhere_changes_what_its_denial_says_here() -> None:
    book = opened(claims("claim", "russia", day(5)), denies("denial", "ukraine", day(5), "claim"))
    book.elsewhere = frozenset({"claim"})
    book.correct(claims("claim", "russia", day(5), PART))
    book.retract("claim")
    frames = replayed(book.reel(), "recorded")
    assert [frame.developments for frame in frames] == [(), ("denial",), ("claim",), ("claim",)]
    assert frames[-1].state.positions == ()


def test_what_is_over_in_the_microsecond_in_which_another_thing_begins_is_told_with_it() -> None:
    late = replace(day(7), earliest=instant(7) - MICROSECOND)
    book = opened(claims("one", "russia", days(5, 6)), encircled("two", "ukraine", late))
    frames = replayed(book.reel(), "valid")
    assert frames[1].t == instant(7) - MICROSECOND
    assert frames[1].state.certain
    assert frames[1].state == plain_state(book.reel(), "valid", frames[1].t)


def test_what_is_lifted_no_longer_stands() -> None:
    circle, end = encircled("circle", "ukraine", day(5)), lifted("end", "ukraine", day(9), "russia")
    frames = replayed(opened(circle, end).reel(), "valid")
    assert [len(frame.state.encirclements) for frame in frames] == [1, 0]
    assert frames[-1].t == instant(9)


def test_where_nothing_was_ever_said_there_is_one_frame() -> None:
    reel = opened().reel()
    for along in ALONG:
        [frame] = replayed(reel, along)
        assert frame.last
        assert not frame.changes
        assert not frame.developments
        assert frame.state == state_at(given(), instant(40))


@pytest.mark.parametrize(
    ("along", "start", "before", "path"),
    [
        ("valid", instant(9), instant(8), "from"),
        ("known", instant(41), None, "from"),
        ("recorded", REGISTERED, REGISTERED, "to"),
    ],
)
def test_a_span_that_holds_nothing_is_refused(
    along: Along, start: datetime, before: datetime | None, path: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened().reel().span(along, start, before)
    assert [fault.path for fault in caught.value.faults] == [path]
