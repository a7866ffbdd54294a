"""What the raw log says of a place, read as plainly as can be: nothing of the read models is asked.

Every answer goes through the events once more. The rules are those of tests/domain/plain_reading.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.editorial import Corrected, Linked, Retracted
from domain.kinds.envelope import Development
from domain.positions import PlaceView
from domain.registry import ActorRegistered
from ledger.reading import Recorded
from tests.domain import plain_reading

ENTRIES = {
    "claim-denied": "denied",
    "claim-confirmed": "confirmed",
    "claim-repeated": "repeated",
    "claim-renounced": "renounced",
}


@dataclass
class Link:
    """A link as it was recorded."""

    one: str
    other: str
    type: str
    position: int


class PlainLog:
    """The log up to and with a position, as the ledger held it then."""

    def __init__(self, log: Sequence[Recorded], position: int) -> None:
        self.bodies: dict[str, Development] = {}
        self.retracted: dict[str, Development] = {}
        self.since: dict[str, int] = {}
        self.actors: dict[str, ActorRegistered] = {}
        self.links: list[Link] = []
        self.edits: list[tuple[str, str, int]] = []
        for recorded in log:
            if recorded.log_position <= position:
                self._take(recorded, recorded.stream.partition(":")[2])

    def _take(self, recorded: Recorded, identifier: str) -> None:
        match recorded.event:
            case Development() as body:
                self.bodies[identifier] = body
                self.since[identifier] = recorded.log_position
            case Corrected(body=body):
                was, self.bodies[identifier] = self.bodies[identifier], body
                self.since[identifier] = recorded.log_position
                if was.family == body.family == "claim":
                    self.edits.append((identifier, "corrected", recorded.log_position))
            case Retracted():
                self.retracted[identifier] = self.bodies.pop(identifier)
                if self.retracted[identifier].family == "claim":
                    self.edits.append((identifier, "retracted", recorded.log_position))
            case Linked() as link:
                self.links.append(Link(identifier, link.to, link.type, recorded.log_position))
            case ActorRegistered() as actor:
                self.actors[identifier] = actor

    def view(self, place: str, known_before: datetime) -> PlaceView:
        """All that counts for a place at this position."""
        return PlaceView(
            location=place,
            developments=tuple(
                body
                for body in self.bodies.values()
                if place in body.at and body.reported.latest and body.reported.latest <= known_before
            ),
            answered=self.bodies,
            voices={actor.id: actor.speaks_for or actor.id for actor in self.actors.values()},
            assessors=frozenset(actor.id for actor in self.actors.values() if actor.kind == "assessor"),
        )

    def claims_about(self, place: str, known_before: datetime, valid_before: datetime) -> list[str]:
        """The claims that count there, retracted ones too."""
        every = {**self.bodies, **self.retracted}
        return sorted(
            identifier
            for identifier, body in every.items()
            if body.family == "claim" and place in body.at
            if body.reported.latest and body.reported.latest <= known_before
            if body.occurred.earliest < valid_before
        )

    def outcome(
        self, claim: str, known_before: datetime, valid_before: datetime
    ) -> tuple[str, dict[str, str]]:
        """What became of a claim, and each assessor's verdict on it, over all the places it names."""
        if claim in self.retracted:
            return "retracted", {}
        body = self.bodies[claim]
        told = [
            plain_reading.outcome(self.view(place, known_before), body, valid_before) for place in body.at
        ]
        judged = [verdicts for value, verdicts in told if value != "renounced"]
        if not judged:
            return "renounced", {}
        joined = {}
        for voice in {voice for verdicts in judged for voice in verdicts}:
            said = [verdicts.get(voice, ("", ""))[0] for verdicts in judged]
            if "contradicts" in said:
                joined[voice] = "contradicts"
            elif set(said) == {"bears-out"}:
                joined[voice] = "bears-out"
        kinds = set(joined.values())
        if len(kinds) == 2:
            return "disputed", joined
        value = {"contradicts": "contradicted", "bears-out": "borne-out"}[kinds.pop()] if kinds else "open"
        return value, joined

    def entries(self, claim: str, known_before: datetime, valid_before: datetime) -> set[tuple[str, str]]:
        """What befell a claim: (what, development), assessors' verdicts left out."""
        body = {**self.bodies, **self.retracted}[claim]
        found = {("made", claim)} if body.occurred.earliest < valid_before else set()
        answers: list[Any] = [each for each in self.bodies.values() if each.kind in ENTRIES]
        for answer in answers:
            public = answer.reported.latest and answer.reported.latest <= known_before
            if answer.claim == claim and public and answer.occurred.earliest < valid_before:
                found.add((ENTRIES[answer.kind], answer.id))
        found |= {(what, claim) for identifier, what, _ in self.edits if identifier == claim}
        return found
