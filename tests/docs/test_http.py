"""docs/http.md and the application say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from api.app import create_app
from api.problems import catalogue
from api.settings import Settings
from tests.docs.pages import code, codes, read, sections, table

PAGE = "http.md"
CLOCKS = {"valid_at", "known_at", "recorded_at", "log_position", "tz", "min_log_position"}
LISTED = {"limit", "cursor"}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return create_app(Settings(_env_file=None)).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every operation, as `GET /v1/locations`."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_every_route_is_on_the_page_and_no_other_is(document: dict[str, Any]) -> None:
    rows = table(sections(PAGE, 2)["Routes"])
    told = [code(row[0]) for row in rows if code(row[0]).startswith(("GET ", "POST "))]
    assert sorted(told) == sorted(name for name, _ in operations(document))


def test_every_parameter_is_on_the_page(document: dict[str, Any]) -> None:
    told = set(codes(sections(PAGE, 2)["Routes"]))
    for name, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "query":
                assert parameter["name"] in told, f"{parameter['name']} of {name}"


def test_every_question_takes_the_clocks(document: dict[str, Any]) -> None:
    questions = {code(row[0]) for row in table(sections(PAGE, 3)["Questions"])}
    for name, operation in operations(document):
        given = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "query"}
        assert (name in questions) == (given >= CLOCKS), name


def test_the_role_a_write_needs_is_told() -> None:
    app = create_app(Settings(_env_file=None))
    roles = {code(row[0]): row[1] for row in table(sections(PAGE, 3)["Writing"])}
    for route in app.state.routes:
        if "POST" in route.methods:
            told = route.openapi_extra.get("security")
            needed = told[0]["key"][0] if told else route.endpoint.__annotations__["principal"].lower()
            assert roles[f"POST {route.path}"] == needed


def test_every_problem_is_on_the_page_with_its_status() -> None:
    told = {code(row[0]): int(row[1]) for row in table(sections(PAGE, 2)["Problems"])}
    assert told == {kind.slug: int(kind.status) for kind in catalogue()}


def test_problems_are_told_by_name() -> None:
    assert list(told := [code(row[0]) for row in table(sections(PAGE, 2)["Problems"])]) == sorted(told)
    assert "RFC 9457" in read(PAGE)
