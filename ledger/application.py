"""The use cases of the ledger. Each loads what it needs, decides, appends, and says what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Required, TypedDict, Unpack

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType

from domain.editorial import LinkType
from domain.errors import NotFound, RevisionConflict, Unavailable
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import Current
from ledger import revising
from ledger.database import Database
from ledger.group_commit import AppendConflict, GroupCommit
from ledger.known import Known
from ledger.mapper import LedgerMapper
from ledger.recorder import LedgerDatastore, LedgerFactory, LedgerRecorder
from ledger.recording import (
    NOTHING_FOUND,
    Findings,
    Item,
    Receipt,
    decide,
    prepare,
    receipt_of,
    to_stored_event,
)
from ledger.texts import MakeSalt, load_texts, random_salt

ATTEMPTS = 5
"""How often a write is decided anew when somebody else recorded one of its ids in between."""
BUSY = "Others keep recording the same ids. Nothing was recorded; try again shortly."


class Authorship(TypedDict, total=False):
    """Who changes something, in which request, and against which revision (None: whichever it has)."""

    recorded_by: Required[str]
    request_id: str | None
    expected_revision: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """A thing has this revision from this log position on."""

    revision: int
    log_position: int
    recorded_at: datetime


class Ledger(Application[str]):
    """The write side. Every use case may be called from many threads at once.

    All of them raise Unavailable when the database is away; the message says whether the outcome is known.
    The changes to one thing raise NotFound, InvalidInput, AlreadyRetracted, and RevisionConflict when the
    thing is not, or no longer, at `expected_revision`.
    """

    def __init__(
        self,
        database: Database,
        *,
        group_commit: GroupCommit | None = None,
        make_salt: MakeSalt = random_salt,
    ) -> None:
        self.database = database
        self._group_commit = group_commit or GroupCommit(database.connect)
        self._make_salt = make_salt
        super().__init__()

    def construct_env(self, name: str, env: EnvType | None = None) -> Environment:
        """Nothing from the environment: a stray variable must not change how events are stored."""
        return Environment(name, {})

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """The library's parts, on our database."""
        return LedgerFactory(env, self.database, self._group_commit)

    def construct_mapper(self) -> LedgerMapper:
        """Our codec."""
        return LedgerMapper()

    def construct_recorder(self) -> LedgerRecorder:
        """The log."""
        self._log = LedgerRecorder(LedgerDatastore(self.database), self._group_commit)
        return self._log

    @property
    def pending(self) -> int:
        """How many writes are under way, for metrics."""
        return self._group_commit.pending

    def record(
        self,
        items: Sequence[Item],
        *,
        recorded_by: str,
        request_id: str | None = None,
        dry_run: bool = False,
        found: Findings = NOTHING_FOUND,
    ) -> Receipt:
        """Records all items in one transaction, or none. What is recorded already with the same content is
        unchanged. With `dry_run` nothing is written; `found` is what was wrong with the input already.

        Raises InvalidInput with everything wrong in any item, IdTaken or Conflicts.
        """
        for _ in range(ATTEMPTS):
            with self.database.connection() as connection:
                outcomes = decide(items, connection, found)
            new = [outcome.item for outcome in outcomes if outcome.status == "new"]
            if dry_run or not new:
                return receipt_of(outcomes)
            events, texts = prepare(new, recorded_by, request_id, self._make_salt)
            try:
                return receipt_of(outcomes, self._log.append(events, texts))
            except AppendConflict:
                continue
        raise Unavailable(BUSY)

    def correct(
        self, development_id: str, body: Development, reason: str, **authorship: Unpack[Authorship]
    ) -> Revised:
        """Replaces a development, whole, from now on."""
        return self._revise("development", development_id, revising.correction(body, reason), authorship)

    def retract(self, development_id: str, reason: str, **authorship: Unpack[Authorship]) -> Revised:
        """Takes a development back, from now on."""
        return self._revise("development", development_id, revising.retraction(reason), authorship)

    def link(
        self,
        development_id: str,
        type: LinkType,
        to: str,
        reason: str | None = None,
        **authorship: Unpack[Authorship],
    ) -> Revised:
        """Ties a development to another one."""
        return self._revise("development", development_id, revising.link(type, to, reason), authorship)

    def describe_location(self, body: LocationRegistered, **authorship: Unpack[Authorship]) -> Revised:
        """Describes a place anew, whole."""
        return self._revise("location", body.id, revising.location_description(body), authorship)

    def describe_actor(self, body: ActorRegistered, **authorship: Unpack[Authorship]) -> Revised:
        """Describes an actor anew, whole."""
        return self._revise("actor", body.id, revising.actor_description(body), authorship)

    def load_development(self, development_id: str) -> Current | None:
        """A development as it stands, straight from the log; None when there is none."""
        with self.database.connection() as connection:
            loaded = Known(connection).recorded(f"development:{development_id}")
        return loaded.current if loaded else None

    def load_document_text(self, sha256: str) -> str | None:
        """The text stored under this hash; None when there is none or it was taken away."""
        with self.database.connection() as connection:
            stored = load_texts(connection, [sha256]).get(sha256)
        return stored.text if stored else None

    def _revise(self, what: str, identifier: str, change: revising.Change, authorship: Authorship) -> Revised:
        """Loads the thing, decides, appends the next version of its stream."""
        stream, expected = f"{what}:{identifier}", authorship.get("expected_revision")
        with self.database.connection() as connection:
            known = Known(connection)
            loaded = known.recorded(stream)
            if loaded is None:
                raise NotFound(what, identifier)
            if expected not in (None, loaded.current.revision):
                raise RevisionConflict(identifier, expected=expected, actual=loaded.current.revision)
            event = change(loaded.current, known)
        revision = loaded.current.revision + 1
        stored = to_stored_event(
            stream, revision, event, authorship["recorded_by"], authorship.get("request_id")
        )
        try:
            appended = self._log.append([stored])
        except AppendConflict as conflict:
            raise RevisionConflict(identifier, expected=expected, actual=conflict.newest) from conflict
        return Revised(
            revision=revision, log_position=appended.positions[0], recorded_at=appended.recorded_at
        )
