"""The HTTP protocol of the server: the head and the body of an answer leave together.

uvicorn writes them one after the other, which is two system calls here, and wakes the client twice.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

AT_ONCE = 16 * 1024
"""Bytes. What is larger is written at once, so that the transport can say in time when it has enough."""


class OneWrite(HttpToolsProtocol):
    """uvicorn's protocol, on a transport that gathers what is written in one turn of the event loop."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begins a connection."""
        gathering = _Gathering(cast(asyncio.Transport, transport), self.loop)
        super().connection_made(cast(asyncio.Transport, gathering))


class _Gathering:
    """A transport; all but writing is done by the one within."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Writes before the next turn of the loop, with what else is written until then."""
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)
        if len(data) >= AT_ONCE:
            self._flush()

    def close(self) -> None:
        """Closes the connection after what was written."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(b"".join(parts))
