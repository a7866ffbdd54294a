"""`palimpsest map` and `palimpsest disagreements`: tables, and the JSON of HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Palimpsest

THEN = ("--valid-at", "2025-12-13")


def lines(story: Palimpsest, *arguments: str, **env: str) -> list[str]:
    result = story(*arguments, **env)
    assert result.exit_code == 0, result.stderr
    return [line.rstrip() for line in result.stdout.splitlines() if line.strip()]


def read(story: Palimpsest, *arguments: str) -> list[Any]:
    return [json.loads(line) for line in lines(story, *arguments, "--json")]


def test_the_map_counts_and_lists_what_is_said(story: Palimpsest) -> None:
    told = lines(story, "map", *THEN)
    assert told[0] == "1 place: 1 disputed"
    assert told[3].split() == ["Kupiansk", "kupiansk", "disputed,", "not", "certain", "yet", "3"]
    assert told[4] == "4 places have no point, and so no room on a map."
    assert told[5].startswith("Valid: all of 13 Dec 2025.")


def test_what_nobody_speaks_of_is_counted_and_not_listed(story: Palimpsest) -> None:
    told = lines(story, "map", "--valid-at", "2020-01-01")
    assert told[:2] == ["1 place: 1 unknown", "4 places have no point, and so no room on a map."]


def test_filters_of_the_map(story: Palimpsest) -> None:
    assert lines(story, "map", *THEN, "--part-of", "kharkiv-oblast")[0] == "1 place: 1 disputed"
    assert lines(story, "map", *THEN, "--status", "held")[0] == "0 places"
    assert lines(story, "map", *THEN, "--voices", "russia")[0] == "1 place: 1 held"
    assert lines(story, "map", *THEN, "--bbox", "0,0,1,1")[0] == "0 places"


def test_the_json_of_the_map_is_geojson(story: Palimpsest) -> None:
    (found,) = read(story, "map", *THEN)
    assert found["type"] == "FeatureCollection"
    assert [feature["id"] for feature in found["features"]] == ["kupiansk"]
    assert found["clocks"]["valid_at"] == "2025-12-13T23:59:59.999999Z"


def test_the_replay_of_the_map(story: Palimpsest) -> None:
    options = ("--from", "2025-11-01", "--to", "2025-11-30")
    assert lines(story, "map", "--replay", *options) == [
        "The map  along the valid clock, step P1D",
        "At 1 Nov 2025",
        "kupiansk  held by ukraine",
        "At 19 Nov 2025",
        "kupiansk  disputed, not certain yet",
        "At 24 Nov 2025",
        "kupiansk  disputed",
        "At the end of 30 Nov 2025",
        "no change",
        "4 steps told, 3 changes.",
    ]
    frames = read(story, "map", "--replay", *options, "--step", "P1M", "--along", "known", *THEN)
    assert [len(frame["changes"]) for frame in frames] == [0, 1]
    assert [frame["last"] for frame in frames] == [False, True]


def test_along_the_recorded_clock_the_position_is_told(story: Palimpsest) -> None:
    told = lines(story, "map", "--replay", "--along", "recorded", *THEN)
    assert told[1].startswith("Recorded by ")
    assert told[1].endswith(", log 0")
    assert told[-3].endswith(", log 36")
    assert told[-2] == "kupiansk  disputed, not certain yet"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--step", "P1D"), "It needs --replay."),
        (("--replay", "--voices", "russia"), "A replay is always of the whole map."),
        (("--replay", "--along", "time"), "'time' is no clock"),
    ],
)
def test_options_that_mean_nothing_are_refused(
    palimpsest: Palimpsest, options: tuple[str, ...], sentence: str
) -> None:
    result = palimpsest("map", *options)
    assert result.exit_code == 2
    assert sentence in result.stderr


def test_a_step_that_is_none_is_a_sentence(story: Palimpsest) -> None:
    result = story("map", "--replay", "--step", "1 day")
    assert result.exit_code == 1
    assert result.stderr.startswith("--step: Write an ISO 8601 duration")


def test_disagreements_in_a_table(story: Palimpsest) -> None:
    told = lines(story, "disagreements", *THEN, COLUMNS="140")
    assert told[0] == "3 disagreements"
    assert told[1].split("  ")[0] == "Place"
    table = "\n".join(told)
    for part in ("romanian-report: ukraine part", "touching", "25 days", "kupiansk-recapture"):
        assert part in table


def test_the_json_of_disagreements_is_that_of_http(story: Palimpsest) -> None:
    (found,) = read(story, "disagreements", *THEN, "--sort", "gap", "--voices", "russia,deepstate")
    assert [(each["between"], each["moved_last"]["development"]) for each in found["items"]] == [
        (["deepstate", "russia"], "kupiansk-deepstate")
    ]


def test_filters_and_limits_of_disagreements(story: Palimpsest) -> None:
    assert lines(story, "disagreements", *THEN, "--party", "trump")[0] == "0 disagreements"
    assert lines(story, "disagreements", *THEN, "--min-gap", "0.5")[0] == "0 disagreements"
    assert lines(story, "disagreements", *THEN, "--part-of", "donbas")[0] == "0 disagreements"
    result = story("disagreements", *THEN, "--limit", "1")
    assert result.stdout.startswith("1 disagreement\n")
    assert result.stderr.startswith("There are more;")
    assert story("disagreements", "--sort", "size").exit_code == 2
