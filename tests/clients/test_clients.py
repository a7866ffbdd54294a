"""Clients generated from the OpenAPI document type-check, and hold a session with the real server.

The one in TypeScript needs `npm ci` in this folder, and node. The one in Python needs a `.venv` in this
folder with what `requirements.lock` has. Without them the tests are skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.talking import Api, Served, served
from tests.servers import Server

HERE = Path(__file__).parent
PROGRAMS = HERE / "node_modules" / ".bin"
PYTHON = HERE / ".venv" / "bin"
CLOCKS = {"valid_at": "2025-12-13", "known_at": "2025-12-13"}


@pytest.fixture(scope="module")
def told(
    server: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Api]]:
    """The server with the story."""
    conninfo = server.create_database("clients", template_database)
    with served(conninfo, tmp_path_factory.mktemp("serve")) as both:
        both[1].record()
        yield both
    server.drop_database("clients")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a program says that succeeds."""
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def typescript(address: str, key: str, folder: Path) -> str:
    """Generates the types, checks the session against them and runs it."""
    for name in ("session.ts", "tsconfig.json", "package.json"):
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    run(
        PROGRAMS / "openapi-typescript", f"{address}/openapi.json", "-o", folder / "palimpsest.d.ts", cwd=HERE
    )
    run(PROGRAMS / "tsc", "--project", folder, cwd=folder)
    return run("node", "session.js", address, key, cwd=folder)


def python(address: str, key: str, folder: Path) -> str:
    """Generates the client, checks it and the session and runs that."""
    source = ["--url", f"{address}/openapi.json", "--config", str(HERE / "generator.yaml")]
    generate = ["generate", *source, "--meta", "none"]
    run(PYTHON / "openapi-python-client", *generate, "--output-path", "palimpsest_client", cwd=folder)
    shutil.copy(HERE / "session.py", folder)
    checked = ["--strict", "session.py", "palimpsest_client"]
    run(Path(sys.executable).parent / "mypy", "--python-executable", PYTHON / "python", *checked, cwd=folder)
    return run(PYTHON / "python", "session.py", address, key, cwd=folder)


@pytest.mark.parametrize(
    ("language", "session"),
    [
        pytest.param(
            "typescript",
            typescript,
            marks=[
                pytest.mark.skipif(not PROGRAMS.exists(), reason="needs `npm ci` in tests/clients"),
                pytest.mark.skipif(shutil.which("node") is None, reason="needs node"),
            ],
        ),
        pytest.param(
            "python",
            python,
            marks=pytest.mark.skipif(
                not (PYTHON / "openapi-python-client").exists(), reason="needs tests/clients/.venv"
            ),
        ),
    ],
)
def test_a_generated_client_holds_a_session(
    told: tuple[Served, Api], language: str, session: Callable[[str, str, Path], str], tmp_path: Path
) -> None:
    server, api = told
    before = read_through(api)
    seen = json.loads(session(server.url, api.keys["reporter"], tmp_path))
    identifier = f"denied-in-{language}"
    assert {name: seen[name] for name in before} == before
    assert (seen["status"], seen["outcome"]) == ("disputed", "contradicted")
    assert seen["receipt"] == "new"
    assert seen["read"] == ["claim-denied", "kupiansk-claimed", "the reporter"]
    assert seen["problem"] == ["/v1/problems/id-taken", ["summary"]]
    assert api.read(f"/v1/developments/{identifier}")["by"] == "ukraine"


def read_through(api: Api) -> dict[str, Any]:
    """What a session reads, read without a client that anybody generated."""
    state = api.state(**CLOCKS)
    return {
        "places": [place["id"] for place in api.read("/v1/locations", **CLOCKS)["items"]],
        "status": state["status"],
        "shares": [
            [each["voice"], each["shares"].get("russia", {"min": None})["min"]] for each in state["positions"]
        ],
        "told": [each["kind"] for each in api.read("/v1/locations/kupiansk/timeline", **CLOCKS)["items"]],
        "outcome": api.read("/v1/claims/kupiansk-claimed", **CLOCKS)["outcome"]["value"],
    }
