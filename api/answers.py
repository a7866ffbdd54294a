"""Answers as responses: written once, with an ETag, compressed where that pays, repeatable when pinned to a
log position.

An answer repeats its clocks, so that at now each one is other bytes than the one before. Its ETag therefore
tells what it says apart from when it said so: `"revision.content.log_position.clocks"`. While the answer at
now would say the same, the one that a client has is still good, and the client is told so by its ETag.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping

import msgspec
from fastapi import Request, Response
from pydantic import BaseModel
from starlette.datastructures import Headers

from api.composition import Services
from api.cursors import pinned_address
from api.negotiation import takes_gzip
from domain.times import Clocks
from projections.reading.moments import AskedClocks

JSON = "application/json"
FOR_EVER = "max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
ENCODING = "Accept-Encoding"
WORTH_COMPRESSING = 1_024
"""In bytes. What is smaller fits into one packet of a network anyway."""
COMPRESSION_LEVEL = 1
"""Of zlib's: a map of 1.2 MB becomes 89 KB in 3 ms. Level 6 makes 63 KB of it, and takes twice as long."""
GZIP = "-gzip"
"""Ends the ETag of an answer that is sent compressed: other bytes, another ETag (RFC 9110, 8.8.3.3)."""
CLOSING = f'{GZIP}"'


def write(shape: BaseModel) -> bytes:
    """A shape as JSON."""
    return shape.model_dump_json(by_alias=True).encode()


def write_clocks(clocks: Clocks) -> bytes:
    """How an answer ends that ends with its clocks."""
    return b'"clocks":%b}' % msgspec.json.encode(clocks)


def content_of(body: bytes, clocks: Clocks | None) -> bytes | None:
    """What an answer says before its clocks; None when it does not end with them."""
    content, found, rest = body.rpartition(write_clocks(clocks)) if clocks is not None else (b"", b"", b"")
    return content if found and not rest else None


def answer(
    request: Request,
    shape: BaseModel,
    asked: AskedClocks | None = None,
    *,
    revision: int | None = None,
    links: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A shape as a response, with `links` beside those that may be among the `headers`.

    Pinned to a log position by `asked`, it is the same for ever, and caches may know it; a recorded time
    may lie in the future, and then it is not. With `revision` the ETag starts with that, so that an
    editorial write can name it in `If-Match`.
    """
    told = dict(headers or {})
    if links:
        told["Link"] = ", ".join(filter(None, (told.get("Link"), links)))
    clocks = getattr(shape, "clocks", None)
    return tagged(request, write(shape), asked=asked, clocks=clocks, revision=revision, headers=told)


def plain_answer(request: Request, value: object, headers: Mapping[str, str] | None = None) -> Response:
    """Values as a JSON response that changes with time."""
    return tagged(request, msgspec.json.encode(value), headers=headers)


def tagged(
    request: Request,
    body: bytes,
    *,
    asked: AskedClocks | None = None,
    clocks: Clocks | None = None,
    pinned: bool = False,
    revision: int | None = None,
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response:
    """A body, JSON unless told otherwise, with a strong ETag; 304 when what the client has is still good.

    `clocks` are those that the body ends with, if it does; then `Link` names the same at all of them, pinned.
    """
    if clocks is not None:
        headers = with_canonical(headers or {}, pinned_address(request, clocks))
    pinned = pinned or (asked is not None and asked.log_position is not None)
    sent = complete_headers(request.app.state.services, headers, pinned=pinned)
    content = content_of(body, clocks)
    reaching = None
    if content is None:
        etag = etag_of(digest_of(body), revision)
    else:
        etag = etag_of(digest_of(content), revision, clocks, body[len(content) :])
        reaching = None if pinned else (asked and asked.min_log_position) or 0
    return respond(request.headers, body, etag, sent, reaching=reaching, media_type=media_type)


def with_canonical(headers: Mapping[str, str], address: str) -> dict[str, str]:
    """The headers, with the link to where the same is answered for ever (RFC 6596)."""
    canonical = f'<{address}>; rel="canonical"'
    return {**headers, "Link": f"{headers['Link']}, {canonical}" if "Link" in headers else canonical}


def complete_headers(
    services: Services, headers: Mapping[str, str] | None = None, *, pinned: bool = False
) -> dict[str, str]:
    """The headers of an answer, with those that say how long it may be kept and what it varies with."""
    told = dict(headers or {})
    told["Cache-Control"] = cache_control(services, pinned=pinned)
    told["Vary"] = ", ".join(filter(None, (told.get("Vary"), ENCODING)))
    return told


def respond(
    asking: Headers,
    body: bytes,
    etag: str,
    headers: Mapping[str, str],
    *,
    reaching: int | None = None,
    media_type: str = JSON,
    compressed: bytes | None = None,
) -> Response:
    """A body with an ETag, compressed for those who take it so; or 304, for those who need none.

    With `reaching`, one of the same content that the client has from that log position on is good enough.
    `compressed` is the body in gzip, where that was made before.
    """
    compressing = len(body) >= WORTH_COMPRESSING and takes_gzip(asking.get("accept-encoding"))
    if compressing:
        etag = f"{etag[:-1]}{CLOSING}"
        headers = {**headers, "Content-Encoding": "gzip"}
    still = find_match(asking.get("if-none-match"), etag, reaching)
    if still is not None:
        told = {name: value for name, value in headers.items() if name != "Content-Encoding"}
        return Response(status_code=304, headers={**told, "ETag": still})
    if compressing:
        body = compress(body) if compressed is None else compressed
    return Response(body, media_type=media_type, headers={**headers, "ETag": etag})


def compress(body: bytes) -> bytes:
    """A body in gzip; the same every time."""
    return zlib.compress(body, COMPRESSION_LEVEL, wbits=31)


def compress_each(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Parts as one gzip, each sent on whole as it comes."""
    compressor = zlib.compressobj(COMPRESSION_LEVEL, wbits=31)
    for part in parts:
        yield compressor.compress(part) + compressor.flush(zlib.Z_SYNC_FLUSH)
    yield compressor.flush()


def digest_of(content: bytes) -> str:
    """What tells contents apart."""
    return hashlib.sha256(content).hexdigest()[:24]


def etag_of(digest: str, revision: int | None, clocks: Clocks | None = None, ending: bytes = b"") -> str:
    """The ETag of an answer with this content; of one that ends with its clocks, also of them."""
    etag = digest if revision is None else f"{revision}.{digest}"
    if clocks is None:
        return f'"{etag}"'
    moment = hashlib.sha256(ending).hexdigest()[:8]
    return f'"{etag}.{clocks.log_position}.{moment}"'


def cache_control(services: Services, *, pinned: bool = False) -> str:
    """How long caches may keep an answer. Where reading needs a key, only the client's own may keep it."""
    return f"{'public' if services.settings.public_read else 'private'}, {FOR_EVER if pinned else ASK_AGAIN}"


def find_match(header: str | None, etag: str, reaching: int | None = None) -> str | None:
    """The ETag in an `If-None-Match` header (RFC 9110, weak comparison) whose answer is still good: the one
    at hand; or with `reaching`, one of the same content from that log position or a later one. Either may
    be of the answer as it is, or compressed.
    """
    if header is None:
        return None
    opaque = _opaque(etag)
    for named in (each.strip().removeprefix("W/") for each in header.split(",")):
        if named == "*":
            return etag
        if _opaque(named) == opaque or (
            reaching is not None and _says_the_same(_opaque(named), opaque, reaching)
        ):
            return named
    return None


def _opaque(etag: str) -> str:
    """What an ETag says, whatever the encoding it is of; as it is when it is none."""
    return f'{etag.removesuffix(CLOSING)}"' if etag.endswith(CLOSING) else etag


def _says_the_same(named: str, etag: str, reaching: int) -> bool:
    content, *moment = named.rsplit(".", 2)
    if len(moment) != 2 or content != etag.rsplit(".", 2)[0] or len(moment[0]) > 19:
        return False
    return moment[0].isascii() and moment[0].isdigit() and int(moment[0]) >= reaching
