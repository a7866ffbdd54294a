"""Disagreements on random ledgers: those of the states, however little was read first to find them."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from domain.states import state_at
from ledger.application import Ledger
from projections.engine.following import Follower
from projections.reading import disagreements, places
from projections.reading.moments import AskedClocks, Reader
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

VOICES = (None, ["east", "west"], ["west", "paper", "mapper"])


@pytest.mark.parametrize("statements", [1, 2, disagreements.STATEMENTS])
@pytest.mark.parametrize("seed", SEEDS)
def test_they_are_those_of_the_states(
    seed: int,
    statements: int,
    ledger: Ledger,
    follower: Follower,
    reader: Reader,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disagreements, "STATEMENTS", statements)
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(120):
        writer.step()
    follower.catch_up()
    choose = random.Random(seed)
    count = 0
    for _ in range(20):
        asked = AskedClocks(
            valid_before=START + timedelta(hours=choose.randrange(0, 75 * 24, 12)),
            known_before=START + timedelta(days=choose.randrange(75)),
        )
        for voices in VOICES:
            question = disagreements.DisagreementsQuestion(voices=voices)
            with reader.at(asked, *places.NEEDS) as moment:
                found, more = disagreements.list_disagreements(moment, question)
                views = places.load_views(moment, PLACES)
            assert more is None
            states = {place: state_at(view, moment.valid_before, voices) for place, view in views.items()}
            expected = {
                (place, each.between): (
                    each,
                    [said for said in state.positions if said.voice in each.between],
                )
                for place, state in states.items()
                for each in state.disagreements
            }
            assert {
                (each.place.id, each.disagreement.between): (each.disagreement, list(each.sides))
                for each in found
            } == expected
            ages = [each.disagreement.since for each in found]
            assert ages == sorted(ages)
            count += len(found)
    assert count > 20, "the voices of this ledger hardly disagree"
