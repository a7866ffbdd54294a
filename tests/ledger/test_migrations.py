"""The schema: brought up to date once, by whoever comes first, and said in one sentence when that fails."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.script import ScriptDirectory

from ledger.database import Database
from migrations.upgrade import FOLDER, UpgradeFailed, current, head, upgrade
from tests.ledger.logs import connect, fetch_value
from tests.servers import Server


@pytest.fixture
def empty_url(server: Server) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name)
    server.drop_database(name)


def test_an_empty_database_is_brought_to_the_head(empty_url: str) -> None:
    assert current(empty_url) is None
    upgrade(empty_url)
    assert current(empty_url) == head()
    upgrade(empty_url)
    assert current(empty_url) == head()


def test_step_by_step(empty_url: str) -> None:
    revisions = [script.revision for script in ScriptDirectory(str(FOLDER)).walk_revisions()]
    for revision in reversed(revisions):
        upgrade(empty_url, revision)
        assert current(empty_url) == revision
    assert revisions[0] == head()


def test_several_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(upgrade, [empty_url] * 4))
    assert current(empty_url) == head()


def test_alembic_keeps_its_own_table_with_ours(database_url: str) -> None:
    where = "select string_agg(schemaname, ',') from pg_tables where tablename = 'alembic_version'"
    assert fetch_value(database_url, where) == "ledger"
    assert fetch_value(database_url, "select count(*) from pg_tables where schemaname = 'public'") == 0


def test_no_extension_is_needed(database_url: str) -> None:
    assert fetch_value(database_url, "select string_agg(extname, ',') from pg_extension") == "plpgsql"


def test_a_step_that_fails_leaves_nothing_behind(empty_url: str) -> None:
    with connect(empty_url) as connection:
        connection.execute("create schema ledger")
        connection.execute("create table ledger.api_keys (a int)")  # in the way of the first step
    with pytest.raises(UpgradeFailed, match='relation "api_keys" already exists'):
        upgrade(empty_url)
    assert current(empty_url) is None
    tables = "select string_agg(tablename, ',') from pg_tables where schemaname = 'ledger'"
    assert fetch_value(empty_url, tables) == "api_keys"


def test_a_database_that_cannot_hold_every_script_is_refused(server: Server, empty_url: str) -> None:
    name = f"test_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(f"create database {name} template template0 encoding 'LATIN1' locale 'C'")
    with pytest.raises(UpgradeFailed, match="encoding LATIN1"):
        upgrade(server.conninfo(name))
    server.drop_database(name)


@pytest.mark.parametrize(
    "conninfo", ["host=/nowhere password=hunter2", "postgresql://u:hunter2@127.0.0.1:1/db"]
)
def test_a_server_that_is_not_there(conninfo: str) -> None:
    for run in (upgrade, current):
        with pytest.raises(UpgradeFailed, match="cannot be reached") as caught:
            run(conninfo)
        assert "hunter2" not in str(caught.value)


def test_a_path_with_a_percent_sign_does_no_harm(database: Database) -> None:
    """ConfigParser would take it for the start of a reference."""
    assert head() == ScriptDirectory(str(FOLDER)).get_current_head()
