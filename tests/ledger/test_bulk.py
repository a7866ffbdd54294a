"""Importing at any size: checked as a whole, appended in portions, as if recorded one after the other."""

from __future__ import annotations

import random
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice

import pytest
from eventsourcing.persistence import StoredEvent

from domain.errors import Conflicts, IdTaken, InvalidInput, Unavailable
from domain.kinds.envelope import Quote, Source
from domain.registry import DocumentArchived
from domain.shares import PART
from domain.streams import Thing
from ledger import appending, so_far, spool
from ledger.application import Ledger
from ledger.bulk_appending import Written, append_spooled
from ledger.bulk_checking import BulkCheck
from ledger.database import Database
from ledger.reading import RawRecorded, read_events, read_raw
from ledger.recording import Findings, Item, prepare
from ledger.spool import Spool
from tests.builders import REGISTRY, actor, claim, denial, development, document, location, statement
from tests.ledger.logs import held_log, register

SALT = b"0123456789abcdef"
TEXT = "The army said that it had taken the town."


def items(*things: Thing) -> list[Item]:
    return [Item(event=thing, path="entry", line=number) for number, thing in enumerate(things, start=1)]


def salt() -> bytes:
    return SALT


def checked(database: Database | None, waiting: Spool, *batches: Sequence[Item]) -> BulkCheck:
    """A check that has seen these batches."""
    if database is None:
        check = BulkCheck(None, waiting, recorded_by="k", make_salt=salt)
        for batch in batches:
            check.add(batch, Findings())
        return check
    with closing(database.connect()) as connection:
        check = BulkCheck(connection, waiting, recorded_by="k", make_salt=salt)
        for batch in batches:
            check.add(batch, Findings())
    return check


def bulk(database: Database, *batches: Sequence[Item]) -> list[Written]:
    """Checks batches, and appends what is new."""
    with Spool() as waiting:
        checked(database, waiting, *batches).raise_if_wrong()
        return list(append_spooled(database, waiting))


def faults_of(check: BulkCheck) -> list[tuple[int | None, str, str]]:
    with pytest.raises(InvalidInput) as caught:
        check.raise_if_wrong()
    return [(fault.line, fault.path, fault.code) for fault in caught.value.faults]


def log_of(database: Database) -> list[RawRecorded]:
    with database.connection() as connection:
        return read_raw(connection, after=0, limit=1_000_000)


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few dozen rows are many transactions."""
    monkeypatch.setattr(spool, "PORTION", 20)


def test_batches_are_recorded_as_they_stand(ledger: Ledger) -> None:
    things: list[Thing] = [*REGISTRY, claim(), denial()]
    things += (statement(f"s{number}") for number in range(50))
    given = items(*things)
    written = bulk(ledger.database, given[:7], given[7:30], given[30:])
    assert [each.new for each in written] == [7, 23, 29]
    assert [(each.first, each.last) for each in written] == [(1, 7), (8, 30), (31, 59)]
    with ledger.database.connection() as connection:
        rows = read_events(connection, after=0, limit=100)
    assert [row.event for row in rows] == things
    assert {row.recorded_by for row in rows} == {"k"}
    assert len({row.recorded_at for row in rows}) == 3, "one moment for each transaction"


def random_batch(choose: random.Random, number: int) -> list[Item]:
    """Entries of all sorts, right and wrong, new and old, given once and again."""

    def id_of(what: str) -> str:
        return choose.choice([f"{what}{choose.randrange(12)}", f"{what}{number}-{choose.randrange(9)}"])

    def one() -> Item:
        made: list[Thing] = [
            claim(
                id_of("c"),
                by=choose.choice(["russia", "outlet", "nobody"]),
                at=choose.choice(["kupiansk", "x"]),
            ),
            claim(id_of("c"), share=PART),
            denial(id_of("c"), claim=id_of("c"), at=choose.choice(["kupiansk", "lyman"])),
            statement(id_of("s"), at=choose.choice([("kupiansk",), ("kupiansk", "lyman"), (id_of("p"),)])),
            statement(
                id_of("s"), sources=(Source(document=id_of("d"), quote=Quote(exact="taken the town")),)
            ),
            development(
                "control-assessed",
                id_of("a"),
                by=choose.choice(["deepstate", "russia"]),
                control={"russia": PART},
            ),
            actor(id_of("u"), "unit", speaks_for=choose.choice(["russia", "outlet", id_of("u")])),
            location(id_of("p"), part_of=choose.choice([id_of("p"), None])),
            document(id_of("d"), publisher=choose.choice(["outlet", id_of("u")])),
        ]
        thing = choose.choice(made)
        text = choose.choice([TEXT, None, "Else."]) if isinstance(thing, DocumentArchived) else None
        return Item(event=thing, path="entry", line=choose.randrange(1, 1_000), text=text)

    return [one() for _ in range(choose.randrange(1, 25))]


def outcome_of(work: Callable[[], object]) -> tuple[str, object]:
    """What it came to: what was wrong, or who was in conflict."""
    try:
        work()
    except InvalidInput as error:
        return "faults", error.faults
    except IdTaken as error:
        return "conflicts", [error.message]
    except Conflicts as error:
        return "conflicts", [conflict.message for conflict in error.conflicts]
    return "done", None


@pytest.mark.parametrize("seed", range(8))
def test_a_batch_comes_to_the_same_as_recording_it(ledger: Ledger, seed: int) -> None:
    """The same faults, the same conflicts, the same rows, batch after batch on a growing log."""
    register(ledger)
    choose = random.Random(seed)
    ends = Counter[str]()
    for number in range(30):
        batch = random_batch(choose, number)[: choose.choice([1, 2, 25])]
        expected = outcome_of(lambda batch=batch: ledger.record(batch, recorded_by="k", dry_run=True))  # type: ignore[misc]
        before, rows = len(log_of(ledger.database)), list[StoredEvent]()
        if expected[0] == "done":
            outcomes = ledger.record(batch, recorded_by="k", dry_run=True).outcomes
            rows, _ = prepare([each.item for each in outcomes if each.status == "new"], "k", None, salt)
        assert outcome_of(lambda batch=batch: bulk(ledger.database, batch)) == expected  # type: ignore[misc]
        assert [
            (row.stream, row.version, row.topic, row.state) for row in log_of(ledger.database)[before:]
        ] == [(row.originator_id, row.originator_version, row.topic, row.state) for row in rows]
        ends[expected[0]] += 1
    assert min(ends["faults"], ends["done"]) > 3


def test_a_later_batch_points_at_an_earlier_one_and_not_the_other_way_round() -> None:
    with Spool() as waiting:
        check = checked(
            None,
            waiting,
            items(*REGISTRY),
            items(denial(), statement("a")),
            items(claim()),
            items(denial("d")),
        )
        assert faults_of(check) == [(1, "entry.claim", "unknown-claim")]


@pytest.mark.parametrize("kept", [0, 20_000])
def test_what_was_given_is_found_in_mind_or_on_disk(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    """Claims of long ago, the text of a document, and an id that is given twice."""
    monkeypatch.setattr(so_far, "KEPT", kept)
    cited = statement("cites", sources=(Source(document="report", quote=Quote(exact="taken  the town")),))
    misquoted = replace(
        cited, id="misquotes", sources=(Source(document="report", quote=Quote(exact="lost")),)
    )
    report = [Item(event=document(), path="entry", line=4, text=TEXT)]
    early = [items(*REGISTRY), items(claim()), report]
    later = [items(statement(f"s{number}")) for number in range(5)]
    with Spool() as waiting:
        good = checked(
            ledger.database, waiting, *early, *later, items(denial(), cited), items(claim()), report
        )
        good.raise_if_wrong()
        assert (good.unchanged, good.counts["development"], len(waiting)) == (2, 8, len(REGISTRY) + 9)
    changed = [replace(report[0], text="Else.", line=9), *items(claim(share=PART), misquoted)]
    with Spool() as waiting:
        assert faults_of(checked(None, waiting, *early, *later, changed)) == [
            (1, "entry.id", "duplicate"),
            (2, "entry.sources[0].quote", "quote-not-found"),
            (9, "entry.id", "duplicate"),
        ]


def test_texts_are_stored_with_their_documents(ledger: Ledger) -> None:
    register(ledger)
    report = Item(event=document(), text=TEXT)
    bulk(ledger.database, [report], items(statement("s")))
    [archived] = [row for row in log_of(ledger.database) if row.topic == "document-archived"]
    sha256 = archived.state.decode().partition('"sha256":"')[2][:64]
    assert ledger.load_document_text(sha256) == TEXT
    with Spool() as waiting:
        again = checked(ledger.database, waiting, [report])
        again.raise_if_wrong()
        assert (again.unchanged, again.log_position, len(waiting)) == (1, archived.log_position, 0)


def test_what_others_recorded_since_the_check_is_unchanged(ledger: Ledger) -> None:
    register(ledger)
    report = Item(event=document(), text=TEXT)
    things = items(*(statement(f"s{number}") for number in range(50)))
    with Spool() as waiting:
        checked(ledger.database, waiting, [report], *([each] for each in things)).raise_if_wrong()
        ledger.record([report, things[3], things[30], things[31]], recorded_by="somebody else")
        written = list(append_spooled(ledger.database, waiting))
    assert [(each.new, each.unchanged) for each in written] == [(18, 2), (18, 2), (11, 0)]
    log = log_of(ledger.database)
    assert len({row.stream for row in log}) == len(log) == len(REGISTRY) + 51
    [archived] = [row for row in log if row.topic == "document-archived"]
    assert ledger.load_document_text(archived.state.decode().partition('"sha256":"')[2][:64]) == TEXT


def test_what_others_recorded_otherwise_ends_the_import_there(ledger: Ledger) -> None:
    register(ledger)
    things = items(*(statement(f"s{number}") for number in range(50)))
    with Spool() as waiting:
        checked(ledger.database, waiting, *([each] for each in things)).raise_if_wrong()
        ledger.record([Item(event=statement("s25", summary="Else."))], recorded_by="somebody else")
        appending_now = append_spooled(ledger.database, waiting)
        assert next(appending_now).new == 20
        with pytest.raises(Conflicts, match="'s25'"):
            next(appending_now)
    assert len(log_of(ledger.database)) == len(REGISTRY) + 21
    mended = [each for each in things if each.event.id != "s25"]
    assert sum(each.new for each in bulk(ledger.database, mended)) == 29


def test_a_log_that_is_held_too_long_is_told(
    ledger: Ledger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "BEGIN", appending.BEGIN.replace("'10s'", "'50ms'"))
    with Spool() as waiting:
        checked(ledger.database, waiting, items(actor("a")))
        with held_log(database_url), pytest.raises(Unavailable):
            list(append_spooled(ledger.database, waiting))
        assert [each.new for each in append_spooled(ledger.database, waiting)] == [1]


def test_others_get_their_turn_between_two_portions(ledger: Ledger) -> None:
    """Single appends are acknowledged all through an import, and a reader that reads on misses nothing."""
    register(ledger)
    count = 3_000
    singles: list[int] = []
    read: list[str] = []
    imported, written_all = threading.Event(), threading.Event()

    def write() -> None:
        while not imported.is_set():
            receipt = ledger.record([Item(event=statement(f"single-{len(singles)}"))], recorded_by="w")
            singles.append(receipt.log_position or 0)

    def read_on() -> None:
        position, rows, to_its_end = 0, list[RawRecorded](), False
        while rows or not to_its_end:
            to_its_end = written_all.is_set()
            with ledger.database.connection() as connection:
                rows = read_raw(connection, after=position, limit=500)
            read.extend(row.stream for row in rows)
            position = rows[-1].log_position if rows else position

    with Spool() as waiting:
        for start in range(0, count, 20):
            batch = [Item(event=statement(f"bulk-{number}")) for number in range(start, start + 20)]
            waiting.add(prepare(batch, "k", None, salt)[0])
        writer, reader = threading.Thread(target=write), threading.Thread(target=read_on)
        writer.start()
        reader.start()
        try:
            written = list(append_spooled(ledger.database, waiting))
        finally:
            imported.set()
            writer.join()
            written_all.set()
            reader.join()
    first, last = written[0].first, written[-1].last
    between = [position for position in singles if first < position < last]
    assert len(between) >= len(written) / 10, "nobody had to wait for the end of the import"
    log = log_of(ledger.database)
    assert read == [row.stream for row in log]
    assert len(log) == len(REGISTRY) + count + len(singles)


def entries(count: int) -> Iterator[list[Item]]:
    """Batches of claims and statements, as they are read."""
    numbers = iter(range(count))
    while some := list(islice(numbers, 250)):
        yield [Item(event=claim(f"c{n}") if n % 3 else statement(f"s{n}")) for n in some]


def peak_of(count: int) -> int:
    """The most memory that checking so many entries takes, in bytes."""
    with Spool() as waiting:
        check = BulkCheck(None, waiting, recorded_by="k")
        check.add([Item(event=thing) for thing in REGISTRY], Findings())
        tracemalloc.start()
        try:
            for batch in entries(count):
                check.add(batch, Findings())
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            assert check.wrong == 0
            assert len(waiting) == count + len(REGISTRY)


def test_memory_does_not_grow_with_the_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(so_far, "KEPT", 500)
    peak_of(1_000)  # what is made once
    small, large = peak_of(2_000), peak_of(16_000)
    assert large < 1.25 * small
