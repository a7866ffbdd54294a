"""What is found wrong with a log file, and on which line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.editorial import Corrected, Linked, Retracted
from domain.errors import InvalidInput
from domain.registry import ActorDescribed
from ledger.log_checks import MOST_FAULTS, CheckedLog, check_log
from ledger.log_files import End, encode_line
from ledger.reading import RawRecorded
from ledger.texts import DocumentText, hash_text
from tests.builders import actor, document, location, statement
from tests.ledger.log_building import START, change, row, write_file

NOW = datetime(2025, 1, 1, tzinfo=UTC)
SALT = bytes(range(16))
TEXT = DocumentText(sha256=hash_text(SALT, "Words."), salt=SALT, text="Words.")
REPORT = document("report", publisher="russia", sha256=TEXT.sha256)
# On line 2 and after.
CONTENTS: tuple[RawRecorded | DocumentText, ...] = (
    row(3, actor("russia")),
    row(4, location("kupiansk")),
    row(9, REPORT),
    TEXT,
    row(10, statement("s")),
    change(11, "development:s", 2, Corrected(reason="r", body=statement("s", summary="Else."))),
    change(12, "development:s", 3, Linked(type="supports", to="other")),
    change(13, "development:s", 4, Retracted(reason="r")),
    change(14, "actor:russia", 2, ActorDescribed(id="russia", kind="party", name="R")),
)
EVENTS = [content for content in CONTENTS if isinstance(content, RawRecorded)]


def check(path: Path) -> CheckedLog:
    return check_log(path, NOW, lambda *_: None)


def faults(path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(InvalidInput) as caught:
        check(path)
    return [(fault.line, fault.message) for fault in caught.value.faults]


def replaced(line: int, content: RawRecorded | DocumentText) -> list[RawRecorded | DocumentText]:
    return [content if number == line else was for number, was in enumerate(CONTENTS, start=2)]


def test_a_log_in_order(tmp_path: Path) -> None:
    path = write_file(tmp_path / "log", CONTENTS)
    digest = sha256(b"".join(encode_line(event) for event in EVENTS)).hexdigest()
    assert check(path) == CheckedLog(
        path=path, events=8, texts=1, first_position=3, last_position=14, sha256=digest
    )


def test_a_log_of_nothing(tmp_path: Path) -> None:
    log = check(write_file(tmp_path / "log", []))
    assert (log.events, log.first_position, log.last_position) == (0, 0, 0)


def test_the_same_moment_twice_is_no_fault_and_neither_is_now(tmp_path: Path) -> None:
    contents = [event._replace(recorded_at=NOW) for event in EVENTS]
    assert check(write_file(tmp_path / "log", contents)).events == 8


FIRST, DOCUMENT, FIFTH = EVENTS[0], EVENTS[2], EVENTS[3]


@pytest.mark.parametrize(
    ("line", "content", "said"),
    [
        (6, FIFTH._replace(log_position=9), "Log position 9 does not come after 9."),
        (6, FIFTH._replace(log_position=1), "Log position 1 does not come after 9."),
        (6, FIFTH._replace(recorded_at=START), "recorded_at runs backwards"),
        (10, EVENTS[-1]._replace(recorded_at=NOW + timedelta(microseconds=1)), "lies in the future"),
        (6, FIFTH._replace(topic="no-such-topic"), "does not know the topic"),
        (6, FIFTH._replace(topic="claim-denied"), "cannot be read"),
        (6, FIFTH._replace(state=b'{"recorded_by":"k"}'), "missing required field `event`"),
        (6, FIFTH._replace(version=2), "cannot be version 2 of 'development:s'"),
        (6, FIFTH._replace(stream="development:t"), "cannot be version 1 of 'development:t'"),
        (6, FIFTH._replace(stream="location:s"), "cannot be version 1 of 'location:s'"),
        (6, FIFTH._replace(stream="s"), "cannot be version 1 of 's'"),
        (
            7,
            change(11, "development:t", 2, Corrected(reason="r", body=statement("s"))),
            "cannot be version 2",
        ),
        (8, change(12, "actor:russia", 3, Linked(type="supports", to="other")), "cannot be version 3"),
        (9, change(13, "development:s", 1, Retracted(reason="r")), "cannot be version 1"),
        (9, change(13, "development:\0", 4, Retracted(reason="r")), "cannot be version 4"),
        (
            10,
            change(14, "actor:ukraine", 2, ActorDescribed(id="russia", kind="party", name="R")),
            "version 2",
        ),
        (10, change(14, "actor:russia", 1, ActorDescribed(id="russia", kind="party", name="R")), "version 1"),
        (5, replace(TEXT, text="Word."), "its hash is another one"),
        (5, replace(TEXT, salt=bytes(16)), "its hash is another one"),
        (5, DocumentText(sha256=hash_text(b"", "x"), salt=b"", text="x"), "not the text of the document"),
        (6, TEXT, "not the text of the document on the line above"),
    ],
)
def test_a_line_that_does_not_go_with_the_others(
    tmp_path: Path, line: int, content: RawRecorded | DocumentText, said: str
) -> None:
    [(found, message)] = faults(write_file(tmp_path / "log", replaced(line, content)))
    assert found == line
    assert said in message


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    contents = replaced(3, EVENTS[1]._replace(log_position=1, recorded_at=START))
    contents[3] = replace(TEXT, text="Word.")
    assert [line for line, _ in faults(write_file(tmp_path / "log", contents))] == [3, 3, 5]


def test_but_not_without_end(tmp_path: Path) -> None:
    event = FIRST._replace(log_position=1)
    *told, (line, message) = faults(write_file(tmp_path / "log", [event] * (MOST_FAULTS * 3)))
    assert len(told) == MOST_FAULTS
    assert (line, message) == (None, "More may be wrong: reading ended after 100 faults.")


Lines = list[bytes]


def dropped(number: int) -> Callable[[Lines], Lines]:
    return lambda lines: lines[: number - 1] + lines[number:]


def cut(lines: Lines) -> Lines:
    return [*lines[:-2], lines[-2][:40]]


END = encode_line(End(events=8, texts=1, sha256="0" * 64))


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (dropped(1), 1, "This is no log"),
        (dropped(2), 10, "8 events and 1 texts were exported; the file holds 7 and 1."),
        (dropped(5), 10, "8 events and 1 texts were exported; the file holds 8 and 0."),
        (dropped(11), 10, "without the line that ends a log"),
        (lambda lines: lines[:7], 7, "without the line that ends a log"),
        (lambda lines: [], 1, "without the line that ends a log"),
        (lambda lines: [*lines[:-1], lines[-1].strip()], 11, "This line has no end"),
        (lambda lines: [*lines, lines[-1]], 12, "Nothing comes after"),
        (lambda lines: [*lines, b"\n"], 12, "Nothing comes after"),
        (lambda lines: [*lines[:-1], END], 11, "their hash is another one"),
        (lambda lines: [*lines[:3], b"\n", *lines[3:]], 4, "no line of a log file"),
        (lambda lines: [*lines[:1], lines[2], lines[1], *lines[3:]], 3, "does not come after 4"),
        (lambda lines: [*lines[:6], lines[5], *lines[6:]], 7, "Log position 10 does not come after 10."),
        (lambda lines: [lines[0], *lines], 2, "no line of a log file"),
    ],
)
def test_a_file_that_was_changed(
    tmp_path: Path, change: Callable[[Lines], Lines], line: int, said: str
) -> None:
    path = write_file(tmp_path / "log", CONTENTS)
    path.write_bytes(b"".join(change(path.read_bytes().splitlines(keepends=True))))
    told = faults(path)
    assert {found for found, _ in told} == {line}
    assert said in told[0][1]


def test_a_text_found_wrong_does_not_hide_that_events_were_changed(tmp_path: Path) -> None:
    path = write_file(tmp_path / "log", CONTENTS)
    path.write_bytes(
        path.read_bytes().replace(b"Words.", b"Wards.").replace(b'"summary":"E', b'"summary":"F')
    )
    assert [line for line, _ in faults(path)] == [5, 11]


def test_a_file_that_was_cut_within_a_line(tmp_path: Path) -> None:
    path = write_file(tmp_path / "log", CONTENTS)
    path.write_bytes(b"".join(cut(path.read_bytes().splitlines(keepends=True))))
    assert faults(path) == [(10, "This line has no end: the file was cut off.")]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_file(tmp_path_factory.mktemp("whole") / "log", CONTENTS)


@given(st.data())
def test_no_byte_can_be_changed_unnoticed(whole: Path, data: st.DataObject) -> None:
    written = whole.read_bytes()
    place = data.draw(st.integers(0, len(written) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != written[place]))
    changed = whole.with_name("changed")
    changed.write_bytes(written[:place] + bytes([byte]) + written[place + 1 :])
    assert faults(changed)


@given(st.data())
def test_no_byte_can_be_missing_unnoticed(whole: Path, data: st.DataObject) -> None:
    written = whole.read_bytes()
    shorter = whole.with_name("shorter")
    shorter.write_bytes(written[: data.draw(st.integers(0, len(written) - 1))])
    assert faults(shorter)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(IsADirectoryError):
        check(tmp_path)
