"""Recording things: all or nothing, once, and everything wrong said at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from domain.errors import Conflicts, Difference, IdTaken, InvalidInput
from domain.kinds.envelope import Quote, Source
from domain.registry import ActorDescribed, LocationDescribed
from domain.shares import PART, Share
from domain.streams import Thing
from ledger.application import Ledger
from ledger.reading import head_position, read_events
from ledger.recording import Item, Receipt
from tests.builders import REGISTRY, actor, claim, denial, development, document, location, statement
from tests.ledger.logs import count_waiting, fetch_value, held_log, register
from tests.servers import wait_until

TEXT = "Armata rusă a\n  cucerit orașul Kupiansk.  Ucraina neagă."


def items(*things: Thing, **more: Any) -> list[Item]:
    return [Item(event=thing, **more) for thing in things]


def record(ledger: Ledger, *things: Thing, **more: Any) -> Receipt:
    return ledger.record(items(*things), recorded_by="key-1", **more)


def faults_of(ledger: Ledger, *given: Item) -> list[tuple[str, str]]:
    """Where something is wrong, and its code; and nothing may have been written."""
    with ledger.database.connection() as connection:
        before = head_position(connection)
    with pytest.raises(InvalidInput) as caught:
        ledger.record(given, recorded_by="key-1")
    with ledger.database.connection() as connection:
        assert head_position(connection) == before
    return [(fault.path, fault.code) for fault in caught.value.faults]


@pytest.fixture
def registered(ledger: Ledger) -> Ledger:
    register(ledger)
    return ledger


def test_a_whole_dossier_in_any_order(ledger: Ledger, database_url: str) -> None:
    receipt = record(ledger, denial(), claim(), *reversed(REGISTRY), request_id="r-1")
    assert [outcome.status for outcome in receipt.outcomes] == ["new"] * 9
    assert [outcome.log_position for outcome in receipt.outcomes] == list(range(1, 10))
    assert {outcome.revision for outcome in receipt.outcomes} == {1}
    assert receipt.log_position == 9
    with ledger.database.connection() as connection:
        rows = read_events(connection, after=0, limit=100)
    assert [row.event for row in rows] == [denial(), claim(), *reversed(REGISTRY)]
    assert {(row.recorded_by, row.request_id, row.recorded_at) for row in rows} == {
        ("key-1", "r-1", receipt.recorded_at)
    }
    assert fetch_value(database_url, "select count(distinct transaction_id) from ledger.events") == 1


def test_recording_the_same_again_changes_nothing(ledger: Ledger) -> None:
    things = (*REGISTRY, claim(), denial())
    record(ledger, *things)
    receipt = record(ledger, *things)
    assert [outcome.status for outcome in receipt.outcomes] == ["unchanged"] * 9
    assert [outcome.log_position for outcome in receipt.outcomes] == list(range(1, 10))
    assert (receipt.log_position, receipt.recorded_at) == (9, None)


def test_only_what_is_new_is_written(registered: Ledger) -> None:
    receipt = record(registered, *REGISTRY, claim(), denial())
    assert [outcome.status for outcome in receipt.outcomes] == ["unchanged"] * 7 + ["new"] * 2
    assert [outcome.log_position for outcome in receipt.outcomes] == list(range(1, 10))


def test_nothing_to_record(ledger: Ledger) -> None:
    assert record(ledger) == Receipt(outcomes=(), log_position=None, recorded_at=None)


def test_a_dry_run_writes_nothing(registered: Ledger) -> None:
    receipt = record(registered, claim(), actor("russia"), dry_run=True)
    assert [(each.status, each.revision, each.log_position) for each in receipt.outcomes] == [
        ("new", None, None),
        ("unchanged", 1, 1),
    ]
    assert receipt.recorded_at is None
    assert registered.load_development("kupiansk-claimed") is None
    with pytest.raises(InvalidInput):
        record(registered, claim(by="nobody"), dry_run=True)


def test_another_content_under_the_same_id_is_a_conflict(registered: Ledger) -> None:
    record(registered, claim())
    with pytest.raises(IdTaken) as caught:
        record(registered, claim(share=PART, manner="entered"))
    assert (caught.value.what, caught.value.identifier) == ("development", "kupiansk-claimed")
    assert caught.value.differences == (
        Difference(path="manner", recorded=None, given="entered"),
        Difference(path="share.min", recorded=1.0, given=0.0),
        Difference(path="share.min_open", recorded=False, given=True),
        Difference(path="share.max_open", recorded=False, given=True),
    )


def test_another_kind_under_the_same_id_is_a_conflict(registered: Ledger) -> None:
    record(registered, claim())
    with pytest.raises(IdTaken) as caught:
        record(registered, statement("kupiansk-claimed", by="russia"))
    assert {difference.path for difference in caught.value.differences} >= {
        "kind",
        "holder",
        "share",
        "summary",
    }


def test_with_a_conflict_anywhere_nothing_is_written(registered: Ledger) -> None:
    with pytest.raises(Conflicts) as caught:
        record(registered, statement("new"), actor("russia", name="Else"), location("lyman", kind="area"))
    assert [(each.what, each.identifier) for each in caught.value.conflicts] == [
        ("actor", "russia"),
        ("location", "lyman"),
    ]
    assert [each.differences[0].path for each in caught.value.conflicts] == ["name", "kind"]
    assert registered.load_development("new") is None


def test_one_id_may_name_things_of_several_sorts(ledger: Ledger) -> None:
    receipt = record(ledger, actor("same"), location("same"), statement("same", at="same"))
    assert [outcome.status for outcome in receipt.outcomes] == ["new"] * 3


def test_what_was_corrected_is_unchanged_as_it_was_and_as_it_is(registered: Ledger) -> None:
    record(registered, claim())
    registered.correct("kupiansk-claimed", claim(share=PART), "It was a part.", recorded_by="k")
    for thing in (claim(), claim(share=PART)):
        receipt = record(registered, thing)
        assert [(each.status, each.revision, each.log_position) for each in receipt.outcomes] == [
            ("unchanged", 2, 9)
        ]
    with pytest.raises(IdTaken):
        record(registered, claim(share=Share(min=0.5, max=0.5)))


def test_what_is_recorded_is_not_checked_again(registered: Ledger) -> None:
    """A dossier stays importable when a claim it answers is retracted later."""
    record(registered, claim(), denial())
    registered.retract("kupiansk-claimed", "Never said.", recorded_by="k")
    receipt = record(registered, claim(), denial())
    assert [(each.status, each.revision) for each in receipt.outcomes] == [("unchanged", 2), ("unchanged", 1)]


def test_the_same_twice_in_one_input_counts_once(registered: Ledger) -> None:
    receipt = record(registered, claim(), claim(), actor("russia"), actor("russia"))
    assert [(each.status, each.log_position) for each in receipt.outcomes] == [
        ("new", 8),
        ("unchanged", 8),
        ("unchanged", 1),
        ("unchanged", 1),
    ]


def test_one_id_with_two_contents_in_one_input(registered: Ledger) -> None:
    given = [
        Item(event=claim(), path="developments[0]", line=10),
        Item(event=claim(share=PART), path="developments[1]", line=20),
    ]
    with pytest.raises(InvalidInput, match=r"given already \(line 10\)") as caught:
        registered.record(given, recorded_by="k")
    (fault,) = caught.value.faults
    assert (fault.path, fault.line, fault.code) == ("developments[1].id", 20, "duplicate")


def test_every_fault_of_every_item_with_its_place(registered: Ledger) -> None:
    given = [
        Item(event=claim(share=Share(min=0.5, max=1.5), by="nobody"), path="developments[0]", line=3),
        Item(event=actor("Bad Id", name=" "), path="actors[4]", line=7),
        Item(event=statement("fine"), path="developments[1]", line=9),
        Item(event=actor("russia", name="Else"), path="actors[5]", line=11),
    ]
    with pytest.raises(InvalidInput) as caught:
        registered.record(given, recorded_by="k")
    assert [(fault.path, fault.line, fault.code) for fault in caught.value.faults] == [
        ("developments[0].share", 3, "bad-share"),
        ("developments[0].by", 3, "unknown-actor"),
        ("actors[4].id", 7, "bad-id"),
        ("actors[4].name", 7, "missing"),
        ("actors[5].id", 11, "id-taken"),
    ]
    assert registered.load_development("fine") is None


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (claim(by="nobody"), [("by", "unknown-actor")]),
        (claim(at="nowhere"), [("at", "unknown-location")]),
        (claim(at=("kupiansk", "nowhere")), [("at[1]", "unknown-location")]),
        (claim(holder="nobody"), [("holder", "unknown-actor")]),
        (claim(holder="deepstate"), [("holder", "not-a-party")]),
        (denial(claim="no-such-claim"), [("claim", "unknown-claim")]),
        (statement("s", sources=(Source(document="none"),)), [("sources[0].document", "unknown-document")]),
        (
            development("control-assessed", "a", by="russia", control={"russia": PART, "outlet": PART}),
            [("by", "not-an-assessor"), ("control.outlet", "not-a-party")],
        ),
        (
            development("encirclement-reported", "a", force="outlet", encircled_by="russian-army"),
            [("force", "not-a-party"), ("encircled_by", "not-a-party")],
        ),
        (actor("x", "official", speaks_for="outlet"), [("speaks_for", "not-a-party")]),
        (actor("x", "official", speaks_for="nobody"), [("speaks_for", "unknown-actor")]),
        (location("x", part_of="nowhere"), [("part_of", "unknown-location")]),
        (document("x", publisher="nobody"), [("publisher", "unknown-actor")]),
        (statement("a\0b"), [("id", "bad-id")]),
        (claim(by="n\0body"), [("by", "unknown-actor")]),
    ],
)
def test_pointers_that_lead_nowhere(
    registered: Ledger, thing: Thing, expected: list[tuple[str, str]]
) -> None:
    assert faults_of(registered, Item(event=thing)) == expected


def test_answers_to_what_is_recorded(registered: Ledger) -> None:
    """The rules are tested without a database in tests/domain/test_references.py."""
    record(registered, claim(by="russian-army"), claim("gone"), statement("said"))
    registered.retract("gone", "Never said.", recorded_by="k")
    assert faults_of(registered, Item(event=denial(claim="said"))) == [("claim", "not-a-claim")]
    assert faults_of(registered, Item(event=denial(claim="gone"))) == [("claim", "retracted-claim")]
    assert faults_of(registered, Item(event=denial(at="lyman"))) == [("at", "outside-claim")]
    renounced = development("claim-renounced", "r", claim="kupiansk-claimed", by="ukraine")
    assert faults_of(registered, Item(event=renounced)) == [("by", "not-own-claim")]
    assert record(registered, replace(renounced, by="russia")).outcomes[0].status == "new"


def test_a_text_is_kept_outside_the_log(registered: Ledger) -> None:
    registered.record([Item(event=document(), text=TEXT)], recorded_by="k")
    with registered.database.connection() as connection:
        (row,) = read_events(connection, after=7, limit=1)
    assert row.event != document()
    sha256 = getattr(row.event, "sha256", None)
    assert isinstance(sha256, str)
    assert registered.load_document_text(sha256) == TEXT
    assert registered.load_document_text("ab" * 32) is None
    assert b"Kupiansk" not in read_state(registered)


def read_state(ledger: Ledger) -> bytes:
    """The stored state of the newest event."""
    with ledger.database.connection() as connection:
        rows = connection.execute("select state from ledger.events order by notification_id desc limit 1")
        state: bytes = rows.fetchall()[0][0]
    return state


def test_equal_texts_cannot_be_matched_by_their_hashes(registered: Ledger) -> None:
    registered.record([Item(event=document("one"), text=TEXT)], recorded_by="k")
    one = read_state(registered)
    registered.record([Item(event=document("two"), text=TEXT)], recorded_by="k")
    assert one.split(b'"sha256":"')[1][:64] != read_state(registered).split(b'"sha256":"')[1][:64]


def test_documents_are_compared_with_their_texts(registered: Ledger, database_url: str) -> None:
    registered.record([Item(event=document(), text=TEXT)], recorded_by="k")
    again = registered.record([Item(event=document(), text=TEXT)], recorded_by="k")
    assert again.outcomes[0].status == "unchanged"
    for other in (TEXT + "!", "x" * 1000, None):
        with pytest.raises(IdTaken) as caught:
            registered.record([Item(event=document(), text=other)], recorded_by="k")
        (difference,) = caught.value.differences
        assert (difference.path, difference.recorded) == ("text", TEXT)
        assert difference.given == (other[:200] if other else None)
    assert fetch_value(database_url, "select count(*) from ledger.document_texts") == 1


def test_a_text_for_a_document_recorded_without_one_is_a_conflict(registered: Ledger) -> None:
    record(registered, document())
    assert record(registered, document()).outcomes[0].status == "unchanged"
    with pytest.raises(IdTaken):
        registered.record([Item(event=document(), text=TEXT)], recorded_by="k")


def test_a_text_that_was_taken_away_is_nobodys_conflict(registered: Ledger) -> None:
    registered.record([Item(event=document(), text=TEXT)], recorded_by="k")
    with registered.database.connection() as connection:
        connection.execute("delete from ledger.document_texts")
    for text in (TEXT, "something else", None):
        receipt = registered.record([Item(event=document(), text=text)], recorded_by="k")
        assert receipt.outcomes[0].status == "unchanged"


@pytest.mark.parametrize("text", ["with a NUL \0", "half a character \ud83d"])
def test_a_text_that_cannot_be_stored(registered: Ledger, text: str) -> None:
    assert faults_of(registered, Item(event=document(), path="documents[0]", text=text)) == [
        ("documents[0].text", "bad-text")
    ]


def quoting(exact: str, **more: str) -> Thing:
    return statement("quoting", sources=(Source(document="report", quote=Quote(exact=exact, **more)),))


def test_quotes_are_looked_for_in_the_text_of_the_same_input_or_the_stored_one(registered: Ledger) -> None:
    given = [Item(event=document(), text=TEXT), Item(event=quoting("a cucerit orașul"))]
    assert registered.record(given, recorded_by="k", dry_run=True).outcomes[1].status == "new"
    registered.record(given[:1], recorded_by="k")
    missing = Item(event=quoting("a pierdut orașul"))
    assert faults_of(registered, missing) == [("sources[0].quote", "quote-not-found")]
    assert faults_of(registered, given[0], missing) == [("sources[0].quote", "quote-not-found")]
    assert registered.record(given[1:], recorded_by="k").outcomes[0].status == "new"


def test_a_document_without_a_text_cannot_be_quoted(registered: Ledger) -> None:
    registered.record([Item(event=document(), text=TEXT)], recorded_by="k")
    with registered.database.connection() as connection:
        connection.execute("delete from ledger.document_texts")
    assert faults_of(registered, Item(event=quoting("a cucerit"))) == [("sources[0].quote", "no-text")]
    other = quoting("a cucerit")
    assert faults_of(registered, Item(event=document("report-2")), Item(event=other)) == [
        ("sources[0].quote", "no-text")
    ]


def test_a_circle_of_places(registered: Ledger) -> None:
    things = [location("a", part_of="b"), location("b", part_of="c"), location("c", part_of="a")]
    assert faults_of(registered, *items(*things)) == [("part_of", "bad-reference")] * 3
    below = location("d", part_of="kupiansk")
    assert record(registered, below, location("e", part_of="d")).outcomes[1].status == "new"


def test_what_could_not_be_read_back_is_refused_with_its_place(registered: Ledger) -> None:
    given = [
        Item(event=claim("a"), path="developments[0]"),
        Item(event=claim("b", credibility=9), path="developments[1]", line=5),
        Item(event=claim("c", summary="\ud800"), path="developments[2]"),
    ]
    assert faults_of(registered, *given) == [
        ("developments[1]", "unstorable"),
        ("developments[2]", "unstorable"),
    ]


@pytest.mark.parametrize(
    "thing",
    [
        LocationDescribed(id="x", kind="settlement", name="X"),
        ActorDescribed(id="x", kind="party", name="X"),
    ],
)
def test_a_description_is_no_first_event(ledger: Ledger, thing: Thing) -> None:
    with pytest.raises(TypeError):
        record(ledger, thing)


def test_the_message_of_thousands_of_faults_stays_short(registered: Ledger) -> None:
    with pytest.raises(InvalidInput, match=r"; and 2980 more$") as caught:
        record(registered, *(claim(f"c{number}", by="nobody") for number in range(3000)))
    assert len(caught.value.faults) == 3000


def test_suggestions_come_from_the_same_input(registered: Ledger) -> None:
    with pytest.raises(InvalidInput, match=r"did you mean 'kharkiv-oblast'") as caught:
        record(registered, location("kharkiv-oblast", "region"), location("izium", part_of="kharkiv-oblst"))
    assert len(caught.value.faults) == 1


def test_two_who_record_the_same_at_once(registered: Ledger, database_url: str) -> None:
    """Both wait for the same transaction; the later one sees what the first records."""
    receipts: list[Receipt] = []
    with held_log(database_url):
        threads = [
            threading.Thread(target=lambda: receipts.append(record(registered, claim(), statement("own"))))
            for _ in range(2)
        ]
        for each in threads:
            each.start()
        wait_until(lambda: registered.pending == 2 and count_waiting(database_url) == 1, what="both to wait")
    for each in threads:
        each.join()
    assert sorted(receipt.outcomes[0].status for receipt in receipts) == ["new", "unchanged"]
    assert {receipt.log_position for receipt in receipts} == {9}


def test_two_who_record_different_things_under_one_id_at_once(registered: Ledger, database_url: str) -> None:
    results: list[object] = []

    def write(thing: Thing) -> None:
        try:
            results.append(record(registered, thing).outcomes[0].status)
        except IdTaken as error:
            results.append(type(error))

    with held_log(database_url):
        threads = [threading.Thread(target=write, args=(claim(manner=word),)) for word in ("taken", "freed")]
        for each in threads:
            each.start()
        wait_until(lambda: registered.pending == 2 and count_waiting(database_url) == 1, what="both to wait")
    for each in threads:
        each.join()
    assert sorted(results, key=str) == sorted(["new", IdTaken], key=str)


def test_many_threads(registered: Ledger, database_url: str) -> None:
    with ThreadPoolExecutor(32) as threads:
        list(threads.map(lambda number: record(registered, statement(f"s{number % 100}")), range(300)))
    assert fetch_value(database_url, "select count(*) from ledger.events") == 107


def test_a_big_input(registered: Ledger, database_url: str) -> None:
    receipt = record(registered, *(statement(f"s{number}") for number in range(20_000)))
    assert receipt.log_position == 20_007
    assert fetch_value(database_url, "select count(distinct transaction_id) from ledger.events") == 2
