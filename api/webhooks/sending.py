"""Sending a message: within a time, to where it may go, and without following anybody elsewhere."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache

import httpx2

from api.webhooks.messages import Message
from api.webhooks.targets import Forbidden, Target, Targets, find_targets
from domain.errors import InvalidInput

TIMEOUT = 15.0
"""Seconds that a receiver has to answer, from finding its address to the end of what it answers."""
MOST_READ = 64 * 1024
"""Of an answer, nothing is wanted but its status; so many bytes are read, to use the connection again."""
GONE = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of sending: the `status` that was answered, and the `error` unless the message was taken."""

    milliseconds: int
    status: int | None = None
    error: str | None = None


class Sender:
    """Sends messages to one receiver, one after the other."""

    def __init__(self, client: httpx2.AsyncClient, url: str, targets: Targets, seconds: float) -> None:
        self._client = client
        self._url = url
        self._targets = targets
        self._seconds = seconds

    async def send(self, message: Message, secrets: Sequence[str]) -> Answer:
        """Sends it; whatever goes wrong is in the answer."""
        started = time.monotonic()
        status, error = None, None
        try:
            async with asyncio.timeout(self._seconds):
                status = await self._post(message, secrets)
            error = _complaint(status)
        except TimeoutError:
            error = f"It did not answer within {self._seconds:g} seconds."
        except (Forbidden, InvalidInput) as refusal:
            error = f"{refusal.message.rstrip('.')}."
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as failure:
            error = f"It cannot be reached: {str(failure).rstrip('.') or type(failure).__name__}."
        return Answer(milliseconds=round((time.monotonic() - started) * 1000), status=status, error=error)

    async def _post(self, message: Message, secrets: Sequence[str]) -> int:
        """The status that is answered at the first of the addresses where anybody is."""
        *others, last = await find_targets(self._url, self._targets)
        for target in others:
            with suppress(httpx2.ConnectError):
                return await self._post_to(target, message, secrets)
        return await self._post_to(last, message, secrets)

    async def _post_to(self, target: Target, message: Message, secrets: Sequence[str]) -> int:
        headers = {"Host": target.authority, **message.headers(secrets, int(time.time()))}
        extensions = {"sni_hostname": target.host}  # the certificate is that of the name, not of the address
        async with self._client.stream(
            "POST", target.url, content=message.body, headers=headers, extensions=extensions
        ) as response:
            read = 0
            async for chunk in response.aiter_raw():
                read += len(chunk)
                if read > MOST_READ:
                    break
            return response.status_code


@asynccontextmanager
async def open_sender(url: str, targets: Targets, seconds: float = TIMEOUT) -> AsyncIterator[Sender]:
    """A sender that gives the receiver so many seconds. Its connections are its own: one that was opened to
    another name at the same address is never used.
    """
    async with httpx2.AsyncClient(
        verify=_certificates(),
        trust_env=False,
        follow_redirects=False,
        timeout=seconds,
    ) as client:
        yield Sender(client, url, targets, seconds)


@cache
def _certificates() -> ssl.SSLContext:
    """The authorities that this machine trusts; reading them takes a while."""
    return ssl.create_default_context()


def _complaint(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    if status == GONE:
        return "It answered 410: it is gone for good."
    if 300 <= status < 400:
        return f"It answered {status}, and nobody is followed elsewhere."
    return f"It answered {status}."
