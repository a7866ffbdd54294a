"""The end of the log in memory: bounded, read once, and never in anybody's way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from api.live import streams, tail
from api.live.items import read_items
from api.live.streams import EventStream, Following
from api.live.tail import Tail, open_tail
from domain.interests import Interest
from ledger.application import Ledger
from ledger.database import Database
from ledger.recording import Item
from tests.builders import REGISTRY, statement

NOBODY_KNOWS = "tests"


@pytest.fixture
def told(ledger: Ledger) -> Ledger:
    ledger.record([Item(event=thing) for thing in REGISTRY], recorded_by=NOBODY_KNOWS)
    return ledger


def say(ledger: Ledger, *names: str) -> int:
    """Records statements; the log position after them."""
    recorded = ledger.record(
        [Item(event=statement(name, summary=name * 50)) for name in names], recorded_by=NOBODY_KNOWS
    )
    assert recorded.log_position is not None
    return recorded.log_position


async def yes() -> bool:
    return True


def follow(tail: Tail, database: Database, after: int, **more: Any) -> Following:
    given: dict[str, Any] = {"interest": Interest(), "is_resumed": True, "may_go_on": yes, **more}
    return Following(tail=tail, database=database, after=after, **given)


def ids(chunks: bytes) -> list[int]:
    return [int(line[4:]) for line in chunks.splitlines() if line.startswith(b"id: ")]


class Client:
    """The other end of a response: it takes what it is sent while it is told to."""

    def __init__(self) -> None:
        self.taken = b""
        self.sends = 0
        self.reads = asyncio.Event()
        self.reads.set()
        self.gone = asyncio.Event()
        self._came = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.sends += 1
        self._came.set()
        await self.reads.wait()
        self.taken += message.get("body", b"")

    async def receive(self) -> dict[str, str]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def has(self, condition: Callable[[], bool]) -> None:
        """Waits until what was sent is enough."""
        async with asyncio.timeout(30):
            while not condition():
                self._came.clear()
                if not condition():
                    await self._came.wait()
                await asyncio.sleep(0)

    async def has_come_to(self, position: int) -> None:
        """Waits until the last position that was sent is this one."""
        await self.has(lambda: ids(self.taken)[-1:] == [position])


@asynccontextmanager
async def streaming(following: Following) -> AsyncIterator[Client]:
    """A client of a stream, until it goes away."""
    client = Client()
    response = asyncio.create_task(EventStream(following)({"type": "http"}, client.receive, client.send))
    yield client
    client.gone.set()
    async with asyncio.timeout(30):
        await response


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(test())


def test_what_is_appended_is_read_once_for_all(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = list[int]()

    def counted(database: Database, after: int, limit: int, **more: Any) -> Any:
        found = read_items(database, after, limit, **more)
        reads.extend(item.log_position for item in found)
        return found

    monkeypatch.setattr(tail, "read_items", counted)
    monkeypatch.setattr(streams, "read_items", counted)

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            head = len(REGISTRY)
            async with (
                streaming(follow(followed, database, head)) as one,
                streaming(follow(followed, database, head)) as other,
            ):
                await followed.wait_beyond(0, 30)
                reads.clear()
                last = await asyncio.to_thread(say, told, "a", "b", "c")
                for client in (one, other):
                    await client.has_come_to(last)
                    assert ids(client.taken) == [last - 2, last - 1, last]
        assert reads == [last - 2, last - 1, last]

    run(test)


def test_a_client_that_does_not_read_costs_no_memory_and_misses_nothing(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_ITEMS", 8)
    monkeypatch.setattr(streams, "SENT_AT_ONCE", 1)
    head = len(REGISTRY)

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            async with (
                streaming(follow(followed, database, head)) as slow,
                streaming(follow(followed, database, head)) as quick,
            ):
                await followed.wait_beyond(0, 30)
                slow.reads.clear()
                last = head
                for number in range(40):
                    last = await asyncio.to_thread(say, told, f"s-{number}")
                    await quick.has_come_to(last)
                    assert len(followed._items) <= 8
                assert slow.sends <= 3, "what it does not take is not even fetched"
                assert followed.find_after(head, 100) is None, "the tail has long gone on"
                slow.reads.set()
                await slow.has_come_to(last)
                assert ids(slow.taken) == ids(quick.taken) == list(range(head + 1, last + 1))

    run(test)


def test_large_events_are_not_kept_either(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail, "MOST_BYTES", 2_000)

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            async with streaming(follow(followed, database, 0)) as client:
                last = await asyncio.to_thread(say, told, *(f"long-{number}" for number in range(20)))
                await client.has_come_to(last)
                assert followed._size <= 2_000
                assert sum(len(item.frame) for item in followed._items) == followed._size
                assert ids(client.taken) == list(range(1, last + 1))

    run(test)


def test_a_client_that_takes_nothing_for_long_is_cut_off(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PATIENCE_SECONDS", 0.05)

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            client = Client()
            async with asyncio.timeout(30):
                response = EventStream(follow(followed, database, 0))
                started = asyncio.create_task(response({"type": "http"}, client.receive, client.send))
                await client.has(lambda: b"retry" in client.taken)
                client.reads.clear()
                await asyncio.to_thread(say, told, "more")
                await started
            assert followed.followers == 0

    run(test)


def test_heartbeats_say_how_far_the_log_was_looked_through(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    unwanted = Interest(kinds=("supply-cut",))

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            async with streaming(follow(followed, database, 0, interest=unwanted)) as client:
                await client.has(lambda: client.taken.count(b": heartbeat\n") >= 3)
                last = await asyncio.to_thread(say, told, "a")
                await client.has_come_to(last)
        assert ids(client.taken) == [len(REGISTRY), last], "each position is told once"
        assert b"data:" not in client.taken

    run(test)


def test_whoever_may_not_read_any_more_is_told_nothing_more(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.02)
    may: list[bool] = [True, True, False]

    async def may_go_on() -> bool:
        return may.pop(0)

    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            following = follow(followed, database, len(REGISTRY), may_go_on=may_go_on)
            async with asyncio.timeout(30):
                sent = b"".join([chunk async for chunk in following.chunks()])
        assert sent.count(b": heartbeat") == 2

    run(test)


def test_clients_that_come_back_after_a_restart_are_served_from_memory(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            async with streaming(follow(followed, database, len(REGISTRY))):
                await followed.wait_beyond(0, 30)
                found = followed.find_after(2, 3)
                assert found is not None
                assert [item.log_position for item in found] == [3, 4, 5]

    run(test)


def test_it_reads_only_while_somebody_follows(told: Ledger, database: Database) -> None:
    async def test() -> None:
        with open_tail(database, at_once=10) as followed:
            for name in ("a", "b"):
                async with streaming(follow(followed, database, 0)) as client:
                    last = await asyncio.to_thread(say, told, name)
                    await client.has_come_to(last)
                assert (followed.head, followed.find_after(0, 1)) == (None, None)
                assert ids(client.taken) == list(range(1, last + 1))

    run(test)


def test_everybody_who_waits_is_woken(told: Ledger, database: Database) -> None:
    """More of them than are woken at once, and none of them more often than there is something to do."""
    woken = list[int]()

    async def test() -> None:
        with open_tail(database, at_once=1_000) as followed:
            head = len(REGISTRY)

            async def wait(number: int) -> None:
                await followed.wait_beyond(head, 30)
                woken.append(number)

            with followed.followed():
                await followed.wait_beyond(0, 30)
                async with asyncio.timeout(30):
                    sleepers: list[Awaitable[None]] = [
                        asyncio.create_task(wait(number)) for number in range(3 * tail.WOKEN_AT_ONCE + 1)
                    ]
                    await asyncio.sleep(0)
                    await asyncio.to_thread(say, told, "a")
                    await asyncio.gather(*sleepers)
        assert sorted(woken) == list(range(3 * tail.WOKEN_AT_ONCE + 1))

    run(test)


def test_what_is_sent_is_an_event_stream(told: Ledger, database: Database) -> None:
    [item] = read_items(database, 0, 1)
    head, data, *rest = item.frame.decode().split("\ndata: ")
    assert head == "id: 1"
    assert json.loads(data)["stream"] == "actor:russia"
    assert data.endswith("}\n\n")
    assert rest == []


def test_what_many_are_sent_is_put_together_once_for_each_wish(
    told: Ledger, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = list[int]()
    cut = Following._cut

    def counted(following: Following, position: int, items: Any) -> Any:
        piece = cut(following, position, items)
        made.append(piece.count)
        return piece

    monkeypatch.setattr(Following, "_cut", counted)

    async def test() -> None:
        head = len(REGISTRY)
        wishes = [Interest()] * 10 + [Interest(kinds=("statement-made",))] * 10
        with open_tail(database, at_once=len(wishes)) as followed:
            async with AsyncExitStack() as stack:
                clients = [
                    await stack.enter_async_context(
                        streaming(follow(followed, database, head, interest=wish))
                    )
                    for wish in wishes
                ]
                async with asyncio.timeout(30):
                    while followed.head != head or len(followed._waiting) < len(clients):  # noqa: ASYNC110
                        await asyncio.sleep(0.01)
                made.clear()
                position = await asyncio.to_thread(say, told, "one", "two")
                for client in clients:
                    await client.has_come_to(position)
        assert sum(made) <= 2 * 2, "two events, for each of two wishes"

    run(test)
