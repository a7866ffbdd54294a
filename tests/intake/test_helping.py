"""Processes that prepare portions beside the one that imports."""

from __future__ import annotations

import multiprocessing
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from datetime import UTC
from itertools import count
from pathlib import Path

import pytest

from domain.errors import Unavailable
from intake import helping
from intake.helping import Helpers
from intake.preparing import prepare
from tests.intake.test_preparing import SAID, line
from tests.servers import wait_until

PORTIONS = 30
SIZE = 40
ROOT = Path(__file__).parents[2]
ENDLESS = """
import sys
from datetime import UTC
from itertools import count
from multiprocessing import active_children
from intake import helping
from tests.intake.test_helping import lines_of

helping.ALONE = 1
with helping.Helpers("k", 2) as helpers:
    for number, _ in enumerate(helpers.prepare(((first, lines_of(first)) for first in count(1, 40)), UTC)):
        if number == 20:
            print(*(child.pid for child in active_children()), flush=True)
"""


def lines_of(first: int) -> list[bytes]:
    return [line(SAID | {"id": f"s{number}"}) for number in range(first, first + SIZE)]


def portions() -> Iterator[tuple[int, list[bytes]]]:
    """The one in the middle has a fault, so that it cannot be prepared."""
    for number in range(PORTIONS):
        first = 1 + number * SIZE
        yield first, [b"nonsense"] if number == PORTIONS // 2 else lines_of(first)


@pytest.fixture(autouse=True)
def start_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "ALONE", 1)


@pytest.mark.parametrize("helping_out", [0, 2])
def test_portions_come_back_in_their_order(helping_out: int) -> None:
    expected = [(first, lines, prepare(lines, first, "k")) for first, lines in portions()]
    with Helpers("k", helping_out) as helpers:
        assert [tuple(helped) for helped in helpers.prepare(portions(), UTC)] == expected
        assert bool(multiprocessing.active_children()) == bool(helping_out)
    assert multiprocessing.active_children() == []


def test_few_portions_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(helping, "ALONE", PORTIONS + 1)
    with Helpers("k", 2) as helpers:
        assert len(list(helpers.prepare(portions(), UTC))) == PORTIONS
        assert multiprocessing.active_children() == []


def test_portions_that_wait_are_bounded() -> None:
    read = 0

    def counted() -> Iterator[tuple[int, list[bytes]]]:
        nonlocal read
        for portion in portions():
            read += 1
            yield portion

    with Helpers("k", 1) as helpers:
        for number, _ in enumerate(helpers.prepare(counted(), UTC), start=1):
            assert read - number <= 2 * helping.AHEAD


def test_the_death_of_a_helper_is_told() -> None:
    with Helpers("k", 1) as helpers:
        endless = helpers.prepare(((first, lines_of(first)) for first in count(1, SIZE)), UTC)
        while not (children := multiprocessing.active_children()):
            next(endless)
        children[0].kill()
        with pytest.raises(Unavailable, match="Nothing of the file is recorded"):
            deque(endless, maxlen=0)


def test_helpers_end_with_whom_they_help() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as importing:
        assert importing.stdout is not None
        helpers = [int(pid) for pid in importing.stdout.readline().split()]
        assert len(helpers) == 2
        importing.send_signal(signal.SIGKILL)

    def are_gone() -> bool:
        return not any(not _has_ended(pid) for pid in helpers)

    wait_until(are_gone, what="the end of both helpers")


def _has_ended(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
