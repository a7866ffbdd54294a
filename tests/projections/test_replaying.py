"""Replays on random ledgers: each frame is the state at its instant, the last one the state at the end."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from domain.reels import Along, Reel
from domain.replays import play
from domain.states import PlaceState, state_at
from domain.times import before_instant
from ledger.application import Ledger
from projections.engine.following import Follower
from projections.reading import places, replays
from projections.reading.moments import AskedClocks, Reader
from tests.projections.conftest import NOW
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

NEEDS = (*places.NEEDS, *replays.NEEDS)


def read_state(reader: Reader, asked: AskedClocks, place: str) -> PlaceState:
    with reader.at(asked, *NEEDS) as moment:
        return state_at(places.load_view(moment, place), moment.valid_before)


def load(reader: Reader, asked: AskedClocks, place: str) -> Reel:
    with reader.at(asked, *NEEDS) as moment:
        return replays.load_reel(moment, place)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("along", ["valid", "known"])
def test_frames_over_valid_and_known_time_are_the_states_there(
    along: Along, seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()
    choose = random.Random(seed)
    for place in PLACES:
        start, end = START + timedelta(days=5), START + timedelta(days=50, hours=7)
        fixed = AskedClocks(
            valid_before=START + timedelta(days=choose.randrange(75)),
            known_before=START + timedelta(days=choose.randrange(75)),
        )
        reel = load(reader, fixed, place)
        frames = list(play(reel, along, start, end))
        assert frames[0].t == start
        for frame, after in pairwise(frames):
            assert frame.t < after.t <= end
            assert frame.state != after.state
            assert after.developments
        for frame in [*frames, replace(frames[-1], t=end)]:
            # In the last microsecond of a window a question is told already what the next frame says.
            bound = before_instant(frame.t)
            asked = (
                replace(fixed, valid_before=bound) if along == "valid" else replace(fixed, known_before=bound)
            )
            assert read_state(reader, asked, place) == frame.state


@pytest.mark.parametrize("seed", SEEDS)
def test_frames_along_the_log_are_what_was_held_at_each_position(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()
    fixed = AskedClocks(valid_before=START + timedelta(days=40), known_before=NOW)
    befell: set[str] = set()
    for place in PLACES:
        reel = load(reader, fixed, place)
        frames = list(play(reel, "recorded", *reel.span("recorded", None, None)))
        assert len(frames) > 3
        for frame in frames:
            asked = replace(fixed, log_position=frame.log_position)
            assert read_state(reader, asked, place) == frame.state
            with reader.at(asked, *NEEDS) as moment:
                assert places.find_place(moment, place).id == place
        for frame in frames[1:]:
            # Every position is a transaction here, so one thing at a time befell the place.
            [entry] = frame.entries
            assert entry.log_position == frame.log_position
            assert frame.developments == ((entry.development,) if entry.development else ())
        befell |= {entry.what for frame in frames for entry in frame.entries}
        assert frames[-1].state == read_state(reader, fixed, place)
    assert len(befell & {"recorded", "corrected", "retracted"}) > 1
