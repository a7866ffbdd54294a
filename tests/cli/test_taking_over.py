"""`export` and `import --as-log`: a log taken elsewhere and back."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.database import Database
from ledger.reading import head_position
from tests.cli.conftest import KUPIANSK, Palimpsest, invoke
from tests.servers import Server


@pytest.fixture
def elsewhere(server: Server, template_database: str) -> Iterator[Palimpsest]:
    """The command on another fresh, migrated database."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, template_database)
    yield lambda *arguments, **more: invoke(url, *arguments, **more)
    server.drop_database(name)


@pytest.fixture
def log(story: Palimpsest, tmp_path: Path) -> Path:
    """The log of the Kupiansk story, with the text of its document."""
    file = tmp_path / "log.ndjson"
    assert story("export", "--with-texts", "-o", str(file)).exit_code == 0
    return file


def head_of(database_url: str) -> int:
    with Database(database_url) as database, database.connection() as connection:
        return head_position(connection)


def test_there_and_back_again(
    palimpsest: Palimpsest, elsewhere: Palimpsest, log: Path, tmp_path: Path
) -> None:
    taken = palimpsest("import", "--as-log", str(log))
    said = "36 events, up to log position 36, and 1 text taken over"
    assert (taken.exit_code, taken.stdout, taken.stderr) == (0, f"{log}: {said}\n", "")
    back = tmp_path / "back.ndjson"
    palimpsest("export", "--with-texts", "-o", str(back))
    assert back.read_bytes() == log.read_bytes()
    assert elsewhere("import", "--as-log", str(back)).exit_code == 0
    assert elsewhere("export", "--with-texts").stdout_bytes == log.read_bytes()


def test_it_can_be_asked_at_once(palimpsest: Palimpsest, story: Palimpsest, log: Path) -> None:
    palimpsest("import", "--as-log", str(log))
    question = ("state", "kupiansk", "--json", "--log-position", "36")
    assert palimpsest(*question).stdout == story(*question).stdout
    assert palimpsest("projections", "verify").exit_code == 0


def test_again_says_so_and_changes_nothing(palimpsest: Palimpsest, log: Path, database_url: str) -> None:
    palimpsest("import", "--as-log", str(log))
    again = palimpsest("import", "--as-log", str(log))
    assert (again.exit_code, again.stderr) == (0, "")
    assert again.stdout == f"{log}: this ledger holds this log already (36 events, up to log position 36)\n"
    assert head_of(database_url) == 36


def test_into_a_ledger_with_other_events_is_refused(
    palimpsest: Palimpsest, log: Path, database_url: str
) -> None:
    palimpsest("import", str(KUPIANSK), "--by", "somebody else")
    refused = palimpsest("import", "--as-log", str(log))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        "This ledger holds other events (up to log position 36). A log goes into an empty ledger only.\n"
    )


def test_faults_are_told_by_line(palimpsest: Palimpsest, log: Path, database_url: str) -> None:
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(b"".join([*lines[:4], lines[3], *lines[4:]]))
    told = palimpsest("import", "--as-log", str(log))
    assert (told.exit_code, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        f"{log}:5: Log position 3 does not come after 3.",
        f"{log}: 1 fault, nothing taken over.",
    ]
    assert head_of(database_url) == 0


def test_who_took_it_over_and_when_is_told(palimpsest: Palimpsest, story: Palimpsest, log: Path) -> None:
    palimpsest("import", "--as-log", str(log), "--by", "the archive")
    sha256 = json.loads(log.read_bytes().splitlines()[-1])["sha256"]
    said = palimpsest("db", "status").stdout.splitlines()[1]
    assert re.fullmatch(
        r"It began with a log from elsewhere: 36 events, up to log position 36, taken over by the archive "
        rf"at \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ \(sha256 {sha256}\)\.",
        said,
    )
    assert len(story("db", "status").stdout.splitlines()) == 1


def test_standard_input(palimpsest: Palimpsest, log: Path) -> None:
    taken = palimpsest("import", "--as-log", "-", input=log.read_bytes())
    assert taken.stdout == "-: 36 events, up to log position 36, and 1 text taken over\n"


@pytest.mark.parametrize(
    "arguments", [(), ("a", "b"), ("a", "--format", "ndjson"), ("a", "--dry-run")], ids=" ".join
)
def test_it_takes_one_file_and_nothing_else(palimpsest: Palimpsest, arguments: tuple[str, ...]) -> None:
    refused = palimpsest("import", "--as-log", *arguments)
    assert refused.exit_code == 1
    assert refused.stderr.startswith("--as-log takes one file")


def test_a_dossier_is_no_log_and_a_log_no_dossier(
    palimpsest: Palimpsest, log: Path, database_url: str
) -> None:
    refused = palimpsest("import", "--as-log", str(KUPIANSK))
    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{KUPIANSK}:1: This is no log")
    assert palimpsest("import", str(log)).exit_code == 1
    assert (
        palimpsest("import", "--as-log", "no-such-file").stderr
        == "no-such-file: No such file or directory.\n"
    )
    assert head_of(database_url) == 0


def test_keys_stay_where_they_are(palimpsest: Palimpsest, elsewhere: Palimpsest, tmp_path: Path) -> None:
    palimpsest("import", str(KUPIANSK))
    key = palimpsest("keys", "create", "--role", "admin", "--name", "the safe").stdout.strip()
    file = tmp_path / "log"
    palimpsest("export", "--with-texts", "-o", str(file))
    assert not any(word in file.read_text("utf-8") for word in ("the safe", *key.split("_", 2)[1:]))
    elsewhere("keys", "create", "--role", "editor", "--name", "another")
    assert elsewhere("import", "--as-log", str(file)).exit_code == 0
    listed = elsewhere("keys", "list").stdout
    assert "another" in listed
    assert "the safe" not in listed
