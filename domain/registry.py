"""The registry: places, actors and documents. `described` replaces what was registered, whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from domain.errors import Fault
from domain.kinds.envelope import slug_faults
from domain.kinds.happenings import MOST_PEOPLE

LocationKind = Literal["settlement", "settlement-part", "district", "region", "area", "facility"]
ActorKind = Literal["party", "official", "unit", "assessor", "outlet", "agency", "other"]
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LONGEST_TAG = 35
LONGEST_NAME = 300
MOST_ALIASES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationRegistered:
    """A place. `point` is [longitude, latitude] in degrees (WGS 84), `names` are by language tag (BCP 47),
    `refs` are ids in other registers, such as `geonames`.

    By `aliases`, former names and other spellings of no stated language, it is found and recognised, never
    shown. `population` is its size in people as a register has it, which tells places of one name apart; what
    a voice says of it is a development.
    """

    id: str
    kind: LocationKind
    name: str
    names: dict[str, str] = field(default_factory=dict)
    point: tuple[float, float] | None = None
    part_of: str | None = None
    refs: dict[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    population: int | None = None

    def find_faults(self) -> Iterator[Fault]:
        """A bad id, an empty name, a point off the globe, a place that is part of itself, too many people."""
        yield from slug_faults("id", self.id)
        yield from name_faults(self.name, self.names, self.aliases)
        if self.point and not (-180 <= self.point[0] <= 180 and -90 <= self.point[1] <= 90):
            yield Fault(
                path="point",
                message="A point is [longitude, latitude]: -180 to 180 and -90 to 90.",
                code="out-of-range",
            )
        if self.part_of == self.id:
            yield Fault(path="part_of", message="A place is not part of itself.", code="bad-reference")
        if self.population is not None and not 0 <= self.population <= MOST_PEOPLE:
            message = f"A population is 0 to {MOST_PEOPLE:,}; leave it out where it is not known."
            yield Fault(path="population", message=message, code="out-of-range")


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationDescribed(LocationRegistered):
    """A place described anew: the whole description from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorRegistered:
    """Whoever can act or speak. `speaks_for` names the party whose voice it is."""

    id: str
    kind: ActorKind
    name: str
    names: dict[str, str] = field(default_factory=dict)
    speaks_for: str | None = None

    @property
    def voice(self) -> str:
        """The actor whose position its statements move."""
        return self.speaks_for or self.id

    def find_faults(self) -> Iterator[Fault]:
        """A bad id, an empty name, or one that speaks for a party though it is none that can."""
        yield from slug_faults("id", self.id)
        yield from name_faults(self.name, self.names)
        if self.speaks_for is not None and self.kind not in ("official", "unit"):
            yield Fault(
                path="speaks_for",
                message=f"Only an official or a unit speaks for a party; this is of kind {self.kind!r}.",
                code="bad-reference",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorDescribed(ActorRegistered):
    """An actor described anew: the whole description from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentArchived:
    """An archived source. Its text is kept outside the log, under `sha256`: the hash of a random salt
    and the text, so that the text can be taken away later and nothing in the log can be matched to it.

    `published` is EDTF as text; `licence` and `note` say under what terms the source may be used.
    """

    id: str
    publisher: str
    title: str
    url: str | None = None
    published: str | None = None
    language: str | None = None
    licence: str | None = None
    note: str | None = None
    sha256: str | None = None

    def find_faults(self) -> Iterator[Fault]:
        """A bad id, an empty title, a language that is no tag, an address that is none."""
        yield from slug_faults("id", self.id)
        if not self.title.strip():
            yield Fault(path="title", message="Give the title.", code="missing")
        if self.language is not None and not LANGUAGE.fullmatch(self.language):
            yield Fault(
                path="language", message="Write the language as a tag, such as 'uk'.", code="bad-language"
            )
        if self.url is not None and not re.fullmatch(r"https?://\S+", self.url):
            yield Fault(path="url", message="An address starts with http:// or https://.", code="bad-url")


def name_faults(name: str, names: Mapping[str, str], aliases: Sequence[str] = ()) -> Iterator[Fault]:
    """A fault for each name that is empty or endless, for each language that is no tag, and for too many
    aliases.
    """
    if len(aliases) > MOST_ALIASES:
        message = f"A place has at most {MOST_ALIASES} aliases; this has {len(aliases)}."
        yield Fault(path="aliases", message=message, code="too-long")
    for path, given in {
        "name": name,
        **{f"names.{language}": other for language, other in names.items()},
        **{f"aliases[{index}]": alias for index, alias in enumerate(aliases)},
    }.items():
        if not given.strip():
            yield Fault(path=path, message="Give a name.", code="missing")
        if len(given) > LONGEST_NAME:
            message = f"A name has at most {LONGEST_NAME} characters; this has {len(given)}."
            yield Fault(path=path, message=message, code="too-long")
    for language in names:
        if not LANGUAGE.fullmatch(language) or len(language) > LONGEST_TAG:
            message = "Name the language by its tag, such as 'uk'."
            yield Fault(path=f"names.{language[:LONGEST_TAG]}", message=message, code="bad-language")
