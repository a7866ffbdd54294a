"""Whether a thing fits what is already known: the actors, places, documents and claims it points at.

Nothing is looked up here. The caller hands in a `Known`, which may hold what is recorded, what is about to
be recorded together with it, or both.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from domain.errors import Fault
from domain.kinds.answers import Answer, ClaimRenounced
from domain.kinds.assessments import ControlAssessed
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development, Quote
from domain.registry import ActorKind, ActorRegistered, DocumentArchived, LocationRegistered
from domain.streams import Current, Thing

PARTY_FIELDS = ("holder", "force", "encircled_by", "speaks_for")
SUGGESTIONS = 50
"""Comparing spellings is slow, so only the first faults of a large input come with a suggestion,"""
SUGGESTED_FROM = 2_000
"""taken from at most this many ids."""


class Mention(NamedTuple):
    """A pointer from one thing to another: `what` is `actor`, `location`, `document` or `development`."""

    what: str
    id: str
    path: str


class Known(Protocol):
    """What can be pointed at. Every method answers None for what is not there."""

    def find(self, what: str, identifier: str) -> Current | None:
        """The thing as it stands."""

    def find_text(self, document: DocumentArchived) -> str | None:
        """The text of a document, unless it has none or it was taken away."""


def mentions(thing: Thing) -> Sequence[Mention]:
    """Everything a thing points at."""
    match thing:
        case Development():
            return _mentions_of_development(thing)
        case LocationRegistered(part_of=str(parent)):
            return [Mention("location", parent, "part_of")]
        case ActorRegistered(speaks_for=str(party)):
            return [Mention("actor", party, "speaks_for")]
        case DocumentArchived():
            return [Mention("actor", thing.publisher, "publisher")]
    return ()


def _mentions_of_development(development: Development) -> list[Mention]:
    if len(development.at) == 1:
        found = [Mention("location", development.at[0], "at")]
    else:
        found = [Mention("location", name, f"at[{number}]") for number, name in enumerate(development.at)]
    found += [Mention("actor", actor, path) for path, actor in development.mentioned_actors()]
    for number, source in enumerate(development.sources):
        found.append(Mention("document", source.document, f"sources[{number}].document"))
    if development.answers is not None:
        found.append(Mention("development", development.answers, "claim"))
    return found


@lru_cache(maxsize=4_096)
def kind_at(path: str, is_assessed: bool) -> ActorKind | None:
    """What kind of actor has to stand there."""
    if path in PARTY_FIELDS or path.startswith("control."):
        return "party"
    return "assessor" if path == "by" and is_assessed else None


class References:
    """Checks the pointers of one batch of things. `nearby` are the ids of the batch, by sort of thing.

    `broken` are the streams of entries that could not be read: they are told of where they stand, so
    pointing at one is no further fault.
    """

    def __init__(
        self,
        known: Known,
        nearby: Mapping[str, Iterable[str]] | None = None,
        broken: Collection[str] = frozenset(),
    ) -> None:
        self._known = known
        self._broken = broken
        self._nearby = {what: list(ids)[:SUGGESTED_FROM] for what, ids in (nearby or {}).items()}
        self._suggestions_left = SUGGESTIONS
        self._texts: dict[str, str | None] = {}

    def find_faults(self, thing: Thing, named: Sequence[Mention] | None = None) -> Iterator[Fault]:
        """Every pointer of `thing` that leads nowhere or to something of the wrong sort; `named` are its
        mentions, if they were worked out already.
        """
        for mention in mentions(thing) if named is None else named:
            found = self._known.find(mention.what, mention.id)
            if found is None:
                if f"{mention.what}:{mention.id}" not in self._broken:
                    yield self._unknown(mention)
            elif isinstance(found.body, ActorRegistered):
                yield from _role_faults(thing, mention, found.body)
        if isinstance(thing, LocationRegistered):
            yield from self._cycle_faults(thing)
        if isinstance(thing, Answer):
            yield from self._answer_faults(thing)
        if isinstance(thing, Development):
            yield from self._quote_faults(thing)

    def _unknown(self, mention: Mention) -> Fault:
        what = "claim" if mention.path == "claim" else mention.what
        hint = self._suggest(mention)
        return Fault(
            path=mention.path,
            message=f"There is no {what} with the id {mention.id!r}"
            + (f"; did you mean {hint!r}?" if hint else "."),
            code=f"unknown-{what}",
        )

    def _suggest(self, mention: Mention) -> str | None:
        """The id of the batch that is spelt most like the one given."""
        if self._suggestions_left == 0:
            return None
        self._suggestions_left -= 1
        close = difflib.get_close_matches(mention.id, self._nearby.get(mention.what, ()), n=1)
        return close[0] if close else None

    def _cycle_faults(self, location: LocationRegistered) -> Iterator[Fault]:
        above, seen = location.part_of, set[str]()
        while above is not None and above not in seen and above != location.id:
            seen.add(above)
            found = self._known.find("location", above)
            above = found.body.part_of if found and isinstance(found.body, LocationRegistered) else None
        if above == location.id and location.part_of != location.id:
            yield Fault(
                path="part_of",
                message=f"{location.part_of!r} is itself part of {location.id!r}.",
                code="bad-reference",
            )

    def _answer_faults(self, answer: Answer) -> Iterator[Fault]:
        found = self._known.find("development", answer.claim)
        if found is None:
            return
        claim = found.body
        if not isinstance(claim, Claim):
            kind = claim.kind if isinstance(claim, Development) else "something else"
            message = f"A {answer.kind} answers a claim; {answer.claim!r} is a {kind}."
            yield Fault(path="claim", message=message, code="not-a-claim")
            return
        if found.retracted:
            message = f"{answer.claim!r} was retracted, so it cannot be answered."
            yield Fault(path="claim", message=message, code="retracted-claim")
        if elsewhere := [location for location in answer.at if location not in claim.at]:
            message = f"{answer.claim!r} says nothing of {', '.join(map(repr, elsewhere))}."
            yield Fault(path="at", message=message, code="outside-claim")
        if isinstance(answer, ClaimRenounced) and self._voice(answer.by) != self._voice(claim.by):
            message = f"Only the voice that made {answer.claim!r} can renounce it: {self._voice(claim.by)!r}."
            yield Fault(path="by", message=message, code="not-own-claim")

    def _voice(self, actor: str) -> str:
        found = self._known.find("actor", actor)
        return found.body.voice if found and isinstance(found.body, ActorRegistered) else actor

    def _quote_faults(self, development: Development) -> Iterator[Fault]:
        for number, source in enumerate(development.sources):
            found = self._known.find("document", source.document) if source.quote else None
            if source.quote is None or found is None or not isinstance(found.body, DocumentArchived):
                continue
            path = f"sources[{number}].quote"
            text = self._text(found.body)
            if text is None:
                message = f"The text of {source.document!r} is not kept here, so it cannot be quoted."
                yield Fault(path=path, message=message, code="no-text")
            elif not holds_quote(text, source.quote):
                message = f"The text of {source.document!r} does not hold this passage."
                yield Fault(path=path, message=message, code="quote-not-found")

    def _text(self, document: DocumentArchived) -> str | None:
        if document.id not in self._texts:
            text = self._known.find_text(document)
            self._texts[document.id] = None if text is None else plain(text)
        return self._texts[document.id]


def _role_faults(thing: Thing, mention: Mention, actor: ActorRegistered) -> Iterator[Fault]:
    """An actor in a place where only a party or an assessor can stand."""
    kind = kind_at(mention.path, isinstance(thing, ControlAssessed))
    if kind == "party" and actor.kind != kind:
        message = f"{actor.id!r} is of kind {actor.kind!r}; only a party stands here."
        yield Fault(path=mention.path, message=message, code="not-a-party")
    if kind == "assessor" and actor.kind != kind:
        message = f"{actor.id!r} is of kind {actor.kind!r}; only an assessor assesses control."
        yield Fault(path="by", message=message, code="not-an-assessor")


def plain(text: str) -> str:
    """Text in NFC with every run of white space as one space, so that layout does not matter."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def holds_quote(text: str, quote: Quote) -> bool:
    """Whether `text`, which is plain already, holds the passage, between its prefix and suffix if given."""
    exact, prefix, suffix = plain(quote.exact), plain(quote.prefix or ""), plain(quote.suffix or "")
    start = text.find(exact) if exact else -1
    while start != -1:
        # White space is single here, so one more character than the prefix or suffix is enough.
        before = text[max(0, start - len(prefix) - 1) : start].rstrip()
        after = text[start + len(exact) : start + len(exact) + len(suffix) + 1].lstrip()
        if before.endswith(prefix) and after.startswith(suffix):
            return True
        start = text.find(exact, start + 1)
    return False
