"""Whom and what developments name: the actors, places, documents and claims that tell them in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from projections.reading.claims import ClaimAnswer
from projections.reading.developments import DevelopmentRevision, find_developments
from projections.reading.moments import Moment
from projections.reading.places import find_places
from projections.reading.registry import find_actors, find_documents

NEEDS = ("actors", "developments", "documents", "locations", "states")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody and everything that some developments name, each by id.

    `claims` has the claims answered, as far as they count at the moment.
    """

    actors: Mapping[str, ActorRegistered] = field(default_factory=dict)
    places: Mapping[str, LocationRegistered] = field(default_factory=dict)
    documents: Mapping[str, DocumentArchived] = field(default_factory=dict)
    claims: Mapping[str, Claim] = field(default_factory=dict)

    def actor(self, identifier: str) -> str:
        """The name of an actor, or its id where nobody of that id is registered."""
        found = self.actors.get(identifier)
        return found.name if found is not None else identifier

    def place(self, identifier: str) -> str:
        """The name of a place, likewise."""
        found = self.places.get(identifier)
        return found.name if found is not None else identifier


def load_cast(moment: Moment, developments: Iterable[Development], others: Iterable[str] = ()) -> Cast:
    """The cast of the developments and of the claims they answer; `others` are further actors."""
    told = list(developments)
    answered = find_developments(moment, sorted({each.answers for each in told if each.answers}))
    claims = {
        found.body.id: found.body
        for found in answered.values()
        if isinstance(found.body, Claim)
        and not found.retracted
        and found.body.reported.surely_over(moment.known_before)
    }
    told += claims.values()
    documents = find_documents(moment, sorted({source.document for each in told for source in each.sources}))
    named = {actor for each in told for _, actor in each.mentioned_actors()}
    named |= {document.publisher for document in documents.values()}
    actors = find_actors(moment, sorted(named.union(others)))
    voices = {actor.voice for actor in actors.values()} - actors.keys()
    return Cast(
        actors={**actors, **find_actors(moment, sorted(voices))},
        places=find_places(moment, sorted({place for each in told for place in each.at})),
        documents=documents,
        claims=claims,
    )


def load_claim_cast(moment: Moment, answer: ClaimAnswer) -> tuple[dict[str, DevelopmentRevision], Cast]:
    """The developments that a claim's lifecycle, reports and outcome name, by id, and their cast."""
    named = {answer.claim.id, *(entry.development for entry in answer.entries)}
    named |= {report.development for report in answer.reports}
    named |= {said.development for said in answer.outcome.assessors}
    told = find_developments(moment, sorted(named))
    voices = [said.voice for said in answer.outcome.assessors]
    return told, load_cast(moment, [found.body for found in told.values()], voices)
