"""Content negotiation by the `Accept` and `Accept-Encoding` headers (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException

VARY = {"Vary": "Accept"}

_ELEMENT = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*")+')
_PARAMETER = re.compile(r'(?:[^;"]|"(?:\\.|[^"\\])*")+')
_RANGE = re.compile(r"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_WEIGHT = re.compile(r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?")


@dataclass(frozen=True, slots=True)
class MediaRange:
    """A range of media types, and how much they are wanted: from 0, not at all, to 1."""

    type: str
    weight: float

    def fit(self, media_type: str) -> int | None:
        """How closely it names a media type: 2 by name, 1 by its first half, 0 as any; None if not at all."""
        if self.type == media_type:
            return 2
        if self.type == f"{media_type.partition('/')[0]}/*":
            return 1
        return 0 if self.type == "*/*" else None


def choose(accept: str | None, offered: Sequence[str]) -> str | None:
    """The media type of those `offered` that a client wants most; None when it takes none of them.

    Among those it wants alike, what it names comes before what it merely lets through, and then what is
    offered first. Without a header it takes anything. What is no media range in the header is passed over.
    """
    if accept is None or not accept.strip():
        return offered[0]
    ranges = list(_read_ranges(accept))
    wanted = [
        (weight, closeness, -number, media_type)
        for number, media_type in enumerate(offered)
        for weight, closeness in [_weigh(ranges, media_type)]
        if weight > 0
    ]
    return max(wanted)[-1] if wanted else None


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether an `Accept-Encoding` header lets gzip through (RFC 9110, section 12.5.3)."""
    weights = {}
    for element in (accept_encoding or "").lower().split(","):
        coding, *parameters = [each.strip() for each in element.split(";")]
        given = next((each[2:].strip() for each in parameters if each.startswith("q=")), "1")
        weights[coding] = float(given) if _WEIGHT.fullmatch(given) else 0.0
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def negotiate(request: Request, offered: Sequence[str]) -> str:
    """The media type to answer a request with. Raises HTTPException (406) when it takes none of them."""
    chosen = choose(",".join(request.headers.getlist("accept")) or None, offered)
    if chosen is None:
        detail = f"The Accept header lets through none of what there is here: {', '.join(offered)}."
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, detail, headers=VARY)
    return chosen


def _weigh(ranges: Sequence[MediaRange], media_type: str) -> tuple[float, int]:
    """How much a media type is wanted, as the range that names it most closely says, and how closely."""
    found = [(fit, each.weight) for each in ranges if (fit := each.fit(media_type)) is not None]
    if not found:
        return 0.0, -1
    closeness, weight = max(found)
    return weight, closeness


def _read_ranges(header: str) -> Iterator[MediaRange]:
    """The ranges of a header. Other parameters than `q` make no difference: nothing here has any variants."""
    for element in _ELEMENT.findall(header.lower()):
        media_type, *parameters = [part.strip() for part in _PARAMETER.findall(element)] or [""]
        pairs = [parameter.partition("=") for parameter in parameters]
        weight = next((value.strip() for name, _, value in pairs if name.strip() == "q"), "1")
        if _RANGE.fullmatch(media_type) and _WEIGHT.fullmatch(weight):
            yield MediaRange(media_type, float(weight))
