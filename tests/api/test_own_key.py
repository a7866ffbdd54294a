"""A key can ask whose it is, and what it may do."""

from __future__ import annotations

import pytest

from ledger.database import Database
from ledger.keys import list_keys, revoke_key
from tests.api.talking import Api


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.parametrize("role", ["reporter", "editor", "admin"])
def test_it_is_told_its_name_and_role_and_never_its_secret(api: Api, role: str) -> None:
    response = api.get("/v1/key", headers=headers(api.keys[role]))
    assert response.status_code == 200
    assert response.json() == {
        "id": api.keys[role].split("_")[1],
        "name": f"the {role}",
        "role": role,
    }
    assert response.headers["cache-control"] == "no-store"


def test_whoever_has_none_or_a_bad_one_is_told_so(api: Api) -> None:
    for authorization in ({}, headers("nonsense"), headers(f"{api.keys['admin']}x")):
        response = api.get("/v1/key", headers=authorization)
        assert response.status_code == 401
        assert response.json()["type"] == "/v1/problems/key-required"


def test_a_key_that_was_revoked_is_none(fresh: Api, database_url: str) -> None:
    key = fresh.keys["editor"]
    assert fresh.get("/v1/key", headers=headers(key)).status_code == 200
    with Database(database_url) as database, database.connection() as connection:
        revoke_key(connection, next(each.id for each in list_keys(connection) if each.role == "editor"))
    assert fresh.get("/v1/key", headers=headers(key)).status_code == 401
