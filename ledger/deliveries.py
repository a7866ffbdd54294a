"""What comes of sending events to webhooks, and whose turn it is to send them.

Whoever delivers reads a webhook, sends, and notes what came of it. A note is refused when the webhook was
moved or disabled meanwhile: so two who deliver at once may repeat an event, and never lose one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Literal, LiteralString

from domain.errors import Unavailable
from ledger.database import Connection, Database, translated_errors
from ledger.reading import head_position
from ledger.webhooks import Webhook, find_webhook

ATTEMPTS_KEPT = 1_000

# Every webhook that is enabled, and whether there is something to look at for it now.
SELECT_ENABLED = """
select id, position < %s and (next_attempt_at is null or next_attempt_at <= clock_timestamp())
from ledger.webhooks where disabled_at is null
"""
# What was delivered, or is not wanted, is passed; a success ends whatever failed before.
MOVE = """
update ledger.webhooks
set position = %(to)s, attempts = attempts + %(tried)s,
    failures = 0, failing_since = null, next_attempt_at = null
where id = %(id)s and position = %(position)s and disabled_at is null
returning attempts
"""
# All by the time of the statement. A clock that goes on from one call to the next may find that a patience of
# none has not run out yet: then the webhook stays on, or is disabled without a reason.
FAIL = """
update ledger.webhooks
set attempts = attempts + 1, failures = failures + 1,
    failing_since = coalesce(failing_since, statement_timestamp()),
    next_attempt_at = statement_timestamp() + %(pause)s,
    disabled_at = case when statement_timestamp() - coalesce(failing_since, statement_timestamp())
                            >= %(patience)s
                       then statement_timestamp() end,
    disabled_reason = case when statement_timestamp() - coalesce(failing_since, statement_timestamp())
                                >= %(patience)s
                           then %(reason)s end
where id = %(id)s and position = %(position)s and disabled_at is null
returning attempts
"""
NOTE = """
insert into ledger.webhook_attempts (webhook_id, number, log_position, milliseconds, status, error)
values (%(id)s, %(number)s, %(log_position)s, %(milliseconds)s, %(status)s, %(error)s)
"""
FORGET = "delete from ledger.webhook_attempts where webhook_id = %s and number <= %s"
SELECT_ATTEMPTS = """
select log_position, attempted_at, milliseconds, status, error
from ledger.webhook_attempts where webhook_id = %s order by number desc limit %s
"""
TAKE_TURN = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
GIVE_TURN_BACK = "select pg_advisory_unlock(hashtextextended(%s, 0))"
# A crash may take back the last notes: those events are delivered again, which receivers expect.
FORGET_AT_WORST = "set local synchronous_commit to off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What came of sending an event: the `status` that was answered, and the `error` unless it succeeded."""

    log_position: int
    milliseconds: int
    status: int | None = None
    error: str | None = None


class AttemptCounts:
    """What came of the attempts of this process. It may be told of them by several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts = {"delivered": 0, "failed": 0}

    def note(self, result: Literal["delivered", "failed"]) -> None:
        """Counts one."""
        with self._lock:
            self._counts[result] += 1

    def read(self) -> dict[str, int]:
        """How many there were, by result."""
        with self._lock:
            return dict(self._counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Delivery):
    """A delivery that was noted."""

    attempted_at: datetime


def list_attempts(connection: Connection, identifier: str, limit: int) -> list[Attempt]:
    """The newest attempts, the last one first. Raises NotFound."""
    find_webhook(connection, identifier)
    return [
        Attempt(
            log_position=position, attempted_at=attempted_at, milliseconds=took, status=status, error=error
        )
        for position, attempted_at, took, status, error in connection.execute(
            SELECT_ATTEMPTS, (identifier, limit)
        )
    ]


def list_enabled(connection: Connection) -> dict[str, bool]:
    """The enabled webhooks by id, and whether there may be something to deliver to it now."""
    return dict(connection.execute(SELECT_ENABLED, (head_position(connection),)).fetchall())


def note_passed(connection: Connection, webhook: Webhook, to: int) -> bool:
    """Moves it past events that it does not want; False when it was moved or disabled meanwhile."""
    return _move(connection, webhook, to, 0) is not None


def note_delivered(connection: Connection, webhook: Webhook, delivery: Delivery) -> bool:
    """Notes that an event was delivered; False when the webhook was moved or disabled meanwhile."""
    return _note(connection, webhook, delivery, _move(connection, webhook, delivery.log_position, 1))


def note_failed(
    connection: Connection, webhook: Webhook, delivery: Delivery, *, pause: timedelta, patience: timedelta
) -> bool:
    """Notes that an event was not delivered; False when the webhook was moved or disabled meanwhile.

    It is tried again after the pause, and disabled when it has failed for as long as the patience lasts.
    """
    connection.execute(FORGET_AT_WORST)
    row = {
        "id": webhook.id,
        "position": webhook.position,
        "pause": pause,
        "patience": patience,
        "reason": delivery.error,
    }
    return _note(connection, webhook, delivery, connection.execute(FAIL, row).fetchone())


def _move(connection: Connection, webhook: Webhook, to: int, tried: int) -> tuple[int] | None:
    connection.execute(FORGET_AT_WORST)
    row = {"id": webhook.id, "position": webhook.position, "to": to, "tried": tried}
    return connection.execute(MOVE, row).fetchone()


def _note(connection: Connection, webhook: Webhook, delivery: Delivery, moved: tuple[int] | None) -> bool:
    """Keeps the attempt with the number that moving the webhook gave it, and forgets the oldest."""
    if moved is None:
        return False
    (number,) = moved
    connection.execute(NOTE, {"id": webhook.id, "number": number, **asdict(delivery)})
    connection.execute(FORGET, (webhook.id, number - ATTEMPTS_KEPT))
    return True


class Turns:
    """Which webhooks it is this process's turn to deliver to: one process at a time has it.

    They are locks of one connection: the turns of a process that dies are free at once. When the connection
    breaks they are lost without notice, which the notes then tell.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None

    def take(self, identifier: str) -> bool:
        """Whether the turn is ours from now on. Raises Unavailable."""
        return bool(self._call(TAKE_TURN, identifier))

    def give_back(self, identifier: str) -> None:
        """Lets others have it. Raises Unavailable."""
        if self._connection is not None:
            self._call(GIVE_TURN_BACK, identifier)

    def close(self) -> None:
        """Gives all of them back."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _call(self, statement: LiteralString, identifier: str) -> object:
        try:
            with translated_errors():
                if self._connection is None:
                    self._connection = self._database.connect()
                return self._connection.execute(statement, (f"palimpsest webhook {identifier}",)).fetchall()[
                    0
                ][0]
        except Unavailable:
            self.close()
            raise
