"""Webhooks: who is sent which events of the log, and how far that has come."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import LiteralString

import msgspec

from domain.errors import NotFound
from domain.interests import Interest
from ledger.database import Connection
from ledger.keys import random_id
from ledger.reading import head_position

SECRET_FORM = "whsec_{}"  # noqa: S105 - what every one of them looks like

_INTERESTS = msgspec.json.Decoder(Interest)

ADD = """
insert into ledger.webhooks (id, url, interest, secrets, position)
values (%(id)s, %(url)s, %(interest)s, array[%(secret)s], %(position)s)
"""
SELECT = """
select id, url, interest::text, secrets, created_at, position, failures, failing_since, next_attempt_at,
       disabled_at, disabled_reason
from ledger.webhooks
where %(id)s::text is null or id = %(id)s
order by created_at, id
"""
REMOVE = "delete from ledger.webhooks where id = %s returning id"
# What it has failed at so far is forgotten: it begins afresh.
ENABLE = """
update ledger.webhooks
set disabled_at = null, disabled_reason = null, failures = 0, failing_since = null, next_attempt_at = null,
    position = coalesce(%(after)s, position)
where id = %(id)s
returning id
"""
DISABLE = """
update ledger.webhooks
set disabled_at = coalesce(disabled_at, clock_timestamp()),
    disabled_reason = coalesce(disabled_reason, %(reason)s)
where id = %(id)s
returning id
"""
ROTATE = "update ledger.webhooks set secrets = array[%(secret)s, secrets[1]] where id = %(id)s returning id"
FINISH_ROTATION = "update ledger.webhooks set secrets = secrets[1:1] where id = %s returning id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Somebody who is sent events. `secrets` are never shown again, the newest is the first.

    Everything wanted up to `position` was delivered. `failures` counts those since `failing_since`.
    """

    id: str
    url: str
    interest: Interest
    secrets: tuple[str, ...] = field(repr=False)
    created_at: datetime
    position: int
    failures: int
    failing_since: datetime | None
    next_attempt_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None


def random_secret() -> str:
    """A secret to sign with: 256 random bits, in the form of the Standard Webhooks specification."""
    return SECRET_FORM.format(base64.b64encode(secrets.token_bytes(32)).decode())


def add_webhook(
    connection: Connection,
    *,
    url: str,
    interest: Interest,
    after: int | None = None,
    make_id: Callable[[], str] = random_id,
    make_secret: Callable[[], str] = random_secret,
) -> Webhook:
    """A new webhook, which is sent what is recorded after a log position, from now on if none is named."""
    identifier = make_id()
    row = {
        "id": identifier,
        "url": url,
        "interest": msgspec.json.encode(interest).decode(),
        "secret": make_secret(),
        "position": head_position(connection) if after is None else after,
    }
    connection.execute(ADD, row)
    return find_webhook(connection, identifier)


def list_webhooks(connection: Connection) -> list[Webhook]:
    """All webhooks, the oldest first."""
    return _select(connection, None)


def find_webhook(connection: Connection, identifier: str) -> Webhook:
    """The webhook of that id. Raises NotFound."""
    found = _select(connection, identifier)
    if not found:
        raise NotFound("webhook", identifier)
    return found[0]


def remove_webhook(connection: Connection, identifier: str) -> None:
    """Removes it, with its attempts. Raises NotFound."""
    _change(connection, REMOVE, identifier, (identifier,))


def enable_webhook(connection: Connection, identifier: str, after: int | None = None) -> None:
    """Has it sent events again, from where it stopped or after a log position. Raises NotFound."""
    _change(connection, ENABLE, identifier, {"id": identifier, "after": after})


def disable_webhook(connection: Connection, identifier: str, reason: str) -> None:
    """Has it sent nothing; done again, it changes nothing. Raises NotFound."""
    _change(connection, DISABLE, identifier, {"id": identifier, "reason": reason})


def rotate_secret(
    connection: Connection, identifier: str, make_secret: Callable[[], str] = random_secret
) -> str:
    """A new secret, with which is signed from now on beside the one before. Raises NotFound."""
    secret = make_secret()
    _change(connection, ROTATE, identifier, {"id": identifier, "secret": secret})
    return secret


def finish_rotation(connection: Connection, identifier: str) -> None:
    """Has only the newest secret signed with. Raises NotFound."""
    _change(connection, FINISH_ROTATION, identifier, (identifier,))


def _select(connection: Connection, identifier: str | None) -> list[Webhook]:
    return [
        Webhook(
            id=row[0],
            url=row[1],
            interest=_INTERESTS.decode(row[2]),
            secrets=tuple(row[3]),
            created_at=row[4],
            position=row[5],
            failures=row[6],
            failing_since=row[7],
            next_attempt_at=row[8],
            disabled_at=row[9],
            disabled_reason=row[10],
        )
        for row in connection.execute(SELECT, {"id": identifier})
    ]


def _change(
    connection: Connection,
    statement: LiteralString,
    identifier: str,
    parameters: Sequence[str] | Mapping[str, object],
) -> None:
    if connection.execute(statement, parameters).fetchone() is None:
        raise NotFound("webhook", identifier)
