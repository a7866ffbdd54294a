"""How commands end: one sentence and 1 for errors, 2 for wrong usage, never a traceback for either."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from cli.failures import explain, say_fault
from domain.errors import Fault
from ledger.database import Database
from tests.cli.conftest import Palimpsest, invoke
from tests.cli.processes import COMMAND, ROOT, environment
from tests.servers import Server

AWAY = "postgresql://palimpsest:s3cret@127.0.0.1:1/none"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("state", "nowhere"), "There is no location with the id 'nowhere'."),
        (("claim", "nothing"), "There is no claim with the id 'nothing'."),
        (("claim", "kupiansk-visit"), "There is no claim with the id 'kupiansk-visit'."),
        (("state", "kupiansk", "--valid-at", "soon"), "--valid-at: The clock 'soon' is neither a date"),
        (
            ("state", "kupiansk", "--log-position", "37"),
            "--log-position: The log ends at position 36; 37 has",
        ),
        (("state", "kupiansk", "--tz", "Mars/Base"), "--tz: There is no time zone named 'Mars/Base'"),
        (("timeline", "kupiansk", "--kinds", "visits"), "--kinds: There is no kind 'visits'"),
        (("timeline", "kupiansk", "--valid-from", "x"), "--valid-from: The clock 'x' is neither"),
        (("keys", "revoke", "none"), "There is no key with the id 'none'."),
    ],
)
def test_errors_are_a_sentence(story: Palimpsest, arguments: tuple[str, ...], sentence: str) -> None:
    result = story(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(sentence)
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("state",),
        ("state", "kupiansk", "--log-position", "-1"),
        ("timeline", "kupiansk", "--limit", "0"),
        ("timeline", "kupiansk", "--order", "up"),
        ("projections", "rebuild", "nothing"),
        ("keys", "create", "--role", "king", "--name", "x"),
        ("serve", "--port", "70000"),
        ("dance",),
    ],
)
def test_wrong_usage_is_2(arguments: tuple[str, ...]) -> None:
    result = invoke(AWAY, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Usage: " in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [("keys", "list"), ("db", "upgrade"), ("db", "status"), ("export",), ("serve", "--port", "0")],
)
def test_a_database_that_is_away_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.setattr("ledger.database.TIMEOUT", 0.2)
    defaults = {**(Database.__init__.__kwdefaults__ or {}), "timeout": 0.2}
    monkeypatch.setattr("ledger.database.Database.__init__.__kwdefaults__", defaults)
    result = invoke(AWAY, *arguments)
    assert result.exit_code == 1
    assert "The database cannot be reached" in result.stderr
    assert "s3cret" not in result.output


@pytest.mark.parametrize(
    ("env", "sentence"),
    [
        ({"PALIMPSEST_LOG_LEVEL": "loud"}, "A setting cannot be used. PALIMPSEST_LOG_LEVEL: Input should be"),
        (
            {"PALIMPSEST_DATABASE_URL": "mysql://x:s3cret@y"},
            "The connection string of the database cannot be",
        ),
    ],
)
def test_settings_that_cannot_be_used(env: dict[str, str], sentence: str) -> None:
    for arguments in (("keys", "list"), ("db", "upgrade"), ("db", "status")):
        result = invoke(AWAY, *arguments, **env)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith(sentence)
        assert "s3cret" not in result.output


def test_a_database_without_tables_says_what_to_do(server: Server) -> None:
    url = server.create_database("cli_empty")
    for arguments in (("state", "x"), ("keys", "list"), ("projections", "status"), ("serve", "--port", "0")):
        result = invoke(url, *arguments)
        assert result.exit_code == 1
        assert result.stderr == (
            "The database does not have the tables of this version yet. Run `palimpsest db upgrade`.\n"
        )
    server.drop_database("cli_empty")


def test_what_the_server_refuses_is_told_and_a_fault_of_ours_is_not_hidden() -> None:
    assert explain(psycopg.errors.InsufficientPrivilege("x")) == [
        "The database refused: InsufficientPrivilege."
    ]
    assert explain(PermissionError(13, "Permission denied", "/x")) == ["/x: Permission denied."]
    assert explain(ZeroDivisionError()) is None


@pytest.mark.parametrize(
    ("fault", "file", "said"),
    [
        (Fault(path="a[0].b", message="No.", line=3), "f.yaml", "f.yaml:3: a[0].b: No."),
        (Fault(path="a[0].b", message="No."), "f.yaml", "f.yaml: a[0].b: No."),
        (Fault(path="", message="No.", line=3), "f.yaml", "f.yaml:3: No."),
        (Fault(path="query.valid_at", message="No."), None, "--valid-at: No."),
        (Fault(path="name", message="No."), None, "name: No."),
    ],
)
def test_a_fault_names_its_place(fault: Fault, file: str | None, said: str) -> None:
    assert say_fault(fault, file) == said


def test_whoever_stops_reading_ends_it_quietly(story_url: str, tmp_path: Path) -> None:
    env = environment(PALIMPSEST_DATABASE_URL=story_url)
    with subprocess.Popen(
        [*COMMAND, "export"], cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_help_is_quick_because_it_imports_little() -> None:
    heavy = {
        "fastapi",
        "pydantic",
        "psycopg",
        "sqlalchemy",
        "alembic",
        "eventsourcing",
        "uvicorn",
        "structlog",
    }
    code = f"import sys, cli.main; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout == "[]\n"


def test_the_version_and_the_help_are_printed() -> None:
    assert invoke(None, "--version").stdout.startswith("palimpsest ")
    help = invoke(None, "--help")
    assert help.exit_code == 0
    for command in (
        "demo",
        "serve",
        "import",
        "check",
        "export",
        "state",
        "timeline",
        "claim",
        "projections",
    ):
        assert f" {command} " in help.stdout
