"""Following in a process of its own: it is started again when it dies, and goes with whoever started it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item
from projections.catalogue import PROJECTIONS
from projections.engine import apart
from projections.engine.apart import FollowingApart
from projections.engine.checkpoints import list_status
from tests.builders import actor, location
from tests.servers import wait_until

pytestmark = pytest.mark.once


def fold_until(database: Database, position: int) -> None:
    """Waits until every projection has come to a position."""
    names = tuple(projection.name for projection in PROJECTIONS)

    def is_there() -> bool:
        with database.connection() as connection:
            return all(each.position == position for each in list_status(connection, names))

    wait_until(is_there, what=f"every projection at {position}")


def pid_of(following: FollowingApart, other_than: int | None = None) -> int:
    """Its process, once there is one."""
    wait_until(lambda: following.pid not in (None, other_than), what="a process")
    assert following.pid is not None
    return following.pid


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_it_follows_and_is_started_again_when_it_is_killed(
    database: Database, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "PAUSE_SECONDS", 0.01)
    ledger.record([Item(event=actor("red"))], recorded_by="tests")
    with FollowingApart(database.conninfo, PROJECTIONS) as following:
        fold_until(database, 1)
        killed = pid_of(following)
        os.kill(killed, signal.SIGKILL)
        ledger.record([Item(event=location("hill"))], recorded_by="tests")
        again = pid_of(following, other_than=killed)
        fold_until(database, 2)
        assert not is_gone(again)
    assert is_gone(again)


def test_signals_for_all_do_not_end_it_before_its_server(database: Database, ledger: Ledger) -> None:
    """A service manager, or Ctrl-C, tells every process at once."""
    ledger.record([Item(event=actor("red"))], recorded_by="tests")
    with FollowingApart(database.conninfo, PROJECTIONS) as following:
        fold_until(database, 1)
        first = pid_of(following)
        for number in apart.IGNORED:
            os.kill(first, number)
        ledger.record([Item(event=location("hill"))], recorded_by="tests")
        fold_until(database, 2)
        assert following.pid == first


def follow_and_tell(conninfo: str, told: multiprocessing.connection.Connection) -> None:
    """What a server does, in a process of its own."""
    with FollowingApart(conninfo, PROJECTIONS) as following:
        told.send(pid_of(following))
        told.recv()


def test_it_goes_when_its_server_is_killed(database: Database, ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=follow_and_tell, args=(database.conninfo, theirs))
    server.start()
    ledger.record([Item(event=actor("red"))], recorded_by="tests")
    pid = ours.recv()
    fold_until(database, 1)
    server.kill()
    server.join()
    wait_until(lambda: is_gone(pid), what="its end")
