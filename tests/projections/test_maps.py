"""The short way on random ledgers: what the last words say is what all that counts says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.shares import ALL, Share
from domain.states import state_at, verdict_at
from domain.status import NOTHING_SAID, Outline
from domain.streams import Thing
from domain.times import END_OF_TIME, MICROSECOND, When
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item
from migrations.upgrade import upgrade
from projections.engine.following import Follower
from projections.reading import places
from projections.reading.last_words import find_foretold, load_last_views
from projections.reading.moments import AskedClocks, Moment, Reader
from projections.reading.outlines import find_outlines
from tests.builders import actor, development, location
from tests.projections.migrating import downgrade
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger

STEPS = 90
VOICES = (None, ["east"], ["west", "paper"], ["mapper", "institute", "nobody"])


def fill(ledger: Ledger, follower: Follower, seed: int, steps: int = STEPS) -> None:
    writer = RandomLedger(ledger, seed)
    writer.register()
    for _ in range(steps):
        writer.step()
    follower.catch_up()


def questions(seed: int, head: int) -> Iterator[AskedClocks]:
    """Clocks of every sort: now, and each of the three in the past, at the very bounds of days too."""
    choose = random.Random(seed)
    yield AskedClocks()
    for _ in range(25):
        valid, known = (START + timedelta(hours=choose.randrange(0, 75 * 24, 12)) for _ in range(2))
        position = choose.choice((None, choose.randrange(head + 1)))
        yield AskedClocks(valid_before=valid, known_before=known, log_position=position)


def outline_in_full(moment: Moment, place: str, voices: list[str] | None) -> Outline:
    state = state_at(places.load_view(moment, place), moment.valid_before, voices)
    return Outline(
        status=state.status,
        holder=state.holder,
        certain=state.certain,
        disagreements=len(state.disagreements),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_short_way_comes_to_the_same_at_all_clocks_and_for_all_voices(
    seed: int, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    fill(ledger, follower, seed)
    with database.connection() as connection:
        head = head_position(connection)
    seen = set()
    for asked in questions(seed, head):
        with reader.at(asked, *places.NEEDS) as moment:
            for voices in VOICES:
                outlines = find_outlines(moment, None, voices)
                some = find_outlines(moment, PLACES[:2], voices)
                views = load_last_views(moment, PLACES, voices)
                for place in PLACES:
                    full = outline_in_full(moment, place, voices)
                    seen.add(full.status)
                    assert outlines.get(place, NOTHING_SAID) == full
                    if place in PLACES[:2]:
                        assert some.get(place, NOTHING_SAID) == full
                    assert verdict_at(views[place], moment.valid_before, voices) == verdict_at(
                        places.load_view(moment, place), moment.valid_before, voices
                    )
                assert set(some) <= set(PLACES[:2])
    assert {"unknown", "held", "disputed"} <= seen, "the ledger is too plain to prove anything"


@pytest.mark.parametrize("seed", SEEDS)
def test_rendered_outlines_are_those_of_the_short_way(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    fill(ledger, follower, seed)
    with reader.at(AskedClocks(), *places.NEEDS) as moment:
        assert moment.is_current
        rendered = find_outlines(moment)
        folded = find_outlines(replace(moment, is_current=False))
    for place in PLACES:
        assert rendered[place] == folded.get(place, NOTHING_SAID)


def test_what_was_announced_ahead_is_found_wherever_more_was_said_since(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    """Beyond what is known only such facts count, and what is known by then of the same place."""

    def day(number: int) -> When:
        start = START + timedelta(days=number)
        return When(edtf=f"{number}", earliest=start, latest=start + timedelta(days=1))

    things: list[Thing] = [
        *(actor(name) for name in ("east", "west")),
        actor("west-army", "unit", speaks_for="west"),
        *(location(place) for place in PLACES),
    ]
    for identifier, by, holder, occurred, reported in (
        ("claimed", "east", "east", 1, 1),
        ("announced", "east", "west", 40, 2),
        ("army-announced", "west-army", "west", 30, 3),
        ("said-later", "east", "east", 50, 50),
        ("announced-later", "west", "east", 60, 55),
    ):
        fields: dict[str, Any] = {"by": by, "holder": holder, "share": ALL, "reported": day(reported)}
        things.append(
            development("occupation-claimed", identifier, at="alpha", occurred=day(occurred), **fields)
        )
    denied: dict[str, Any] = {"by": "west", "claim": "announced", "reported": day(4)}
    things.append(development("claim-denied", "denied-ahead", at="alpha", occurred=day(45), **denied))
    things.append(
        development(
            "occupation-claimed",
            "elsewhere",
            at="beta",
            by="east",
            holder="east",
            share=ALL,
            occurred=day(5),
            reported=day(5),
        )
    )
    ledger.record([Item(event=thing) for thing in things], recorded_by="test")
    follower.catch_up()
    for valid in range(0, 70, 3):
        for known in range(0, 70, 3):
            asked = AskedClocks(
                valid_before=START + timedelta(days=valid), known_before=START + timedelta(days=known)
            )
            with reader.at(asked, *places.NEEDS) as moment:
                ahead = valid > known and (valid > 30 >= known > 3 or valid > 60 >= known > 55)
                assert ("alpha" in find_foretold(moment)) >= ahead
                assert "beta" not in find_foretold(moment)
                outlines, views = find_outlines(moment), load_last_views(moment, PLACES)
                for place in PLACES:
                    assert outlines.get(place, NOTHING_SAID) == outline_in_full(moment, place, None), asked
                    full = verdict_at(places.load_view(moment, place), moment.valid_before)
                    assert verdict_at(views[place], moment.valid_before) == full, asked


def test_windows_without_an_end_and_windows_with_padding(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    """What a random ledger does not have, up to the end of time."""
    day = START + timedelta(days=20)
    padded = When(
        edtf="p",
        earliest=day - timedelta(days=2),
        latest=day + timedelta(days=12),
        sure_from=day,
        sure_until=day + timedelta(days=10),
    )
    open_end = When(edtf="o", earliest=day - timedelta(days=9), latest=None)
    known = When(edtf="k", earliest=START, latest=START + timedelta(days=1))
    control = {f"party-{number:03}": Share(min=0.0, max=0.002) for number in range(40)}
    fields: dict[str, Any] = {"reported": known, "share": ALL}
    things: list[Thing] = [
        *(actor(name) for name in ("east", "west", *control)),
        actor("mapper", "assessor"),
        *(location(place) for place in PLACES),
        development(
            "control-reported",
            "long",
            at="gamma",
            by="mapper",
            control=control,
            occurred=known,
            reported=known,
        ),
        development(
            "occupation-claimed", "open", at="alpha", by="east", holder="east", occurred=open_end, **fields
        ),
    ]
    things += [
        development(
            "occupation-claimed",
            f"{during}-{when.edtf}",
            at=place,
            by=by,
            holder=by,
            during=during,
            occurred=when,
            **fields,
        )
        for during, place in (("within", "gamma"), ("throughout", "beta"))
        for when, by in ((padded, "east"), (open_end, "west"))
    ]
    ledger.record([Item(event=thing) for thing in things], recorded_by="test")
    follower.catch_up()
    turns = [
        padded.earliest,
        padded.sure_from,
        padded.sure_until,
        padded.latest,
        open_end.earliest,
        END_OF_TIME,
    ]
    for turn in turns:
        assert turn is not None
        for bound in (turn - MICROSECOND, turn, min(turn, END_OF_TIME - MICROSECOND) + MICROSECOND):
            asked = AskedClocks(valid_before=bound, known_before=END_OF_TIME)
            with reader.at(asked, *places.NEEDS) as moment:
                outlines = find_outlines(moment)
                for place in PLACES:
                    assert outlines.get(place, NOTHING_SAID) == outline_in_full(moment, place, None), bound


def test_the_migration_starts_the_projection_anew_on_a_database_that_has_data(
    database_url: str, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    fill(ledger, follower, 3)
    then = AskedClocks(valid_before=START + timedelta(days=60), known_before=START + timedelta(days=60))

    def read() -> list[object]:
        with reader.at(then, *places.NEEDS) as moment:
            return [state_at(places.load_view(moment, place), moment.valid_before) for place in PLACES]

    before = read()
    downgrade(database_url, "0004")
    upgrade(database_url)
    assert read() != before, "nothing is folded yet"
    follower.catch_up()
    assert read() == before
    with reader.at(then, *places.NEEDS) as moment:
        assert [find_outlines(moment)[place] for place in PLACES] == [
            outline_in_full(moment, place, None) for place in PLACES
        ]
