"""Timelines: on crowded ledgers, page by page, in the order in which the fold takes developments."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from domain.positions import EffectOrder, effect_order
from domain.streams import Thing
from domain.times import END_OF_TIME, MICROSECOND, When
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item
from migrations.upgrade import upgrade
from projections.catalogue import PROJECTIONS
from projections.developments import Developments
from projections.engine.following import Follower
from projections.engine.rebuilding import rebuild
from projections.engine.verifying import verify
from projections.reading import developments, places
from projections.reading.developments import TimelineQuestion, list_timeline
from projections.reading.moments import AskedClocks, Moment, Reader
from tests.builders import REGISTRY, claim, denial, location, statement
from tests.domain import plain_reading
from tests.projections.conftest import NOW
from tests.projections.migrating import downgrade
from tests.projections.random_ledger import PLACES, SEEDS, START, RandomLedger
from tests.servers import Server

NEEDS = (*places.NEEDS, *developments.NEEDS)
COUNT_KEPT_PLANS = """
    SELECT count(*) FROM pg_prepared_statements
    WHERE statement LIKE '%development_places%' AND generic_plans > 0"""


class CrowdedLedger(RandomLedger):
    """Everything happens in two days and becomes public on one of them, under ids in no order."""

    def _new_id(self) -> str:
        return self._random.choice(("a", "b", "z")) + self._random.choice("-._0") + f"{self._count:03}"

    def _window(self) -> When:
        earliest = START + timedelta(days=self._random.randrange(2))
        return When(edtf="random", earliest=earliest, latest=earliest + timedelta(days=1))


def record(ledger: Ledger, *things: Thing) -> None:
    ledger.record([Item(event=thing) for thing in (*REGISTRY, *things)], recorded_by="test")


def page_through(
    reader: Reader, asked: AskedClocks, place: str, limit: int, *, backward: bool = False
) -> Iterator[list[str]]:
    """The pages of a timeline, each asked for with where the one before ended, as HTTP does."""
    after: EffectOrder | None = None
    while True:
        question = TimelineQuestion(after=after, limit=limit, backward=backward)
        with reader.at(asked, *NEEDS) as moment:
            page = list_timeline(moment, place, question)
        yield [found.body.id for found in page]
        if len(page) < limit:
            return
        after = effect_order(page[-1].body)


def join(pages: Iterator[list[str]]) -> list[str]:
    return [identifier for page in pages for identifier in page]


def in_the_order_of_the_fold(moment: Moment, place: str) -> list[str]:
    """The ids of a place's view as the fold takes them, by the rules and by their plain reading."""
    view = places.load_view(moment, place)
    folded = [body.id for body in view.in_effect_order(moment.valid_before)]
    plain = plain_reading.in_order(view.developments, moment.valid_before - MICROSECOND)
    assert [body.id for body in plain] == folded
    return folded


@pytest.mark.parametrize("seed", SEEDS)
def test_pages_of_any_size_are_the_order_of_the_fold_whatever_is_written_meanwhile(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = CrowdedLedger(ledger, seed)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()
    for place in PLACES:
        with reader.at(AskedClocks(), *NEEDS) as moment:
            asked = AskedClocks(valid_before=NOW, known_before=NOW, log_position=moment.position)
            expected = in_the_order_of_the_fold(moment, place)
        assert len(expected) > 10
        for limit in range(1, len(expected) + 2):
            assert join(page_through(reader, asked, place, limit)) == expected
            assert join(page_through(reader, asked, place, limit, backward=True)) == expected[::-1]
        for backward in (False, True):
            seen: list[str] = []
            for page in page_through(reader, asked, place, 3, backward=backward):
                seen += page
                writer.step()
                follower.catch_up()
            assert seen == (expected[::-1] if backward else expected)


@pytest.mark.parametrize("seed", SEEDS)
def test_at_any_clocks_the_timeline_is_the_order_of_the_fold(
    seed: int, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = CrowdedLedger(ledger, seed)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()
    days = [START + timedelta(days=day) for day in range(4)]
    for asked in (AskedClocks(valid_before=valid, known_before=known) for valid in days for known in days):
        for place in PLACES:
            with reader.at(asked, *NEEDS) as moment:
                told = [found.body.id for found in list_timeline(moment, place, TimelineQuestion())]
                assert told == in_the_order_of_the_fold(moment, place)


def test_an_answer_stands_after_the_claim_of_its_day(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    record(ledger, claim("m-claim"), denial("a-denial", claim="m-claim"), claim("z-claim"))
    follower.catch_up()
    assert join(page_through(reader, AskedClocks(), "kupiansk", 10)) == ["m-claim", "z-claim", "a-denial"]


def test_a_window_without_an_end_has_its_place_and_its_page(
    ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    """The end of time goes through the database and back into a question."""
    lasting = When(edtf="2025-11-20/..", earliest=claim().occurred.earliest, latest=None)
    open_ended = [statement(name, occurred=lasting, reported="2025-11-20") for name in ("b", "a")]
    record(ledger, *open_ended, claim("z"))
    follower.catch_up()
    assert lasting.ends == END_OF_TIME
    assert join(page_through(reader, AskedClocks(), "kupiansk", 1)) == ["z", "a", "b"]
    assert join(page_through(reader, AskedClocks(), "kupiansk", 1, backward=True)) == ["b", "a", "z"]


@pytest.mark.parametrize("backward", [False, True])
def test_a_page_is_one_stretch_of_the_primary_key(
    backward: bool, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    """Of thousands, many on the same day, no row beyond the page is read: neither before it nor after it."""
    elsewhere = [location(f"p{number}") for number in range(20)]
    many = [
        statement(
            f"s-{number:04}",
            at="kupiansk" if number % 2 else f"p{number % 20}",
            occurred=f"2025-{1 + number % 12:02}-{1 + number % 28:02}",
        )
        for number in range(4_000)
    ]
    record(ledger, *elsewhere, *many)
    follower.catch_up()
    with database.connection() as connection:
        connection.execute("ANALYZE projections.development_places, projections.development_revisions")
    middle = sorted(effect_order(body) for body in many if body.at == ("kupiansk",))[1_000]
    question = TimelineQuestion(after=middle, backward=backward, limit=101)
    with reader.at(AskedClocks(), *NEEDS) as moment:
        plan = explain_timeline(moment, "kupiansk", question)
        for _ in range(12):  # after so many, psycopg and PostgreSQL have both had occasion to keep a plan
            assert len(list_timeline(moment, "kupiansk", question)) == 101
        assert moment.connection.execute(COUNT_KEPT_PLANS).fetchone() == (0,)
    assert not [node for node in plan if "Sort" in node["Node Type"]]
    (scan,) = (node for node in plan if node.get("Relation Name") == "development_places")
    assert scan["Index Name"] == "development_places_pkey"
    assert "ROW(" in scan["Index Cond"]
    assert scan["Scan Direction"] == ("Backward" if backward else "Forward")
    assert (scan["Actual Rows"], scan["Rows Removed by Filter"]) == (101, 0)


def explain_timeline(moment: Moment, place: str, question: TimelineQuestion) -> list[dict[str, Any]]:
    """The nodes of the plan, as PostgreSQL carried it out."""
    query, parameters = developments.compose_timeline(moment, place, question, {})
    row = moment.connection.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + query, parameters).fetchone()
    assert row is not None
    return list(walk(row[0][0]["Plan"]))


def walk(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", ()):
        yield from walk(part)


@pytest.fixture
def english_url(server: Server) -> Iterator[str]:
    """A database that sorts as a dictionary does: `_` before `-` and `.`, and all of them before digits."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    try:
        with server.connect() as connection:
            connection.execute(
                f"create database {name} template template0 locale_provider icu icu_locale 'en'"
            )
    except psycopg.errors.FeatureNotSupported:
        pytest.skip("this PostgreSQL knows no languages")
    yield server.conninfo(name)
    server.drop_database(name)


def test_ids_are_compared_as_the_rules_do_whatever_the_database_sorts_by(english_url: str) -> None:
    upgrade(english_url)
    many = [statement(identifier) for identifier in ("ab", "a.c", "a-d", "a_a", "a0", "a")]
    with Database(english_url) as database, Ledger(database) as ledger:
        record(ledger, *many)
        Follower(database, PROJECTIONS).catch_up()
        reader = Reader(database, lambda: NOW)
        expected = sorted(body.id for body in many)
        assert join(page_through(reader, AskedClocks(), "kupiansk", 2)) == expected
        rebuild(database, Developments())  # into copies of the tables
        assert join(page_through(reader, AskedClocks(), "kupiansk", 2)) == expected


def test_the_migration_brings_a_database_that_has_data_up_to_date(
    database_url: str, database: Database, ledger: Ledger, follower: Follower, reader: Reader
) -> None:
    writer = CrowdedLedger(ledger, 0)
    writer.register()
    for _ in range(60):
        writer.step()
    follower.catch_up()

    def read() -> list[list[str]]:
        return [join(page_through(reader, AskedClocks(), place, 7)) for place in PLACES]

    before = read()
    downgrade(database_url, "0005")
    upgrade(database_url)
    assert read() == [[], [], []], "nothing is folded yet"
    follower.catch_up()
    assert read() == before
    assert verify(database, Developments())[1] == []
