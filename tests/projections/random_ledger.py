"""Random but lawful ledgers: everything that can be recorded, in an order that makes sense, from a seed."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from domain.editorial import LinkType
from domain.errors import Conflict, InvalidInput
from domain.kinds.envelope import Development
from domain.shares import ALL, MOST, NONE, PART, Share
from domain.streams import Thing
from domain.times import When
from ledger.application import Ledger
from ledger.recording import Item
from tests.builders import actor, development, location

SEEDS = range(int(os.environ.get("PALIMPSEST_TEST_SEEDS", "2")))
"""Of the random ledgers that everything is held against; a wider range looks further, and takes longer."""
START = datetime(2025, 1, 1, tzinfo=UTC)
PLACES = ("alpha", "beta", "gamma")
PARTIES = ("east", "west")
SPEAKERS = ("east", "west", "east-army", "west-army", "paper")
ASSESSORS = ("mapper", "institute")
SHARES = (ALL, MOST, PART, NONE, Share(min=0.3, max=0.3), Share(min=0.2, max=0.6))
LINKS: tuple[LinkType, ...] = get_args(LinkType)
CLAIMS = ("occupation-claimed", "recapture-claimed", "advance-claimed", "withdrawal-announced")
ANSWERS = ("claim-denied", "claim-confirmed", "claim-repeated", "claim-renounced")


class RandomLedger:
    """Writes to a ledger, one lawful step at a time; remembers what it wrote."""

    def __init__(self, ledger: Ledger, seed: int) -> None:
        self._ledger = ledger
        self._random = random.Random(seed)
        self.developments: dict[str, Development] = {}
        self.claims: list[str] = []
        self._count = 0

    def register(self) -> None:
        """Parties, those who speak for them, assessors and places."""
        items: list[Thing] = [
            *(actor(party) for party in PARTIES),
            *(actor(f"{party}-army", "unit", speaks_for=party) for party in PARTIES),
            actor("paper", "outlet"),
            *(actor(assessor, "assessor") for assessor in ASSESSORS),
            *(location(place) for place in PLACES),
        ]
        self._ledger.record([Item(event=item) for item in items], recorded_by="test")

    def step(self) -> bool:
        """One write; whether the ledger took it."""
        does = self._random.choices(
            (self._report, self._correct, self._retract, self._link, self._describe), (70, 12, 8, 8, 2)
        )[0]
        try:
            does()
        except (InvalidInput, Conflict):
            return False
        return True

    def _new_id(self) -> str:
        return f"d{self._count:03}"

    def _window(self) -> When:
        earliest = START + timedelta(days=self._random.randrange(60))
        latest = earliest + timedelta(days=self._random.choice((1, 1, 3, 10)))
        return When(edtf="random", earliest=earliest, latest=latest)

    def _body(self, identifier: str) -> Development:
        pick = self._random.choice
        occurred = self._window()
        fields: dict[str, Any] = {
            "at": tuple(self._random.sample(PLACES, pick((1, 1, 1, 2)))),
            "occurred": occurred,
            "reported": pick((occurred, self._window())),
            "during": pick(("within", "within", "within", "throughout")),
        }
        kind = pick(("claim", "claim", "answer", "assessed", "reported", "happening"))
        if kind == "answer" and self.claims:
            claim = pick(self.claims)
            fields["at"] = self.developments[claim].at[:1]
            return development(pick(ANSWERS), identifier, by=pick(SPEAKERS), claim=claim, **fields)
        if kind == "assessed":
            control = {"east": pick((PART, MOST)), "west": PART}
            return development("control-assessed", identifier, by=pick(ASSESSORS), control=control, **fields)
        if kind == "reported":
            return development(
                "control-reported", identifier, by="paper", holder=pick(PARTIES), share=pick(SHARES), **fields
            )
        if kind == "happening":
            name = pick(("fighting-reported", "encirclement-reported", "encirclement-lifted"))
            force = {} if name == "fighting-reported" else {"force": pick(PARTIES)}
            return development(name, identifier, by=pick(SPEAKERS), **force, **fields)
        kind = pick(CLAIMS)
        share = NONE if kind == "withdrawal-announced" else pick(SHARES)
        return development(kind, identifier, by=pick(SPEAKERS), holder=pick(PARTIES), share=share, **fields)

    def _report(self) -> None:
        self._count += 1
        body = self._body(self._new_id())
        self._ledger.record([Item(event=body)], recorded_by="test")
        self._remember(body)

    def _correct(self) -> None:
        if self.developments:
            identifier = self._random.choice(sorted(self.developments))
            body = replace(self._body(identifier), summary=f"Corrected {self._count}.")
            self._ledger.correct(identifier, body, "a random change of mind", recorded_by="test")
            self._remember(body)

    def _retract(self) -> None:
        if self.developments:
            identifier = self._random.choice(sorted(self.developments))
            self._ledger.retract(identifier, "a random regret", recorded_by="test")
            del self.developments[identifier]
            self.claims = [claim for claim in self.claims if claim != identifier]

    def _link(self) -> None:
        if len(self.developments) > 1:
            one, other = self._random.sample(sorted(self.developments), 2)
            kind = self._random.choice(LINKS)
            self._ledger.link(one, kind, other, "a random tie", recorded_by="test")

    def _describe(self) -> None:
        party = self._random.choice(PARTIES)
        unit = actor("east-army", "unit", speaks_for=party, name=f"Army {self._count}")
        self._ledger.describe_actor(unit, recorded_by="test")

    def _remember(self, body: Development) -> None:
        self.developments[body.id] = body
        self.claims = [claim for claim in self.claims if claim != body.id]
        if body.family == "claim":
            self.claims.append(body.id)
