"""Questions from an event loop: one connection, replaced when it broke, and the same errors as everywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from typing import Any

import pytest

from domain.errors import NotConfigured, Unavailable
from ledger.asking import Asker
from ledger.database import Database
from tests.ledger.logs import connect
from tests.servers import Server

WHO = "select pg_backend_pid()"
THROW_OUT = (
    "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
    " where datname = current_database() and pid <> pg_backend_pid()"
)


def run(database: Database, test: Callable[[Asker], Coroutine[Any, Any, None]], **more: float) -> None:
    """Runs a test with an asker of the database."""

    async def within() -> None:
        async with aclosing(Asker(database, **more)) as asker:
            await test(asker)

    asyncio.run(within())


def test_all_questions_share_one_connection(database: Database) -> None:
    async def test(asker: Asker) -> None:
        asked = (asker.ask("select %s::int, pg_backend_pid()", (number,)) for number in range(9))
        asked = (asker.ask("select %s::int, pg_backend_pid()", (number,)) for number in range(9))
        answers = await asyncio.gather(*asked)
        assert [rows[0][0] for rows in answers] == list(range(9))
        assert len({rows[0][1] for rows in answers}) == 1

    run(database, test)


def test_a_session_thrown_out_costs_nobody_anything(database: Database, database_url: str) -> None:
    async def test(asker: Asker) -> None:
        [(before,)] = await asker.ask(WHO, ())
        with connect(database_url) as administrator:
            administrator.execute(THROW_OUT)
        [(after,)] = await asker.ask(WHO, ())
        assert after != before

    run(database, test)


def test_times_are_in_utc_and_statements_have_their_limit(database_url: str) -> None:
    async def test(asker: Asker) -> None:
        assert await asker.ask("select current_setting('timezone')", ()) == [("UTC",)]
        [(before,)] = await asker.ask(WHO, ())
        with pytest.raises(Unavailable, match="took longer"):
            await asker.ask("select pg_sleep(60)", ())
        assert await asker.ask(WHO, ()) == [(before,)]  # the connection is as good as before

    with Database(database_url, statement_timeout=0.05) as database:
        run(database, test)


def test_without_our_tables_it_says_so(database: Database) -> None:
    async def test(asker: Asker) -> None:
        with pytest.raises(NotConfigured):
            await asker.ask("select * from ledger.no_such_table", ())

    run(database, test)


def test_a_server_that_is_away_is_unavailable_at_once_or_waited_for(durable_server: Server) -> None:
    async def test(asker: Asker) -> None:
        assert await asker.ask("select 1", ()) == [(1,)]
        durable_server.stop()
        async with aclosing(Asker(database)) as hasty:
            with pytest.raises(Unavailable):
                await hasty.ask("select 1", ())
        waiting = asyncio.create_task(asker.ask("select 1", ()))
        await asyncio.to_thread(durable_server.start)
        assert await waiting == [(1,)]

    with Database(durable_server.conninfo()) as database:
        run(database, test, patience=60)
