"""Writes that are carried out once under a key of their sender, and answered again in the same words.

The answer is stored in the transaction of the events it tells of, so that both are there or neither.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from domain.errors import KeyInFlight, KeyReused
from ledger.database import Connection

KEPT_HOURS = 48
"""For so long an answer is told again; after that its key is as good as new."""
PRUNED_AT_ONCE = 100
"""Whoever stores answers takes away up to so many that are too old."""

LOAD = """
select principal, key, fingerprint, status, headers, body
from ledger.idempotency_keys
where (principal, key) in (select * from unnest(%s::text[], %s::text[]))
  and created_at > clock_timestamp() - make_interval(hours => %s)
"""
PRUNE = """
delete from ledger.idempotency_keys where (principal, key) in (
    select principal, key from ledger.idempotency_keys
    where created_at <= clock_timestamp() - make_interval(hours => %s)
    order by created_at limit %s)
"""
STORE = """
insert into ledger.idempotency_keys (principal, key, fingerprint, status, headers, body)
select * from unnest(%b::text[], %b::text[], %b::bytea[], %b::smallint[], %b::jsonb[], %b::bytea[])
on conflict (principal, key) do update
set created_at = default, fingerprint = excluded.fingerprint, status = excluded.status,
    headers = excluded.headers, body = excluded.body
"""
COMPLETE = (
    "update ledger.idempotency_keys set body = %s where principal = %s and key = %s and fingerprint = %s"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a write was answered: an HTTP status of success, headers, and the bytes of the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """A write that is to happen once: whose key it is, the key, and a hash (32 bytes) of what is asked for.

    `tell` makes the answer of what came of the write; it is called before the commit.
    """

    principal: str
    key: str
    fingerprint: bytes
    tell: Callable[[Any], Answer]

    @property
    def name(self) -> tuple[str, str]:
        """What no other write has."""
        return self.principal, self.key


class AlreadyAnswered(Exception):
    """The write was carried out before under this key, and nothing was done now. `answer` is what it had."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("This was answered before.")
        self.answer = answer


class Answers:
    """The answers given under the keys of one transaction. It holds the lock of the log, so none is added."""

    def __init__(self, connection: Connection, asked: Iterable[Once]) -> None:
        self._connection = connection
        self._found: dict[tuple[str, str], tuple[bytes, Answer | None]] = {}
        names = [once.name for once in asked]
        if not names:
            return
        parameters = ([name[0] for name in names], [name[1] for name in names], KEPT_HOURS)
        for principal, key, fingerprint, status, headers, body in connection.execute(LOAD, parameters):
            answer = Answer(status=status, headers=headers, body=body)
            self._found[principal, key] = fingerprint, answer

    def refuse_again(self, once: Once) -> None:
        """Raises AlreadyAnswered, KeyReused or KeyInFlight for a key that is in use."""
        if once.name not in self._found:
            return
        fingerprint, answer = self._found[once.name]
        if fingerprint != once.fingerprint:
            raise KeyReused(once.key)
        if answer is None:
            raise KeyInFlight(once.key)
        raise AlreadyAnswered(answer)

    def note(self, once: Once) -> None:
        """Takes in that this write is carried out in this transaction."""
        self._found[once.name] = once.fingerprint, None

    def store(self, told: Sequence[tuple[Once, Answer]]) -> None:
        """Writes answers in the transaction, and takes away some that are too old."""
        self._connection.execute(PRUNE, (KEPT_HOURS, PRUNED_AT_ONCE))
        self._connection.execute(
            STORE,
            (
                [once.principal for once, _ in told],
                [once.key for once, _ in told],
                [once.fingerprint for once, _ in told],
                [answer.status for _, answer in told],
                [msgspec.json.encode(answer.headers).decode() for _, answer in told],
                [answer.body for _, answer in told],
            ),
        )


def complete_answer(connection: Connection, once: Once, body: bytes) -> None:
    """Replaces the body of a stored answer by one that says more."""
    connection.execute(COMPLETE, (body, once.principal, once.key, once.fingerprint))


class InFlight:
    """The keys whose writes are under way in this process."""

    def __init__(self) -> None:
        self._gate = threading.Lock()
        self._names: set[tuple[str, str]] = set()

    @contextmanager
    def enter(self, once: Once | None) -> Iterator[None]:
        """For as long as the write is under way. Raises KeyInFlight when one with its key is already."""
        if once is None:
            yield
            return
        with self._gate:
            if once.name in self._names:
                raise KeyInFlight(once.key)
            self._names.add(once.name)
        try:
            yield
        finally:
            with self._gate:
                self._names.discard(once.name)
