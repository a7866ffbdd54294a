"""Everything that can be told of a log file from the file alone, in one reading and in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from domain.errors import Fault, InvalidInput
from domain.registry import DocumentArchived
from domain.streams import belongs_in
from ledger.codec import Undecodable, Unstorable, decode, encode
from ledger.log_files import End, NoLogLine, Tell, check_header, decode_line, read_lines
from ledger.reading import RawRecorded
from ledger.texts import SALT_BYTES, DocumentText, hash_text

MOST_FAULTS = 100
TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedLog:
    """A log file in which nothing was found wrong. The positions are 0 where it holds no events."""

    path: Path
    events: int
    texts: int
    first_position: int
    last_position: int
    sha256: str


def check_log(path: Path, now: datetime, tell: Tell) -> CheckedLog:
    """Reads a log file to its end, and holds every line to the lines before it.

    `now` is the time at the ledger that is to take it over. Raises InvalidInput with everything that was
    found wrong, up to a hundred faults, each with its line.
    """
    check, faults = _Check(now), list[Fault]()
    with path.open("rb") as file:
        for number, messages in check.read(file):
            faults += [Fault(path="", message=message, code="bad-log", line=number) for message in messages]
            if len(faults) >= MOST_FAULTS:
                message = f"More may be wrong: reading ended after {MOST_FAULTS} faults."
                raise InvalidInput([*faults[:MOST_FAULTS], Fault(path="", message=message, code="too-many")])
            if number % TOLD_EVERY == 0:
                tell(check.events, None)
    if faults:
        raise InvalidInput(faults)
    return CheckedLog(
        path=path,
        events=check.events,
        texts=check.texts,
        first_position=check.first_position,
        last_position=check.last_position,
        sha256=check.digest.hexdigest(),
    )


class _Check:
    """What the lines so far have said."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._recorded_at: datetime | None = None
        self._awaited: str | None = None
        self._sound = True
        self._ended = False
        self.events = self.texts = 0
        self.first_position = self.last_position = 0
        self.digest = sha256()

    def read(self, file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
        """Each line's number, with what is wrong with it. A file that is no log is not read on."""
        number = 0
        for number, line in read_lines(file):
            try:
                messages = list(self._take(number, line))
            except NoLogLine as error:
                messages, self._sound = [str(error)], False
            yield number, messages
            if messages and (number == 1 or self._ended or not line.endswith(b"\n")):
                return
        if not self._ended:
            yield max(number, 1), ["The file ends here, without the line that ends a log: it was cut off."]

    def _take(self, number: int, line: bytes) -> Iterator[str]:
        if number == 1:
            check_header(line)
            return
        if self._ended:
            yield "Nothing comes after the line that ends a log."
            return
        if not line.endswith(b"\n"):
            yield "This line has no end: the file was cut off."
            return
        awaited, self._awaited = self._awaited, None
        match decode_line(line):
            case RawRecorded() as row:
                messages = list(self._take_row(row))
                self._sound = self._sound and not messages
                self.digest.update(line)
                yield from messages
            case DocumentText() as text:
                yield from _text_faults(text, awaited)
                self.texts += 1
            case End() as end:
                self._ended = True
                yield from self._end_faults(end)

    def _take_row(self, row: RawRecorded) -> Iterator[str]:
        if row.log_position <= self.last_position:
            yield f"Log position {row.log_position} does not come after {self.last_position}."
        if self._recorded_at is not None and row.recorded_at < self._recorded_at:
            yield f"recorded_at runs backwards: the event before has {_written(self._recorded_at)}."
        if row.recorded_at > self._now:
            yield f"recorded_at lies in the future: this ledger has {_written(self._now)}."
        yield from self._event_faults(row)
        self.events += 1
        self.first_position = self.first_position or row.log_position
        self.last_position = max(self.last_position, row.log_position)
        self._recorded_at = max(self._recorded_at or row.recorded_at, row.recorded_at)

    def _event_faults(self, row: RawRecorded) -> Iterator[str]:
        """The event cannot be read, could not be stored again, or belongs elsewhere."""
        try:
            entry = decode(row.topic, row.state)
            encode(entry)
        except (Undecodable, Unstorable) as error:
            yield f"The event ({row.topic}) cannot be read: {str(error).rstrip('.')}."
            return
        if not belongs_in(row.stream, row.version, entry.event):
            yield f"This event ({row.topic}) cannot be version {row.version} of {row.stream!r}."
        if isinstance(entry.event, DocumentArchived):
            self._awaited = entry.event.sha256

    def _end_faults(self, end: End) -> Iterator[str]:
        """What was lost or changed on the way. Where an event is known to be wrong, that is no news."""
        if not self._sound:
            return
        if (end.events, end.texts) != (self.events, self.texts):
            yield (
                f"{end.events} events and {end.texts} texts were exported; "
                f"the file holds {self.events} and {self.texts}."
            )
        elif end.sha256 != self.digest.hexdigest():
            yield "The events are not the ones that were exported: their hash is another one."


def _written(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _text_faults(text: DocumentText, awaited: str | None) -> Iterator[str]:
    if text.sha256 != awaited:
        yield "This is not the text of the document on the line above."
    elif len(text.salt) != SALT_BYTES or "\0" in text.text or hash_text(text.salt, text.text) != awaited:
        yield "The text is not the one that was archived: its hash is another one."
