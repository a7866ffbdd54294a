"""The HTTP server in this process: its port, its start, its graceful end."""

from __future__ import annotations

import gc
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import structlog
import uvicorn

from api.app import create_app
from cli.logs import configure_logs
from cli.one_write import OneWrite
from cli.ports import url_of
from projections.catalogue import PROJECTIONS
from projections.engine.apart import FollowingApart

if TYPE_CHECKING:
    from api.settings import Settings

log = structlog.get_logger(__name__)

COLLECT_AFTER = 50_000
"""So many more objects than before make the collector look at the youngest; Python's own setting is 700."""
TURN_SECONDS = 0.001
"""How long a thread may work while another one waits, such as the event loop for one that folds an answer;
Python's own setting is 0.005.
"""
GRACE_SECONDS = 20
"""How long requests under way may take to finish when the server is told to stop."""


def _spare_the_collector() -> None:
    """Keeps the garbage collector from walking over all that stays: what was opened is here to stay, and a
    map makes tens of thousands of objects that go again by themselves. It took a third of a map's time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)


def _take_turns() -> None:
    """Has a thread that folds an answer give way soon when the event loop wants its turn."""
    sys.setswitchinterval(TURN_SECONDS)


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
        _take_turns()
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

    def follow(conninfo: str) -> FollowingApart:
        prepare = partial(configure_logs, settings.log_level, settings.log_format)
        return FollowingApart(conninfo, PROJECTIONS, prepare)

    app = create_app(settings, follow)
    config = uvicorn.Config(
        app,
        http=OneWrite,
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
