"""`db`, `keys`, `projections` and `export`."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from ledger.database import Database
from ledger.keys import verify_key
from ledger.reading import read_events
from migrations.upgrade import head
from projections.catalogue import PROJECTIONS
from tests.cli.conftest import KUPIANSK, Palimpsest, invoke
from tests.cli.processes import Running, get
from tests.servers import Server

NAMES = [projection.name for projection in PROJECTIONS]


def change_by_hand(database_url: str, statement: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        assert connection.execute(statement.encode()).rowcount == 1


def test_upgrade_says_from_where_to_where(server: Server, tmp_path: Path) -> None:
    url = server.create_database("cli_upgrade")
    before = invoke(url, "db", "status")
    assert (before.exit_code, before.stdout.startswith("The database is empty; this version needs ")) == (
        1,
        True,
    )
    env = {"PALIMPSEST_DATABASE_URL": url}
    with (
        Running("db", "upgrade", cwd=tmp_path, **env) as one,
        Running("db", "upgrade", cwd=tmp_path, **env) as two,
    ):
        assert (one.process.wait(timeout=60), two.process.wait(timeout=60)) == (
            0,
            0,
        )  # they wait for each other
        assert f"The database was empty; it is at revision {head()} now.\n" in (one.out, two.out)
    assert invoke(url, "db", "upgrade").stdout == f"The database is at revision {head()} already.\n"
    assert invoke(url, "db", "status").exit_code == 0
    server.drop_database("cli_upgrade")


def test_a_key_is_alone_on_standard_output(palimpsest: Palimpsest, database: Database) -> None:
    result = palimpsest("keys", "create", "--role", "editor", "--name", "night desk")
    assert result.exit_code == 0
    key, end = result.stdout[:-1], result.stdout[-1]
    assert end == "\n"
    assert not set(key) & set(" \n")
    assert key not in result.stderr
    with database.connection() as connection:
        principal = verify_key(connection, key)
    assert principal is not None
    assert (principal.name, principal.role) == ("night desk", "editor")


def test_keys_are_listed_without_secrets_and_revoked(palimpsest: Palimpsest, database: Database) -> None:
    assert "There are no keys yet." in palimpsest("keys", "list").stderr
    key = palimpsest("keys", "create", "--role", "reporter", "--name", "desk").stdout.strip()
    identifier, secret = key.split("_", 2)[1:]
    listed = palimpsest("keys", "list").stdout
    assert all(word in listed for word in (identifier, "desk", "reporter"))
    assert secret not in listed
    for given in (key, identifier):  # a whole key does it too, and is not repeated
        revoked = palimpsest("keys", "revoke", given)
        assert (revoked.exit_code, revoked.stdout) == (0, f"The key {identifier} is revoked.\n")
    with database.connection() as connection:
        assert verify_key(connection, key) is None


def test_export_is_the_log(story: Palimpsest, story_url: str, tmp_path: Path) -> None:
    lines = story("export").stdout.splitlines()
    with Database(story_url) as database, database.connection() as connection:
        events = read_events(connection, after=0, limit=1_000)
    first, *told, last = [json.loads(line) for line in lines]
    assert first == {"palimpsest_log": 1}
    assert (last["events"], last["texts"]) == (36, 0)
    assert [(line["log_position"], line["stream"], line["topic"], line["version"]) for line in told] == [
        (event.log_position, event.stream, event.topic, event.version) for event in events
    ]
    file = tmp_path / "log.ndjson"
    result = story("export", "--output", str(file))
    assert (result.exit_code, result.stdout) == (0, "")
    assert file.read_text("utf-8").splitlines() == lines
    assert [path.name for path in tmp_path.iterdir() if "log" in path.name] == ["log.ndjson"]


def test_status_shows_every_projection(story: Palimpsest) -> None:
    result = story("projections", "status", "--check")
    assert result.exit_code == 0
    rows = [line.split() for line in result.stdout.splitlines()[2:]]
    assert [row[:3] for row in rows] == [[name, "36", "0"] for name in NAMES]


def test_a_stopped_projection_is_told_and_fails_the_check(palimpsest: Palimpsest, database_url: str) -> None:
    palimpsest("import", str(KUPIANSK))
    change_by_hand(
        database_url,
        "update projections.checkpoints set error = 'ValueError: broken', error_position = 31, position = 30"
        " where name = 'states'",
    )
    stopped = "The projection 'states' stopped at log position 31: ValueError: broken\n"
    assert palimpsest("projections", "status").exit_code == 0
    checked = palimpsest("projections", "status", "--check")
    assert (checked.exit_code, checked.stderr) == (1, stopped)
    state = palimpsest("state", "kupiansk", "--json")
    assert (state.exit_code, state.stderr) == (0, stopped)
    assert json.loads(state.stdout)["clocks"]["log_position"] == 30


def test_nobody_following_is_told_beside_the_answer(palimpsest: Palimpsest, database_url: str) -> None:
    palimpsest("import", str(KUPIANSK))
    change_by_hand(database_url, "update projections.checkpoints set position = 5 where name = 'states'")
    for arguments in (("state", "kupiansk"), ("timeline", "kupiansk"), ("claim", "kupiansk-claimed")):
        result = palimpsest(*arguments)
        assert "Note: the read models are 31 events behind the log." in result.stderr
    assert palimpsest("state", "kupiansk").exit_code == 1  # it was recorded after position 5
    pinned = palimpsest("state", "kupiansk", "--log-position", "4")
    assert "Note" not in pinned.stderr


def test_verify_names_a_row_changed_by_hand(palimpsest: Palimpsest, database_url: str) -> None:
    palimpsest("import", str(KUPIANSK))
    right = palimpsest("projections", "verify")
    assert right.exit_code == 0
    assert right.stdout.splitlines() == [f"{name}: as the log gives it, up to position 36" for name in NAMES]
    change_by_hand(database_url, "update projections.documents set publisher = 'somebody'")
    result = palimpsest("projections", "verify", "documents", "names")
    assert result.exit_code == 1
    row = "documents (document_id=romanian-report-2025-12-13)"
    assert result.stdout.splitlines() == [
        f"documents: {row}: publisher is somebody, the log gives romanian-report",
        "documents: 1 row not as the log gives it, up to position 36",
        "names: as the log gives it, up to position 36",
    ]
    assert palimpsest("projections", "rebuild", "documents").exit_code == 0
    assert palimpsest("projections", "verify").exit_code == 0


def test_verify_tells_missing_and_surplus_rows(palimpsest: Palimpsest, database_url: str) -> None:
    palimpsest("import", str(KUPIANSK))
    change_by_hand(database_url, "update projections.documents set document_id = 'other'")
    told = palimpsest("projections", "verify", "documents").stdout
    assert "documents (document_id=other): the log gives no such row" in told
    assert "documents (document_id=romanian-report-2025-12-13): the row is missing" in told


def test_rebuild_as_of_a_position(palimpsest: Palimpsest) -> None:
    palimpsest("import", str(KUPIANSK))
    result = palimpsest("projections", "rebuild", "documents", "actors", "--until", "12")
    assert result.stdout == ("actors: rebuilt, at log position 12\ndocuments: rebuilt, at log position 12\n")


@pytest.mark.once
def test_rebuild_and_verify_under_a_running_server(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    """Reads keep answering, and what was rebuilt is what the log gives."""
    palimpsest("import", str(KUPIANSK))
    done, answers = threading.Event(), set[bytes]()
    env = {"PALIMPSEST_DATABASE_URL": database_url}
    with Running("serve", "--port", "0", cwd=tmp_path, **env) as server, ThreadPoolExecutor(1) as pool:
        url = f"{server.wait_for_url()}/v1/locations/kupiansk?log_position=36"

        def keep_asking() -> int:
            asked = 0
            while not done.is_set():
                answers.add(get(url))
                asked += 1
            return asked

        asking = pool.submit(keep_asking)
        try:
            for _ in range(2):
                rebuilt = palimpsest("projections", "rebuild")
                assert rebuilt.exit_code == 0, rebuilt.stderr
                assert [line.partition(":")[0] for line in rebuilt.stdout.splitlines()] == NAMES
                verified = palimpsest("projections", "verify")
                assert verified.exit_code == 0, verified.output
        finally:
            done.set()
        assert asking.result() > 0
        assert len(answers) == 1
