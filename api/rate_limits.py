"""How often one client may ask: a bucket for each key and each address, which refills all the time.

The buckets are those of this process: behind several servers each has its own. A bucket is one number, the
instant at which it will be full again (GCRA), so that a request costs a look into a dictionary.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from prometheus_client import CollectorRegistry, Counter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import handle_ours
from api.request_log import PROBES
from api.settings import Settings
from domain.errors import RateExceeded

WINDOW_SECONDS = 60
MOST_CLIENTS = 50_000
"""So many buckets are kept; then the one not asked of for the longest is forgotten, as if it were full."""
MOST_KEYS = 10_000
READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a client stands after it asked: how often it may ask again at once, in how many seconds its bucket
    is full, and how many it has to wait first, 0 when it was let through.
    """

    remaining: int
    full_in: int
    wait: int


class Meter:
    """Buckets of `per_minute` requests each. For one thread: that of the event loop."""

    def __init__(
        self,
        name: str,
        per_minute: int,
        *,
        most: int = MOST_CLIENTS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.name = name
        self.policy = f'"{name}";q={per_minute};w={WINDOW_SECONDS}'.encode()
        self._each = WINDOW_SECONDS / per_minute
        self._most = most
        self._now = now
        self._full_at: dict[str, float] = {}

    def take(self, client: str) -> Standing:
        """Takes one request out of the client's bucket, if there is one in it."""
        now = self._now()
        # Taken out and put in again, the client is the last to be forgotten.
        before = max(self._full_at.pop(client, now), now)
        full_at = before + self._each
        wait = full_at - now - WINDOW_SECONDS
        # A tolerance for sums of fractions: the last request of a bucket is in it.
        if refused := wait > self._each / 1_000:
            full_at = before
        self._full_at[client] = full_at
        if len(self._full_at) > self._most:
            del self._full_at[next(iter(self._full_at))]
        full_in = full_at - now
        return Standing(
            remaining=max(0, int((WINDOW_SECONDS - full_in) / self._each + 0.001)),
            full_in=math.ceil(full_in),
            wait=max(1, math.ceil(wait)) if refused else 0,
        )


class KnownKeys:
    """Keys that were found good a while ago, by a digest: whose bucket a request is counted in.

    Nothing is allowed for it: access asks the database each time. A key that was never found good is counted
    by the address it comes from, so that inventing keys gives nobody another bucket.
    """

    def __init__(self, most: int = MOST_KEYS) -> None:
        self._most = most
        self._ids: dict[bytes, str] = {}
        self._lock = threading.Lock()

    def note(self, presented: str, key_id: str | None) -> None:
        """Remembers whose key this is; None forgets it."""
        digest = _digest(presented.encode())
        with self._lock:
            self._ids.pop(digest, None)
            if key_id is not None:
                self._ids[digest] = key_id
                if len(self._ids) > self._most:
                    del self._ids[next(iter(self._ids))]

    def find(self, scope: Scope) -> str | None:
        """The id of the key that a request was sent with, if it is known."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme, _, presented = value.partition(b" ")
                return self._ids.get(_digest(presented.strip())) if scheme.lower() == b"bearer" else None
        return None


def _digest(presented: bytes) -> bytes:
    return hashlib.sha256(presented).digest()


class RateLimits:
    """Counts every request but those of probes, and refuses what is too much with a problem.

    What needs a key is counted by key, everything else by address. Each answer says how the client stands,
    in the fields of the IETF draft on rate limits (draft-ietf-httpapi-ratelimit-headers-10).
    """

    def __init__(
        self, app: ASGIApp, *, settings: Settings, keys: KnownKeys, registry: CollectorRegistry
    ) -> None:
        self._app = app
        self._keys = keys
        self._open = settings.public_read
        self._reads = _meter("reads", settings.reads_per_minute)
        self._writes = _meter("writes", settings.writes_per_minute)
        self._refused = Counter(
            "palimpsest_rate_limited", "Requests refused, by limit.", ["limit"], registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self._app(scope, receive, send)
            return
        reading = scope["method"] in READING
        meter = self._reads if reading else self._writes
        if meter is None:
            await self._app(scope, receive, send)
            return
        key = None if reading and self._open else self._keys.find(scope)
        standing = meter.take(address_of(scope) if key is None else f"key {key}")
        told = b'"%b";r=%d;t=%d' % (meter.name.encode(), standing.remaining, standing.full_in)

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                fields = ((b"ratelimit-policy", meter.policy), (b"ratelimit", told))
                message = {**message, "headers": [*message["headers"], *fields]}
            await send(message)

        if not standing.wait:
            await self._app(scope, receive, telling)
            return
        self._refused.labels(meter.name).inc()
        message = f"Too many {meter.name} for now. Try again in {standing.wait} s, and more slowly then."
        refusal = handle_ours(Request(scope), RateExceeded(message, standing.wait))
        await refusal(scope, receive, telling)


def _meter(name: str, per_minute: int) -> Meter | None:
    return Meter(name, per_minute) if per_minute else None


def address_of(scope: Scope) -> str:
    """The address a request came from; of IPv6 the network, since a site gives out the rest itself."""
    client = scope.get("client")
    return _site(client[0]) if client else "nowhere"


@lru_cache(4_096)
def _site(host: str) -> str:
    if ":" not in host:
        return host[:64]
    try:
        address = ipaddress.IPv6Address(host)
    except ValueError:
        return host[:64]
    mapped = address.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.IPv6Network((address, 64), strict=False))
