"""The HTTP server in this process: its port, its start, its graceful end."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
import uvicorn

from api.app import create_app
from api.request_log import RequestLog
from cli.ports import url_of

if TYPE_CHECKING:
    from api.settings import Settings

log = structlog.get_logger(__name__)

GRACE_SECONDS = 20
"""How long requests under way may take to finish when the server is told to stop."""


class _Server(uvicorn.Server):
    """Says where it listens once it answers there."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Opens the application, then the port."""
        await super().startup(sockets)
        self._ready()


def serve_on(listening: socket.socket, settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serves until SIGTERM, SIGHUP or Ctrl-C, then finishes the requests under way."""
    url = url_of(listening)

    def tell() -> None:
        log.info("serving", url=url)
        ready()

    config = uvicorn.Config(
        RequestLog(create_app(settings)),
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, tell)
    # uvicorn raises the signal that ended it again when all is closed: SIGTERM is then no failure.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, server.handle_exit)
    try:
        server.run(sockets=[listening])
    finally:
        log.info("stopped serving", url=url)
