"""Editorial events: later versions of a development's stream. They never touch the report itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from domain.errors import Fault
from domain.kinds.envelope import Development, slug_faults

LinkType = Literal["same-report", "contradicts", "supports", "misattributes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """The development is replaced, whole, from this log position on; before it, the old one still answers."""

    reason: str
    body: Development

    def find_faults(self) -> Iterator[Fault]:
        """A correction without a reason, and whatever is wrong with the new body."""
        yield from reason_faults(self.reason)
        yield from self.body.find_faults()


@dataclass(frozen=True, slots=True, kw_only=True)
class Retracted:
    """The development no longer counts from this log position on."""

    reason: str

    def find_faults(self) -> Iterator[Fault]:
        """A retraction without a reason."""
        yield from reason_faults(self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """The development is tied to another one.

    `misattributes`: this report puts words in a mouth that did not say them, as the other one shows.
    """

    type: LinkType
    to: str
    reason: str | None = None

    def find_faults(self) -> Iterator[Fault]:
        """A link to something that cannot be an id."""
        yield from slug_faults("to", self.to)


def reason_faults(reason: str) -> Iterator[Fault]:
    """A fault when no reason is given, or one that cannot be kept."""
    if not reason.strip():
        yield Fault(path="reason", message="Say in a few words why.", code="missing")
    if "\0" in reason:
        yield Fault(
            path="reason", message="This holds a NUL character, which cannot be kept.", code="bad-text"
        )
