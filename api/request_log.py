"""A line in the log for each request, and the request's id on every line that is logged while it runs."""

from __future__ import annotations

import re
import time

import structlog
import uuid_utils
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger(__name__)

HEADER = b"x-request-id"
SANE = re.compile(rb"[!-~]{1,120}")
"""Ids that are taken over: printable ASCII without blanks, of a length that can be kept."""
TRACEPARENT = re.compile(
    rb"(?!ff|00-.{53})[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?"
)
"""W3C Trace Context: version, trace id, parent id, flags; after those, a version above 00 may say more."""
PROBES = ("/healthz", "/readyz", "/metrics")
"""Asked every few seconds: logged at debug only."""


class RequestLog:
    """Names each request, by its `X-Request-ID` or an id of ours, logs it, and sends the name back.

    Only the method, the path, the status and the time are logged, and the ids of a trace that the request is
    part of (`traceparent`): never another header, and never the query, so never a key.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log = log.bind()  # which the logger does for each line otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and logs it when it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ids = request_ids(scope)
        scope["state"] = {**scope.get("state", {}), "request_id": ids["request_id"]}
        name = (HEADER, ids["request_id"].encode())
        status = 0
        started = time.perf_counter()

        async def named(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": [*message["headers"], name]}
            await send(message)

        tokens = structlog.contextvars.bind_contextvars(**ids)
        try:
            await self._app(scope, receive, named)
        finally:
            tell = self._log.debug if scope["path"] in PROBES else self._log.info
            took = round((time.perf_counter() - started) * 1000, 1)
            tell("request", method=scope["method"], path=scope["path"], status=status, ms=took)
            structlog.contextvars.reset_contextvars(**tokens)


def request_ids(scope: Scope) -> dict[str, str]:
    """The ids that lines of the log have: `request_id`, the client's own if sane, and those of a trace."""
    ids = {}
    for name, value in scope["headers"]:
        if name == HEADER and SANE.fullmatch(value):
            ids["request_id"] = value.decode()
        elif name == b"traceparent" and (traced := TRACEPARENT.fullmatch(value)):
            ids["trace_id"], ids["span_id"] = traced[1].decode(), traced[2].decode()
    if "request_id" not in ids:
        ids["request_id"] = str(uuid_utils.uuid7())
    return ids
