"""API keys: who may write, and how much. A key is shown once; the database keeps the hash of its secret."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, LiteralString, get_args

from domain.errors import Fault, InvalidInput, NotFound
from ledger.asking import Asker
from ledger.database import Connection

Role = Literal["reporter", "editor", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
SELECT_KEYS: LiteralString = (
    "select id, name, role, secret_sha256 from ledger.api_keys where id = any(%s) and revoked_at is null"
)
KEY_ID = re.compile(r"[a-z0-9]{1,32}")
KEY = re.compile(rf"pal_({KEY_ID.pattern})_([A-Za-z0-9_-]{{1,200}})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """Who a key speaks for."""

    id: str
    name: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is listed: everything but its secret."""

    id: str
    name: str
    role: Role
    created_at: datetime
    revoked_at: datetime | None


def random_id() -> str:
    """The public part of a key."""
    return secrets.token_hex(6)


def random_secret() -> str:
    """The secret part of a key: 256 random bits."""
    return secrets.token_urlsafe(32)


def create_key(
    connection: Connection,
    *,
    name: str,
    role: Role,
    make_id: Callable[[], str] = random_id,
    make_secret: Callable[[], str] = random_secret,
) -> str:
    """Makes a key and answers it, `pal_<id>_<secret>`, this once. Raises InvalidInput."""
    faults = []
    if not name.strip() or "\0" in name:
        faults.append(Fault(path="name", message="Give the key a name, to know it by later.", code="missing"))
    if role not in ROLES:
        faults.append(Fault(path="role", message=f"A role is one of {', '.join(ROLES)}.", code="bad-role"))
    if faults:
        raise InvalidInput(faults)
    key, secret = make_id(), make_secret()
    connection.execute(
        "insert into ledger.api_keys (id, name, role, secret_sha256) values (%s, %s, %s, %s)",
        (key, name, role, _hash(secret)),
    )
    return f"pal_{key}_{secret}"


def verify_key(connection: Connection, presented: str) -> Principal | None:
    """Whom a presented key speaks for; None when it is unknown, wrong or revoked."""
    matches = _take_apart([presented])
    return _verify_all(matches, connection.execute(SELECT_KEYS, (_ids(matches),)).fetchall())[0]


async def verify_keys(asker: Asker, presented: Sequence[str]) -> list[Principal | None]:
    """The same of several keys, in one query from an event loop."""
    matches = _take_apart(presented)
    return _verify_all(matches, await asker.ask(SELECT_KEYS, (_ids(matches),)))


_Matches = list[re.Match[str] | None]


def _take_apart(presented: Sequence[str]) -> _Matches:
    return [KEY.fullmatch(key) for key in presented]


def _ids(matches: _Matches) -> list[str]:
    return list({match[1] for match in matches if match})


def _verify_all(matches: _Matches, rows: Sequence[tuple[Any, ...]]) -> list[Principal | None]:
    found = {row[0]: row for row in rows}
    return [_verify(match, found.get(match[1])) if match else None for match in matches]


def _verify(match: re.Match[str], row: tuple[Any, ...] | None) -> Principal | None:
    # An unknown id costs the same comparison as a wrong secret.
    expected = row[3] if row else bytes(32)
    if not hmac.compare_digest(_hash(match[2]), expected) or row is None:
        return None
    return Principal(id=row[0], name=row[1], role=row[2])


def list_keys(connection: Connection) -> list[Key]:
    """All keys, oldest first, the revoked ones too."""
    rows = connection.execute(
        "select id, name, role, created_at, revoked_at from ledger.api_keys order by created_at, id"
    )
    return [
        Key(id=key, name=name, role=role, created_at=created_at, revoked_at=revoked_at)
        for key, name, role, created_at, revoked_at in rows
    ]


def revoke_key(connection: Connection, key_id: str) -> None:
    """Ends a key. Ending it again changes nothing. Raises NotFound."""
    if not KEY_ID.fullmatch(key_id):
        raise NotFound("key", key_id)
    row = connection.execute(
        "update ledger.api_keys set revoked_at = coalesce(revoked_at, clock_timestamp()) where id = %s"
        " returning id",
        (key_id,),
    ).fetchone()
    if row is None:
        raise NotFound("key", key_id)


def _hash(secret: str) -> bytes:
    # Unsalted and fast is right here: the secret is 256 random bits, not a password.
    return hashlib.sha256(secret.encode()).digest()
