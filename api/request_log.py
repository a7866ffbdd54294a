"""A line in the log for each request, and the request's id on every line that is logged while it runs."""

from __future__ import annotations

import time

import structlog
import uuid_utils
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
LONGEST = 120
PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds: logged at debug only."""


class RequestLog:
    """Names each request, by its `X-Request-ID` or an id of ours, logs it, and sends the name back.

    Only the method, the path, the status and the time are logged: never a header, so never a key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and logs it when it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = request_name(Headers(scope=scope).get(HEADER))
        status = 0
        started = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=name):
            try:
                await self._app(scope, receive, named)
            finally:
                tell = log.debug if scope["path"] in PROBES else log.info
                took = round((time.perf_counter() - started) * 1000, 1)
                tell("request", method=scope["method"], path=scope["path"], status=status, ms=took)


def request_name(given: str | None) -> str:
    """The id that the client gave the request, if it can be shown, else a new one."""
    given = (given or "").strip()
    return given[:LONGEST] if given and given.isascii() and given.isprintable() else str(uuid_utils.uuid7())
