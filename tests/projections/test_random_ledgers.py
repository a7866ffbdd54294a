"""On random ledgers: live equals rebuilt, an old answer never changes, and a naive fold agrees."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from domain.editorial import Corrected, Retracted
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.registry import ActorRegistered
from domain.states import PlaceState, state_at, trace_history
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import Recorded, head_position, read_events
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower, advance
from projections.engine.rebuilding import rebuild
from projections.engine.verifying import verify
from projections.reading import claims, developments, places
from projections.reading.moments import AskedClocks, Reader
from tests.projections.conftest import NOW
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

STEPS = 60
NEEDS = (*places.NEEDS, *claims.NEEDS)


def questions(seed: int) -> Iterator[AskedClocks]:
    """Valid and known clocks over the time in which things happen, some at the very bounds of days."""
    choose = random.Random(seed)
    for _ in range(6):
        valid, known = (START + timedelta(days=choose.randrange(75)) for _ in range(2))
        yield AskedClocks(valid_before=valid, known_before=known)
    yield AskedClocks()


def pinned(asked: AskedClocks, position: int) -> AskedClocks:
    return AskedClocks(
        valid_before=asked.valid_before or NOW, known_before=asked.known_before or NOW, log_position=position
    )


def read_state(reader: Reader, asked: AskedClocks, place: str) -> PlaceState:
    with reader.at(asked, *NEEDS) as moment:
        return state_at(places.load_view(moment, place), moment.valid_before)


def read_everything(reader: Reader, asked: AskedClocks) -> list[object]:
    """All that is answered for every place and claim."""
    answers: list[object] = []
    with reader.at(asked, *NEEDS) as moment:
        for place in PLACES:
            view = places.load_view(moment, place)
            answers.append(state_at(view, moment.valid_before))
            answers.append(trace_history(view, moment.valid_before))
            answers.append(developments.list_timeline(moment, place, developments.TimelineQuestion()))
            answers.append(claims.list_place_claims(moment, place))
    return answers


def fold_log(events: list[Recorded], place: str, valid: datetime, known: datetime) -> PlaceState:
    """The state by folding the raw log, with nothing of the projections."""
    bodies: dict[str, Development] = {}
    actors: dict[str, ActorRegistered] = {}
    for recorded in events:
        identifier = recorded.stream.partition(":")[2]
        match recorded.event:
            case Development() as body:
                bodies[identifier] = body
            case Corrected(body=body):
                bodies[identifier] = body
            case Retracted():
                del bodies[identifier]
            case ActorRegistered() as actor:
                actors[identifier] = actor
    view = PlaceView(
        location=place,
        developments=tuple(
            body for body in bodies.values() if place in body.at and body.reported.ends <= known
        ),
        answered=bodies,
        voices={identifier: actor.voice for identifier, actor in actors.items()},
    )
    return state_at(view, valid)


@pytest.mark.parametrize("seed", SEEDS)
def test_old_answers_never_change_and_equal_a_naive_fold(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    told: dict[int, list[tuple[AskedClocks, list[object]]]] = {}
    for number in range(STEPS):
        if writer.step() and number % 10 == 0:
            follower.catch_up()
            with database.connection() as connection:
                position = head_position(connection)
                events = read_events(connection, after=0, limit=10_000)
            asked = [pinned(question, position) for question in questions(seed + number)]
            told[position] = [(question, read_everything(reader, question)) for question in asked]
            for question in asked:
                for place in PLACES:
                    assert question.valid_before is not None
                    assert question.known_before is not None
                    naive = fold_log(events, place, question.valid_before, question.known_before)
                    assert read_state(reader, question, place) == naive
    follower.catch_up()
    assert len(told) > 3
    for answers in told.values():
        for question, answer in answers:
            assert read_everything(reader, question) == answer


@pytest.mark.parametrize("seed", SEEDS)
def test_live_equals_rebuilt_however_the_log_was_cut_into_batches(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    choose = random.Random(seed)
    for _ in range(STEPS):
        writer.step()
        if choose.random() < 0.2:
            for projection in PROJECTIONS:
                advance(database, [projection], limit=choose.randrange(1, 9))
    follower.catch_up()
    before = read_everything(reader, AskedClocks(valid_before=NOW, known_before=NOW))
    for projection in PROJECTIONS:
        assert verify(database, projection)[1] == []
        rebuild(database, projection)
        assert verify(database, projection)[1] == []
    assert read_everything(reader, AskedClocks(valid_before=NOW, known_before=NOW)) == before


@pytest.mark.parametrize("seed", SEEDS)
def test_lists_by_status_agree_with_the_states(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(STEPS):
        writer.step()
    follower.catch_up()
    for asked in questions(seed):
        with reader.at(asked, *NEEDS) as moment:
            listed, _ = places.list_places(moment, places.PlacesQuestion())
        assert {summary.place.id for summary in listed} == set(PLACES)
        for summary in listed:
            state = read_state(reader, asked, summary.place.id)
            verdict = summary.verdict
            assert (verdict.status, verdict.holder, verdict.certain, verdict.because) == (
                state.status,
                state.holder,
                state.certain,
                state.because,
            )
