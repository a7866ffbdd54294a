"""A log taken over: the same log, all of it or nothing, once, and marked for good."""

from __future__ import annotations

import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from domain.editorial import Retracted
from domain.errors import Conflict, InvalidInput, NotConfigured, Unavailable
from ledger import appending, taking_over
from ledger.application import Ledger
from ledger.database import Database
from ledger.log_checks import CheckedLog, check_log
from ledger.log_files import write_log
from ledger.reading import RawRecorded, head_position, read_events, read_raw
from ledger.recording import Item
from ledger.taking_over import find_told_log, read_clock, take_over, told_until
from ledger.texts import DocumentText, salted
from tests.builders import REGISTRY, actor, document, statement
from tests.ledger.log_building import change, row, write_file
from tests.ledger.logs import connect, count_waiting, fetch_value, held_log, insert, register
from tests.servers import Server, wait_until

ROOT = Path(__file__).resolve().parents[2]
STORED = Path(__file__).parent / "stored"


def nobody(_done: int, _total: int | None) -> None:
    """Whom progress is told in vain."""


@pytest.fixture
def elsewhere(server: Server, template_database: str) -> Iterator[Ledger]:
    """A ledger on another database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with Database(server.create_database(name, template_database)) as database, Ledger(database) as ledger:
        yield ledger
    server.drop_database(name)


@pytest.fixture
def story(elsewhere: Ledger, tmp_path: Path) -> Path:
    """The file of a log with gaps, texts kept and redacted, revisions of every sort, and an old shape."""
    database = elsewhere.database
    give_back(database, 3)
    register(elsewhere)
    for name in ("kept", "redacted"):
        elsewhere.record([Item(event=document(name), text=f"A {name} text, «quoted».")], recorded_by="k")
    with database.connection() as connection:
        connection.execute("delete from ledger.document_texts where text like '%redacted%'")
    for number in range(3):
        elsewhere.record([Item(event=statement(f"s{number}"))], recorded_by="k", request_id=f"r{number}")
        give_back(database, number)
    elsewhere.correct("s0", statement("s0", summary="Else."), "It was else.", recorded_by="editor")
    elsewhere.link("s0", "supports", "s1", recorded_by="editor")
    elsewhere.retract("s1", "It was not so.", recorded_by="editor")
    give_back(database, 2)
    insert_stored(database, (STORED / "population-reported.v1.json").read_bytes())
    return export(database, tmp_path / "log.ndjson")


def give_back(database: Database, count: int) -> None:
    """Draws positions that are given back with their transaction."""
    with connect(database.conninfo) as connection:
        for number in range(count):
            connection.execute("begin")
            insert(connection, f"given-back-{number}")
            connection.execute("rollback")


def insert_stored(database: Database, state: bytes) -> None:
    """An event as an older version stored it."""
    with connect(database.conninfo) as connection:
        connection.execute(
            "insert into ledger.events (originator_id, originator_version, topic, state)"
            " values ('development:a-population-reported', 1, 'population-reported', %s)",
            (state,),
        )


def export(database: Database, path: Path, *, with_texts: bool = True) -> Path:
    path.write_bytes(b"".join(write_log(database, with_texts=with_texts, tell=nobody)))
    return path


def check(database: Database, path: Path) -> CheckedLog:
    return check_log(path, read_clock(database), nobody)


def take(database: Database, path: Path, tell: Callable[[int, int | None], None] = nobody) -> bool:
    return take_over(database, check(database, path), imported_by="somebody", tell=tell)


def rows_of(database: Database) -> list[RawRecorded]:
    with database.connection() as connection:
        return read_raw(connection, after=0, limit=100_000)


def is_untouched(database: Database) -> bool:
    tables = ("events", "told_logs", "document_texts")
    with database.connection() as connection:
        counts = [
            connection.execute(f"select count(*) from ledger.{table}".encode()).fetchone() for table in tables
        ]
    return counts == [(0,)] * 3


def test_it_is_the_same_log(elsewhere: Ledger, story: Path, database: Database, tmp_path: Path) -> None:
    assert take(database, story)
    rows = rows_of(database)
    assert rows == rows_of(elsewhere.database)
    assert [row.log_position for row in rows[:2]] == [4, 5]
    assert rows[-1].log_position > rows[0].log_position + len(rows) - 1
    assert b'"people"' in rows[-1].state
    assert export(database, tmp_path / "copy.ndjson").read_bytes() == story.read_bytes()
    with database.connection() as connection:
        [text] = connection.execute("select text from ledger.document_texts").fetchall()
    assert text == ("A kept text, «quoted».",)


def test_it_goes_on_after_the_last_position(story: Path, ledger: Ledger) -> None:
    take(ledger.database, story)
    *_, last = rows_of(ledger.database)
    receipt = ledger.record([Item(event=statement("new"))], recorded_by="k")
    assert receipt.log_position == last.log_position + 1
    assert receipt.recorded_at is not None
    assert receipt.recorded_at > last.recorded_at
    ledger.retract("s0", "After all.", recorded_by="k")
    with ledger.database.connection() as connection:
        assert told_until(connection) == last.log_position
        assert [event.log_position for event in read_events(connection, after=0, limit=99)][-3:] == [
            last.log_position,
            last.log_position + 1,
            last.log_position + 2,
        ]


def test_time_never_runs_backwards_after_it(ledger: Ledger, tmp_path: Path) -> None:
    """Not even where the clock here goes after the one that the log was recorded by."""
    now = read_clock(ledger.database)
    events = [row(1, REGISTRY[0])._replace(recorded_at=now)]
    take(ledger.database, write_file(tmp_path / "log", events))
    receipt = ledger.record([Item(event=actor("late"))], recorded_by="k")
    assert receipt.recorded_at is not None
    assert receipt.recorded_at >= now


def test_it_is_marked_by_the_database(story: Path, database: Database) -> None:
    with database.connection() as connection:
        assert find_told_log(connection) is None
        assert told_until(connection) == 0
    before = read_clock(database)
    log = check(database, story)
    assert take(database, story)
    with database.connection() as connection:
        told = find_told_log(connection)
    assert told is not None
    assert (told.first_position, told.last_position, told.events, told.sha256) == (
        log.first_position,
        log.last_position,
        log.events,
        log.sha256,
    )
    assert told.imported_by == "somebody"
    assert before < told.imported_at < read_clock(database)


@pytest.mark.parametrize("with_texts", [True, False])
def test_again_changes_nothing(
    story: Path, elsewhere: Ledger, ledger: Ledger, tmp_path: Path, *, with_texts: bool
) -> None:
    """Nor does a file without texts, nor one with texts that were redacted meanwhile."""
    database = ledger.database
    take(database, story)
    with database.connection() as connection:
        connection.execute("delete from ledger.document_texts")
    again = export(elsewhere.database, tmp_path / "again", with_texts=with_texts)
    before = rows_of(database)
    assert take(database, again) is False
    assert take(elsewhere.database, again) is False  # where it came from
    ledger.record([Item(event=statement("later"))], recorded_by="k")
    assert take(database, again) is False
    assert rows_of(database)[:-1] == before
    assert fetch_value(database.conninfo, "select count(*) from ledger.document_texts") == 0


def test_a_ledger_with_other_events_is_left_alone(story: Path, ledger: Ledger, tmp_path: Path) -> None:
    ledger.record([Item(event=actor("russia"))], recorded_by="k")
    before = rows_of(ledger.database)
    with pytest.raises(Conflict, match=r"holds other events \(up to log position 1\)"):
        take(ledger.database, story)
    with pytest.raises(Conflict):
        take(ledger.database, write_file(tmp_path / "log", [row(1, actor("russia"))]))
    assert rows_of(ledger.database) == before
    with ledger.database.connection() as connection:
        assert find_told_log(connection) is None


def test_the_log_of_an_empty_ledger_is_there_already(
    elsewhere: Ledger, database: Database, tmp_path: Path
) -> None:
    assert take(database, export(elsewhere.database, tmp_path / "log")) is False
    assert is_untouched(database)


S = "development:s"


@pytest.mark.parametrize(
    ("events", "line", "said"),
    [
        (
            [row(1, statement("s")), change(2, S, 3, Retracted(reason="r"))],
            3,
            "Version 3 of 'development:s' does",
        ),
        ([change(1, S, 2, Retracted(reason="r"))], 2, "does not follow version 0 in the log"),
        (
            [change(1, S, 2, Retracted(reason="r")), row(2, statement("s"))],
            2,
            "Version 2 of 'development:s' does",
        ),
        ([row(1, statement("s")), row(2, actor("a")), row(3, statement("s"))], 4, "Another event before it"),
    ],
)
def test_versions_without_gaps_in_the_order_of_the_log(
    database: Database, tmp_path: Path, events: list[RawRecorded], line: int, said: str
) -> None:
    """What cannot be told from any line alone."""
    with pytest.raises(InvalidInput) as caught:
        take(database, write_file(tmp_path / "log", events))
    [fault] = caught.value.faults
    assert fault.line == line
    assert said in fault.message
    assert is_untouched(database)


def test_a_row_far_down_is_still_found_by_its_line(database: Database, tmp_path: Path) -> None:
    """The server tells the row of a COPY, and lines of texts stand between."""
    contents: list[RawRecorded | DocumentText] = [
        row(number, statement(f"s{number}")) for number in range(1, 2500)
    ]
    text = salted("Words.")
    contents[9:10] = [row(10, document("d", sha256=text.sha256)), text]
    contents.append(row(2600, statement("s7")))
    contents += [row(number, statement(f"s{number}")) for number in range(2601, 2700)]
    with pytest.raises(InvalidInput) as caught:
        take(database, write_file(tmp_path / "log", contents))
    assert [fault.line for fault in caught.value.faults] == [2502]


def test_a_file_changed_after_it_was_checked(story: Path, database: Database) -> None:
    log = check(database, story)
    whole = story.read_bytes()
    for changed in (
        whole.replace(b"Else.", b"Also."),
        whole.replace(b"A kept", b"A cept"),
        whole.replace(b'{"log', b'{"lag', 1),
        b"".join(line for line in whole.splitlines(keepends=True) if b'"salt"' not in line),
        whole[: whole.index(b"Else.")],
    ):
        assert changed != whole
        story.write_bytes(changed)
        with pytest.raises(InvalidInput, match="was changed while it was read"):
            take_over(database, log, imported_by="k", tell=nobody)
        assert is_untouched(database)
    story.write_bytes(whole)
    assert take_over(database, log, imported_by="k", tell=nobody)


def test_what_fails_half_way_leaves_nothing_and_draws_nothing(story: Path, ledger: Ledger) -> None:
    def fail(_done: int, _total: int | None) -> None:
        raise RuntimeError("half way")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(taking_over, "TOLD_EVERY", 5)
        with pytest.raises(RuntimeError):
            take(ledger.database, story, fail)
    assert is_untouched(ledger.database)
    assert ledger.record([Item(event=actor("a"))], recorded_by="k").log_position == 1


HALF_WAY = """
import sys, time
from pathlib import Path
from ledger import taking_over
from ledger.database import Database
from ledger.log_checks import check_log

def tell(done, total):
    print("half way", flush=True)
    time.sleep(60)

taking_over.TOLD_EVERY = 5
with Database(sys.argv[1]) as database:
    log = check_log(Path(sys.argv[2]), taking_over.read_clock(database), lambda *_: None)
    taking_over.take_over(database, log, imported_by="k", tell=tell)
"""


def test_killed_half_way_there_is_nothing_and_it_can_be_done_again(
    story: Path, database: Database, database_url: str
) -> None:
    taker = subprocess.Popen(
        [sys.executable, "-c", HALF_WAY, database_url, str(story)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    with taker:
        assert taker.stdout is not None
        assert taker.stdout.readline() == "half way\n"
        taker.kill()
    sessions = (
        "select count(*) from pg_stat_activity where datname = current_database() and query like 'copy%%'"
    )
    wait_until(lambda: fetch_value(database_url, sessions) == 0, what="the server to notice")
    assert is_untouched(database)
    assert take(database, story)


def test_of_two_at_once_one_takes_it_over(story: Path, database: Database, database_url: str) -> None:
    log = check(database, story)

    def run() -> bool:
        return take_over(database, log, imported_by="k", tell=nobody)

    with ThreadPoolExecutor(2) as threads:
        with held_log(database_url):
            running = [threads.submit(run) for _ in range(2)]
            wait_until(lambda: count_waiting(database_url) == 2, what="both to wait for the log")
        assert sorted(each.result() for each in running) == [False, True]
    assert fetch_value(database_url, "select count(*) from ledger.told_logs") == 1


def test_a_writer_beside_it_comes_after_it(
    story: Path, ledger: Ledger, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits for the lock of the log, and nobody sees half of the log meanwhile."""
    monkeypatch.setattr(taking_over, "TOLD_EVERY", 1)
    started, seen = threading.Event(), set[int]()

    def tell(_done: int, _total: int | None) -> None:
        if not started.is_set():
            started.set()
            wait_until(lambda: count_waiting(database_url) == 1, what="the writer to wait")
        with ledger.database.connection() as connection:
            seen.add(head_position(connection))

    with ThreadPoolExecutor(1) as threads:

        def write() -> int | None:
            assert started.wait(30)
            return ledger.record([Item(event=actor("writer"))], recorded_by="k").log_position

        writing = threads.submit(write)
        assert take(ledger.database, story, tell)
        written = writing.result()
    assert seen == {0}
    rows = rows_of(ledger.database)
    assert written == rows[-1].log_position == rows[-2].log_position + 1
    assert rows[-1].recorded_at > rows[-2].recorded_at
    with ledger.database.connection() as connection:
        assert told_until(connection) == rows[-2].log_position


def test_a_writer_before_it_wins(story: Path, ledger: Ledger, database_url: str) -> None:
    with psycopg.connect(database_url) as first, ThreadPoolExecutor(1) as threads:
        insert(first, "first")
        taking = threads.submit(take, ledger.database, story)
        wait_until(lambda: count_waiting(database_url) == 1, what="the other to wait")
        first.commit()
        with pytest.raises(Conflict):
            taking.result()
    assert len(rows_of(ledger.database)) == 1


def test_a_log_that_is_busy_for_long_is_left_alone(
    story: Path, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appending, "BEGIN", appending.BEGIN.replace("'10s'", "'50ms'"))
    with held_log(database_url), pytest.raises(Unavailable, match="Somebody else is writing"):
        take(database, story)
    assert is_untouched(database)


def test_a_database_without_tables_is_told(server: Server, story: Path, database: Database) -> None:
    log = check(database, story)
    name = f"test_{uuid.uuid4().hex[:12]}"
    with Database(server.create_database(name)) as bare, pytest.raises(NotConfigured):
        take_over(bare, log, imported_by="k", tell=nobody)
    server.drop_database(name)
