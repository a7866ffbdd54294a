"""The one error tree. HTTP status codes are not known here; `api/errors.py` maps classes to them.

PalimpsestError
├── InvalidInput          something given is wrong; carries every fault found
├── NotFound              no such thing
│   ├── NotRecordedYet    it exists now, but was not recorded yet at the clocks asked for
│   └── NotPublicYet      it is recorded, but was not public yet at the clocks asked for
├── Conflict              the write contradicts what is recorded
│   ├── IdTaken           the id is in use with other content
│   ├── Conflicts         the same of several things at once
│   ├── AlreadyRetracted  a retracted development is not revised any more
│   ├── RevisionConflict  somebody else revised it first
│   └── KeyInFlight       the write with this idempotency key is still under way
├── KeyReused             the idempotency key was used for another write
├── AccessDenied          no key, or one that may not do this
│   └── KeyRequired       no key, or an unknown or revoked one
├── TooLarge              the request is over a stated limit
├── RateExceeded          one client asks more often than it may; try again
├── Unavailable           the database or a projection is not there right now; try again
├── UndecodableEvent      a stored event cannot be read; carries its log position
└── NotConfigured         the installation is not set up for this
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with the input.

    `path` is where, written like `developments[3].share`; `message` says what is wrong and what to
    do; `line` is the line in the file, counted from 1, where one is known; `code` is a stable word
    for programs.
    """

    path: str
    message: str
    code: str = "invalid"
    line: int | None = None

    def __str__(self) -> str:
        where = ", ".join(filter(None, (f"line {self.line}" if self.line else "", self.path)))
        return f"{where}: {self.message}" if where else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field in which two versions of the same thing differ; values are JSON-ready."""

    path: str
    recorded: object
    given: object


class PalimpsestError(Exception):
    """The base of every error this software raises on purpose."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidInput(PalimpsestError):
    """Something given is wrong. `faults` lists everything that was found, in the order of the input; the
    message tells the first twenty.
    """

    def __init__(self, faults: Iterable[Fault], message: str | None = None) -> None:
        self.faults = tuple(faults)
        told = [str(fault) for fault in self.faults[:20]]
        if len(self.faults) > len(told):
            told.append(f"and {len(self.faults) - len(told)} more")
        super().__init__(message or "; ".join(told))


class NotFound(PalimpsestError):
    """There is no such thing."""

    def __init__(self, what: str, identifier: str, message: str | None = None) -> None:
        self.what = what
        self.identifier = identifier
        super().__init__(message or f"There is no {what} with the id {identifier!r}.")


class NotRecordedYet(NotFound):
    """The thing exists now, but this ledger did not hold it yet at the clocks asked for."""

    def __init__(self, what: str, identifier: str, log_position: int) -> None:
        self.log_position = log_position
        super().__init__(
            what,
            identifier,
            f"The {what} {identifier!r} was not recorded yet at log position {log_position}.",
        )


class NotPublicYet(NotFound):
    """The ledger held the thing, but it had not surely become public yet at the clocks asked for."""

    def __init__(self, what: str, identifier: str, known_at: datetime) -> None:
        self.known_at = known_at
        at = known_at.isoformat().replace("+00:00", "Z")
        super().__init__(what, identifier, f"The {what} {identifier!r} was not public yet at {at}.")


class Conflict(PalimpsestError):
    """The write contradicts what is recorded."""


class IdTaken(Conflict):
    """The id is in use with other content; `differences` says where they differ."""

    def __init__(self, what: str, identifier: str, differences: Iterable[Difference] = ()) -> None:
        self.what = what
        self.identifier = identifier
        self.differences = tuple(differences)
        fields = ", ".join(difference.path for difference in self.differences) or "its content"
        super().__init__(
            f"The {what} {identifier!r} is already recorded and differs in {fields}. "
            "Use another id, or record a correction."
        )


class Conflicts(Conflict):
    """Several ids are in use with other content; `conflicts` has one error for each, in their order."""

    def __init__(self, conflicts: Iterable[IdTaken]) -> None:
        self.conflicts = tuple(conflicts)
        named = ", ".join(repr(conflict.identifier) for conflict in self.conflicts[:5])
        more = f" and {len(self.conflicts) - 5} more" if len(self.conflicts) > 5 else ""
        super().__init__(f"{len(self.conflicts)} ids are already recorded with other content: {named}{more}.")


class AlreadyRetracted(Conflict):
    """The development was retracted, so it is not corrected, retracted or linked any more."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        super().__init__(
            f"The development {identifier!r} was retracted and cannot be changed. Record a new one instead."
        )


class RevisionConflict(Conflict):
    """Somebody else revised it first: it is at the revision `actual`, no longer at the one `expected`."""

    def __init__(self, identifier: str, *, expected: int, actual: int) -> None:
        self.identifier = identifier
        self.expected = expected
        self.actual = actual
        super().__init__(
            f"This change was made against revision {expected} of {identifier!r}, but it is now at revision "
            f"{actual}. Read it again and repeat the change."
        )


class KeyInFlight(Conflict):
    """The write with this idempotency key is still under way; its answer is told to whoever asks later."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The write with the idempotency key {key!r} is still under way. Send it again shortly."
        )


class KeyReused(PalimpsestError):
    """The idempotency key was used for another write."""

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The idempotency key {key!r} was used for another write, to another address or with another "
            "body. Give each a key of its own."
        )


class AccessDenied(PalimpsestError):
    """The key may not do this."""


class KeyRequired(AccessDenied):
    """No key was given, or it is unknown or revoked."""


class TooLarge(PalimpsestError):
    """The request is over a stated limit."""


class RateExceeded(PalimpsestError):
    """A client asks more often than it may; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class Unavailable(PalimpsestError):
    """The database or a projection is not there right now; `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class UndecodableEvent(PalimpsestError):
    """A stored event cannot be read. It is never skipped."""

    def __init__(self, log_position: int, topic: str, reason: str) -> None:
        self.log_position = log_position
        self.topic = topic
        super().__init__(
            f"The event at log position {log_position} ({topic}) cannot be read: {reason.rstrip('.')}."
        )


class NotConfigured(PalimpsestError):
    """The installation is not set up for this."""
