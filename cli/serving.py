"""The HTTP server in this process: its port, its start, its graceful end."""

from __future__ import annotations

import gc
import signal
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
import uvicorn

from api.app import create_app
from cli.ports import url_of

if TYPE_CHECKING:
    from api.settings import Settings

log = structlog.get_logger(__name__)

COLLECT_AFTER = 50_000
"""So many more objects than before make the collector look at the youngest; Python's own setting is 700."""
GRACE_SECONDS = 20
"""How long requests under way may take to finish when the server is told to stop."""


def _spare_the_collector() -> None:
    """Keeps the garbage collector from walking over all that stays: what was opened is here to stay, and a
    map makes tens of thousands of objects that go again by themselves. It took a third of a map's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


class _Server(uvicorn.Server):
    """Says where it listens once it answers there, and that it is about to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Opens the application, then the port."""
        await super().startup(sockets)
        _spare_the_collector()
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends what would go on by itself, then waits for the requests under way."""
        self._ending()
        await super().shutdown(sockets)


def serve_on(listening: socket.socket, settings: Settings, ready: Callable[[], None] = lambda: None) -> None:
    """Serves until SIGTERM, SIGHUP or Ctrl-C, then finishes the requests under way."""
    url = url_of(listening)

    def tell() -> None:
        log.info("serving", url=url)
        ready()

    def end_streams() -> None:
        app.state.tail.close()

    app = create_app(settings)
    config = uvicorn.Config(
        app,
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whose word is taken for the address and the scheme of a request; without one, nobody's.
        proxy_headers=bool(settings.proxies),
        forwarded_allow_ips=settings.proxies,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = _Server(config, tell, end_streams)
    # uvicorn raises the signal that ended it again when all is closed: SIGTERM is then no failure.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, server.handle_exit)
    try:
        server.run(sockets=[listening])
    finally:
        log.info("stopped serving", url=url)
