"""Where messages may go: not into the network that the server stands in, unless that is allowed."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit, urlunsplit

from domain.errors import Fault, InvalidInput, PalimpsestError

Targets = Literal["public", "any"]
"""`public`: https to public addresses only; `any`: also http, and addresses of private networks."""

LONGEST = 2_000
PORTS = {"https": 443, "http": 80}
NAT64 = IPv6Network("64:ff9b::/96")


class Forbidden(PalimpsestError):
    """A message may not go there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address that was found for a URL: what to connect to, and whom to expect there."""

    url: str
    host: str
    authority: str


def check_url(url: str, targets: Targets) -> SplitResult:
    """The parts of a URL that messages may be sent to. Raises InvalidInput."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = SplitResult("", "", "", "", ""), None
    if (
        parts.scheme not in PORTS
        or not parts.hostname
        or len(url) > LONGEST
        or not url.isascii()
        or port == 0
    ):
        raise _bad("Write an address such as https://example.org/hook.")
    if not url.isprintable() or " " in url:
        raise _bad("An address has no blanks in it.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _bad("Leave out the user, the password and the fragment: messages are signed.")
    if targets == "public" and parts.scheme != "https":
        raise _bad("Messages go over https only, unless PALIMPSEST_WEBHOOK_TARGETS is any.")
    return parts


def _bad(message: str) -> InvalidInput:
    return InvalidInput([Fault(path="url", message=message, code="bad-url")])


async def find_targets(url: str, targets: Targets) -> list[Target]:
    """The addresses to connect to, the best first: found anew, and looked at before anything is sent.

    What is connected to is what was looked at, so a name that answers otherwise the second time leads nowhere
    else. Raises InvalidInput, Forbidden, OSError.
    """
    parts = check_url(url, targets)
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(each[4][0]) for each in found]
    allowed = [each for each in addresses if targets == "any" or is_public(each)]
    if not allowed:
        raise Forbidden(f"{host} has no public address, and PALIMPSEST_WEBHOOK_TARGETS is public")
    return [
        Target(
            url=urlunsplit((parts.scheme, f"{_literal(each)}:{port}", parts.path or "/", parts.query, "")),
            host=host,
            authority=parts.netloc,
        )
        for each in allowed
    ]


def _literal(address: IPv4Address | IPv6Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the public network; of one that carries another, whether that is."""
    if isinstance(address, IPv6Address):
        if address in NAT64:
            return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
        carried = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if carried is not None:
            return is_public(carried)
    return address.is_global and not address.is_multicast
