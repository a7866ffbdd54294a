"""Memento (RFC 7089): the states that an answer had, found by the time at which this ledger held them.

The address of an answer is its own TimeGate: with `Accept-Datetime` it sends on (302) to the same address
with a `log_position`, which is the memento, frozen and cacheable for ever. All other parameters belong to the
resource: each setting of them has mementos of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlencode

from fastapi import Request, Response
from starlette.exceptions import HTTPException

from api.answers import cache_control
from api.composition import Services
from domain.times import Clocks
from projections.reading.mementos import Around, Memento, Source, find_memento
from projections.reading.moments import AskedClocks

LINK_FORMAT = "application/link-format"
HEADER = "Accept-Datetime"
TIMEMAP = "/timemap"
APART = ("recorded_at", "log_position", "min_log_position", "cursor", "after")
"""Parameters that say which state is meant, or which part of it, and not which resource."""
SECOND = timedelta(seconds=1)

Link = tuple[str, dict[str, str]]
"""Where a link leads, and its attributes, `rel` first."""


def go_back(
    request: Request,
    services: Services,
    asked: AskedClocks,
    source: Source,
    place: str,
    voices: Sequence[str] | None,
) -> Response | None:
    """The way to the memento that the request asks for by `Accept-Datetime`; None when it asks for none.

    Where the recorded clock is named, the address says already which state is meant, and where a cursor is,
    the first page did. Raises 400 for what is no HTTP date, NotFound, Unavailable.
    """
    written = request.headers.get(HEADER)
    pinned = asked.log_position is not None or asked.recorded_before is not None
    if written is None or pinned or "cursor" in request.query_params:
        return None
    before = read_http_date(written) + SECOND  # HTTP dates have no fractions: one means all of its second
    with services.reader.at(asked, *source.needs) as moment:
        around = find_memento(moment, source, place, before, voices)
    resource = Resource.of(request)
    headers = {
        "Location": resource.memento(around.here),
        "Vary": HEADER,
        "Link": write_links((*resource.links(), *resource.links_around(around))),
        "Cache-Control": cache_control(services),
    }
    return Response(status_code=302, headers=headers)


def memento_headers(request: Request, asked: AskedClocks, clocks: Clocks) -> dict[str, str]:
    """What an answer says of itself: that it is a memento, or varies with time, and where the others are."""
    if "cursor" in request.query_params:
        return {}
    headers = {"Link": write_links(Resource.of(request).links())}
    if asked.log_position is not None:
        headers["Memento-Datetime"] = http_date(clocks.recorded_at)
    elif asked.recorded_before is None:
        headers["Vary"] = HEADER
    return headers


def read_http_date(written: str) -> datetime:
    """The instant of an HTTP date in its one modern form (RFC 9110, IMF-fixdate). Raises 400."""
    try:
        parsed = parsedate_to_datetime(written.strip())
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is None or http_date(parsed) != written.strip():
        example = http_date(datetime(2025, 12, 13, 12, tzinfo=UTC))
        raise HTTPException(400, f"{HEADER} is no HTTP date; write it like `{example}`.")
    return parsed


def http_date(instant: datetime) -> str:
    """An instant as HTTP tells it: in GMT, its fraction left out."""
    return format_datetime(instant.astimezone(UTC), usegmt=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An answer, whatever its state: its path, and the parameters that say which one it is."""

    path: str
    query: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, request: Request, *, listed: bool = False) -> Resource:
        """The resource that a request asks for a state of; or if `listed`, for the list of its states."""
        path, pairs = request.url.path, request.query_params.multi_items()
        return cls(
            path=path.removesuffix(TIMEMAP) if listed else path,
            query=[pair for pair in pairs if pair[0] not in APART],
        )

    @property
    def address(self) -> str:
        """Where it is answered as it is now, and where a state of it is asked for."""
        return _address(self.path, self.query)

    def timemap(self, *more: tuple[str, int]) -> str:
        """Where its mementos are listed."""
        return _address(self.path + TIMEMAP, [*self.query, *more])

    def memento(self, memento: Memento) -> str:
        """Where a state of it is answered for ever."""
        return _address(self.path, [*self.query, ("log_position", memento.log_position)])

    def links(self) -> Iterator[Link]:
        """To itself, which is its own TimeGate, and to the list of its mementos."""
        yield self.address, {"rel": "original timegate"}
        yield self.timemap(), {"rel": "timemap", "type": LINK_FORMAT}

    def link(self, memento: Memento, *roles: str) -> Link:
        """To a memento, with the roles it has among all of them."""
        told = {"rel": " ".join((*roles, "memento")), "datetime": http_date(memento.recorded_at)}
        return self.memento(memento), told

    def links_around(self, around: Around) -> Iterator[Link]:
        """To the memento that was chosen, its neighbours, and the first and the last of all."""
        roles: dict[Memento, list[str]] = {}
        told = (
            ("first", around.first),
            ("prev", around.before),
            ("", around.here),
            ("next", around.after),
            ("last", around.last),
        )
        for role, memento in told:
            if memento is not None:
                roles.setdefault(memento, []).append(role)
        for memento in sorted(roles, key=lambda each: each.log_position):
            yield self.link(memento, *filter(None, roles[memento]))


def write_links(links: Iterable[Link], *, blank: str = " ") -> str:
    """Links as a header has them (RFC 8288); without a `blank`, as a document does (RFC 6690)."""
    return f",{blank}".join(
        f";{blank}".join((f"<{address}>", *(f'{name}="{value}"' for name, value in attributes.items())))
        for address, attributes in links
    )


def _address(path: str, query: Sequence[tuple[str, str | int]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path
