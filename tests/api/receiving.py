"""A receiver of webhooks: it answers as it is told to, and remembers what it was sent."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks.webhooks import Webhook as Verifier


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message as it arrived, with its headers by their names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def position(self) -> int:
        return int(self.id.rpartition("_")[2])

    def verify(self, secret: str) -> Any:
        """The message, if it is signed with this secret and was sent just now."""
        return Verifier(secret).verify(self.body, self.headers)


class _Quiet(ThreadingHTTPServer):
    """A client that breaks off is no error here."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class Receiver:
    """`answer` gives the status for each message; it may take its time, or raise to break the connection.

    With a context of certificates it speaks TLS.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.answer: Callable[[Sent], int] = lambda sent: 204
        self.came: list[Sent] = []
        self.taken: list[Sent] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sent = Sent(path=self.path, headers=headers, body=body)
                receiver.came.append(sent)
                try:
                    status = receiver.answer(sent)
                except ConnectionError:
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                if 300 <= status < 400:
                    self.send_header("Location", "/elsewhere")
                self.end_headers()
                if status < 300:
                    receiver.taken.append(sent)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = _Quiet(("127.0.0.1", 0), Handler)
        if context is not None:
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://localhost:{self._server.server_port}/hook?for=palimpsest"

    @property
    def positions(self) -> list[int]:
        """The positions of the messages that it took, in the order in which they came."""
        return [sent.position for sent in self.taken]

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    receiver = Receiver(context)
    receiver.start()
    try:
        yield receiver
    finally:
        receiver.stop()
