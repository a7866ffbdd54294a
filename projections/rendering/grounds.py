"""What the ledger holds of some places now: read once, and folded once for each bound."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from domain.catalogue import KINDS
from domain.kinds.claims import Claim
from domain.kinds.envelope import Development
from domain.outcomes import Ground, fold_ground, outcome_turns
from domain.positions import PlaceView
from domain.states import PlaceState, state_at
from domain.times import before_instant
from projections.engine.facts import decode_fact
from projections.engine.projection import Writer

CLAIM_KINDS = [kind for kind, cls in KINDS.items() if issubclass(cls, Claim)]

# What holds at some places; and the claims about them that were retracted, which are judged to be that. What
# was corrected instead goes on where it ended.
SELECT_FACTS = """
    SELECT location_id, kind, body, until_position IS NULL FROM location_facts held
    WHERE location_id = ANY(%s) AND (until_position IS NULL OR (kind = ANY(%s) AND NOT EXISTS (
        SELECT FROM location_facts next
        WHERE next.development_id = held.development_id AND next.from_position = held.until_position)))"""

SELECT_CLAIMS = """
    SELECT DISTINCT ON (development_id) development_id, kind, body FROM location_facts
    WHERE development_id = ANY(%s) AND until_position IS NULL"""

SELECT_VOICES = "SELECT actor_id, voice, kind FROM location_voices WHERE until_position IS NULL"

# When anything that may move a position was recorded last, and whether claims wait to be judged since then.
SELECT_MOVES = """
    SELECT location_id, moved_at, moved_by, unjudged FROM location_states
    WHERE location_id = ANY(%s) AND moved_by IS NOT NULL"""


class Grounds:
    """Places as they are now, with what is public yet and what is not, and the claims about them.

    `widen` adds the other places of those claims.
    """

    def __init__(self, writer: Writer, places: Iterable[str]) -> None:
        self._writer = writer
        self._voices = {actor: (voice, kind) for actor, voice, kind in writer.fetch(SELECT_VOICES)}
        self._held: dict[str, list[Development]] = {}
        self._every: dict[str, Development] = {}
        self.claims: dict[str, Claim] = {}
        """The claims about the places, by id; with those that were retracted."""
        self.retracted: set[str] = set()
        self.moves: dict[str, tuple[datetime, int]] = {}
        """When, and by which event, anything was recorded last that may move a position at the place."""
        self.unjudged: set[str] = set()
        """Of these places, those where claims wait to be judged."""
        self._views: dict[str, PlaceView] = {}
        self._folded: dict[tuple[str, datetime], Ground] = {}
        self._turns: dict[tuple[str, datetime], list[datetime]] = {}
        self._load(places)

    def widen(self, claims: Iterable[Claim]) -> None:
        """Adds the places of these claims that are not there yet."""
        places = {place for claim in claims for place in claim.at}
        self._load(places - self._held.keys())
        for place, moved_at, moved_by, unjudged in self._writer.fetch(SELECT_MOVES, (sorted(places),)):
            self.moves[place] = (moved_at, moved_by)
            if unjudged:
                self.unjudged.add(place)

    def _load(self, places: Iterable[str]) -> None:
        new: dict[str, list[Development]] = {place: [] for place in places}
        if not new:
            return
        for place, kind, body, holds in self._writer.fetch(SELECT_FACTS, ([*new], CLAIM_KINDS)):
            development = decode_fact(kind, body)
            if isinstance(development, Claim):
                self.claims[development.id] = development
            if holds:
                self._every[development.id] = development
                new[place].append(development)
            else:
                self.retracted.add(development.id)
        self._held |= new
        self._load_answered(new.values())

    def _load_answered(self, held: Iterable[Collection[Development]]) -> None:
        """The claims that are answered at the places, wherever they are about."""
        answered = {each.answers for found in held for each in found if each.answers is not None}
        missing = sorted(answered - self._every.keys() - self.retracted)
        for identifier, kind, body in self._writer.fetch(SELECT_CLAIMS, (missing,)) if missing else ():
            self._every[identifier] = decode_fact(kind, body)

    def view(self, place: str) -> PlaceView:
        """All that is held of the place."""
        if place not in self._views:
            self._views[place] = PlaceView(
                location=place,
                developments=tuple(self._held[place]),
                answered=self._every,
                voices={actor: voice for actor, (voice, _) in self._voices.items()},
                assessors=frozenset(actor for actor, (_, kind) in self._voices.items() if kind == "assessor"),
            )
        return self._views[place]

    def fold(self, place: str, before: datetime) -> Ground:
        """The place as the world could know it under the bound."""
        key = (place, before)
        if key not in self._folded:
            self._folded[key] = fold_ground(self.view(place).known_by(before), before)
        return self._folded[key]

    def turns(self, place: str, before: datetime) -> list[datetime]:
        """The later bounds at which any position at the place turns by itself."""
        key = (place, before)
        if key not in self._turns:
            moving = (each for each in self.view(place).developments if each.moves_positions)
            self._turns[key] = outcome_turns(moving, before)
        return self._turns[key]

    def state(self, place: str, before: datetime) -> PlaceState:
        """The state of the place under the bound."""
        known = self.view(place).known_by(before)
        if place in self.moves:
            # Since what moved last, only time can have moved a position.
            moved = before_instant(self.moves[place][0])
            if not any(turn <= before for turn in self.turns(place, moved)):
                return state_at(known, before, traces=self.fold(place, moved).traces)
        return state_at(known, before)
