"""The Kupiansk story by `palimpsest state`, `timeline` and `claim`: every row of its table of answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import Palimpsest


def ask(story: Palimpsest, *arguments: str) -> dict[str, Any]:
    result = story(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def positions(state: dict[str, Any]) -> dict[str, dict[str, tuple[float, float, bool, bool]]]:
    return {
        position["voice"]: {
            party: (share["min"], share["max"], share["min_open"], share["max_open"])
            for party, share in position["shares"].items()
        }
        for position in state["positions"]
    }


ALL = (1, 1, False, False)
PART = (0, 1, True, True)
LESS_THAN_ALL = (0, 1, False, True)


@pytest.mark.parametrize(
    ("valid_at", "holder", "because"),
    [
        ("2022-05-01", "russia", "kupiansk-2022-occupied"),
        ("2022-10-15", "ukraine", "kupiansk-2022-recaptured"),
    ],
)
def test_in_2022_it_was_held(story: Palimpsest, valid_at: str, holder: str, because: str) -> None:
    state = ask(story, "state", "kupiansk", "--valid-at", valid_at)
    assert (state["status"], state["holder"], state["because"]) == ("held", holder, [because])


def test_the_claim_and_its_denial_disagree(story: Palimpsest) -> None:
    state = ask(story, "state", "kupiansk", "--valid-at", "2025-11-25")
    assert state["status"] == "disputed"
    said = positions(state)
    assert said["russia"] == {"russia": ALL}
    assert said["ukraine"] == {"russia": LESS_THAN_ALL}
    assert ["russia", "ukraine"] in [found["between"] for found in state["disagreements"]]


def test_on_13_december_there_is_everything(story: Palimpsest) -> None:
    state = ask(story, "state", "kupiansk", "--valid-at", "2025-12-13")
    assert state["status"] == "disputed"
    said = positions(state)
    assert said["ukraine"] == {"ukraine": PART}
    assert said["deepstate"] == {"ukraine": PART, "russia": PART}
    assert said["russia"] == {"russia": ALL}
    assert sorted((each["force"], each["mode"]) for each in state["encirclements"]) == [
        ("russia", "direct"),
        ("russia", "inferred"),
    ]
    assert state["last_visit"]["visitor"] == "zelensky"
    assert state["last_visit"]["occurred"]["edtf"] == "2025-12-12"
    assert state["population"]["count"] == 55000


def test_known_on_30_november_there_are_claim_and_denial_alone(story: Palimpsest) -> None:
    state = ask(story, "state", "kupiansk", "--valid-at", "2025-12-13", "--known-at", "2025-11-30")
    assert state["status"] == "disputed"
    assert sorted(state["because"]) == ["kupiansk-claim-denied", "kupiansk-claimed"]
    assert (state["encirclements"], state["last_visit"], state["population"]) == ([], None, None)
    before = ask(story, "state", "kupiansk", "--valid-at", "2022-05-01", "--known-at", "2025-11-30")
    assert before["status"] == "unknown"


def test_known_on_1_november_there_is_nothing(story: Palimpsest) -> None:
    state = ask(story, "state", "kupiansk", "--valid-at", "2025-12-13", "--known-at", "2025-11-01")
    assert (state["status"], state["positions"]) == ("unknown", [])


def test_before_the_dossier_the_place_was_not_recorded(story: Palimpsest) -> None:
    result = story("state", "kupiansk", "--log-position", "0")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "The location 'kupiansk' was not recorded yet at log position 0.\n"


def test_the_claim_was_denied_and_contradicted(story: Palimpsest) -> None:
    claim = ask(story, "claim", "kupiansk-claimed")
    assert claim["outcome"]["value"] == "contradicted"
    assert claim["outcome"]["rule"] == "outcome/1"
    assert [judged["voice"] for judged in claim["outcome"]["assessors"]] == ["deepstate"]
    assert ("denied", "ukraine") in [(entry["what"], entry["voice"]) for entry in claim["entries"]]


def test_the_timeline_is_in_effect_order(story: Palimpsest) -> None:
    items = ask(story, "timeline", "kupiansk")["items"]
    starts = [item["occurred"]["earliest"] for item in items]
    assert len(items) == 14
    assert starts == sorted(starts)
    backward = ask(story, "timeline", "kupiansk", "--order", "desc")["items"]
    assert [item["id"] for item in backward] == [item["id"] for item in reversed(items)]


def test_the_timeline_is_narrowed(story: Palimpsest) -> None:
    by_kind = ask(story, "timeline", "kupiansk", "--kinds", "claim-denied,visit-reported")["items"]
    assert [item["id"] for item in by_kind] == ["kupiansk-claim-denied", "kupiansk-visit"]
    by_voice = ask(story, "timeline", "kupiansk", "--voices", "russia")["items"]
    assert [item["id"] for item in by_voice] == ["kupiansk-claimed"]
    of_2022 = ask(story, "timeline", "kupiansk", "--valid-to", "2022-12-31")["items"]
    assert [item["id"] for item in of_2022] == [
        "kupiansk-population",
        "kupiansk-2022-occupied",
        "kupiansk-2022-recaptured",
    ]


def test_voices_restrict_the_state(story: Palimpsest) -> None:
    state = ask(story, "state", "kupiansk", "--voices", "russia,trump")
    assert (state["status"], state["holder"]) == ("held", "russia")


def test_pinned_answers_stay_the_same(story: Palimpsest) -> None:
    first, again = (story("state", "kupiansk", "--log-position", "36", "--json").stdout for _ in range(2))
    assert first == again
