"""Event streams and questions on one server: how long questions take, and how soon events arrive."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import cycle
from typing import cast

import httpx2
import uvloop

from api.live.tail import MOST_ITEMS
from bench.appending import OUR_BATCH, in_batches
from bench.generating import PLACES, place_ids, registry
from bench.measuring import Report, fresh_cluster, percentile
from bench.pacing import keep_pace, told_at
from bench.serving import served
from domain.kinds.envelope import Development
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from ledger.recording import Item

READERS = 16
SHARES = ((0.5, "median"), (0.99, "p99"), (1.0, "max"))
PATIENCE = 60.0
"""Seconds."""
RECORDED_AT = re.compile(rb'"recorded_at":"([^"]+)"')
LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


@dataclass(slots=True)
class Arrivals:
    """What came over all streams: the text of `recorded_at` and the seconds since 1970 when it came."""

    events: list[tuple[bytes, float]] = field(default_factory=list)

    def lags(self) -> list[float]:
        """Milliseconds from the time in each event, which is stamped before its commit, to its arrival."""
        stamps = {text: datetime.fromisoformat(text.decode()).timestamp() for text, _ in self.events}
        return [(came - stamps[text]) * 1000 for text, came in self.events]


class _Stream(asyncio.Protocol):
    """One event stream that notes what comes."""

    def __init__(self, arrivals: Arrivals, opened: asyncio.Future[None]) -> None:
        self._arrivals = arrivals
        self._opened = opened
        self._rest = b""
        self.count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks for the log from now on."""
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(b"GET /v1/events/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")

    def data_received(self, data: bytes) -> None:
        """Notes each event of which the end has come."""
        now = time.time()
        whole, end, rest = (self._rest + data).rpartition(b"\n\n")
        self._rest = rest
        if end and not self._opened.done():
            assert whole.startswith(b"HTTP/1.1 200 "), whole[:200]
            self._opened.set_result(None)
        for text in RECORDED_AT.findall(whole):
            self._arrivals.events.append((text, now))
            self.count += 1


def measure_streaming(streams: int, reads: int, writes: int, seconds: int) -> Report:
    """So many streams open, so many reads and writes a second, for so long."""
    report = Report(
        title=f"{streams:,} event streams and {reads:,} reads a second",
        notes=f"One `palimpsest serve`, which also follows the log. {writes:,} developments a second are "
        f"recorded, and every stream is sent all of them; {reads:,} states of places a second are asked for "
        f"over {READERS} connections, each when it is due, whether or not the last one is answered, for "
        f"{seconds} s. A read is counted from the moment it was due. Delivery is the time from "
        "`recorded_at`, which is stamped before the commit, until the whole event is there, in a client that "
        "reads all streams in one process on the same cores. Alone means the same reads and writes with no "
        "stream open. "
        "At the end every stream has had every event once.",
    )
    claims, first = told_at(writes, seconds, seed=1)
    more, second = told_at(writes, seconds, seed=2)
    with fresh_cluster() as conninfo, Database(conninfo) as database, Ledger(database) as ledger:
        items = [Item(event=each) for each in (*registry(PLACES), *claims, *more)]
        in_batches(items, OUR_BATCH, partial(ledger.record, recorded_by="bench"))
        with database.connection() as connection:
            head = head_position(connection)
        with served(conninfo) as port:
            _wait_for(port, head)
            alone, _ = uvloop.run(_run(port, 0, reads, first, ledger, writes))
            together, arrivals = uvloop.run(_run(port, streams, reads, second, ledger, writes))
    for share, name in SHARES:
        report.add(f"read alone, {name}", "ms", [percentile(alone, share)])
        report.add(f"read beside the streams, {name}", "ms", [percentile(together, share)])
        report.add(f"delivery, {name}", "ms", [percentile(arrivals.lags(), share)])
    report.add("events delivered a second", "", [len(arrivals.events) / seconds])
    return report


def _wait_for(port: int, position: int) -> None:
    """Waits until the read models cover a log position."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        while client.get("/v1/locations?limit=1", params={"min_log_position": position}).status_code != 200:
            time.sleep(0.1)


async def _run(
    port: int, streams: int, reads: int, told: Sequence[Development], ledger: Ledger, writes: int
) -> tuple[list[float], Arrivals]:
    """Milliseconds of each read, and what came over the streams."""
    assert len(told) < MOST_ITEMS or not streams
    arrivals = Arrivals()
    opened = [await _open(port, arrivals) for _ in range(streams)]
    paced = asyncio.create_task(asyncio.to_thread(keep_pace, ledger, told, writes))
    took = await _read_at(port, reads, len(told) / writes)
    await paced
    deadline = time.monotonic() + PATIENCE
    while len(arrivals.events) < len(told) * streams and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    assert {stream.count for stream in opened} <= {len(told)}, "every stream has every event once"
    for stream in opened:
        stream.transport.close()
    return took, arrivals


async def _open(port: int, arrivals: Arrivals) -> _Stream:
    """A stream that has begun."""
    loop = asyncio.get_running_loop()
    opened = loop.create_future()
    _, stream = await loop.create_connection(lambda: _Stream(arrivals, opened), "127.0.0.1", port)
    await opened
    return stream


async def _read_at(port: int, rate: int, seconds: float) -> list[float]:
    """Asks for states at this rate; milliseconds of each answer from when it was due."""
    due: asyncio.Queue[float | None] = asyncio.Queue()
    took: list[float] = []
    places = cycle(place_ids(PLACES))
    readers = [asyncio.create_task(_answer(port, due, places, took)) for _ in range(READERS)]
    started = time.perf_counter()
    for number in range(int(rate * seconds)):
        at = started + number / rate
        if (early := at - time.perf_counter()) > 0:
            await asyncio.sleep(early)
        due.put_nowait(at)
    for _ in readers:
        due.put_nowait(None)
    await asyncio.gather(*readers)
    return took


async def _answer(port: int, due: asyncio.Queue[float | None], places: cycle[str], took: list[float]) -> None:
    """One connection that asks for what is due next."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while (at := await due.get()) is not None:
        writer.write(f"GET /v1/locations/{next(places)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head[:200]
        length = LENGTH.search(head)
        assert length is not None
        await reader.readexactly(int(length[1]))
        took.append((time.perf_counter() - at) * 1000)
    writer.close()
