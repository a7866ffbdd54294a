"""Generated developments: the same from the same seed, and a dossier that the project itself reads."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bench.dumping import hash_read_models
from bench.generating import developments, registry, write_dossier
from bench.pacing import told_at
from domain.kinds.envelope import Development
from domain.streams import Thing
from intake.ndjson import read_ndjson
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower
from tests.servers import Server


def test_a_seed_gives_the_same_developments_every_time() -> None:
    assert list(developments(50, 5, seed=3)) == list(developments(50, 5, seed=3))
    assert list(developments(50, 5, seed=3)) != list(developments(50, 5, seed=4))


def test_a_dossier_has_the_developments_that_were_generated(tmp_path: Path) -> None:
    path = tmp_path / "told.ndjson"
    assert write_dossier(path, 40) == len(path.read_bytes().splitlines()) - 1
    with path.open("rb") as lines:
        items = [item for batch in read_ndjson(lines) for item in batch.items]
    told = [item.event for item in items if isinstance(item.event, Development)]
    assert told == list(developments(40, 5_488))


def test_what_is_paced_answers_only_what_was_told_beforehand() -> None:
    answered, told = told_at(rate=20, seconds=50, seed=2)
    known = {each.id for each in answered}
    answers = {each.answers for each in told} - {None}
    assert len(told) == 1_000
    assert answers
    assert answers <= known
    assert not known & {each.id for each in told}
    assert any(each.family == "claim" for each in told)


@pytest.fixture
def other_ledger(server: Server, template_database: str) -> Iterator[Ledger]:
    """A second ledger, in which log positions were drawn that no event has."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    conninfo = server.create_database(name, template_database)
    with Database(conninfo) as database, Ledger(database) as ledger:
        with database.connection() as connection:
            connection.execute(
                "SELECT nextval('ledger.events_notification_id_seq') FROM generate_series(1, 7)"
            )
        yield ledger
    server.drop_database(name)


def record(ledger: Ledger, told: Sequence[Thing | Development]) -> str:
    """Records one event after the other, brings up the read models, and answers the connection string."""
    for event in told:
        ledger.record([Item(event=event)], recorded_by="bench")
    Follower(ledger.database, PROJECTIONS).catch_up()
    return ledger.database.conninfo


def test_ledgers_with_the_same_events_have_the_same_hashes(ledger: Ledger, other_ledger: Ledger) -> None:
    told = [*registry(3), *developments(25, 3)]
    one, other = record(ledger, told), record(other_ledger, told)
    assert hash_read_models(one, across_ledgers=True) == hash_read_models(other, across_ledgers=True)
    assert hash_read_models(one)["actor_revisions"] != hash_read_models(other)["actor_revisions"]


def test_one_event_more_is_another_hash(ledger: Ledger) -> None:
    told = [*registry(3), *developments(25, 3)]
    conninfo = record(ledger, told[:-1])
    exact, across = hash_read_models(conninfo), hash_read_models(conninfo, across_ledgers=True)
    assert hash_read_models(conninfo) == exact
    record(ledger, told[-1:])
    changed = {table for table, told in hash_read_models(conninfo).items() if told != exact[table]}
    assert "development_revisions" in changed
    assert (
        hash_read_models(conninfo, across_ledgers=True)["development_revisions"]
        != across["development_revisions"]
    )
