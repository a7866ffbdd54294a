"""A log as a file: NDJSON, with its rows as they are stored, so that it comes back as the same log.

    {"palimpsest_log":1}
    {"log_position":7,"recorded_at":...,"stream":...,"version":1,"topic":...,"state":{...}}
    {"sha256":...,"salt":...,"text":...}
    {"events":36,"texts":1,"sha256":...}

The first line names the format and its version. Every event has a line, and every text, if texts are asked
for, stands below the event of its document. The last line counts both.

`state` is the stored state, byte for byte (see codec.py); one that does not fit on a line as it is stands
there in base64. The hash in the last line is over the lines of the events, each with its line feed, so that
a file with texts has the same one as a file without; a text is held to the hash that its document names.

There is one way to write a log, so a line that is written otherwise is no line of one.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import IO, Annotated

import msgspec

from domain.registry import DocumentArchived
from ledger.database import Database
from ledger.reading import RawRecorded, decode_recorded, head_position, read_raw
from ledger.texts import DocumentText, load_texts

FORMAT = 1
READ_AT_ONCE = 2_000
LONGEST_LINE = 1 << 30
"""In bytes; PostgreSQL stores no longer value."""

Tell = Callable[[int, int | None], None]
"""Is told how much is done, and of how much in all, if that is known."""

_Bigint = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]


class NoLogLine(ValueError):
    """What stands on a line is not what a log file has there; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The last line: how many events and texts came before it, and the hash over the events."""

    events: int
    texts: int
    sha256: str


class _Header(msgspec.Struct):
    palimpsest_log: int


class _Row(msgspec.Struct):
    """A row of the log as a line."""

    log_position: _Bigint
    recorded_at: Annotated[datetime, msgspec.Meta(tz=True)]
    stream: str
    version: _Bigint
    topic: str
    state: msgspec.Raw


Line = RawRecorded | DocumentText | End

_encode = msgspec.json.Encoder().encode
_read_header = msgspec.json.Decoder(_Header).decode
_read_row = msgspec.json.Decoder(_Row).decode
_READERS: dict[bytes, Callable[[bytes], Line]] = {
    b'{"log_position":': lambda line: _row_of(_read_row(line)),
    b'{"sha256":': msgspec.json.Decoder(DocumentText).decode,
    b'{"events":': msgspec.json.Decoder(End).decode,
}
HEADER = _encode(_Header(palimpsest_log=FORMAT)) + b"\n"


def encode_line(content: Line) -> bytes:
    """A line of the file, with its line feed."""
    return _encode(_line_of(content) if isinstance(content, RawRecorded) else content) + b"\n"


def decode_line(line: bytes) -> Line:
    """What a line after the first one holds. Raises NoLogLine."""
    read = next((reader for start, reader in _READERS.items() if line.startswith(start)), None)
    if read is None:
        raise NoLogLine("This is no line of a log file.")
    try:
        content = read(line)
        written = encode_line(content)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise NoLogLine(f"This line cannot be read: {str(error).rstrip('.')}.") from error
    if written != line:
        raise NoLogLine("This line is not written as `palimpsest export` writes it.")
    return content


def check_header(line: bytes) -> None:
    """Raises NoLogLine when a file that begins like this is no log that can be read here."""
    if line == HEADER:
        return
    try:
        version = _read_header(line).palimpsest_log
    except (msgspec.MsgspecError, RecursionError):
        version = FORMAT
    if version != FORMAT:
        raise NoLogLine(f"The version of the format is {version}; this software reads {FORMAT}.")
    raise NoLogLine(f"This is no log: the first line of one is {HEADER.decode().strip()}")


def read_lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines with their numbers, from 1. One that is too long comes in pieces, without a line feed."""
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        yield number, line


def write_log(database: Database, *, with_texts: bool, tell: Tell) -> Iterator[bytes]:
    """The whole log up to where it ends now, line by line; the texts too if asked for.

    It is read in portions, so that no transaction stays open. Raises UndecodableEvent.
    """
    with database.connection() as connection:
        head = head_position(connection)
    digest, events, texts = sha256(), 0, 0
    yield HEADER
    for rows in read_portions(database, until=head):
        for row in rows:
            event = decode_recorded(row).event
            line = encode_line(row)
            digest.update(line)
            events += 1
            yield line
            if with_texts and isinstance(event, DocumentArchived):
                for text in _read_text(database, event):
                    texts += 1
                    yield encode_line(text)
        tell(rows[-1].log_position, head)
    yield encode_line(End(events=events, texts=texts, sha256=digest.hexdigest()))


def hash_log(database: Database, *, until: int) -> str:
    """The hash that a file of the log up to this position has at its end."""
    digest = sha256()
    for rows in read_portions(database, until=until):
        for row in rows:
            digest.update(encode_line(row))
    return digest.hexdigest()


def read_portions(database: Database, *, until: int) -> Iterator[list[RawRecorded]]:
    """The rows up to a position, some at a time, each time in a transaction of its own."""
    after = 0
    while after < until:
        with database.connection() as connection:
            rows = read_raw(connection, after=after, limit=READ_AT_ONCE, until=until)
        if not rows:
            return
        yield rows
        after = rows[-1].log_position


def _read_text(database: Database, document: DocumentArchived) -> list[DocumentText]:
    """The text of a document: one, or none where it has none or it was taken away."""
    if document.sha256 is None:
        return []
    with database.connection() as connection:
        return list(load_texts(connection, [document.sha256]).values())


def _line_of(row: RawRecorded) -> _Row:
    state = row.state if _fits_on_a_line(row.state) else _encode(b64encode(row.state).decode())
    return _Row(
        log_position=row.log_position,
        recorded_at=row.recorded_at,
        stream=row.stream,
        version=row.version,
        topic=row.topic,
        state=msgspec.Raw(state),
    )


def _row_of(line: _Row) -> RawRecorded:
    state = bytes(line.state)
    if state.startswith(b'"'):
        state = b64decode(msgspec.json.decode(state, type=str), validate=True)
    return RawRecorded(
        log_position=line.log_position,
        recorded_at=line.recorded_at,
        stream=line.stream,
        version=line.version,
        topic=line.topic,
        state=state,
    )


def _fits_on_a_line(state: bytes) -> bool:
    """Whether a stored state can stand in a line of JSON as it is: an object without room around it."""
    try:
        text = state.decode()
    except UnicodeDecodeError:
        return False
    return text[:1] == "{" and text[-1:] == "}" and "\n" not in text and "\r" not in text
