"""`palimpsest replay`: the history of a place as a table that grows, or as the frames of HTTP."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.conftest import Palimpsest


def frames(story: Palimpsest, *options: str) -> list[dict[str, Any]]:
    result = story("replay", "kupiansk", "--json", *options)
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_story_along_known_time(story: Palimpsest) -> None:
    options = ("--along", "known", "--valid-at", "2025-12-13", "--from", "2025-11-01", "--to", "2025-12-20")
    result = story("replay", "kupiansk", *options, COLUMNS="120")
    assert result.exit_code == 0, result.stderr
    lines = [line.rstrip() for line in result.stdout.splitlines() if line.strip()]
    assert lines[0] == "Kupiansk  kupiansk, along the known clock"
    assert lines[1].split() == ["Known", "from", "Status", "Made", "by"]
    assert "unknown" in lines[2]
    assert "disputed" in lines[3]
    assert "kupiansk-claimed, kupiansk-claim-denied" in lines[3]
    assert lines[-1] == f"{len(frames(story, *options))} frames."


def test_the_frames_are_those_of_http(story: Palimpsest) -> None:
    told = frames(story, "--to", "2022-12-31")
    held = [(frame["state"]["holder"], frame["state"]["certain"], frame["development"]) for frame in told]
    assert held[0] == (None, True, None)
    assert held[1] == ("russia", False, "kupiansk-2022-occupied")
    assert held[3] == ("ukraine", False, "kupiansk-2022-recaptured")
    assert held[-1] == ("ukraine", True, "kupiansk-2022-recaptured")


def test_along_the_log_a_position_stands_beside_the_time(story: Palimpsest) -> None:
    result = story("replay", "kupiansk", "--along", "recorded", COLUMNS="100")
    assert result.exit_code == 0, result.stderr
    # The dossier is one transaction, so one frame: the last of its positions that bears on the place.
    assert "log 34" in result.stdout
    assert result.stdout.splitlines()[-1].strip() == "1 frame."


def test_fits_narrow_terminals(story: Palimpsest) -> None:
    for width in (40, 80):
        result = story("replay", "kupiansk", COLUMNS=str(width))
        assert result.exit_code == 0, result.stderr
        assert max(map(len, result.stdout.splitlines())) <= width


def test_another_clock_or_place_is_refused_in_one_sentence(story: Palimpsest) -> None:
    assert story("replay", "kupiansk", "--along", "sideways").exit_code == 2
    assert story("replay", "nowhere").exit_code == 1
