"""A light HTTP client: so many connections at once, each asking again as soon as it was answered.

It does the least there is to do, so that what is measured is the server. It looks at the status and counts
the bytes; it takes about a fifth of the time that the leanest server needs.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import cast

import uvloop

OK, CREATED = b"HTTP/1.1 200 ", b"HTTP/1.1 201 "
LENGTH = b"\r\ncontent-length: "


@dataclass(slots=True)
class Load:
    """What came of it: the seconds it took, and the milliseconds of each answer."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.took) / self.seconds


def load(port: int, paths: Sequence[str], *, connections: int, seconds: float) -> Load:
    """Asks for the paths in turn on the loopback, for so long. Every answer must be 200."""
    return uvloop.run(_load(port, cycle(_gets(paths)), OK, connections, seconds))


def get_each(port: int, paths: Sequence[str], *, connections: int) -> Load:
    """Asks for each path once, on the loopback. Every answer must be 200."""
    return uvloop.run(_load(port, iter(_gets(paths)), OK, connections, float("inf")))


def _gets(paths: Sequence[str]) -> list[bytes]:
    return [f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths]


def post(
    port: int, path: str, bodies: Iterable[bytes], headers: Mapping[str, str], *, connections: int
) -> Load:
    """Posts each body once, as JSON, on the loopback. Every answer must be 201."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{lines}"
    requests = (b"%bContent-Length: %d\r\n\r\n%b" % (head.encode(), len(body), body) for body in bodies)
    return uvloop.run(_load(port, requests, CREATED, connections, float("inf")))


async def _load(
    port: int, requests: Iterator[bytes], expected: bytes, connections: int, seconds: float
) -> Load:
    loop = asyncio.get_running_loop()
    told = Load()
    started = time.perf_counter()
    until = started + seconds
    callers = [_Caller(requests, expected, until, told, loop.create_future()) for _ in range(connections)]
    for caller in callers:
        await loop.create_connection(lambda caller=caller: caller, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*(caller.ended for caller in callers))
    told.seconds = time.perf_counter() - started
    return told


class _Caller(asyncio.Protocol):
    """One connection."""

    def __init__(
        self,
        requests: Iterator[bytes],
        expected: bytes,
        until: float,
        told: Load,
        ended: asyncio.Future[None],
    ) -> None:
        self._requests = requests
        self._expected = expected
        self._until = until
        self._told = told
        self.ended = ended
        self._asked = 0.0
        self._received = 0
        self._whole = 0
        """The length of the answer, once its head was seen."""
        self._head = b""
        self._is_done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the first time."""
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        """Sends the next request, if there is one and there is time for it."""
        self._received = self._whole = 0
        self._head = b""
        self._asked = time.perf_counter()
        request = next(self._requests, None) if self._asked < self._until else None
        if request is None:
            self._is_done = True
            self._transport.close()
        else:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Asks again when the answer is whole."""
        self._received += len(data)
        if not self._whole:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            assert self._head.startswith(self._expected), self._head[:200]
            at = self._head.lower().index(LENGTH) + len(LENGTH)
            self._whole = end + 4 + int(self._head[at : self._head.index(b"\r\n", at)])
        if self._received < self._whole:
            return
        now = time.perf_counter()
        self._told.took.append((now - self._asked) * 1000)
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends this caller's part; with an error, unless there was nothing left to ask."""
        if self.ended.done():
            return
        if self._is_done:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(exc or ConnectionResetError("the server hung up"))
