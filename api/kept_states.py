"""States of places at all clocks now, kept as they were written, and sent again while nothing has changed.

Whether something has is asked of the database each time, for all who wait in one question, so an answer is
never older than one that is made anew. What is kept is only the work of making it: docs/decisions/0035.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from anyio.to_thread import run_sync
from fastapi import Request, Response
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from api.answers import complete_headers, digest_of, etag_of, respond, with_canonical, write_clocks
from api.coalescing import Coalesced
from api.composition import Services
from api.cursors import plainly_pinned
from api.errors import handle
from domain.errors import PalimpsestError
from domain.kinds.envelope import SLUG
from domain.times import Clocks, before_instant
from ledger.asking import Asker
from projections.reading.versions import Lasting, find_versions

ADDRESS = "/v1/locations/"
ELSEWHERE = "accept-datetime"
"""The header of a request for another state."""
MOST_BYTES = 64 * 1024 * 1024
OVERHEAD = 1_000
"""Bytes that an entry takes beside its content, about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptState:
    """The content of an answer and its digest, the revision that its ETag starts with, and its headers."""

    lasting: Lasting
    revision: int
    content: bytes
    digest: str
    headers: Mapping[str, str]


class KeptStates:
    """The answers, by place; those not asked for the longest give way when there are too many bytes. The
    `asker` is for versions alone, so that a question waits for no other than its like.
    """

    def __init__(self, services: Services, asker: Asker, most: int = MOST_BYTES) -> None:
        self._services = services
        self._most = most
        self._bytes = 0
        self._kept: OrderedDict[str, KeptState] = OrderedDict()
        self._lock = threading.Lock()
        self._find_version = Coalesced(partial(find_versions, asker))

    def __len__(self) -> int:
        return len(self._kept)

    def keep(
        self, place: str, lasting: Lasting, content: bytes, revision: int, headers: Mapping[str, str]
    ) -> None:
        """Keeps an answer in the place of the one before."""
        state = KeptState(
            lasting=lasting,
            revision=revision,
            content=content,
            digest=digest_of(content),
            headers=complete_headers(self._services, headers),
        )
        with self._lock:
            self._drop(place)
            self._kept[place] = state
            self._bytes += len(state.content) + OVERHEAD
            while self._bytes > self._most:
                self._drop(next(iter(self._kept)))

    async def find(self, place: str) -> tuple[KeptState, Clocks] | None:
        """The answer about a place, and the clocks at which it is given, if it still is the answer."""
        kept = self._kept.get(place)
        if kept is None:
            return None
        try:
            reached = await self._find_version(place)
        except PalimpsestError:
            return None  # whoever makes the answer anew will say what is wrong
        now = self._services.reader.now()
        if reached is None or not kept.lasting.holds(reached.version, before_instant(now)):
            with self._lock:
                if self._kept.get(place) is kept:
                    self._drop(place)
            return None
        if reached.position < self._services.reader.awaited():
            return None
        with self._lock:
            if place in self._kept:
                self._kept.move_to_end(place)
        return kept, Clocks(valid_at=now, known_at=now, recorded_at=now, log_position=reached.position)

    def _drop(self, place: str) -> None:
        dropped = self._kept.pop(place, None)
        if dropped is not None:
            self._bytes -= len(dropped.content) + OVERHEAD


class QuickStates:
    """Answers for the state of a place, at all clocks now and in full, past the router: from what is kept,
    else by `read` on another thread. Where reading needs a key, everything is passed on.
    """

    def __init__(self, app: ASGIApp, route: BaseRoute, read: Callable[[Request, str], Response]) -> None:
        self._app = app
        self._route = route
        self._read = read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes the request on."""
        if (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"].startswith(ADDRESS)
            and not scope["query_string"]
            and SLUG.fullmatch(place := scope["path"][len(ADDRESS) :])
            and scope["app"].state.settings.public_read
            and ELSEWHERE not in (asking := Headers(scope=scope))
        ):
            scope["route"] = self._route
            kept: KeptStates = scope["app"].state.kept_states
            if found := await kept.find(place):
                response = _respond(asking, scope["path"], *found)
            else:
                response = await self._read_anew(Request(scope, receive, send), place)
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _read_anew(self, request: Request, place: str) -> Response:
        try:
            return await run_sync(self._read, request, place)
        except Exception as error:  # noqa: BLE001 - what was not foreseen is raised again
            return handle(request, error)


def _respond(asking: Headers, path: str, state: KeptState, clocks: Clocks) -> Response:
    ending = write_clocks(clocks)
    headers = with_canonical(state.headers, plainly_pinned(path, clocks))
    etag = etag_of(state.digest, state.revision, clocks, ending)
    return respond(asking, state.content + ending, etag, headers, reaching=0)
