"""The envelope every development shares, and the few ways in which a development can bear on control.

A kind is one class: its fields, its terms elsewhere, and what it does to its voice's position. The
classes are frozen, slotted, keyword-only dataclasses of plain values, so that one definition serves
the ledger, the dossiers and the HTTP edge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from domain.errors import Fault
from domain.shares import Control
from domain.times import During, When

SLUG = re.compile(r"[a-z0-9][a-z0-9._-]{0,119}")
"""What an id looks like (docs/events.md)."""
RESERVED = frozenset({"batch"})
"""No ids of developments: `/v1/developments/batch` is where many are reported."""

Family = Literal["claim", "answer", "assessment", "happening"]
Mode = Literal["direct", "paraphrase", "inferred"]
MODES: tuple[Mode, ...] = ("direct", "paraphrase", "inferred")
Condition = Literal["encirclement", "fighting", "supply-cut", "presence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The nearest terms of other vocabularies, or None where they have none.

    ACLED: codebook event types. PLOVER: event/mode, with the CAMEO code it replaced. ISW: layer names.
    A mapping is a pointer for readers, never an automatic conversion: ACLED's "overtakes territory",
    for one, records only what is later taken as fact.
    """

    acled: str | None = None
    plover: str | None = None
    isw: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The passage of a document that carries a report (W3C Web Annotation, TextQuoteSelector)."""

    exact: str
    prefix: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One document in which the development was found, and the way it came there.

    `via` lists actor ids, the origin first. `mode` says how the document has it: in the voice's own
    words, in paraphrase, or inferred by its author.
    """

    document: str
    via: tuple[str, ...] = ()
    mode: Mode = "direct"
    quote: Quote | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """The voice now says this of who holds how much."""

    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Denies:
    """The voice says that this claimed control is not so."""

    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Removes:
    """The voice no longer says anything of control here."""


Effect = Sets | Denies | Removes


@dataclass(frozen=True, slots=True, kw_only=True)
class Development:
    """One reported thing about one or more locations: the unit of the timeline (docs/events.md)."""

    family: ClassVar[Family]
    terms: ClassVar[Terms] = Terms()
    condition: ClassVar[Condition | None] = None
    lifts: ClassVar[Condition | None] = None

    id: str
    kind: str
    at: tuple[str, ...]
    by: str | None = None
    occurred: When
    reported: When
    during: During = "within"
    when_text: str | None = None
    sources: tuple[Source, ...] = ()
    reliability: Literal["A", "B", "C", "D", "E", "F"] | None = None
    credibility: Literal[1, 2, 3, 4, 5, 6] | None = None
    summary: str | None = None
    manner: str | None = None
    part: str | None = None

    def effect(self, answered: Development | None) -> Effect | None:
        """What this does to its voice's position; `answered` is the claim it points at, if any."""
        return None

    @property
    def moves_positions(self) -> bool:
        """Whether it may move its voice's position: claims, answers and assessments do, happenings never.

        What answers nothing always moves it; an answer moves it while the claim that it answers is held.
        """
        return self.family != "happening"

    @property
    def answers(self) -> str | None:
        """The id of the claim this points at, or None."""
        return None

    @property
    def mode(self) -> Mode:
        """The most direct way in which any source has it; `direct` when no source is named."""
        modes = {source.mode for source in self.sources}
        return next((mode for mode in MODES if mode in modes), "direct")

    def mentioned_actors(self) -> Iterator[tuple[str, str]]:
        """Every actor named, as (path, actor id)."""
        if self.by is not None:
            yield "by", self.by
        for number, source in enumerate(self.sources):
            for step, actor in enumerate(source.via):
                yield f"sources[{number}].via[{step}]", actor

    def find_faults(self) -> Iterator[Fault]:
        """What is wrong with it on its own, without looking at anything else recorded."""
        if not SLUG.fullmatch(self.id):
            yield from slug_faults("id", self.id)
        if self.id in RESERVED:
            message = f"{self.id!r} is no id of a development: their address has it for something else."
            yield Fault(path="id", message=message, code="reserved-id")
        if not self.at:
            yield Fault(path="at", message="Name at least one location.", code="missing")
        if len(self.at) > 1 and len(set(self.at)) != len(self.at):
            yield Fault(path="at", message="A location is named twice.", code="duplicate")
        if self.reported.latest is None:
            yield Fault(path="reported", message="The time it became public needs an end.", code="open-end")
        if len({source.document for source in self.sources}) != len(self.sources):
            yield Fault(
                path="sources", message="A document is named twice; join its entries.", code="duplicate"
            )


def slug_faults(path: str, value: str) -> Iterator[Fault]:
    """A fault when `value` cannot be an id."""
    if not SLUG.fullmatch(value):
        yield Fault(
            path=path,
            message=f"{value!r} is no id: use 1 to 120 of a-z, 0-9, '.', '_' and '-', starting with a "
            "letter or digit.",
            code="bad-id",
        )
