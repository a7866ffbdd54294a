"""An import that is killed, again and again, comes to what one that was left alone comes to."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.cli.conftest import invoke
from tests.cli.processes import environment
from tests.servers import Server, wait_until

ENTRIES = 6_000
SMALL_PORTIONS = """
import intake.helping, ledger.spool, cli.main
intake.helping.ALONE = 1
ledger.spool.PORTION = 100
cli.main.main()
"""
"""So that there are many moments to be killed at, and helpers that are left behind."""
LOG = "select originator_id, originator_version, topic, state from ledger.events order by notification_id"
HEAD = "select coalesce(max(notification_id), 0) from ledger.events"


def entries() -> Iterator[dict[str, object]]:
    """Claims, what answers them, and statements; the same each time."""
    yield {"palimpsest": 1}
    for party in ("north", "south"):
        yield {"actor": {"id": party, "kind": "party", "name": party.title()}}
    for number in range(20):
        yield {"location": {"id": f"p{number}", "kind": "settlement", "name": f"Place {number}"}}
    for number in range(ENTRIES):
        day, month = f"{number % 28 + 1:02}", f"{number // 28 % 12 + 1:02}"
        entry = {"id": f"d{number}", "at": f"p{number % 20}", "reported": f"2025-{month}-{day}"}
        match number % 40:
            case 0:
                entry |= {"kind": "occupation-claimed", "by": "north", "holder": "north"}
            case 20:
                claim = {"id": entry["id"], "at": f"p{(number - 20) % 20}", "claim": f"d{number - 20}"}
                entry |= {"kind": "claim-denied", "by": "south", **claim}
            case _:
                entry |= {"kind": "statement-made", "by": "south", "summary": f"Statement {number}."}
        yield {"development": entry}


def log_of(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(LOG).fetchall()


def kill_at(url: str, file: Path, position: int) -> None:
    """Starts an import, and kills it as soon as the log has come so far."""
    process = subprocess.Popen(
        [sys.executable, "-c", SMALL_PORTIONS, "import", str(file), "--by", "k"],
        cwd=file.parent,
        env=environment(PALIMPSEST_DATABASE_URL=url),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with psycopg.connect(url, autocommit=True) as connection:

        def has_come() -> bool:
            row = connection.execute(HEAD).fetchone()
            assert row is not None
            assert process.poll() is None, "it was to be killed before its end"
            return int(row[0]) >= position

        wait_until(has_come, what=f"log position {position}")
    process.kill()
    process.wait()


@pytest.fixture
def unbroken_url(server: Server, template_database: str) -> Iterator[str]:
    """A second database."""
    name = "test_unbroken_import"
    yield server.create_database(name, template_database)
    server.drop_database(name)


def test_killed_at_random_moments_and_resumed(database_url: str, unbroken_url: str, tmp_path: Path) -> None:
    file = tmp_path / "long.ndjson"
    file.write_text("".join(json.dumps(entry) + "\n" for entry in entries()), encoding="utf-8")
    total = ENTRIES + 22
    choose = random.Random()
    moments = sorted(choose.sample(range(1, ENTRIES - 1_000), 3))
    for moment in [0, *moments]:
        kill_at(database_url, file, moment)
    killed = len(log_of(database_url))
    # What a killed transaction had written is not there, though its positions are gone.
    assert 0 < killed < total, moments
    last = invoke(database_url, "import", str(file), "--by", "k")
    assert f"{total - killed:,} new, {killed:,} unchanged" in last.stdout, last.output
    unbroken = invoke(unbroken_url, "import", str(file), "--by", "k")
    assert f"{total:,} new, 0 unchanged" in unbroken.stdout, unbroken.output

    assert log_of(database_url) == log_of(unbroken_url), moments
    verified = invoke(database_url, "projections", "verify")
    assert verified.exit_code == 0, verified.output
