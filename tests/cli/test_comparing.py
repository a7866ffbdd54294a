"""`palimpsest compare` and `palimpsest history`: before -> now in the terminal, and spell by spell."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import KUPIANSK, Palimpsest
from tests.cli.test_tables import ESCAPE, squeeze

LEARNT = ("compare", "kupiansk", "--valid-at", "2025-12-13", "--against-known-at", "2025-11-30")
EDITED = """
palimpsest: 1
documents: []
developments:
  - {id: edited-later, kind: strike-reported, at: kupiansk, by: ukraine, reported: 2025-12-14}
"""


def test_each_change_is_told_before_and_now_with_what_made_it(story: Palimpsest) -> None:
    result = story(*LEARNT, COLUMNS="80")
    assert result.exit_code == 0, result.stderr
    text = squeeze(result.stdout)
    for told in (
        "Kupiansk kupiansk, before -> now State status",
        "position of ukraine russia less than all -> ukraine part because kupiansk-recapture became public",
        "fighting nothing -> since 19 Nov 2025, reported 13 Dec 2025 because kupiansk-fighting became public",
        "visit nothing -> zelensky, 12 Dec 2025",
        "russia: russia all; open -> russia: russia all; contradicted by deepstate because kupiansk-deepsta",
        "kupiansk-video nothing -> evidence published, ukraine, 2025-12-12",
        "Before: Valid: all of 13 Dec 2025. Known: all of 30 Nov 2025.",
    ):
        assert told in text, told
    assert "Recorded between the two" not in text
    assert "position of russia" not in text


def test_the_json_is_that_of_http(story: Palimpsest) -> None:
    told = json.loads(story(*LEARNT, "--voices", "russia", "--json").stdout)
    assert [change["id"] for change in told["claims"]] == ["kupiansk-claimed"]
    assert told["against"]["known_at"] == "2025-11-30T23:59:59.999999Z"
    assert told["happenings"] == []


def test_nothing_differs_is_said(story: Palimpsest) -> None:
    text = story("compare", "kupiansk", "--log-position", "36").stdout
    assert "Nothing differs." in text
    assert "because" not in text


def test_what_was_recorded_between_the_two_is_told_with_when_and_by_whom(palimpsest: Palimpsest) -> None:
    assert palimpsest("import", str(KUPIANSK)).exit_code == 0
    assert palimpsest("import", "--by", "ana", "--format", "dossier", "-", input=EDITED).exit_code == 0
    text = squeeze(palimpsest("compare", "kupiansk", "--against-log-position", "36").stdout)
    assert "edited-later nothing -> strike reported, ukraine, 2025-12-14" in text
    assert "because edited-later was recorded since" in text
    assert "Recorded between the two" in text
    assert "37 edited-later" in text
    assert ", ana" in text


def test_a_side_without_the_place_is_refused_in_one_sentence(story: Palimpsest) -> None:
    for options in (("--against-log-position", "0"), ("--against-recorded-at", "2001-01-01")):
        result = story("compare", "kupiansk", *options)
        assert result.exit_code == 1
        assert "was not recorded yet at log position 0" in result.stderr
    assert story("compare", "kupiansk", "--against-valid-at", "yesterday").exit_code == 1


def test_the_history_has_the_spells_of_the_status_and_of_every_voice(story: Palimpsest) -> None:
    result = story("history", "kupiansk", "--valid-at", "2025-12-20", COLUMNS="80")
    assert result.exit_code == 0, result.stderr
    text = squeeze(result.stdout)
    for told in (
        "Kupiansk kupiansk, over valid time",
        "25 Feb 2022 1 Mar 2022 held by russia not certain",
        "1 Mar 2022 1 Sep 2022 held by russia",
        "romanian-report From To Says who holds Because",
        "15 Dec 2025 ukraine part, russia part kupiansk-deepstate",
    ):
        assert told in text, told


def test_the_history_of_some_voices_is_theirs_alone(story: Palimpsest) -> None:
    told = json.loads(story("history", "kupiansk", "--voices", "deepstate", "--json").stdout)
    assert set(told["voices"]) == {"deepstate"}
    assert [spell["certain"] for spell in told["status"]] == [False, True]
    text = story("history", "kupiansk", "--voices", "trump").stdout
    assert "Nobody has said who holds it." in text


@pytest.mark.parametrize("command", ["state", "timeline", "history", "compare"])
def test_a_voice_that_was_never_recorded_is_told(story: Palimpsest, command: str) -> None:
    result = story(command, "kupiansk", "--voices", "nobody")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "There is no actor with the id 'nobody'.\n"


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("question", [LEARNT, ("history", "kupiansk")])
def test_fits_any_width(story: Palimpsest, question: tuple[str, ...], width: int) -> None:
    result = story(*question, COLUMNS=str(width))
    assert result.exit_code == 0, result.stderr
    assert max(map(len, result.stdout.splitlines())) <= width
    assert ESCAPE not in result.output
