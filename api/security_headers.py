"""What browsers are told to do with our answers, and which pages of others may read them."""

from __future__ import annotations

import base64
import hashlib
import re

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CSP = "Content-Security-Policy"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
"""For an answer that is no page: should a browser show it as one, it may load and run nothing."""

ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

ASKED_WITH = ("Accept-Datetime", "Authorization", "Idempotency-Key", "If-Match", "If-None-Match")
TRACED_WITH = ("Last-Event-ID", "Traceparent", "Tracestate", "X-Request-ID")
EXPOSED = (
    "ETag",
    "Link",
    "Location",
    "Memento-Datetime",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
)
A_DAY = 86_400


class SecurityHeaders:
    """Adds to every answer what keeps browsers from doing more with it than showing it.

    A page brings a policy of its own (`page_policy`). `hsts_seconds`, if not 0, is how long browsers are to
    come back by TLS alone; it is told only where the client came by TLS, as RFC 6797 wants it.
    """

    def __init__(self, app: ASGIApp, hsts_seconds: int = 0) -> None:
        self._app = app
        self._hsts = (b"strict-transport-security", b"max-age=%d" % hsts_seconds) if hsts_seconds else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        transport = (self._hsts,) if self._hsts and scope["scheme"] == "https" else ()

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                policy = () if any(name == b"content-security-policy" for name, _ in headers) else DEFAULT
                message = {**message, "headers": [*headers, *ALWAYS, *policy, *transport]}
            await send(message)

        await self._app(scope, receive, guarded)


CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Of the console: scripts, styles and answers from here alone, and nothing inline. `blob:` and `data:` are
pictures that the map draws for itself."""

DEFAULT = ((CSP.lower().encode(), NOTHING.encode()),)


def page_policy(page: str) -> str:
    """The policy of a page of ours: it loads and asks from here alone, and runs the scripts it holds."""
    hashes = [hashlib.sha256(script.encode()).digest() for script in SCRIPT.findall(page)]
    inline = "".join(f" 'sha256-{base64.b64encode(each).decode()}'" for each in hashes)
    return (
        f"default-src 'none'; script-src 'self'{inline}; style-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def open_to_origins(app: ASGIApp, origins: tuple[str, ...]) -> ASGIApp:
    """Lets pages of these origins read the answers, and send what clients send (CORS); none, unless named.

    Keys go in a header that a page has to set itself, so no cookies are asked for.
    """
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
        allow_headers=(*ASKED_WITH, *TRACED_WITH),
        expose_headers=EXPOSED,
        max_age=A_DAY,
    )
