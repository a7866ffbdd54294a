"""API keys: shown once, kept as a hash, refused when wrong, unknown or revoked."""

from __future__ import annotations

from typing import cast

import pytest

from domain.errors import InvalidInput, NotFound
from ledger.database import Database
from ledger.keys import Principal, Role, create_key, list_keys, revoke_key, verify_key
from tests.ledger.logs import connect


def test_a_key_speaks_for_whom_it_was_made(database: Database) -> None:
    with database.connection() as connection:
        key = create_key(
            connection, name="Desk", role="editor", make_id=lambda: "abc", make_secret=lambda: "s_e-cret"
        )
        assert key == "pal_abc_s_e-cret"
        assert verify_key(connection, key) == Principal(id="abc", name="Desk", role="editor")


def test_keys_are_random_and_their_secrets_kept_nowhere(database: Database, database_url: str) -> None:
    with database.connection() as connection:
        keys = [create_key(connection, name="Desk", role="reporter") for _ in range(20)]
        assert all(verify_key(connection, key) for key in keys)
    secrets = [key.split("_", 2)[2] for key in keys]
    assert len(set(secrets)) == 20
    assert min(len(secret) for secret in secrets) >= 43
    with connect(database_url) as connection:
        dump = str(connection.execute("select k::text from ledger.api_keys k").fetchall())
    assert not any(secret in dump for secret in secrets)


@pytest.mark.parametrize(
    "presented",
    [
        "",
        "pal_abc_wrong",
        "pal_xyz_secret",
        "pal_abc_secre",
        "pal_abc_secrett",
        "pal_abc_",
        "pal__secret",
        "PAL_abc_secret",
        " pal_abc_secret",
        "pal_abc_secret\n",
        "pal_abc\0_secret",
        "pal_abc_secr\u00e9t",
        "pal_abc_" + "x" * 100_000,
    ],
)
def test_anything_else_speaks_for_nobody(database: Database, presented: str) -> None:
    with database.connection() as connection:
        create_key(connection, name="Desk", role="admin", make_id=lambda: "abc", make_secret=lambda: "secret")
        assert verify_key(connection, presented) is None


def test_a_revoked_key_is_listed_and_refused(database: Database) -> None:
    with database.connection() as connection:
        key = create_key(connection, name="Desk", role="admin", make_id=lambda: "abc")
        create_key(connection, name="Other", role="reporter", make_id=lambda: "def")
        revoke_key(connection, "abc")
        assert verify_key(connection, key) is None
        first, second = list_keys(connection)
        revoke_key(connection, "abc")
        assert list_keys(connection)[0] == first, "the moment it was revoked stays"
    assert (first.id, first.name, first.role) == ("abc", "Desk", "admin")
    assert first.revoked_at is not None
    assert second.revoked_at is None


@pytest.mark.parametrize("unknown", ["nope", "", "a\0b", "'; drop table"])
def test_revoking_what_is_not_there(database: Database, unknown: str) -> None:
    with database.connection() as connection, pytest.raises(NotFound):
        revoke_key(connection, unknown)


@pytest.mark.parametrize(
    ("name", "role"), [("", "admin"), ("  ", "admin"), ("a\0", "admin"), ("Desk", "king")]
)
def test_bad_input(database: Database, name: str, role: str) -> None:
    with database.connection() as connection, pytest.raises(InvalidInput):
        create_key(connection, name=name, role=cast(Role, role))
