"""What a format is, and what it is given to write: a page of a timeline, a map, or a claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Generic, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid5

from fastapi import Request
from pydantic import BaseModel

from api.cursors import pinned_address, written
from domain.registry import LocationRegistered
from domain.times import Clocks, before_instant, instant_of
from projections.reading.casts import Cast
from projections.reading.claims import ClaimAnswer
from projections.reading.developments import DevelopmentRevision
from projections.reading.maps import DrawnMap

NAMESPACE = UUID("6f0b9f0e-5a0c-4f0e-9b57-7d3a5be1c0de")
"""Of the ids in feeds. It never changes, or every reader would take every entry for a new one."""

Page = TypeVar("Page")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(Generic[Page]):
    """One format of a resource.

    `write` makes the bytes. `suffix` is what its address ends with. `shape` documents a format that is JSON.
    With `newest_first` a timeline begins with the last to take effect unless `order` says otherwise, because
    those who follow a feed look at its beginning only.
    """

    suffix: str
    name: str
    media_type: str
    write: Callable[[Page], bytes]
    shape: type[BaseModel] | None = None
    newest_first: bool = False

    @property
    def essence(self) -> str:
        """The media type without its parameters."""
        return self.media_type.partition(";")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Absolute addresses for one answer: its own as asked for, the same with its clocks pinned, the first
    page if this is a later one, the next page, and those of other resources.
    """

    base: str
    asked: str
    pinned: str
    first: str | None
    next: str | None

    @classmethod
    def of(cls, request: Request, clocks: Clocks, suffix: str, cursor: str | None = None) -> Addresses:
        """Those for the answer to a request in the format of that suffix; `cursor` leads to the next page."""
        host = f"{request.url.scheme}://{request.url.netloc}"
        asked = request.url.path
        path = asked if asked.endswith(f".{suffix}") else f"{asked}.{suffix}"

        def pinned(page: str | None = None) -> str:
            return f"{host}{pinned_address(request, clocks, path=path, cursor=page)}"

        return cls(
            base=str(request.base_url).rstrip("/"),
            asked=str(request.url),
            pinned=pinned(),
            first=pinned("") if "cursor" in request.query_params else None,
            next=pinned(cursor) if cursor else None,
        )

    @property
    def links(self) -> dict[str, str]:
        """The addresses of other pages and the pinned one, by their relation to this answer."""
        told = {"first": self.first, "next": self.next, "canonical": self.pinned}
        return {relation: address for relation, address in told.items() if address is not None}

    def of_development(self, found: DevelopmentRevision) -> str:
        """Where this revision can be read for ever: at its log position, once it was public.

        It does not go by the clocks of the feed, so that no reader takes an entry for changed.
        """
        pins = {"log_position": found.log_position, "known_at": written(instant_of(found.body.reported.ends))}
        return f"{self.base}/v1/developments/{found.body.id}?{urlencode(pins)}"

    def to(self, collection: str, identifier: str) -> str:
        """Where something can be read as it is now: of `actors`, `claims`, `documents` or `locations`."""
        return f"{self.base}/v1/{collection}/{identifier}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelinePage:
    """A page of a place's timeline. `narrowed` has the filters it was asked with, as written; `zone` is the
    time zone in which days are told.
    """

    place: LocationRegistered
    items: Sequence[DevelopmentRevision]
    cast: Cast
    clocks: Clocks
    zone: tzinfo
    narrowed: str
    addresses: Addresses

    @property
    def valid_before(self) -> datetime:
        """The bound of the valid clock."""
        return before_instant(self.clocks.valid_at)

    @property
    def content(self) -> tuple[object, ...]:
        """All that the page is written from, but for the clocks that it cites."""
        certain = [found.body.occurred.surely_over(self.valid_before) for found in self.items]
        more = self.addresses.next is not None
        return self.place, self.items, self.cast, certain, str(self.zone), self.narrowed, more

    @property
    def identity(self) -> UUID:
        """What a reader knows this timeline by, at whatever clocks and on whatever page."""
        return stable_id("timeline", f"{self.place.id}?{self.narrowed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage:
    """The whole map."""

    drawn: DrawnMap
    clocks: Clocks
    addresses: Addresses

    @property
    def content(self) -> tuple[object, ...]:
        """All that the page is written from, but for the clocks that it cites."""
        return (self.drawn,)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim, and the developments that its lifecycle names, by id."""

    claim: ClaimAnswer
    told: dict[str, DevelopmentRevision]
    cast: Cast
    clocks: Clocks
    addresses: Addresses

    @property
    def content(self) -> tuple[object, ...]:
        """All that the page is written from, but for the clocks that it cites."""
        return self.claim, self.told, self.cast


def stable_id(what: str, identifier: str) -> UUID:
    """The id of a thing in feeds: the same at every address, in every format, and through every revision."""
    return uuid5(NAMESPACE, f"{what}:{identifier}")
