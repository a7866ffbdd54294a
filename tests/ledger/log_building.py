"""Logs by hand: rows with times of their own, and files of them with a true last line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from domain.catalogue import Event
from domain.streams import Thing, stream_of
from ledger.codec import Entry, encode
from ledger.log_files import HEADER, End, encode_line
from ledger.reading import RawRecorded
from ledger.texts import DocumentText

START = datetime(2020, 1, 1, tzinfo=UTC)


def row(position: int, thing: Thing) -> RawRecorded:
    """The event that records a thing, an hour after the one before."""
    return change(position, stream_of(thing), 1, thing)


def change(position: int, stream: str, version: int, event: Event) -> RawRecorded:
    """An event of a stream, likewise."""
    topic, state = encode(Entry(event=event, recorded_by="elsewhere", request_id=f"r{position}"))
    return RawRecorded(
        log_position=position,
        recorded_at=START + timedelta(hours=position),
        stream=stream,
        version=version,
        topic=topic,
        state=state,
    )


def write_file(path: Path, contents: Iterable[RawRecorded | DocumentText]) -> Path:
    """A log file of these lines, in this order."""
    digest, events, texts = sha256(), 0, 0
    with path.open("wb") as file:
        file.write(HEADER)
        for content in contents:
            line = encode_line(content)
            file.write(line)
            if isinstance(content, RawRecorded):
                digest.update(line)
                events += 1
            else:
                texts += 1
        file.write(encode_line(End(events=events, texts=texts, sha256=digest.hexdigest())))
    return path
