"""Answers leave in one piece, in order, and whole before the connection ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from cli.one_write import AT_ONCE, _Gathering


class Sent:
    """A transport that remembers each write, and does nothing after its end."""

    def __init__(self) -> None:
        self.writes: list[bytes] = []
        self.ended = False

    def write(self, data: bytes) -> None:
        assert not self.ended
        self.writes.append(data)

    def close(self) -> None:
        self.ended = True

    def is_closing(self) -> bool:
        return self.ended


def written(work: Callable[[Any], object]) -> list[bytes]:
    """What is written by some work in one turn of the loop, and right after it."""

    async def go() -> list[bytes]:
        sent = Sent()
        work(_Gathering(sent, asyncio.get_running_loop()))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        return sent.writes

    return asyncio.run(go())


def test_what_is_written_in_one_turn_leaves_together() -> None:
    assert written(lambda transport: [transport.write(part) for part in (b"head", b"body")]) == [b"headbody"]


def test_what_is_large_does_not_wait() -> None:
    large = bytes(AT_ONCE)
    parts = (b"head", large, b"rest", b"end")
    assert written(lambda transport: [transport.write(part) for part in parts]) == [
        b"head" + large,
        b"restend",
    ]


def test_everything_goes_before_the_end_and_nothing_after() -> None:
    def work(transport: Any) -> None:
        transport.write(b"answer")
        transport.close()
        transport.write(b"too late")

    assert written(work) == [b"answer"]


def test_nothing_is_written_on_a_connection_that_was_lost() -> None:
    def work(transport: Any) -> None:
        transport.write(b"answer")
        transport._transport.ended = True

    assert written(work) == []
