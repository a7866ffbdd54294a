"""The end of the log in memory, read once for everybody who follows it."""

from __future__ import annotations

import asyncio
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TypeVarTuple, Unpack

import anyio
import structlog
from prometheus_client import CollectorRegistry, Gauge

from api.live.items import Item, Piece, read_items
from domain.errors import Unavailable, UndecodableEvent
from domain.interests import Interest
from ledger.database import Database
from ledger.listening import Listener
from ledger.reading import head_position

log = structlog.get_logger(__name__)

Arguments = TypeVarTuple("Arguments")

POLL_SECONDS = 0.5
READ_AT_ONCE = 500
RECENT = 2_000
"""So many positions before the end are read at first, for clients that come back after a restart."""
MOST_ITEMS = 4_000
MOST_BYTES = 16 * 1024 * 1024
READING_AT_ONCE = 4
"""So many streams read what is no longer in memory at a time; threads and connections are for questions."""
WOKEN_AT_ONCE = 50
"""Between so many streams, the event loop looks after other requests."""
LOOK_SECONDS = 0.2
"""How late a wait that has an end may end."""
MOST_PIECES = 100


class Tail:
    """The newest events, for the streams of one process.

    While anybody follows, one thread hears of appends, reads each event once, and hands it to the event
    loop; everything else here happens on that loop, without locks. What is no longer in memory is for the
    follower to read from the log. `at_once` at most may follow.
    """

    def __init__(self, database: Database, *, at_once: int) -> None:
        self._database = database
        self._at_once = at_once
        self._loop = asyncio.get_running_loop()
        self._items: list[Item] = []
        self._size = 0
        self._floor: int | None = None  # everything after it, up to the head, is in memory
        self.head: int | None = None
        self.is_stuck = False
        self.is_closed = False
        self.followers = 0
        self.catching_up = anyio.CapacityLimiter(READING_AT_ONCE)
        self.pieces: dict[tuple[int, Interest], Piece] = {}
        """What comes next after a position for those who wish for the same, as long as nothing is new."""
        self._waiting: dict[asyncio.Future[None], float] = {}
        """Until when each of them waits, by the clock of the loop."""
        self._looking = False
        self._wanted = threading.Event()
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    def refuse_when_full(self) -> None:
        """Raises Unavailable when as many follow as may."""
        if self.is_closed:
            raise Unavailable("The server is being stopped. Try again shortly.")
        if self.followers >= self._at_once:
            message = f"{self._at_once} streams are open, which is as many as this server takes."
            raise Unavailable(message, retry_after=5)

    @contextmanager
    def followed(self) -> Iterator[None]:
        """While it lasts, the end of the log is kept in memory."""
        self.followers += 1
        self._wanted.set()
        if self._thread is None and not self.is_closed:
            self._thread = threading.Thread(target=self._run, name="tail of the log", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            self.followers -= 1
            if self.followers == 0:
                self._wanted.clear()
                self._forget()

    def close(self) -> None:
        """Ends every stream, and the reading of the log. On the event loop; may be called again."""
        self.is_closed = True
        self._wanted.set()
        if self._listener is not None:
            self._listener.close()
        self._wake()

    def join(self) -> None:
        """Waits until the reading has ended, after `close`."""
        if self._thread is not None:
            self._thread.join()

    def find_after(self, position: int, limit: int) -> Sequence[Item] | None:
        """The events in memory after a position, at most `limit`; None when some of them are not there."""
        if self._floor is None or position < self._floor:
            return None
        first = bisect_right(self._items, position, key=lambda item: item.log_position)
        return self._items[first : first + limit]

    def keep_piece(self, position: int, interest: Interest, piece: Piece) -> None:
        """Remembers what somebody was sent, for others at the same position with the same wish."""
        if len(self.pieces) >= MOST_PIECES:
            self.pieces.clear()
        self.pieces[position, interest] = piece

    async def wait_beyond(self, position: int, seconds: float) -> None:
        """Returns when there are events after a position, when the tail is stuck or closed, or after about so
        many seconds.
        """
        if self.is_closed or self.is_stuck or (self.head is not None and self.head > position):
            return
        woken: asyncio.Future[None] = self._loop.create_future()
        self._waiting[woken] = self._loop.time() + seconds
        if not self._looking:
            self._look()
        try:
            await woken
        finally:
            del self._waiting[woken]

    def _look(self) -> None:
        """Wakes those whose time is up, again and again while anybody waits: one timer for all of them."""
        self._looking = bool(self._waiting)
        if self._looking:
            now = self._loop.time()
            self._wake_some([woken for woken, until in self._waiting.items() if until <= now])
            self._loop.call_later(LOOK_SECONDS, self._look)

    def _take(self, after: int, items: Sequence[Item]) -> None:
        """Adds what was read after a position, and wakes those who wait for it."""
        if self.is_closed or not self._wanted.is_set():
            return
        self.pieces.clear()
        if self.head != after:
            self._forget()
            self._floor = after
        self._items += items
        self._size += sum(len(item.frame) for item in items)
        self.head = items[-1].log_position if items else after
        self.is_stuck = False
        self._trim()
        self._wake()

    def _trim(self) -> None:
        """Drops the oldest quarter when there is too much. Whoever is still there reads it from the log."""
        while len(self._items) > MOST_ITEMS or (self._size > MOST_BYTES and len(self._items) > 1):
            dropped = self._items[: max(1, len(self._items) // 4)]
            del self._items[: len(dropped)]
            self._size -= sum(len(item.frame) for item in dropped)
            self._floor = dropped[-1].log_position

    def _forget(self) -> None:
        self.pieces.clear()
        self._items, self._size, self._floor, self.head = [], 0, None, None

    def _get_stuck(self) -> None:
        """Lets those who have everything before an event that cannot be read come to their end."""
        self.is_stuck = True
        self._wake()

    def _wake(self) -> None:
        """Wakes everybody who waits now, some at a time."""
        self._wake_some(list(self._waiting))

    def _wake_some(self, sleepers: list[asyncio.Future[None]]) -> None:
        for woken in sleepers[:WOKEN_AT_ONCE]:
            if not woken.done():
                woken.set_result(None)
        if rest := sleepers[WOKEN_AT_ONCE:]:
            self._loop.call_soon(self._wake_some, rest)

    # From here on: the thread that reads.

    def _run(self) -> None:
        while not self.is_closed:
            self._wanted.wait()
            # A connection of its own only while it is wanted: one that listens and does not read would keep
            # the server's queue of notifications from being cleared.
            with Listener(self._database) as listener:
                self._listener = listener
                self._read_on(listener)

    def _read_on(self, listener: Listener) -> None:
        position: int | None = None
        trouble = ""
        while self._wanted.is_set() and not self.is_closed:
            try:
                after = self._begin() if position is None else position
                items = read_items(self._database, after, READ_AT_ONCE)
                if items or position is None:
                    position = items[-1].log_position if items else after
                    self._tell(self._take, after, items)
                else:
                    listener.wait(POLL_SECONDS)
                trouble = ""
            except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again
                if isinstance(error, UndecodableEvent):
                    self._tell(self._get_stuck)
                if str(error) != trouble:
                    trouble = str(error)
                    log.warning("streams wait", reason=trouble)
                listener.wait(POLL_SECONDS)

    def _begin(self) -> int:
        with self._database.connection() as connection:
            return max(0, head_position(connection) - RECENT)

    def _tell(self, tell: Callable[[Unpack[Arguments]], None], *arguments: *Arguments) -> None:
        """Has the event loop do it; a loop that is closed has nobody left to tell."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(tell, *arguments)


def count_streams(registry: CollectorRegistry, tail: Tail) -> None:
    """Has metrics tell how many follow."""
    gauge = Gauge("palimpsest_event_streams", "Event streams that are open.", registry=registry)
    gauge.set_function(lambda: tail.followers)


@contextmanager
def open_tail(database: Database, *, at_once: int) -> Iterator[Tail]:
    """A tail, closed at the end; on the event loop that serves."""
    tail = Tail(database, at_once=at_once)
    try:
        yield tail
    finally:
        tail.close()
        tail.join()
