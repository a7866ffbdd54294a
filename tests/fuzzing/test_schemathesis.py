"""Schemathesis holds the whole specification against the real server, with a key that writes and without one.

Nothing that it thinks of may be answered by an error of the server, or by what the specification does not
have. How much it thinks of is fixed here. For longer, and with every variant of every body:

    FUZZING_SECONDS=600 pytest tests/fuzzing --timeout 1300
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.contract import document
from tests.api.talking import ROOT, Api, Served, served
from tests.servers import Server

PROGRAM = Path(sys.executable).parent / "schemathesis"
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"
WITH_KEY = '[auth.openapi.key]\nbearer = "${KEY}"\n'
SECONDS = os.environ.get("FUZZING_SECONDS")
# These bodies hold developments of all kinds, each of which has hundreds of variants.
BOUNDED = """
[[operations]]
include-operation-id = ["report_development", "report_developments", "correct_development", "record_dossier"]
phases.coverage.enabled = false
"""
CHANCES = ["--phases", "examples,fuzzing", "--max-examples", "3"]
VARIANTS_TOO = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "3"]
EVERYTHING = ["--phases", "examples,coverage,fuzzing,stateful", "--max-time", str(SECONDS)]


@pytest.fixture(scope="module")
def told(
    server: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Api]]:
    """The server with the story, so that there is something to find and to change."""
    conninfo = server.create_database("fuzzing", template_database)
    with served(conninfo, tmp_path_factory.mktemp("serve")) as both:
        both[1].record()
        yield both
    server.drop_database("fuzzing")


@pytest.mark.timeout(1300 if SECONDS else 120)
@pytest.mark.parametrize(("role", "thought_of"), [("editor", VARIANTS_TOO), (None, CHANCES)])
def test_every_answer_is_in_the_specification(
    told: tuple[Served, Api], role: str | None, thought_of: list[str], tmp_path: Path
) -> None:
    server, api = told
    configuration = tmp_path / CONFIGURATION.name
    parts = [CONFIGURATION.read_text(), "" if SECONDS else BOUNDED, "" if role is None else WITH_KEY]
    configuration.write_text("".join(parts), encoding="utf-8")
    done = subprocess.run(
        [
            *(PROGRAM, "--no-color", "--config-file", configuration),
            *("run", f"{server.url}/openapi.json", *(EVERYTHING if SECONDS else thought_of)),
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "KEY": "" if role is None else api.keys[role]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    operations = sum(map(len, document()["paths"].values()))
    assert f"Tested: {operations - 1}" in done.stdout  # all but the stream, which has no end
