"""The OpenAPI document is valid, complete and true: what it says is what is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from jsonschema_rs import meta, validate

from api.app import create_app
from api.glossary import ANSWERS, EXAMPLES, IDS
from api.settings import Settings
from domain.catalogue import KINDS
from domain.kinds.envelope import RESERVED
from intake.glossary import RECORD, WRITTEN
from intake.yaml_lines import read_yaml
from tests.api.contract import document, validator
from tests.api.stories import claim, denial, set_the_stage, statement
from tests.api.talking import KUPIANSK, NDJSON, Api, in_process

METHODS = {"get", "post"}
LINK = {"type": "supports", "to": "said"}
CORRECTION = {"reason": "Less.", "body": claim(share="most")}
RETRACTION = {"reason": "Made up."}
PLACE = {"id": "new", "kind": "area", "name": "New"}
ACTOR = {"id": "new", "kind": "other", "name": "New"}
SOURCE = {"id": "new", "publisher": "gazette", "title": "New", "text": "Words."}


def _getter(path: str) -> Callable[[Api], httpx2.Response]:
    return lambda api: api.get(path)


# One request for every operation there is, in an order in which all succeed.
REQUESTS: dict[tuple[str, str], Callable[[Api], httpx2.Response]] = {
    ("get", "/healthz"): lambda api: api.get("/healthz"),
    ("get", "/readyz"): lambda api: api.get("/readyz"),
    ("get", "/metrics"): lambda api: api.get("/metrics"),
    ("get", "/v1/kinds"): lambda api: api.get("/v1/kinds"),
    ("get", "/v1/problems"): lambda api: api.get("/v1/problems"),
    ("get", "/v1/dates"): lambda api: api.get("/v1/dates", text="2025-11-21~"),
    ("get", "/v1/shares"): lambda api: api.get("/v1/shares", text="90%"),
    ("get", "/v1/key"): lambda api: api.get(
        "/v1/key", headers={"Authorization": f"Bearer {api.keys['reporter']}"}
    ),
    ("get", "/v1/problems/{problem_id}"): lambda api: api.get("/v1/problems/id-taken"),
    ("post", "/v1/dossiers"): lambda api: api.post("/v1/dossiers", {"palimpsest": 1, "actors": [ACTOR]}),
    ("post", "/v1/locations"): lambda api: api.post("/v1/locations", PLACE),
    ("post", "/v1/locations/{location_id}/descriptions"): lambda api: api.post(
        "/v1/locations/new/descriptions", {**PLACE, "name": "Newer"}
    ),
    ("post", "/v1/actors"): lambda api: api.post("/v1/actors", {**ACTOR, "id": "newer"}),
    ("post", "/v1/actors/{actor_id}/descriptions"): lambda api: api.post(
        "/v1/actors/new/descriptions", {**ACTOR, "name": "Newer"}
    ),
    ("post", "/v1/documents"): lambda api: api.post("/v1/documents", SOURCE),
    ("post", "/v1/developments"): lambda api: api.post("/v1/developments", claim()),
    ("post", "/v1/developments/batch"): lambda api: api.post(
        "/v1/developments/batch", {"items": [claim("batched")]}
    ),
    ("post", "/v1/developments/{development_id}/links"): lambda api: api.post(
        "/v1/developments/claim/links", LINK
    ),
    ("post", "/v1/developments/{development_id}/corrections"): lambda api: api.post(
        "/v1/developments/claim/corrections", CORRECTION
    ),
    ("get", "/v1/claims/{claim_id}"): lambda api: api.get("/v1/claims/claim"),
    ("get", "/v1/locations/{location_id}/claims"): lambda api: api.get("/v1/locations/hill/claims"),
    ("get", "/v1/locations/{location_id}/history"): lambda api: api.get("/v1/locations/hill/history"),
    ("get", "/v1/locations/{location_id}/timeline"): lambda api: api.get("/v1/locations/hill/timeline"),
    ("get", "/v1/locations/{location_id}/timemap"): lambda api: api.get("/v1/locations/hill/timemap"),
    ("get", "/v1/locations/{location_id}/timeline/timemap"): lambda api: api.get(
        "/v1/locations/hill/timeline/timemap"
    ),
    ("get", "/v1/locations/{location_id}/compare"): lambda api: api.get(
        "/v1/locations/hill/compare", against_valid_at="2025-01-01"
    ),
    ("get", "/v1/locations/{location_id}/replay"): lambda api: api.get("/v1/locations/hill/replay"),
    ("get", "/v1/map"): lambda api: api.get("/v1/map"),
    **{
        ("get", f"/v1/locations/{{location_id}}/timeline.{suffix}"): _getter(
            f"/v1/locations/hill/timeline.{suffix}"
        )
        for suffix in ("atom", "jsonfeed", "ics", "csv", "ndjson", "geojson", "timelinejs")
    },
    **{("get", f"/v1/map.{suffix}"): _getter(f"/v1/map.{suffix}") for suffix in ("geojson", "csv", "ndjson")},
    ("get", "/v1/claims/{claim_id}.jsonld"): lambda api: api.get("/v1/claims/claim.jsonld"),
    ("get", "/v1/map/replay"): lambda api: api.get("/v1/map/replay"),
    ("get", "/v1/disagreements"): lambda api: api.get("/v1/disagreements"),
    ("get", "/v1/locations/{location_id}"): lambda api: api.get("/v1/locations/hill"),
    ("get", "/v1/locations"): lambda api: api.get("/v1/locations"),
    ("post", "/v1/developments/{development_id}/retraction"): lambda api: api.post(
        "/v1/developments/claim/retraction", RETRACTION
    ),
    ("get", "/v1/developments/{development_id}"): lambda api: api.get("/v1/developments/claim"),
    ("get", "/v1/developments/{development_id}/revisions"): lambda api: api.get(
        "/v1/developments/claim/revisions"
    ),
    ("get", "/v1/actors"): lambda api: api.get("/v1/actors"),
    ("get", "/v1/actors/{actor_id}"): lambda api: api.get("/v1/actors/red"),
    ("get", "/v1/actors/{actor_id}/record"): lambda api: api.get("/v1/actors/red/record"),
    ("get", "/v1/actors/{actor_id}/claims"): lambda api: api.get("/v1/actors/red/claims"),
    ("get", "/v1/documents"): lambda api: api.get("/v1/documents"),
    ("get", "/v1/documents/{document_id}"): lambda api: api.get("/v1/documents/gazette-1"),
    ("get", "/v1/events"): lambda api: api.get("/v1/events"),
    # It has no end; what it sends is held against its description in test_streaming.py.
    ("get", "/v1/events/stream"): lambda api: api.http.head("/v1/events/stream"),
}


@pytest.fixture(scope="module")
def told(api: Api) -> Api:
    set_the_stage(api)
    api.write("/v1/developments", statement("said"))
    return api


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def test_every_operation_is_exercised_and_answers_what_it_documents(told: Api) -> None:
    assert set(REQUESTS) == {(method, path) for method, path, _ in operations()}
    for (method, path), request in REQUESTS.items():
        response = request(told)
        assert response.status_code == (201 if method == "post" else 200), (method, path, response.text)


def test_it_is_an_openapi_3_1_document() -> None:
    described = document()
    assert re.fullmatch(r"3\.1\.\d+", described["openapi"])
    assert {"title", "version", "summary", "description"} <= set(described["info"])
    assert set(described) == {"openapi", "info", "servers", "paths", "components", "webhooks"}
    assert described["servers"] == [{"url": "./"}]
    json.dumps(described)


def test_every_operation_is_described_in_full() -> None:
    names = []
    for method, path, operation in operations():
        where = f"{method} {path}"
        assert method in METHODS, where
        assert operation["summary"], where
        assert operation["description"].endswith("."), where
        assert operation["tags"], where
        assert operation["responses"], where
        names.append(operation["operationId"])
        in_path = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
        assert in_path == set(re.findall(r"\{(\w+)\}", path)), where
        for parameter in operation.get("parameters", ()):
            assert parameter["description"], where
            assert parameter["required"] is (parameter["in"] == "path"), where
            meta.validate(parameter["schema"])
        if method == "post":
            assert operation["requestBody"]["required"] is True, where
            assert "application/json" in operation["requestBody"]["content"], where
            assert {"201", "401", "403", "413", "415", "422", "503"} <= set(operation["responses"]), where
        for status, response in operation["responses"].items():
            assert response["description"], where
            assert status == "default" or 200 <= int(status) < 600, where
            for content in response.get("content", {}).values():
                assert content["schema"], where
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z_]+", name) for name in names)


def test_every_field_is_described_and_every_example_is_one() -> None:
    examples = 0
    for name, schema in document()["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            assert described.get("description"), f"{name}.{field}"
            for example in described.get("examples", ()):
                validator("components", "schemas", name, "properties", field).validate(example)
                examples += 1
    assert examples


def test_every_explanation_is_used_and_every_parameter_shown_takes_its_example() -> None:
    schemas = document()["components"]["schemas"]
    fields = {field for schema in schemas.values() for field in schema.get("properties", ())}
    owned = {
        f"{name.removesuffix(WRITTEN)}.{field}"
        for name, schema in schemas.items()
        for field in schema.get("properties", ())
    }
    assert {**RECORD, **ANSWERS}.keys() <= fields | owned
    shown = set()
    for _, _, operation in operations():
        for parameter in operation.get("parameters", ()):
            for example in parameter["schema"].get("examples", ()):
                validate(parameter["schema"], example)
                shown.add(parameter["name"])
    assert {*IDS, *EXAMPLES} <= shown


def test_reading_needs_a_key_only_where_it_is_said(module_url: str) -> None:
    with_key: list[dict[str, list[str]]] = [{"key": []}]
    for public in (True, False):
        settings = Settings(database_url=module_url, public_read=public, _env_file=None)
        paths = create_app(settings).openapi()["paths"]
        assert paths["/v1/locations"]["get"]["security"] == ([{}, *with_key] if public else with_key)
        assert paths["/v1/locations"]["post"]["security"] == with_key
        assert paths["/v1/key"]["get"]["security"] == [{"key": ["reporter"]}]
        assert "security" not in paths["/v1/kinds"]["get"]


def test_every_reference_leads_somewhere() -> None:
    described = document()
    found = set(re.findall(r'"(#/[^"]+)"', json.dumps(described)))
    assert found
    for reference in found:
        node = described
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
    for name, schema in described["components"]["schemas"].items():
        meta.validate(schema)
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)


def test_every_read_of_the_log_takes_all_clocks() -> None:
    clocks = {"valid_at", "known_at", "recorded_at", "log_position", "min_log_position", "tz"}
    for method, path, operation in operations():
        if (
            method == "get"
            and path.startswith("/v1/")
            and path.split("/")[2] not in ("dates", "events", "key", "kinds", "problems", "shares")
        ):
            assert clocks <= {each["name"] for each in operation["parameters"]}, path


def test_problems_are_documented_where_they_occur() -> None:
    for _, path, operation in operations():
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")) and path.startswith("/v1/"):
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}
        if path.startswith("/v1/"):
            assert "default" in operation["responses"]


def test_a_development_is_a_union_told_apart_by_its_kind() -> None:
    body = document()["paths"]["/v1/developments"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/DevelopmentWritten"}
    for name in ("DevelopmentWritten", "Development"):
        union = document()["components"]["schemas"][name]
        assert union["discriminator"]["propertyName"] == "kind"
        assert set(union["discriminator"]["mapping"]) == set(KINDS)
        assert [{"$ref": each} for each in union["discriminator"]["mapping"].values()] == union["oneOf"]


def test_what_is_documented_as_written_is_what_is_taken(told: Api) -> None:
    written = validator("components", "schemas", "DevelopmentWritten")
    for body in (
        claim("written-1"),
        claim("written-2", share=[0.2, 0.4], at=["hill", "mill"], occurred="2025-02~"),
        claim("written-3", share={"min": 0.5, "max": 1, "max_open": True}, reported=2025),
        denial("written-4", claim="written-1"),
        statement(),
    ):
        written.validate(body)
        assert told.post("/v1/developments", body).status_code == 201
    for body in (
        claim("x", kind="no-kind"),
        claim("x", holdr="red"),
        claim("x", share="some of it", manner=3),
    ):
        assert not written.is_valid(body)
        assert told.post("/v1/developments", body).status_code == 422
    validator("components", "schemas", "DossierWritten").validate(read_yaml(KUPIANSK.decode()).value)


def test_it_is_served_and_names_no_other_host(told: Api) -> None:
    response = told.get("/openapi.json")
    assert response.headers["content-type"] == "application/json"
    assert response.json() == document()
    hosts = re.findall(r"https?://([^/\s\"'`)]+)", response.text)
    assert set(hosts) <= {"localhost"}, hosts


def test_the_pages_name_no_other_host_and_no_absolute_address(told: Api) -> None:
    page = told.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "://" not in page.text
    addresses = re.findall(r"""(?:href|src)="([^"]+)"|url: '([^']+)'""", page.text)
    named = {one or other for one, other in addresses}
    assert named == {
        "docs/swagger-ui.css",
        "docs/favicon-32x32.png",
        "docs/swagger-ui-bundle.js",
        "openapi.json",
    }
    assert '"validatorUrl": null' in page.text
    for address in named:
        assert told.get(f"/{address}").status_code == 200
    assert told.get("/docs/nothing.js").status_code == 404
    assert told.get("/docs/..%2f..%2fetc%2fpasswd").status_code == 404


def test_every_problem_type_is_described_at_its_address(told: Api) -> None:
    types = told.read("/v1/problems")["items"]
    assert len(types) == len({each["type"] for each in types})
    for each in types:
        assert told.read(each["type"]) == each


def test_kinds_tell_their_terms_and_what_is_written(told: Api) -> None:
    kinds = {each["kind"]: each for each in told.read("/v1/kinds")["items"]}
    assert set(kinds) == set(KINDS)
    assert kinds["fighting-reported"]["terms"]["acled"] == "Armed clash"
    for kind in kinds.values():
        assert kind["description"]
        assert kind["written"]["properties"]["kind"]["enum"] == [kind["kind"]]


def test_ndjson_is_documented_for_the_log_and_for_dossiers() -> None:
    paths = document()["paths"]
    assert NDJSON in paths["/v1/events"]["get"]["responses"]["200"]["content"]
    assert {NDJSON, "application/yaml"} <= set(paths["/v1/dossiers"]["post"]["requestBody"]["content"])


def test_metrics_name_the_route_and_never_the_address(told: Api, module_url: str) -> None:
    with in_process(module_url, told.keys) as api:
        api.get("/v1/locations/hill")
        api.get("/v1/locations/nowhere")
        api.http.request("BREW", "/v1/locations/hill")
        metrics = api.get("/metrics")
    assert metrics.headers["content-type"].startswith("text/plain")
    route = 'route="/v1/locations/{location_id}"'
    assert f'palimpsest_http_requests_total{{method="GET",{route},status="200"}} 1.0' in metrics.text
    assert f'palimpsest_http_requests_total{{method="GET",{route},status="404"}} 1.0' in metrics.text
    assert "nowhere" not in metrics.text
    assert "BREW" not in metrics.text
    assert 'palimpsest_projection_lag_events{projection="states"} 0.0' in metrics.text


def test_readiness_tells_of_every_projection(told: Api) -> None:
    ready = told.read("/readyz")
    assert (ready["status"], ready["problems"]) == ("ready", [])
    assert {each["name"] for each in ready["projections"]} == {
        "actors",
        "claims",
        "developments",
        "documents",
        "locations",
        "names",
        "states",
    }
    assert all(each["lag"] == 0 and each["error"] is None for each in ready["projections"])
    assert told.read("/healthz") == {"status": "ok"}


def test_no_id_is_an_address_of_its_own() -> None:
    """What stands where an id may stand is none, or two things would have one address."""
    paths = set(document()["paths"])
    words = {path.rpartition("/") for path in paths if "{" not in path}
    taken = {
        (collection, word)
        for collection, _, word in words
        if any(re.fullmatch(rf"{re.escape(collection)}/\{{\w+\}}", path) for path in paths)
    }
    assert taken == {("/v1/developments", word) for word in RESERVED}
