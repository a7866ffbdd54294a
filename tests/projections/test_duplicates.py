"""Reports that look alike are found whatever of the log the read models have folded."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from domain.errors import Unavailable
from domain.kinds.envelope import Development
from domain.likeness import Voiced, are_alike, find_joined, nearness
from domain.registry import ActorRegistered
from domain.streams import Current
from ledger.application import Ledger
from ledger.database import Database
from ledger.known import Known, Recorded
from ledger.reading import head_position
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine.following import Follower, advance
from projections.reading.duplicates import READ_BEHIND, TOLD, find_duplicates, find_recorded_duplicates
from projections.reading.lookalikes import Sought
from tests.builders import actor, claim, location, statement
from tests.projections.random_ledger import SEEDS, RandomLedger


def record(ledger: Ledger, *events: object) -> int:
    """Records them together; the position of the last."""
    receipt = ledger.record([Item(event=event) for event in events], recorded_by="test")  # type: ignore[arg-type]
    assert receipt.log_position is not None
    return receipt.log_position


def ids(found: Iterable[tuple[Voiced, ...]]) -> list[list[str]]:
    return [[other.body.id for other in alike] for alike in found]


@pytest.fixture
def stage(ledger: Ledger) -> Ledger:
    """Two parties, an army, and places."""
    record(
        ledger,
        actor("russia"),
        actor("ukraine"),
        actor("army", "unit", speaks_for="russia"),
        location(),
        location("izium"),
    )
    return ledger


# The same answers, folded or not


def plain_reading(connected: Known, everything: Iterable[Development], one: Current) -> list[str]:
    """What has to be found for a development, read off the log stream by stream."""

    def voiced(body: Development) -> Voiced:
        found = connected.find("actor", body.by) if body.by else None
        voice = found.body.voice if found and isinstance(found.body, ActorRegistered) else body.by
        return Voiced(body=body, voice=voice)

    assert isinstance(one.body, Development)
    if one.retracted:
        return []
    standing = [connected.find("development", each.id) for each in everything]
    alike = [
        each
        for each in standing
        if each is not None
        and not each.retracted
        and isinstance(each.body, Development)
        and are_alike(voiced(one.body), voiced(each.body))
    ]
    linked = [
        (each.body.id, link.to) for each in [*alike, one] for link in each.links if link.type == "same-report"
    ]
    joined = find_joined(one.body.id, linked)
    bodies = [each.body for each in alike if isinstance(each.body, Development)]
    bodies.sort(key=lambda body: nearness(one.body, body))  # type: ignore[arg-type]
    return [body.id for body in bodies if body.id not in joined][:TOLD]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_found_does_not_depend_on_what_is_folded(
    ledger: Ledger, database: Database, follower: Follower, seed: int
) -> None:
    """Reports, corrections, retractions, links and described actors: at three states of the read models."""
    random = RandomLedger(ledger, seed)
    random.register()
    steps(random, 150)
    follower.catch_up()
    steps(random, 200)
    names = list(random.developments)
    sought, expected = expectation(database, names)
    assert sum(map(bool, expected)) > 40
    assert ids(find_duplicates(database, sought)) == expected
    for each, alike in zip(sought[::3], expected[::3], strict=True):
        if alike:
            ledger.link(each.body.id, "same-report", alike[0], recorded_by="test")
    sought, joined = expectation(database, names)
    assert joined != expected
    assert ids(find_duplicates(database, sought)) == joined
    # One projection ahead of the other, as happens at any time.
    advance(database, [each for each in PROJECTIONS if each.name == "states"])
    assert ids(find_duplicates(database, sought)) == joined
    follower.catch_up()
    assert ids(find_duplicates(database, sought)) == joined
    assert ids(find_duplicates(database, [each])[0] for each in sought) == joined


def steps(random: RandomLedger, count: int) -> None:
    """So many writes that the ledger takes."""
    while count:
        count -= random.step()


def expectation(database: Database, names: list[str]) -> tuple[list[Sought], list[list[str]]]:
    """Every development as it is now, and what has to be found for it."""
    head = head_of(database)
    with database.connection() as connection:
        known = Known(Recorded(connection))
        currents = [current for name in names if (current := known.find("development", name)) is not None]
        bodies = [each.body for each in currents if isinstance(each.body, Development)]
        expected = [plain_reading(known, bodies, each) for each in currents]
    return [Sought(body=body, before=head + 1) for body in bodies], expected


def head_of(database: Database) -> int:
    with database.connection() as connection:
        return head_position(connection)


# Each pair once, by the order of the log


@pytest.mark.parametrize("folded", [False, True])
def test_each_is_compared_with_those_recorded_before_it(
    stage: Ledger, database: Database, follower: Follower, folded: bool
) -> None:
    positions = [record(stage, claim(name)) for name in ("a", "b", "c")]
    if folded:
        follower.catch_up()
    sought = [
        Sought(body=claim(name), before=at) for name, at in zip(("a", "b", "c"), positions, strict=True)
    ]
    assert ids(find_duplicates(database, sought)) == [[], ["a"], ["a", "b"]]
    assert ids(find_duplicates(database, sought[::-1])) == [["a", "b"], ["a"], []]


def test_what_is_in_hand_is_compared_with_the_log_and_with_what_stands_before_it(
    stage: Ledger, database: Database
) -> None:
    record(stage, claim("a"))
    speaker = actor("speaker", "official", speaks_for="russia")
    in_hand = [claim("b", by="speaker"), claim("c", at="izium"), claim("d", at=("izium", "kupiansk"))]
    sought = [Sought(body=body) for body in in_hand]
    assert ids(find_duplicates(database, sought, [speaker, *in_hand])) == [["a"], [], ["a", "b", "c"]]


def test_what_was_recorded_between_two_positions_is_compared(stage: Ledger, database: Database) -> None:
    record(stage, claim("a"))
    first = record(stage, claim("b"))
    last = record(stage, statement("said"), claim("c"))
    found = list(find_recorded_duplicates(database, first, last))
    assert [body.id for body, _ in found] == ["b", "said", "c"]
    assert ids(alike for _, alike in found) == [["a"], [], ["a", "b"]]
    assert list(find_recorded_duplicates(database, last + 1, last + 9)) == []


# What is read from the log has its bounds


def test_a_voice_is_the_one_described_last_folded_or_not(
    stage: Ledger, database: Database, follower: Follower
) -> None:
    record(stage, actor("spokesman", "official"), claim("a", by="spokesman"))
    follower.catch_up()
    stage.describe_actor(actor("spokesman", "official", speaks_for="russia"), recorded_by="test")
    sought = [Sought(body=claim("b", by="army"), before=record(stage, claim("b", by="army")))]
    assert ids(find_duplicates(database, sought)) == [["a"]]
    follower.catch_up()
    assert ids(find_duplicates(database, sought)) == [["a"]]


def test_a_correction_that_is_not_folded_yet_counts(
    stage: Ledger, database: Database, follower: Follower
) -> None:
    record(stage, claim("a"), claim("elsewhere", at="izium"))
    follower.catch_up()
    stage.correct("a", claim("a", at="izium"), "Another town.", recorded_by="test")
    stage.correct("elsewhere", claim("elsewhere"), "Another town.", recorded_by="test")
    sought = [Sought(body=claim("b"), before=record(stage, claim("b")))]
    assert ids(find_duplicates(database, sought)) == [["elsewhere"]]


def test_read_models_far_behind_the_log_cannot_tell(
    stage: Ledger, database: Database, follower: Follower
) -> None:
    position = record(stage, *(statement(f"s{number}") for number in range(READ_BEHIND)))
    sought = [Sought(body=claim("a"), before=position)]
    with pytest.raises(Unavailable, match="events behind the log"):
        find_duplicates(database, sought)
    follower.catch_up()
    assert ids(find_duplicates(database, sought)) == [[]]


def test_a_batch_is_not_kept_from_an_answer_by_its_own_length(stage: Ledger, database: Database) -> None:
    bodies = [statement(f"s{number:04}") for number in range(READ_BEHIND + 200)]
    receipt = stage.record([Item(event=body) for body in bodies], recorded_by="test")
    sought = [
        Sought(body=body, before=outcome.log_position)
        for body, outcome in zip(bodies, receipt.outcomes, strict=True)
    ]
    found = find_duplicates(database, sought)
    assert [len(alike) for alike in found[:7]] == [0, 1, 2, 3, 4, 5, 5]
    assert all(len(alike) == TOLD for alike in found[5:])


def test_before_the_read_models_have_begun_the_log_answers(stage: Ledger, database: Database) -> None:
    with database.connection() as connection:
        assert connection.execute("SELECT count(*) FROM projections.checkpoints").fetchone() == (0,)
    record(stage, claim("a"))
    assert ids(find_duplicates(database, [Sought(body=claim("b"))])) == [["a"]]


def test_the_primary_key_of_the_places_leads_to_them(
    stage: Ledger, database: Database, follower: Follower
) -> None:
    """However long the log of a place is, no row beyond the nearest is read."""
    from projections.reading.lookalikes import SELECT_ALIKE

    follower.catch_up()
    asked = {
        "number": 0,
        "id": "a",
        "place": "kupiansk",
        "kind": "occupation-claimed",
        "starts": "2025-11-20",
    }
    parameters = {"asked": json.dumps([asked]), "newer": "{}", "most": 100, "limit": 25}
    with database.connection() as connection:
        connection.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        rows = connection.execute("EXPLAIN (COSTS OFF) " + SELECT_ALIKE, parameters).fetchall()
    plan = "\n".join(row[0] for row in rows)
    assert "Index Scan Backward using development_places_pkey" in plan
    assert "Index Scan using development_places_pkey" in plan
    assert "using development_revisions_pkey" in plan
