"""Short questions put to the database from an event loop, without a thread to wait on.

A thread costs as much processor time as the question itself, and while others work, its turn comes late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from time import monotonic
from typing import Any, LiteralString

import psycopg

from ledger.database import PAUSE, Database, translated_errors


class Asker:
    """A connection of its own for an event loop, opened by the first question. Each question is one statement
    that only reads, so that it may be asked again: a connection that broke is replaced.

    A server that is away is waited for, for at most `patience` seconds.
    """

    def __init__(self, database: Database, *, patience: float = 0.0) -> None:
        self._database = database
        self._patience = patience
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._turn = asyncio.Lock()

    async def ask(self, query: LiteralString, parameters: Sequence[object]) -> list[tuple[Any, ...]]:
        """The rows of the answer. Raises Unavailable and NotConfigured; others of psycopg as they are."""
        async with self._turn:
            with translated_errors():
                used = self._connection
                if used is not None:
                    try:
                        return await _fetch(used, query, parameters)
                    except (psycopg.OperationalError, psycopg.InterfaceError):
                        if not used.closed:
                            raise
                self._connection = await self._connect()
                return await _fetch(self._connection, query, parameters)

    async def aclose(self) -> None:
        """Closes the connection; a later question opens another."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        self._connection = None
        deadline = monotonic() + self._patience
        while True:
            try:
                return await self._database.connect_async()
            except psycopg.OperationalError:
                if monotonic() >= deadline:
                    raise
                await asyncio.sleep(PAUSE)


async def _fetch(
    connection: psycopg.AsyncConnection[Any], query: LiteralString, parameters: Sequence[object]
) -> list[tuple[Any, ...]]:
    cursor = await connection.execute(query, parameters)
    return await cursor.fetchall()
