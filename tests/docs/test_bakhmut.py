"""The tables of the page on the Bakhmut dossier, asked over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.docs.pages import code, codes, sections, table
from tests.docs.sessions import Session

PAGE = "bakhmut.md"
SUMMER = "valid_at=2023-06-30&known_at=2023-06-30"


def rows(section: str) -> list[list[str]]:
    found = table(sections(PAGE, 2)[section])
    assert found, f"{PAGE} has no table in {section}"
    return found


@pytest.fixture
def told(client: TestClient, session: Session) -> TestClient:
    """The application with the dossier beside the story of the demo."""
    session.run("palimpsest import examples/bakhmut.yaml")
    return client


def read(client: TestClient, url: str) -> dict[str, Any]:
    response = client.get(url)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_the_questions_and_their_answers(told: TestClient) -> None:
    for place, asked, status, _ in rows("Questions and answers"):
        state = read(told, f"/v1/locations/{code(place)}?{code(asked)}")
        answered = [word for word in (state["status"], state["holder"]) if word]
        assert answered == codes(status), (place, asked)


def test_what_became_of_the_claims(told: TestClient) -> None:
    for claim, voice, outcome, because in rows("What became of the claims"):
        found = read(told, f"/v1/claims/{code(claim)}?{SUMMER}")
        assert (found["voice"], found["outcome"]["value"]) == (code(voice), code(outcome)), claim
        judged = {each["voice"]: each["lead_days"] for each in found["outcome"]["assessors"]}
        said = [part.split("`")[1:] for part in because.split(", ") if part]
        assert judged == {name: float(lead) if lead.strip() else None for name, lead in said}, claim


def test_the_frames_of_january(told: TestClient) -> None:
    asked = "along=known&valid_at=2023-01-31&from=2023-01-09&to=2023-01-31"
    frames = [
        json.loads(line) for line in told.get(f"/v1/locations/soledar/replay?{asked}").text.splitlines()
    ]
    shown = rows("January as it became known")
    assert len(frames) == len(shown)
    for frame, (known_from, status, _) in zip(frames, shown, strict=True):
        assert frame["t"].startswith(code(known_from))
        assert [word for word in (frame["state"]["status"], frame["state"]["holder"]) if word] == codes(
            status
        )
