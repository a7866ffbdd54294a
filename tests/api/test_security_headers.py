"""What browsers are told of every answer, and which pages of others may read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import ValidationError

from api.app import create_app
from api.security_headers import page_policy
from api.settings import Settings
from projections.reading import places
from tests.api.stories import set_the_stage
from tests.api.talking import Api

HILL = "/v1/locations/hill"
PAGE = "https://maps.example.org"
NOTHING = "default-src 'none'; frame-ancestors 'none'"
ASKED = (
    "/v1/locations",
    HILL,
    f"{HILL}/replay",
    "/v1/events",
    "/v1/nothing",
    "/healthz",
    "/metrics",
    "/docs",
)


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    return api


def application(conninfo: str, base_url: str = "http://testserver", **settings: Any) -> TestClient:
    configured = Settings(database_url=conninfo, projector="off", _env_file=None, **settings)
    return TestClient(create_app(configured), base_url=base_url, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def shared(told: Api, module_url: str) -> Iterator[TestClient]:
    """The application, open to one page."""
    with application(module_url, cors_origins=f"{PAGE}, https://other.example.org") as client:
        yield client


@pytest.mark.parametrize("path", ASKED)
def test_every_answer_has_them_once(told: Api, path: str) -> None:
    headers = told.get(path).headers
    assert headers.get_list("x-content-type-options") == ["nosniff"]
    assert headers.get_list("referrer-policy") == ["no-referrer"]
    assert len(headers.get_list("content-security-policy")) == 1
    if path != "/docs":
        assert headers["content-security-policy"] == NOTHING
    assert "server" not in headers
    assert "x-powered-by" not in headers
    assert "strict-transport-security" not in headers
    assert not any(name.startswith("access-control-") for name in headers)


def test_an_error_that_nobody_foresaw_has_them_too(
    shared: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "find_place_revision", lambda *_: 1 / 0)
    response = shared.get(HILL, headers={"Origin": PAGE})
    assert response.status_code == 500
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-security-policy"] == NOTHING
    assert response.headers["access-control-allow-origin"] == PAGE
    assert response.headers["x-request-id"]


def test_the_page_may_run_its_own_script_and_load_from_here_alone(told: Api) -> None:
    page = told.get("/docs")
    policy = dict(part.partition(" ")[::2] for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["connect-src"] == policy["style-src"] == "'self'"
    assert policy["script-src"].startswith("'self' 'sha256-")
    assert "unsafe" not in page.headers["content-security-policy"]


def test_the_hash_is_that_of_the_script() -> None:
    # By `printf 'alert(1)' | openssl dgst -sha256 -binary | base64`.
    assert "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';" in page_policy(
        "<p>A page</p><script>alert(1)</script>"
    )
    assert "script-src 'self';" in page_policy("<p>A page</p>")


@pytest.mark.parametrize(
    ("base_url", "told_so"), [("https://testserver", True), ("http://testserver", False)]
)
def test_tls_is_asked_for_where_it_is_set_and_was_used(
    told: Api, module_url: str, base_url: str, told_so: bool
) -> None:
    with application(module_url, base_url, hsts_seconds=31_536_000) as client:
        headers = client.get("/healthz").headers
    assert headers.get("strict-transport-security") == ("max-age=31536000" if told_so else None)


def test_a_page_that_is_named_may_read_answers_and_what_they_say(shared: TestClient) -> None:
    response = shared.get("/v1/locations", headers={"Origin": PAGE})
    assert response.headers["access-control-allow-origin"] == PAGE
    assert "Origin" in response.headers["vary"]
    exposed = set(response.headers["access-control-expose-headers"].split(", "))
    assert exposed >= {"ETag", "Link", "Location", "Memento-Datetime", "RateLimit", "RateLimit-Policy"}
    assert exposed >= {"Retry-After", "X-Request-ID"}
    assert "access-control-allow-credentials" not in response.headers


def test_a_page_that_is_not_named_may_not(shared: TestClient) -> None:
    for origin in ("https://maps.example.com", "http://maps.example.org", "null", f"{PAGE}:8443"):
        assert (
            "access-control-allow-origin" not in shared.get("/v1/kinds", headers={"Origin": origin}).headers
        )


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", "authorization, content-type, idempotency-key, if-match, x-request-id"),
        ("GET", "accept-datetime, if-none-match, traceparent"),
        ("GET", "last-event-id"),
    ],
)
def test_what_clients_send_passes_the_preflight(shared: TestClient, method: str, headers: str) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": headers,
    }
    response = shared.options("/v1/developments", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == PAGE
    assert method in response.headers["access-control-allow-methods"]
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert set(headers.split(", ")) <= set(allowed)
    refused = shared.options("/v1/developments", headers={**asked, "Origin": "https://elsewhere.example"})
    assert refused.status_code == 400
    assert "access-control-allow-origin" not in refused.headers


def test_a_refusal_can_be_read_by_a_page_too(told: Api, module_url: str) -> None:
    with application(module_url, cors_origins="*", reads_per_minute=1) as client:
        answers = [client.get("/v1/kinds", headers={"Origin": PAGE}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert [answer.headers["access-control-allow-origin"] for answer in answers] == ["*", "*"]


@pytest.mark.parametrize(
    "settings",
    [
        {"cors_origins": "maps.example.org"},
        {"cors_origins": "https://maps.example.org/"},
        {"cors_origins": "https://maps.example.org, ftp://other"},
        {"trusted_proxies": "proxy.example.org"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"hsts_seconds": -1},
        {"reads_per_minute": -1},
    ],
)
def test_settings_that_cannot_be_meant_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings(_env_file=None, **settings)


def test_lists_in_settings_are_separated_by_commas() -> None:
    settings = Settings(
        cors_origins="https://a.example, http://localhost:5173",
        trusted_proxies="10.0.0.0/8, ::1",
        _env_file=None,
    )
    assert settings.origins == ("https://a.example", "http://localhost:5173")
    assert settings.proxies == ["10.0.0.0/8", "::1"]
    assert Settings(trusted_proxies="", _env_file=None).proxies == []
