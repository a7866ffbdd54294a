"""Who may do what: reading is open unless said otherwise, writing needs a key with a role."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ledger.database import Database
from ledger.keys import create_key, list_keys, revoke_key
from tests.api.contract import document
from tests.api.stories import claim, set_the_stage, statement
from tests.api.talking import Api, in_process

EDITORIAL = (
    "/v1/developments/claim/corrections",
    "/v1/developments/claim/retraction",
    "/v1/developments/claim/links",
    "/v1/locations",
    "/v1/locations/hill/descriptions",
    "/v1/actors",
    "/v1/actors/red/descriptions",
    "/v1/dossiers",
)
REPORTING = ("/v1/developments", "/v1/developments/batch", "/v1/documents")
READS = (
    "/v1/locations",
    "/v1/locations/hill",
    "/v1/locations/hill/timeline",
    "/v1/locations/hill/history",
    "/v1/locations/hill/claims",
    "/v1/claims/claim",
    "/v1/developments/claim",
    "/v1/developments/claim/revisions",
    "/v1/actors",
    "/v1/actors/red",
    "/v1/documents",
    "/v1/documents/gazette-1",
    "/v1/events",
    "/v1/events?format=ndjson",
    "/v1/dates?text=2025",
    "/v1/shares?text=all",
)
OPEN = ("/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/v1/kinds", "/v1/problems")


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    api.write("/v1/developments", claim())
    return api


def test_every_write_is_covered_here() -> None:
    writes = {path for path, operations in document()["paths"].items() if "post" in operations}
    named = {
        path.replace("/claim/", "/{development_id}/")
        .replace("/hill/", "/{location_id}/")
        .replace("/red/", "/{actor_id}/")
        for path in EDITORIAL + REPORTING
    }
    assert writes == named


@pytest.mark.parametrize("path", EDITORIAL + REPORTING)
def test_writing_needs_a_key(told: Api, module_url: str, path: str) -> None:
    head = told.head()
    with Database(module_url) as database, database.connection() as connection:
        revoked = create_key(connection, name="gone", role="admin")
        revoke_key(
            connection, next(key.id for key in list_keys(connection) if revoked.split("_")[1] == key.id)
        )
    good = told.keys["admin"]
    for authorization in (
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        f"Bearer {revoked}",
        f"Bearer {good}x",
        f"Bearer {good[:-1]}",
        f"Bearer {good.upper()}",
        f"Bearer pal_{'0' * 32}_{good.rpartition('_')[2]}",
        f"Basic {good}",
        good,
    ):
        headers = {"Authorization": authorization} if authorization is not None else {}
        response = told.http.post(path, json={}, headers=headers)
        assert response.status_code == 401, authorization
        assert response.json()["type"] == "/v1/problems/key-required"
        challenge = "Bearer" if authorization is None else 'Bearer error="invalid_token"'
        assert response.headers["www-authenticate"] == challenge
        assert good not in response.text
    assert told.head() == head


@pytest.mark.parametrize("path", EDITORIAL)
def test_a_reporter_may_not_edit(told: Api, path: str) -> None:
    head = told.head()
    response = told.post(path, {}, role="reporter")
    assert response.status_code == 403
    assert response.json()["type"] == "/v1/problems/access-denied"
    assert response.json()["detail"] == "This needs the role 'editor'; the key has 'reporter'."
    assert told.head() == head


@pytest.mark.parametrize("path", EDITORIAL + REPORTING)
def test_a_role_may_do_all_that_those_below_it_may(told: Api, path: str) -> None:
    """The body is refused, not the key."""
    for role in ("editor", "admin"):
        assert told.post(path, [], role=role).status_code == 422
    if path in REPORTING:
        assert told.post(path, [], role="reporter").status_code == 422


def test_a_key_works_in_any_case_of_the_scheme_and_is_named_in_the_log(told: Api) -> None:
    headers = {"Authorization": f"bearer {told.keys['reporter']}"}
    response = told.http.post("/v1/developments", json=statement("by-the-reporter"), headers=headers)
    assert response.status_code == 201
    [event] = told.read("/v1/events", after=response.json()["log_position"] - 1)["items"]
    assert event["recorded_by"] == "the reporter"


def test_a_key_that_is_revoked_stops_working(told: Api, module_url: str) -> None:
    with Database(module_url) as database:
        with database.connection() as connection:
            key = create_key(connection, name="short-lived", role="reporter")
        headers = {"Authorization": f"Bearer {key}"}
        assert told.http.post("/v1/developments", json=statement("a"), headers=headers).status_code == 201
        with database.connection() as connection:
            revoke_key(connection, key.split("_")[1])
        assert told.http.post("/v1/developments", json=statement("b"), headers=headers).status_code == 401


@pytest.mark.parametrize("path", READS)
def test_reading_is_open(told: Api, path: str) -> None:
    assert told.get(path).status_code == 200
    assert told.get(path, headers={"Authorization": "Bearer nonsense"}).status_code == 200


@pytest.fixture(scope="module")
def closed(told: Api, module_url: str) -> Iterator[Api]:
    """The application with PALIMPSEST_PUBLIC_READ=false."""
    with in_process(module_url, told.keys, public_read=False) as api:
        yield api


@pytest.mark.parametrize("path", READS)
def test_with_public_read_off_reading_needs_a_key_of_any_role(closed: Api, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}):
        response = closed.get(path, headers=headers)
        assert response.status_code == 401
        assert response.headers["www-authenticate"].startswith("Bearer")
    for role in closed.keys:
        response = closed.get(path, headers={"Authorization": f"Bearer {closed.keys[role]}"})
        assert response.status_code == 200


def test_what_was_read_with_a_key_is_kept_by_no_shared_cache(closed: Api) -> None:
    headers = {"Authorization": f"Bearer {closed.keys['reporter']}"}
    for query in ({}, {"log_position": 10}):
        response = closed.get("/v1/locations/hill", headers=headers, **query)
        assert response.headers["cache-control"].startswith("private, ")


@pytest.mark.parametrize("path", OPEN)
def test_what_says_nothing_of_the_log_is_always_open(closed: Api, path: str) -> None:
    assert closed.get(path).status_code == 200
