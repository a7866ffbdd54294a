"""Mementos, held against the answers themselves: on random ledgers none that changed is missing."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain.states import state_at
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import read_events
from projections.engine.following import Follower
from projections.reading import developments, mementos, places
from projections.reading.mementos import STATE, TIMELINE, Memento, Source
from projections.reading.moments import AskedClocks, Moment, Reader
from tests.projections.conftest import NOW
from tests.projections.random_ledger import PLACES, SEEDS, RandomLedger

STEPS = 50
EVERYTHING = developments.TimelineQuestion(limit=1_000)
MOST = 1_000


def read_state(moment: Moment, place: str) -> object:
    return state_at(places.load_view(moment, place), moment.valid_before)


def read_timeline(moment: Moment, place: str) -> object:
    return [
        (each.body, each.revision, each.voice, each.retracted)
        for each in developments.list_timeline(moment, place, EVERYTHING)
    ]


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    """Of a random ledger."""
    number: int = request.param
    return number


@pytest.fixture
def told(seed: int, ledger: Ledger, follower: Follower) -> None:
    """A random ledger, folded."""
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(STEPS):
        writer.step()
    follower.catch_up()


def list_all(reader: Reader, source: Source, place: str, position: int | None = None) -> list[Memento]:
    with reader.at(AskedClocks(log_position=position), *source.needs) as moment:
        return mementos.list_mementos(moment, source, place, after=0, limit=MOST)


@pytest.mark.parametrize(("source", "read"), [(STATE, read_state), (TIMELINE, read_timeline)])
@pytest.mark.usefixtures("told")
def test_every_change_of_an_answer_is_a_memento(
    source: Source, read: object, database: Database, reader: Reader
) -> None:
    assert callable(read)
    with database.connection() as connection:
        log = read_events(connection, after=0, limit=MOST)
    ends = {event.recorded_at: event.log_position for event in log}  # of each transaction the last position
    changes = 0
    for place in PLACES:
        listed = {memento.recorded_at for memento in list_all(reader, source, place)}
        before: object = None
        for recorded_at, position in ends.items():
            asked = AskedClocks(valid_before=NOW, known_before=NOW, log_position=position)
            with reader.at(asked, *source.needs) as moment:
                now = read(moment, place)
            assert now == before or recorded_at in listed, (place, position)
            changes += now != before
            before = now
        assert len(listed) < len(ends), "what was recorded of other places is none"
    assert changes > len(PLACES) * 5


@pytest.mark.parametrize("source", [STATE, TIMELINE])
@pytest.mark.usefixtures("told")
def test_pages_and_neighbours_agree_with_the_whole_list(source: Source, reader: Reader) -> None:
    whole = list_all(reader, source, "alpha")
    assert [memento.log_position for memento in whole] == sorted({each.log_position for each in whole})
    with reader.at(AskedClocks(), *source.needs) as moment:
        paged: list[Memento] = []
        while page := mementos.list_mementos(
            moment, source, "alpha", after=paged[-1].log_position if paged else 0, limit=7
        ):
            paged += page
        assert paged == whole
        for number, here in enumerate(whole):
            around = mementos.find_memento(moment, source, "alpha", just_after(here.recorded_at))
            assert around == mementos.Around(
                first=whole[0],
                before=whole[number - 1] if number else None,
                here=here,
                after=whole[number + 1] if number + 1 < len(whole) else None,
                last=whole[-1],
            )
        earliest = mementos.find_memento(moment, source, "alpha", whole[0].recorded_at)
    assert (earliest.here, earliest.before) == (whole[0], None)


@pytest.mark.parametrize("source", [STATE, TIMELINE])
@pytest.mark.usefixtures("told")
def test_what_was_listed_once_is_listed_for_ever(source: Source, reader: Reader) -> None:
    whole = list_all(reader, source, "beta")
    for memento in whole:
        then = list_all(reader, source, "beta", memento.log_position)
        assert then == [each for each in whole if each.log_position <= memento.log_position]


def just_after(instant: datetime) -> datetime:
    return instant + timedelta(microseconds=1)
