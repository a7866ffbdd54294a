"""Answers in a format, and what the documentation says of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from fastapi import Request, Response
from fastapi.responses import JSONResponse

from api.answers import JSON, complete_headers, content_of, digest_of, etag_of, respond
from api.documenting import TEMPLATE, Responses, problems
from api.feeds.base import Addresses, ClaimPage, Format, MapPage, TimelinePage
from api.negotiation import VARY, negotiate
from api.timelines import AskedTimeline, ReadTimeline
from domain.times import Clocks
from projections.reading.casts import Cast
from projections.reading.claims import ClaimAnswer
from projections.reading.developments import DevelopmentRevision
from projections.reading.maps import DrawnMap
from projections.reading.moments import AskedClocks

Page = TypeVar("Page")
AnyPage = TypeVar("AnyPage", TimelinePage, MapPage, ClaimPage)
Headers = Mapping[str, str] | None

LINKS = {
    "Link": {
        "description": 'The same with all its clocks pinned, as `rel="canonical"` (RFC 6596), and the first '
        'and the next page as `rel="first"` and `rel="next"`, if there are any.',
        "schema": {"type": "string"},
    }
}


def format_for(
    request: Request, formats: Sequence[Format[Page]], default: Sequence[str] = (JSON,)
) -> Format[Page] | None:
    """The format that the `Accept` header asks for; None for the default answer, which is of any of those
    media types. Raises HTTPException (406) when it takes nothing of all that.
    """
    offered = {each.essence: each for each in formats}
    return offered.get(negotiate(request, list(dict.fromkeys([*default, *offered]))))


def answer_timeline(
    request: Request,
    chosen: Format[TimelinePage],
    read: ReadTimeline,
    timeline: AskedTimeline,
    asked: AskedClocks,
    headers: Headers = None,
) -> Response:
    """A page of a timeline in a format; what of `headers` there is beside."""
    page = TimelinePage(
        place=read.place,
        items=read.items,
        cast=read.cast,
        clocks=read.clocks,
        zone=timeline.zone,
        narrowed=timeline.narrowed,
        addresses=Addresses.of(request, read.clocks, chosen.suffix, read.more),
    )
    return _answer(request, chosen, page, asked, headers)


def answer_map(
    request: Request,
    chosen: Format[MapPage],
    drawn: DrawnMap,
    clocks: Clocks,
    asked: AskedClocks,
    headers: Headers = None,
) -> Response:
    """A map in a format."""
    page = MapPage(drawn=drawn, clocks=clocks, addresses=Addresses.of(request, clocks, chosen.suffix))
    return _answer(request, chosen, page, asked, headers)


def answer_claim(
    request: Request,
    chosen: Format[ClaimPage],
    claim: ClaimAnswer,
    told: dict[str, DevelopmentRevision],
    cast: Cast,
    clocks: Clocks,
    asked: AskedClocks,
    headers: Headers = None,
) -> Response:
    """A claim in a format."""
    addresses = Addresses.of(request, clocks, chosen.suffix)
    page = ClaimPage(claim=claim, told=told, cast=cast, clocks=clocks, addresses=addresses)
    return _answer(request, chosen, page, asked, headers)


def _answer(
    request: Request,
    chosen: Format[AnyPage],
    page: AnyPage,
    asked: AskedClocks,
    headers: Headers,
) -> Response:
    """A page in a format, with its other pages and its pinned address in `Link`.

    At now it cites other clocks every time. Like that of the JSON answer, its ETag tells those apart from
    what is said: whoever has an earlier one that says the same is told that it is still good.
    """
    told: dict[str, str] = dict(headers or {})
    links: list[str] = [
        f'<{address}>; rel="{relation}"' for relation, address in page.addresses.links.items()
    ]
    told["Link"] = ", ".join([*filter(None, [told.get("Link")]), *links])
    body = chosen.write(page)
    written_for = msgspec.json.encode((request.app.version, chosen.essence, page.addresses.asked))
    content = content_of(body, page.clocks) or msgspec.json.encode(page.content)
    etag = etag_of(digest_of(written_for + content), None, page.clocks, body)
    pinned = asked.log_position is not None
    sent = complete_headers(request.app.state.services, told, pinned=pinned)
    reaching = None if pinned else asked.min_log_position or 0
    return respond(request.headers, body, etag, sent, reaching=reaching, media_type=chosen.media_type)


def varying(headers: Headers = None) -> dict[str, str]:
    """The headers of an answer that was negotiated: it varies with `Accept`, and with what it did before."""
    told = dict(headers or {})
    return {**told, "Vary": ", ".join(filter(None, (VARY["Vary"], told.get("Vary"))))}


def offering(responses: Responses, formats: Iterable[Format[Any]]) -> Responses:
    """The answers of a route that offers formats beside its default one."""
    offered = {each.essence: {"schema": _schema(each)} for each in formats}
    found = responses[200]
    content = {**offered, **found.get("content", {})}
    headers = {"Vary": {"description": "`Accept`.", "schema": {"type": "string"}}, **found.get("headers", {})}
    return {**responses, 200: {**found, "content": content, "headers": headers}, **problems(406)}


def _schema(chosen: Format[Any]) -> dict[str, Any]:
    """The schema of a format: a component where it is JSON, else text."""
    if chosen.shape is not None:
        return {"$ref": TEMPLATE.format(model=chosen.shape.__name__)}
    return {"type": "string", "description": chosen.name}


def response_class(chosen: Format[Any]) -> type[Response]:
    """A class of responses that tells the documentation the media type, and whether it is JSON."""
    base = JSONResponse if chosen.shape is not None else Response
    return type("FormattedResponse", (base,), {"media_type": chosen.essence})
