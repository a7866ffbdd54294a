"""Ports to listen on. It imports little, so that a port that is taken is told at once."""

from __future__ import annotations

import errno
import socket

from cli.failures import Refused


def url_of(listening: socket.socket) -> str:
    """The address of a listening socket, as one types it into a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - any address is not one to open
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; 0 is any free port. Raises Refused when it cannot be had."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise Refused(f"There is no address {host!r} to listen on.") from None
    family, kind, protocol, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        listening.close()
        raise Refused(_why(error, host, port)) from None
    return listening


def _why(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"Port {port} on {host} is taken by another program. Stop it, or name another with --port."
        case errno.EACCES:
            return f"Port {port} needs more rights than this account has. Name one from 1024 on with --port."
        case errno.EADDRNOTAVAIL:
            return f"This machine has no address {host!r}. Name one of its own with --host."
    return f"Port {port} on {host} cannot be listened on: {error.strerror}."
