"""The lines of a log file: each comes back as what it was, and is written in one way only."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import TOPICS
from domain.errors import UndecodableEvent
from ledger.application import Ledger
from ledger.codec import version_of
from ledger.log_files import HEADER, End, NoLogLine, check_header, decode_line, encode_line, write_log
from ledger.reading import RawRecorded
from ledger.recording import Item
from ledger.texts import salted
from tests.builders import document, statement
from tests.ledger.log_building import row
from tests.ledger.logs import connect, insert, register

STORED = Path(__file__).parent / "stored"
VERSIONS = [
    f"{topic}.v{version}" for topic, cls in TOPICS.items() for version in range(1, version_of(cls) + 1)
]
ROW = row(7, statement("s"))
LINE = encode_line(ROW)


def with_state(state: bytes) -> RawRecorded:
    return ROW._replace(state=state)


@pytest.mark.parametrize("name", VERSIONS)
def test_every_stored_version_comes_back_byte_for_byte(name: str) -> None:
    """Older shapes are not brought up to date on the way: the log goes elsewhere as it is."""
    stored = (STORED / f"{name}.json").read_bytes()
    for state in (stored, stored.strip(), msgspec.json.format(stored, indent=2)):
        assert decode_line(encode_line(with_state(state))) == with_state(state)


@given(st.binary() | st.text().map(lambda text: ("{" + text + "}").encode()))
def test_so_does_any_state_or_it_is_no_line(state: bytes) -> None:
    line = encode_line(with_state(state))
    assert line.count(b"\n") == 1
    try:
        assert decode_line(line) == with_state(state)
    except NoLogLine:
        with pytest.raises(msgspec.DecodeError):
            msgspec.json.decode(state)


@given(st.text().filter(lambda text: text.isprintable()), st.binary(min_size=16, max_size=16))
def test_texts_and_ends_come_back(text: str, salt: bytes) -> None:
    for content in (salted(text, lambda: salt), End(events=len(text), texts=0, sha256=text)):
        assert decode_line(encode_line(content)) == content


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"[]\n",
        b"null\n",
        b'{"palimpsest_log":1}\n',
        b'{"log_position":7}\n',
        LINE.strip(),
        LINE.replace(b"\n", b"\r\n"),
        LINE.replace(b'"version":1', b'"version": 1'),
        LINE.replace(b'"version":1', b'"version":1.0'),
        LINE.replace(b'"version":1', b'"version":0'),
        LINE.replace(b'"version":1', b'"version":1,"version":1'),
        LINE.replace(b'"version":1', b'"version":1,"more":1'),
        LINE.replace(b'"log_position":7', b'"log_position":9223372036854775808'),
        LINE.replace(b'Z","stream"', b'+00:00","stream"'),
        LINE.replace(b'Z","stream"', b'","stream"'),
        LINE.replace(b'Z","stream"', b'.0000001Z","stream"'),
        LINE.replace(b'"state":{', b'"state": {'),
        LINE.replace(b'"state":{', b'"state":{' * 100_000),
        LINE.replace(b'"state":{', b'"state":"****",{'),
        b'{"sha256":"a","salt":"*","text":""}\n',
        b'{"events":1,"texts":0}\n',
        b'{"events":"1","texts":0,"sha256":""}\n',
    ],
)
def test_what_is_written_otherwise_is_no_line(line: bytes) -> None:
    assert line != LINE
    with pytest.raises(NoLogLine):
        decode_line(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"palimpsest_log":2}\n', "The version of the format is 2; this software reads 1."),
        (b'{"palimpsest": 1}\n', "This is no log"),
        (b'{"palimpsest_log": 1}\n', "This is no log"),
        (b'{"palimpsest_log":1}', "This is no log"),
        (b"\x80\n", "This is no log"),
    ],
)
def test_the_first_line_says_what_it_is(line: bytes, said: str) -> None:
    check_header(HEADER)
    with pytest.raises(NoLogLine, match=said):
        check_header(line)


def test_texts_are_written_if_asked_for_and_still_there(ledger: Ledger) -> None:
    register(ledger)
    for name in ("kept", "redacted"):
        ledger.record([Item(event=document(name), text=f"A {name} text.")], recorded_by="k")
    ledger.record([Item(event=document("untold"))], recorded_by="k")
    with ledger.database.connection() as connection:
        connection.execute("delete from ledger.document_texts where text like '%redacted%'")
    plain = list(write_log(ledger.database, with_texts=False, tell=lambda *_: None))
    whole = list(write_log(ledger.database, with_texts=True, tell=lambda *_: None))
    [text] = [line for line in whole if line not in plain[:-1] and b'"salt"' in line]
    assert b"A kept text." in text
    assert b'"id":"kept"' in whole[whole.index(text) - 1]
    ends = [decode_line(lines[-1]) for lines in (plain, whole)]
    assert [end.texts for end in ends if isinstance(end, End)] == [0, 1]
    assert [end.events for end in ends if isinstance(end, End)] == [10, 10]
    assert [line for line in whole if line != text][:-1] == plain[:-1]


def test_an_event_that_cannot_be_read_is_not_written(ledger: Ledger, database_url: str) -> None:
    register(ledger)
    with connect(database_url) as connection:
        insert(connection, "development:broken")
    lines = write_log(ledger.database, with_texts=False, tell=lambda *_: None)
    with pytest.raises(UndecodableEvent, match="log position 8"):
        list(lines)
