"""A stream of the log to one client, as an event stream (server-sent events)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from time import monotonic

import anyio
from anyio.to_thread import run_sync
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from api.live.items import Item, Piece, read_items
from api.live.tail import POLL_SECONDS, READ_AT_ONCE, Tail
from api.methods import HEADERS_ONLY
from domain.errors import Unavailable, UndecodableEvent
from domain.interests import Interest
from ledger.database import Database

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2_000
PATIENCE_SECONDS = 60.0
"""A client that takes nothing for so long is cut off."""
SENT_AT_ONCE = 64 * 1024
"""Bytes, or one event if it is larger: this is what a client that does not read holds in memory."""
FEWEST_READ, FIRST_READ = 10, 100
HEADERS = {
    # Neither kept nor compressed nor gathered on the way: each event is to arrive when it is sent.
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",
}


@dataclass(slots=True, kw_only=True)
class Following:
    """What one client follows of the log, and from where.

    `after` is the last position that it has; `is_resumed` when it named that itself. `may_go_on` is asked at
    each heartbeat whether it may still read.
    """

    tail: Tail
    database: Database
    interest: Interest
    after: int
    is_resumed: bool
    may_go_on: Callable[[], Awaitable[bool]]
    _limit: int = FIRST_READ
    """So many events are read from the log at once; fewer where they are large."""

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The event stream, in pieces that end between events. While one is sent, no other is held.

        It ends when the server does, when the client may not read any more, or before an event that cannot
        be read. A block of an `id` alone is no event, but clients remember it: so far the log was looked
        through, and whoever comes back need not wait for that again.
        """
        position = told = self.after
        yield b"retry: %d\n%s\n" % (RETRY_MILLISECONDS, b"" if self.is_resumed else b"id: %d\n" % position)
        beat_at = monotonic() + HEARTBEAT_SECONDS
        while (piece := await self._next(position, beat_at - monotonic())) is not None:
            position, told = piece.position, piece.told or told
            if piece.frames:
                yield piece.frames
            if monotonic() >= beat_at:
                if not await self.may_go_on():
                    return
                yield b": heartbeat\n%s\n" % (b"id: %d\n" % position if position > told else b"")
                told = position
                beat_at = monotonic() + HEARTBEAT_SECONDS

    async def _next(self, position: int, seconds: float) -> Piece | None:
        """The next piece, an empty one when there was nothing for a while; None at the end."""
        if self.tail.is_closed:
            return None
        piece = self._find_cut(position) or await self._catch_up(position)
        if piece is None:
            return None
        if not piece.count:
            if self.tail.is_stuck:
                return None
            await self.tail.wait_beyond(position, seconds)
        return piece

    def _find_cut(self, position: int) -> Piece | None:
        """The next piece from memory, made once for all who wish for the same; None when it is not there."""
        piece = self.tail.pieces.get((position, self.interest))
        if piece is None and (items := self.tail.find_after(position, READ_AT_ONCE)) is not None:
            piece = self._cut(position, items)
            self.tail.keep_piece(position, self.interest, piece)
        return piece

    async def _catch_up(self, position: int) -> Piece | None:
        """What is not in memory any more, from the log; None at an event that cannot be read."""
        about = not self.interest.is_everything
        read = partial(read_items, self.database, position, self._limit, about=about)
        try:
            items = await run_sync(read, limiter=self.tail.catching_up)
        except UndecodableEvent:
            return None
        except Unavailable:
            await anyio.sleep(POLL_SECONDS)
            return Piece(position=position)
        piece = self._cut(position, items)
        # What was read and is not sent now is read again: no more than about twice what is sent.
        self._limit = min(READ_AT_ONCE, max(FEWEST_READ, 2 * piece.count))
        return piece

    def _cut(self, position: int, items: Sequence[Item]) -> Piece:
        """As many of the events as are sent at once."""
        frames: list[bytes] = []
        size, told, count = 0, None, 0
        for item in items:
            if self.interest.covers(item.topic, item.subjects):
                if frames and size + len(item.frame) > SENT_AT_ONCE:
                    break
                frames.append(item.frame)
                size += len(item.frame)
                told = item.log_position
            position = item.log_position
            count += 1
        return Piece(position=position, frames=b"".join(frames), told=told, count=count)


class EventStream(StreamingResponse):
    """The response. Nothing of it goes on once its client is gone."""

    def __init__(self, following: Following) -> None:
        self._chunks = following.chunks()
        super().__init__(self._chunks, media_type=MEDIA_TYPE, headers=HEADERS)
        self._tail = following.tail

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Streams until either side ends it."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        is_whole = bool(scope.get(HEADERS_ONLY))
        if not is_whole:
            with self._tail.followed():
                async with anyio.create_task_group() as group:
                    group.start_soon(_wait_until_gone, receive, group.cancel_scope)
                    await self._send_all(send, group.cancel_scope.cancel)
                    is_whole = True
                    group.cancel_scope.cancel()
        if is_whole:
            await send({"type": "http.response.body", "body": b""})

    async def _send_all(self, send: Send, give_up: Callable[[], None]) -> None:
        """Sends the stream to its end; gives up when the client takes nothing any more."""
        later = asyncio.get_running_loop().call_later
        async with aclosing(self._chunks) as chunks:
            async for chunk in chunks:
                patience = later(PATIENCE_SECONDS, give_up)  # a cancel scope costs as much as all the rest
                try:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                finally:
                    patience.cancel()


async def _wait_until_gone(receive: Receive, streaming: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    streaming.cancel()
