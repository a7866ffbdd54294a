"""`palimpsest record` and `palimpsest claim`: the story of a claim, and what became of all of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Palimpsest

DOSSIER = """
palimpsest: 1
actors:
  - {id: red, kind: party, name: Red}
  - {id: blue, kind: party, name: Blue}
  - {id: red-army, kind: unit, name: Red army, speaks_for: red}
  - {id: mappers, kind: assessor, name: Mappers}
  - {id: wire, kind: agency, name: Wire}
  - {id: gazette, kind: outlet, name: Gazette}
locations:
  - {id: hill, kind: settlement, name: Hill}
documents:
  - {id: gazette-1, publisher: gazette, title: Hill claimed}
  - {id: gazette-2, publisher: gazette, title: Hill claimed again}
developments:
  - id: claimed
    kind: occupation-claimed
    at: hill
    by: red-army
    holder: red
    reported: 2025-03-03
    sources: [{document: gazette-1, via: [red-army, wire], mode: paraphrase}]
  - id: told-again
    kind: occupation-claimed
    at: hill
    by: red
    holder: red
    reported: 2025-03-04
    sources: [{document: gazette-2, via: [wire]}]
  - {id: no, kind: claim-denied, at: hill, by: blue, claim: claimed, reported: 2025-03-04}
  - {id: yes, kind: claim-repeated, at: hill, by: red, claim: claimed, reported: 2025-03-06}
  - {id: map, kind: control-assessed, at: hill, by: mappers, control: {red: all}, reported: 2025-03-08}
"""


@pytest.fixture
def told(palimpsest: Palimpsest, tmp_path: Path) -> Palimpsest:
    """A claim with answers, told twice, and what the mappers make of it."""
    (tmp_path / "hill.yaml").write_text(DOSSIER, encoding="utf-8")
    assert palimpsest("import", "hill.yaml").exit_code == 0
    return palimpsest


def squeeze(text: str) -> str:
    return " ".join(text.split())


def test_a_claim_tells_its_story_on_one_screen(told: Palimpsest) -> None:
    result = told("claim", "claimed", COLUMNS="80")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert len(result.stdout.splitlines()) <= 24
    text = squeeze(result.stdout)
    for said in (
        "red-army (red) says: red all; 3 Mar 2025.",
        "Outcome: borne out",
        "mappers bears it out since 8 Mar 2025 (map); the claim came 5 days before that.",
        "Repeated by red; denied by blue.",
        "denied blue 4 Mar 2025",
        "1 report, 1 independent origin",
        "red-army 1 gazette-1 wire paraphrase",
    ):
        assert said in text, said


def test_a_record_counts_and_draws(told: Palimpsest) -> None:
    text = told("record", "red", COLUMNS="80").stdout
    assert max(map(len, text.splitlines())) <= 80
    said = squeeze(text)
    assert "2 claims made with its voice." in said
    assert "borne out 2 ██████████████████████████████" in said
    assert "contradicted 0 disputed 0" in said
    assert "Median lead: 4.5 days before an assessor first bears a claim out, over 2 claims." in said
    assert "red-army 1 1 borne out 5 days before" in said


def test_a_record_says_what_it_is_narrowed_to(told: Palimpsest) -> None:
    narrowed = ("--made-from", "2025-03-04", "--made-to", "2025-03-31", "--part-of", "hill")
    said = squeeze(told("record", "red", *narrowed).stdout)
    assert "1 claim made with its voice." in said
    assert "Only what took effect from 4 Mar 2025 on." in said
    assert "Only what took effect by all of 31 Mar 2025." in said
    assert "Only what is about hill or a place below it." in said
    assert "0 claims" in told("record", "red", "--bbox", "0,0,1,1").stdout


def test_the_claims_of_an_outcome_are_listed(told: Palimpsest) -> None:
    result = told("record", "red", "--outcome", "borne-out,open", "--limit", "1")
    said = squeeze(result.stdout)
    assert "red 1 claim" in said
    assert "3 Mar 2025 red all borne out claimed hill 5 days before red-army" in said
    assert "There are more" in result.stderr
    assert told("record", "red", "--outcome", "open").stdout.startswith("red  0 claims\n")


def test_json_is_what_http_answers(told: Palimpsest) -> None:
    record = json.loads(told("record", "red-army", "--json").stdout)
    assert (record["id"], record["claims"], record["median_lead_days"]) == ("red-army", 1, 5.0)
    listed = json.loads(told("record", "red", "--outcome", "borne-out", "--json").stdout)
    assert [each["id"] for each in listed["items"]] == ["claimed", "told-again"]


def test_as_it_was_known_and_recorded(told: Palimpsest) -> None:
    then = json.loads(told("record", "red", "--json", "--known-at", "2025-03-07").stdout)
    assert then["outcomes"]["open"] == 2
    assert told("record", "red", "--log-position", "0").exit_code == 1


def test_an_actor_or_an_outcome_that_is_none(told: Palimpsest) -> None:
    nobody = told("record", "nobody")
    assert (nobody.exit_code, nobody.stdout) == (1, "")
    assert "nobody" in nobody.stderr
    wrong = told("record", "red", "--outcome", "born-out")
    assert wrong.exit_code != 0
    assert "did you mean 'borne-out'?" in wrong.stderr


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("more", [(), ("--outcome", "borne-out")])
def test_a_record_fits_any_width(told: Palimpsest, more: tuple[str, ...], width: int) -> None:
    result = told("record", "red", *more, COLUMNS=str(width))
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
