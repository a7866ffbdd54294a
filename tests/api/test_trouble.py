"""What is answered when something is wrong on our side: clearly, and with nothing of the inside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from projections.reading import places
from tests.api.stories import set_the_stage, statement
from tests.api.talking import Api, in_process
from tests.servers import Server

KEYS = {"editor": "pal_0_0", "reporter": "pal_0_0"}


@pytest.fixture
def unmigrated(server: Server) -> Iterator[Api]:
    """The application on a database without our tables."""
    conninfo = server.create_database("api_unmigrated")
    with in_process(conninfo, KEYS) as api:
        yield api
    server.drop_database("api_unmigrated")


def test_without_our_tables_it_says_what_to_do(unmigrated: Api) -> None:
    for response in (
        unmigrated.get("/v1/locations"),
        unmigrated.get("/v1/events"),
        unmigrated.post("/v1/developments", statement()),
    ):
        assert response.status_code == 503
        assert response.json()["type"] == "/v1/problems/not-configured"
        assert "palimpsest db upgrade" in response.json()["detail"]
    ready = unmigrated.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["problems"] == [
        "The database is not migrated to this version; run `palimpsest db upgrade`."
    ]
    assert unmigrated.get("/healthz").status_code == 200


def test_without_a_database_it_starts_and_says_so() -> None:
    with in_process("host=/nowhere dbname=nothing connect_timeout=1", KEYS, projector="off") as api:
        ready = api.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["problems"] == ["The database cannot be reached."]
        assert ready.json()["projections"] == []
        assert api.get("/healthz").status_code == 200
        assert api.get("/v1/kinds").status_code == 200


def test_an_unexpected_error_tells_nothing_of_the_inside(
    module_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(places, "find_place_revision", fail)
    app = create_app(Settings(database_url=module_url, _env_file=None))
    with (
        TestClient(app, raise_server_exceptions=False) as client,
        structlog.testing.capture_logs() as logged,
    ):
        response = client.get("/v1/locations/hill")
        assert response.status_code == 500
        assert response.json() == {
            "type": "/v1/problems/internal",
            "title": "Something went wrong on our side",
            "status": 500,
            "detail": "This is a fault of the software, not of your request. It has been logged.",
            "instance": "/v1/locations/hill",
        }
        assert response.headers["content-type"] == "application/problem+json"
        [line] = [line for line in logged if line["event"] == "unexpected error"]
        assert line["path"] == "/v1/locations/hill"
        counted = 'palimpsest_http_requests_total{method="GET",route="/v1/locations/{location_id}"'
        assert f'{counted},status="500"}} 1.0' in client.get("/metrics").text
        monkeypatch.undo()
        assert client.get("/v1/locations/hill").status_code == 404


def test_a_name_that_folds_into_an_endless_one_stops_no_projection(fresh: Api) -> None:
    """U+FDFA is one character, and eighteen letters when taken apart."""
    set_the_stage(fresh)
    place = {
        "id": "long",
        "kind": "area",
        "name": "\ufdfa" * 300,
        "names": {"uk": "щ" * 300, "zh": "𠀀" * 300},
    }
    assert fresh.post("/v1/locations", place).status_code == 201
    assert fresh.state("long")["name"] == place["name"]
    assert fresh.get("/readyz").status_code == 200
    found = fresh.read("/v1/locations", q="\ufdfa" * 20)["items"]
    assert [item["id"] for item in found] == ["long"]
