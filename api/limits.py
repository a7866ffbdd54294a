"""The largest body that is read. It is counted as it arrives, so that a body without a length is bounded too."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import handle_ours
from domain.errors import TooLarge


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
        message = f"The body is over {self._limit} bytes. Send less at a time, or import it as a file."
        response = handle_ours(Request(scope), TooLarge(message))
        response.headers["Connection"] = "close"
        await response(scope, receive, send)


class _BodyTooLarge(BaseException):
    """Passes through handlers of ordinary errors, up to the middleware."""
