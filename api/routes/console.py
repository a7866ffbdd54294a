"""The console: the web page for people who would rather look than read, and the files it is made of.

All of them lie in `api/console/` as they are sent: there is no build step. Each is read and compressed once.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import PurePosixPath

from fastapi import APIRouter, Request, Response

from api.answers import ASK_AGAIN, FOR_EVER, respond
from api.security_headers import CONSOLE_POLICY, CSP
from domain.errors import NotFound

router = APIRouter(include_in_schema=False)

PAGE = "index.html"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".geojson": "application/geo+json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
NAME = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*", re.IGNORECASE)
"""Of a file; nothing that leads out of the folder."""
VERSIONED = re.compile(r"vendor/[^/]+-[0-9][^/]*/")
"""A folder that is named for its version: what is in it never changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file as it is sent: its bytes, the same in gzip, its type and its ETag."""

    body: bytes
    compressed: bytes
    media_type: str
    etag: str


@router.get("/")
def get_console(request: Request) -> Response:
    """The page."""
    return _send(request, PAGE)


@router.get("/console/{name:path}")
def get_console_file(request: Request, name: str) -> Response:
    """A file of the page."""
    return _send(request, name)


def _send(request: Request, name: str) -> Response:
    file = read_file(name)
    kept = FOR_EVER if VERSIONED.match(name) else ASK_AGAIN
    headers = {"Cache-Control": f"public, {kept}", "Vary": "Accept-Encoding", CSP: CONSOLE_POLICY}
    return respond(
        request.headers, file.body, file.etag, headers, media_type=file.media_type, compressed=file.compressed
    )


@cache
def read_file(name: str) -> File:
    """A file of the console. Raises NotFound."""
    media_type = MEDIA_TYPES.get(PurePosixPath(name).suffix)
    if media_type is None or not NAME.fullmatch(name):
        raise NotFound("page", name)
    try:
        body = resources.files("api").joinpath("console", *name.split("/")).read_bytes()
    except OSError:
        raise NotFound("page", name) from None
    return File(
        body=body,
        compressed=gzip.compress(body, mtime=0),
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
    )
