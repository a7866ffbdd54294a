"""Replays of the map on random ledgers: at each step it is the map there, and a break leaves no trace."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.reels import Along
from domain.steps import Step
from domain.times import before_instant
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position, position_before, read_events
from projections.engine.following import Follower
from projections.reading import maps
from projections.reading.map_replays import MapFrame, find_first_turn, play_map
from projections.reading.moments import AskedClocks, Reader
from tests.builders import location
from tests.projections.conftest import NOW
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

Told = tuple[str, str | None, bool]
NOTHING: Told = ("unknown", None, True)


def fill(ledger: Ledger, follower: Follower, seed: int) -> RandomLedger:
    """A random ledger whose places have points, all but the last."""
    writer = RandomLedger(ledger, seed)
    writer.register()
    for number, place in enumerate(PLACES[:-1]):
        ledger.describe_location(location(place, point=(30.0 + number, 50.0)), recorded_by="test")
    for _ in range(60):
        writer.step()
    follower.catch_up()
    return writer


def pinned(database: Database, seed: int) -> AskedClocks:
    """Clocks that stand somewhere in the past, at the head of the log."""
    choose = random.Random(seed)
    with database.connection() as connection:
        head = head_position(connection)
    return AskedClocks(
        valid_before=START + timedelta(days=choose.randrange(50, 75)),
        known_before=START + timedelta(days=choose.randrange(50, 75)),
        log_position=head,
    )


def read_told(reader: Reader, asked: AskedClocks) -> dict[str, Told]:
    with reader.at(asked, *maps.NEEDS) as moment:
        drawn = maps.read_map(moment, maps.MapQuestion())
    return {
        place.id: (place.outline.status, place.outline.holder, place.outline.certain)
        for place in drawn.places
    }


def steps_over(database: Database, along: Along, seed: int) -> list[datetime]:
    if along != "recorded":
        step = Step.read(("PT6H", "P1D", "P7D", "P1M")[seed % 4])
        return list(step.instants(START, START + timedelta(days=70, hours=5), UTC))
    with database.connection() as connection:
        events = read_events(connection, after=0, limit=10_000)
    # An instant of each event, and one between each two: whole hours are too long for a test.
    instants = sorted({event.recorded_at for event in events})
    return [instants[0] - timedelta(seconds=1), *instants[::3], instants[-1] + timedelta(seconds=1)]


def clock_at(database: Database, asked: AskedClocks, along: Along, instant: datetime) -> AskedClocks:
    bound = before_instant(instant)
    if along == "valid":
        return replace(asked, valid_before=bound)
    if along == "known":
        return replace(asked, known_before=bound)
    with database.connection() as connection:
        return replace(asked, log_position=position_before(connection, bound))


@pytest.mark.parametrize("along", ["valid", "known", "recorded"])
@pytest.mark.parametrize("seed", SEEDS)
def test_at_each_step_a_replay_has_told_the_map_there(
    along: Along, seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    fill(ledger, follower, seed)
    asked = pinned(database, seed)
    instants = steps_over(database, along, seed)
    frames = {frame.number: frame for frame in play_map(reader, asked, along, instants)}
    told: dict[str, Told] = dict.fromkeys(PLACES[:-1], NOTHING)
    for number, instant in enumerate(instants):
        for change in frames[number].changes if number in frames else ():
            assert told[change.id] != (change.status, change.holder, change.certain)
            told[change.id] = (change.status, change.holder, change.certain)
        at = clock_at(database, asked, along, instant)
        there = dict.fromkeys(PLACES[:-1], NOTHING) | read_told(reader, at)
        assert told == there, instant
        if number in frames:
            assert frames[number].t == instant
            assert frames[number].log_position == at.log_position
    assert {0, len(instants) - 1} <= set(frames), "the first step and the last are always told"
    assert all(frame.changes for frame in frames.values() if 0 < frame.number < len(instants) - 1)
    assert sum(len(frame.changes) for frame in frames.values()) > 2, "nothing happened on this ledger"


@pytest.mark.parametrize("along", ["valid", "known", "recorded"])
def test_a_broken_replay_goes_on_as_if_nothing_had_been_written_meanwhile(
    along: Along, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = fill(ledger, follower, 1)
    asked = pinned(database, 1)
    instants = steps_over(database, along, 1)
    whole: list[MapFrame] = list(play_map(reader, asked, along, instants))
    for broken_after in range(len(whole)):
        if broken_after % 5 == 0:
            writer.step()
            follower.catch_up()
        rest = list(play_map(reader, asked, along, instants, whole[broken_after].number))
        assert rest == whole[broken_after + 1 :]


def test_the_first_turn_is_where_the_map_first_says_anything(
    database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    fill(ledger, follower, 2)
    asked = replace(pinned(database, 2), valid_before=NOW, known_before=NOW)
    for along in ("valid", "known"):
        with reader.at(asked, *maps.NEEDS) as moment:
            first = find_first_turn(moment, along)
        assert first is not None
        before = clock_at(database, asked, along, first - timedelta(microseconds=2))
        assert set(read_told(reader, before).values()) == {NOTHING}
    with reader.at(AskedClocks(log_position=0), *maps.NEEDS) as moment:
        assert [find_first_turn(moment, along) for along in ("valid", "known", "recorded")] == [None] * 3
