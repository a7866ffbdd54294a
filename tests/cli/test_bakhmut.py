"""The Bakhmut dossier by the command line: beside another dossier, and as its answers are printed."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator

import pytest
from typer.testing import Result

from tests.cli.conftest import KUPIANSK, Palimpsest, invoke
from tests.cli.processes import ROOT
from tests.servers import Server

BAKHMUT = ROOT / "examples" / "bakhmut.yaml"
JANUARY = ("--valid-at", "2023-01-14", "--known-at", "2023-01-12")
SUMMER = ("--valid-at", "2023-06-30", "--known-at", "2023-06-30")


@pytest.fixture(scope="module")
def bakhmut_url(
    server: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A database with both dossiers in it."""
    name = f"bakhmut_{uuid.uuid4().hex[:12]}"
    url = server.create_database(name, template_database)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("bakhmut"))
        for dossier in (KUPIANSK, BAKHMUT):
            imported = invoke(url, "import", str(dossier))
            assert imported.exit_code == 0, imported.output
    yield url
    server.drop_database(name)


@pytest.fixture
def bakhmut(bakhmut_url: str) -> Palimpsest:
    """The command on both dossiers."""

    def run(*arguments: str) -> Result:
        return invoke(bakhmut_url, *arguments)

    return run


def rows(printed: str, heading: str) -> list[str]:
    """The lines of the table below a heading, without the heads and the rule."""
    lines = printed.splitlines()
    start = lines.index(heading) + 3
    return [line.rstrip() for line in lines[start : lines.index("", start)]]


def test_it_shares_actors_and_regions_with_the_other_dossier(bakhmut: Palimpsest) -> None:
    again = bakhmut("import", str(BAKHMUT))
    assert again.exit_code == 0, again.output
    assert f"{BAKHMUT}: 0 new, 255 unchanged" in " ".join(again.stdout.split())


def test_the_state_of_soledar_names_every_voice(bakhmut: Palimpsest) -> None:
    printed = bakhmut("state", "soledar", *JANUARY).stdout
    assert printed.splitlines()[1].startswith("disputed")
    said = [" ".join(row.split()) for row in rows(printed, "Positions")]
    assert said == [
        "isw russia part 10 Jan 2023 soledar-isw-part",
        "uk-mod russia most 10 Jan 2023 soledar-uk-most",
        "ukraine russia less than all 11 Jan 2023 soledar-denied-by-cherevatyi",
        "wagner russia all 10 Jan 2023 soledar-claimed-by-wagner",
        "wikipedia ukraine part, russia part 11 Aug 2022 soledar-wiki-contested",
    ]


def test_the_claim_of_the_whole_city_is_told_with_its_assessors(bakhmut: Palimpsest) -> None:
    printed = bakhmut("claim", "bakhmut-claimed", *SUMMER).stdout
    assert "Outcome: disputed" in printed
    assert (
        "isw bears it out since 21 May 2023 (bakhmut-isw-secured); the claim came 1 day before that."
        in printed
    )
    assert "deepstate contradicts it since 22 May 2023 (bakhmut-deepstate-small-part)." in printed
    assert "5 reports, 1 independent origin" in printed


def test_a_replay_has_a_frame_for_each_turn(bakhmut: Palimpsest) -> None:
    asked = ("replay", "soledar", "--along", "known", "--valid-at", "2023-01-31")
    frames = bakhmut(*asked, "--from", "2023-01-09", "--to", "2023-01-31", "--json").stdout.splitlines()
    assert len(frames) == 9
    assert json.loads(frames[-1])["state"]["holder"] == "russia"
