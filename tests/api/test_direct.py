"""The short way to a busy route answers as FastAPI's own does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from fastapi.testclient import TestClient

from api.app import create_app
from api.direct import DirectRoutes
from api.kept_states import QuickStates
from api.settings import Settings
from tests.api.stories import claim, set_the_stage
from tests.api.talking import UNLIMITED, Api

ADDRESS = "/v1/developments"


@pytest.fixture(scope="module")
def both(api: Api, module_url: str) -> Iterator[tuple[Api, Api]]:
    """The application, and the same without the short way."""
    set_the_stage(api)
    settings: dict[str, Any] = {
        "database_url": module_url,
        "projector": "off",
        **UNLIMITED,
    }
    app = create_app(Settings(_env_file=None, **settings))
    ways: list[Any] = list(app.user_middleware)
    app.user_middleware = [way for way in ways if way.cls not in (DirectRoutes, QuickStates)]
    assert len(app.user_middleware) == len(ways) - 2
    with TestClient(app) as client:
        yield api, Api(client, api.keys)


WRONG: list[dict[str, Any]] = [
    {"json": claim()},
    {"json": claim(), "headers": {"Authorization": "Bearer pal_no_such"}},
    {"json": claim(by="nobody")},
    {"content": b"{"},
    {"content": b"", "headers": {"Content-Type": "text/plain"}},
    {"json": claim(), "params": {"valid_at": "2025-01-01"}},
    {"json": claim(), "params": {"q": "x" * 9_000}},
    {"json": {"kind": "no-such-kind"}},
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_what_is_refused_is_refused_alike(both: tuple[Api, Api], number: int) -> None:
    asked = WRONG[number]
    told = []
    for api in both:
        sent = {} if number == 0 else {"Authorization": f"Bearer {api.keys['reporter']}"}
        answer = api.http.post(ADDRESS, **{**asked, "headers": {**sent, **asked.get("headers", {})}})
        headers = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
        told.append((answer.status_code, headers, answer.content))
    assert told[0] == told[1]
    assert told[0][0] >= 400


def test_what_is_recorded_is_told_alike(both: tuple[Api, Api]) -> None:
    written = [api.post(ADDRESS, claim(f"by-way-{number}")) for number, api in enumerate(both)]
    assert [answer.status_code for answer in written] == [201, 201]
    assert [[*answer.headers] for answer in written[:1]] == [[*answer.headers] for answer in written[1:]]
    again = [api.post(ADDRESS, claim("by-way-0")) for api in both]
    assert again[0].status_code == again[1].status_code == 200
    assert again[0].content == again[1].content


@pytest.mark.parametrize("place", ["hill", "nowhere", "no%20slug", "Hill", "hill/", "hill/nothing", ""])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_state_of_a_place_is_told_alike(both: tuple[Api, Api], method: str, place: str) -> None:
    first, other = (api.http.request(method, f"/v1/locations/{place}") for api in both)
    assert first.status_code == other.status_code
    assert [*first.headers] == [*other.headers]
    assert first.content.partition(b'"clocks"')[0] == other.content.partition(b'"clocks"')[0]


def test_other_methods_of_the_address_are_told_which_it_takes(both: tuple[Api, Api]) -> None:
    for api in both:
        answer = api.http.put(ADDRESS, json={})
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def test_an_error_that_nobody_foresaw_is_logged(
    both: tuple[Api, Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.routes import developments

    monkeypatch.setattr(developments, "read_development", lambda *_: 1 / 0)
    for api in both:
        with structlog.testing.capture_logs() as lines, pytest.raises(ZeroDivisionError):
            api.post(ADDRESS, claim("unforeseen"))
        assert "unexpected error" in {line["event"] for line in lines}
