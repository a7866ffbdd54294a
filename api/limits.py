"""The largest body that is read. It is counted as it arrives, so that one without a length is bounded too."""

from __future__ import annotations

import anyio
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import handle_ours
from domain.errors import TooLarge

LINGER_SECONDS = 2.0
"""For so long, what a client still sends is thrown away, so that it comes to read the answer."""


class BodyLimit:
    """Refuses bodies over `limit` bytes with a problem, before a route sees them."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit:
            await self._refuse(scope, receive, send)
            return
        received = 0
        started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._limit:
                raise _BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, counted, noted)
        except _BodyTooLarge:
            if not started:
                await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers at once, then reads on for a moment: a connection that is closed on a client that still
        sends is reset, and the answer lost with it.
        """
        message = f"The body is over {self._limit} bytes. Send less at a time, or import it as a file."
        response = handle_ours(Request(scope), TooLarge(message))
        response.headers["Connection"] = "close"
        headers = response.raw_headers
        await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": response.body, "more_body": True})
        with anyio.move_on_after(LINGER_SECONDS):
            while (await receive()).get("more_body", False):
                pass
        await send({"type": "http.response.body", "body": b""})


class _BodyTooLarge(BaseException):
    """Passes through handlers of ordinary errors, up to the middleware."""
