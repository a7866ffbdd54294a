"""The use cases of the ledger. Each loads what it needs, decides, appends, and says what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any, Required, TypedDict, TypeVar, Unpack

from eventsourcing.application import Application
from eventsourcing.persistence import InfrastructureFactory
from eventsourcing.utils import Environment, EnvType

from domain.editorial import LinkType
from domain.errors import Unavailable
from domain.kinds.envelope import Development
from domain.registry import ActorRegistered, LocationRegistered
from domain.streams import Current
from ledger import revising
from ledger.commands import AppendConflict, Command
from ledger.database import Database
from ledger.group_commit import GroupCommit
from ledger.idempotency import InFlight, Once
from ledger.known import Recorded
from ledger.mapper import LedgerMapper
from ledger.recorder import LedgerDatastore, LedgerFactory, LedgerRecorder
from ledger.recording import (
    NOTHING_FOUND,
    Findings,
    Item,
    Receipt,
    decide,
    make_row,
    mentioned_streams,
    prepare,
    receipt_of,
)
from ledger.recordings import Decided, Recording
from ledger.revising import Revised, Revision
from ledger.tallies import Appends
from ledger.texts import MakeSalt, load_texts, random_salt

T = TypeVar("T")

DECIDED_INSIDE = 100
"""So many items are decided under the lock of the log, together with what else waits; more beforehand."""
ATTEMPTS = 5
"""How often a write is decided anew when somebody else recorded one of its ids in between."""
BUSY = "Others keep recording the same ids. Nothing was recorded; try again shortly."


class Authorship(TypedDict, total=False):
    """Who changes something, in which request, against which revision (None: whichever it has), and under
    which key it happens once.
    """

    recorded_by: Required[str]
    request_id: str | None
    expected_revision: int | None
    once: Once | None


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
        self._in_flight = InFlight()
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
        return LedgerRecorder(LedgerDatastore(self.database), self._group_commit)

    @property
    def pending(self) -> int:
        """How many writes are under way, for metrics."""
        return self._group_commit.pending

    @property
    def appends(self) -> Appends:
        """What became of the appends of this process, for metrics."""
        return self._group_commit.appends

    @property
    def in_flight(self) -> InFlight:
        """The idempotency keys whose writes are under way here."""
        return self._in_flight

    def record(
        self,
        items: Sequence[Item],
        *,
        recorded_by: str,
        request_id: str | None = None,
        dry_run: bool = False,
        found: Findings = NOTHING_FOUND,
        once: Once | None = None,
    ) -> Receipt:
        """Records all items in one transaction, or none. What is recorded already with the same content is
        unchanged. With `dry_run` nothing is written; `found` is what was wrong with the input already. With
        `once` it is done once under that key.

        Raises InvalidInput with everything wrong in any item, IdTaken or Conflicts; with `once`
        AlreadyAnswered, KeyReused or KeyInFlight.
        """
        if len(items) <= DECIDED_INSIDE and not dry_run:
            recording = self.recording(items, recorded_by=recorded_by, request_id=request_id, found=found)
            return self.submit(recording, once).result()
        # So many are decided before the lock is taken, for nobody to wait for that. Then somebody else may
        # have recorded one of them meanwhile.
        for _ in range(ATTEMPTS):
            with self.database.connection() as connection:
                outcomes = decide(items, Recorded(connection), found)
            new = [outcome.item for outcome in outcomes if outcome.status == "new"]
            if dry_run or not (new or once):
                return receipt_of(outcomes)
            events, texts = prepare(new, recorded_by, request_id, self._make_salt)
            try:
                return self.submit(Decided(outcomes, events, texts), once).result()
            except AppendConflict:
                continue
        raise Unavailable(BUSY)

    def recording(
        self,
        items: Sequence[Item],
        *,
        recorded_by: str,
        request_id: str | None = None,
        found: Findings = NOTHING_FOUND,
    ) -> Recording:
        """What `record` does with a few items, as a command to `submit`."""
        rows = [make_row(item, recorded_by, request_id, self._make_salt) for item in items]
        return Recording(items, rows, found)

    def submit(self, command: Command[T], once: Once | None = None) -> Future[T]:
        """Has a command carried out together with others, without waiting for it; see GroupCommit.submit."""
        return self._group_commit.submit(command, once)

    def correct(
        self, development_id: str, body: Development, reason: str, **authorship: Unpack[Authorship]
    ) -> Revised:
        """Replaces a development, whole, from now on."""
        change = revising.correction(body, reason)
        return self._revise("development", development_id, change, mentioned_streams(body), authorship)

    def retract(self, development_id: str, reason: str, **authorship: Unpack[Authorship]) -> Revised:
        """Takes a development back, from now on."""
        return self._revise("development", development_id, revising.retraction(reason), (), authorship)

    def link(
        self,
        development_id: str,
        type: LinkType,
        to: str,
        reason: str | None = None,
        **authorship: Unpack[Authorship],
    ) -> Revised:
        """Ties a development to another one."""
        change = revising.link(type, to, reason)
        return self._revise("development", development_id, change, [f"development:{to}"], authorship)

    def describe_location(self, body: LocationRegistered, **authorship: Unpack[Authorship]) -> Revised:
        """Describes a place anew, whole."""
        change = revising.location_description(body)
        return self._revise("location", body.id, change, mentioned_streams(body), authorship)

    def describe_actor(self, body: ActorRegistered, **authorship: Unpack[Authorship]) -> Revised:
        """Describes an actor anew, whole."""
        change = revising.actor_description(body)
        return self._revise("actor", body.id, change, mentioned_streams(body), authorship)

    def _revise(
        self,
        what: str,
        identifier: str,
        change: revising.Change,
        points_at: Iterable[str],
        authorship: Authorship,
    ) -> Revised:
        revision = Revision(
            what=what,
            identifier=identifier,
            change=change,
            points_at=frozenset(points_at),
            recorded_by=authorship["recorded_by"],
            request_id=authorship.get("request_id"),
            expected_revision=authorship.get("expected_revision"),
        )
        return self.submit(revision, authorship.get("once")).result()

    def load_development(self, development_id: str) -> Current | None:
        """A development as it stands, straight from the log; None when there is none."""
        with self.database.connection() as connection:
            loaded = Recorded(connection).find(f"development:{development_id}")
        return loaded.current if loaded else None

    def load_document_text(self, sha256: str) -> str | None:
        """The text stored under this hash; None when there is none or it was taken away."""
        with self.database.connection() as connection:
            stored = load_texts(connection, [sha256]).get(sha256)
        return stored.text if stored else None
