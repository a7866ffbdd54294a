"""Bakhmut over HTTP, clock by clock: each expected value is worked out by hand from the rules of docs/."""

from __future__ import annotations

from typing import Any

import pytest

from intake.shares import resolve_share
from tests.api.talking import Api

CONTESTED = {"ukraine": "part", "russia": "part"}
LESS_THAN_ALL = "[0, 1)"


def said(state: dict[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    return {position["voice"]: position["shares"] for position in state["positions"]}


def written(shares: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """Shares as a dossier writes them, in the form of an answer."""
    return {
        voice: {party: as_answered(share) for party, share in control.items()}
        for voice, control in shares.items()
    }


def as_answered(share: Any) -> dict[str, Any]:
    found = resolve_share(share)
    return {
        "min": found.min,
        "max": found.max,
        "min_open": found.min_open,
        "max_open": found.max_open,
    }


def quarrels(state: dict[str, Any]) -> dict[tuple[str, ...], float]:
    return {tuple(found["between"]): found["gap"] for found in state["disagreements"]}


STATES = (
    # 12 January: the claim of the 10th or 11th is public, ISW's report of the 12th is not before the 13th in
    # UTC, and the Ministry speaks on the 13th. A denial of "all" leaves less than all.
    ("soledar", "2023-01-14", "2023-01-12", "disputed", None, {
        "isw": {"russia": "part"},
        "uk-mod": {"russia": "most"},
        "ukraine": {"russia": LESS_THAN_ALL},
        "wagner": {"russia": "all"},
        "wikipedia": CONTESTED,
    }),
    # Two days on, the Ministry and ISW say all, and a Ukrainian official says that Ukraine has all of it.
    ("soledar", "2023-01-14", "2023-01-14", "disputed", None, {
        "isw": {"russia": "all"},
        "russia": {"russia": "all"},
        "uk-mod": {"russia": "most"},
        "ukraine": {"ukraine": "all"},
        "wagner": {"russia": "all"},
        "wikipedia": CONTESTED,
    }),
    # On the 20th, only Ukraine's voice differs still...
    ("soledar", "2023-01-20", "2023-01-20", "disputed", None, {
        "isw": {"russia": "all"},
        "russia": {"russia": "all"},
        "uk-mod": {"russia": "all"},
        "ukraine": {"ukraine": "all"},
        "wagner": {"russia": "all"},
        "wikipedia": {"russia": "all"},
    }),
    # ... and once its withdrawal is public, the same day reads otherwise.
    ("soledar", "2023-01-20", "2023-01-31", "held", "russia", {
        "isw": {"russia": "all"},
        "russia": {"russia": "all"},
        "uk-mod": {"russia": "all"},
        "ukraine": {"ukraine": "none"},
        "wagner": {"russia": "all"},
        "wikipedia": {"russia": "all"},
    }),
    # "About 70%" and "roughly 65%" meet, and a third of Ukraine's leaves Russia at most 67%: no quarrel.
    ("bakhmut", "2023-03-31", "2023-03-31", "divided", None, {
        "isw": {"russia": [0.625, 0.675]},
        "uk-mod": CONTESTED,
        "ukraine": {"ukraine": 0.33},
        "wagner": {"russia": [0.65, 0.75]},
        "wikipedia": CONTESTED,
    }),
    # "Taken in the legal sense" is a claim of all of it.
    ("bakhmut", "2023-04-03", "2023-04-03", "disputed", None, {
        "isw": {"russia": [0.625, 0.675]},
        "uk-mod": CONTESTED,
        "ukraine": {"ukraine": 0.33},
        "wagner": {"russia": "all"},
        "wikipedia": CONTESTED,
    }),
    # It was said late on the 2nd and public on the 3rd: on the 2nd nobody could know.
    ("bakhmut", "2023-04-03", "2023-04-02", "divided", None, {
        "isw": {"russia": [0.625, 0.675]},
        "uk-mod": CONTESTED,
        "ukraine": {"ukraine": 0.33},
        "wagner": {"russia": [0.65, 0.75]},
        "wikipedia": CONTESTED,
    }),
    # "More than 80%" and "at least 76.5%" meet. Both quarrel with Ukraine's third, which leaves 67% at most.
    ("bakhmut", "2023-04-12", "2023-04-13", "disputed", None, {
        "isw": {"russia": [0.765, 1]},
        "uk-mod": {"russia": "part"},
        "ukraine": {"ukraine": 0.33},
        "wagner": {"russia": "(0.8, 1)"},
        "wikipedia": CONTESTED,
    }),
    # 20 May, as the world had it that night: the Ministry's word may be of the 21st, so it is not sure yet.
    ("bakhmut", "2023-05-20", "2023-05-20", "disputed", None, {
        "isw": {"russia": [0.765, 1]},
        "russia": {"russia": [0.85, 0.95]},
        "uk-mod": {"russia": "part"},
        "ukraine": {"ukraine": "part"},
        "wagner": {"russia": "all"},
        "wikipedia": CONTESTED,
    }),
    # On the 21st, three things are said for Ukraine, none with an hour. The answers come after the general's
    # small part, and of the two the spokesman's denial is the last by id.
    ("bakhmut", "2023-05-21", "2023-05-21", "disputed", None, {
        "isw": {"russia": "all"},
        "russia": {"russia": "all"},
        "uk-mod": {"russia": "part"},
        "ukraine": {"russia": LESS_THAN_ALL},
        "wagner": {"russia": "all"},
        "wikipedia": CONTESTED,
    }),
    # Russia and Wagner disagree in public: a denial of "part" leaves none, and Wagner confirms the part.
    ("bakhmut-flanks", "2023-05-12", "2023-05-13", "disputed", None, {
        "isw": {"ukraine": "part"},
        "russia": {"ukraine": "none"},
        "ukraine": {"ukraine": "part"},
        "wagner": {"ukraine": "part"},
    }),
    # The table gave Zaitseve to Russia 26 days after the day it gives: a day before the edit nobody knew.
    ("zaitseve", "2022-11-20", "2022-12-11", "divided", None, {
        "isw": {"russia": "(0, 1]"},
        "russia": {"russia": "(0, 1]"},
        "ukraine": {"ukraine": "(0, 1]"},
    }),
    ("zaitseve", "2022-11-20", "2022-12-12", "disputed", None, {
        "isw": {"russia": "(0, 1]"},
        "russia": {"russia": "(0, 1]"},
        "ukraine": {"ukraine": "(0, 1]"},
        "wikipedia": {"russia": "all"},
    }),
)  # fmt: skip


@pytest.mark.parametrize(
    ("place", "valid_at", "known_at", "status", "holder", "positions"),
    STATES,
    ids=[f"{place}-{valid_at}-known-{known_at}" for place, valid_at, known_at, *_ in STATES],
)
def test_who_says_what(
    bakhmut: Api,
    place: str,
    valid_at: str,
    known_at: str,
    status: str,
    holder: str | None,
    positions: dict[str, dict[str, Any]],
) -> None:
    state = bakhmut.state(place, valid_at=valid_at, known_at=known_at)
    assert (state["status"], state["holder"]) == (status, holder)
    assert said(state) == written(positions)


def test_the_gaps_of_april(bakhmut: Api) -> None:
    """Ukraine's third leaves Russia at most 0.67; the others say at least 0.765, and more than 0.8."""
    gaps = quarrels(bakhmut.state("bakhmut", valid_at="2023-04-12", known_at="2023-04-13"))
    assert gaps == {("isw", "ukraine"): pytest.approx(0.095), ("ukraine", "wagner"): pytest.approx(0.13)}
    # All and none lie the whole place apart.
    gaps = quarrels(bakhmut.state("soledar", valid_at="2023-01-14", known_at="2023-01-14"))
    assert gaps["ukraine", "wagner"] == gaps["russia", "ukraine"] == gaps["isw", "ukraine"] == 1.0
    assert ("russia", "wagner") not in gaps


def test_a_voice_that_already_says_otherwise_keeps_its_position_and_adds_the_denials(bakhmut: Api) -> None:
    state = bakhmut.state("bakhmut", valid_at="2023-04-12", known_at="2023-04-13")
    [ukraine] = [position for position in state["positions"] if position["voice"] == "ukraine"]
    denials = ["bakhmut-not-taken-cherevatyi", "bakhmut-not-taken-zelensky", "bakhmut-80-percent-denied"]
    assert ukraine["because"] == ["bakhmut-a-third", *denials]


def test_a_withdrawal_without_a_day_is_not_certain_until_its_window_ends(bakhmut: Api) -> None:
    """Between the 16th and the 25th: on the 20th the voice may still have said what it said before."""
    state = bakhmut.state("soledar", valid_at="2023-01-20", known_at="2023-01-31")
    [ukraine] = [position for position in state["positions"] if position["voice"] == "ukraine"]
    assert (state["certain"], ukraine["certain"]) == (False, False)
    assert ukraine["since"] == "2023-01-16T00:00:00Z"
    assert ukraine["previous"]["because"] == ["soledar-held-by-ukraine"]
    later = bakhmut.state("soledar", valid_at="2023-01-25", known_at="2023-01-31")
    assert (later["status"], later["holder"], later["certain"]) == ("held", "russia", True)


@pytest.mark.parametrize(
    ("moment", "shares"),
    [
        ("2023-05-20T16:30:00Z", {"russia": "all"}),  # the edit was seen at 16:12
        ("2023-05-20T17:30:00Z", CONTESTED),  # and undone at 17:08
    ],
)
def test_an_edit_war_is_told_to_the_minute(bakhmut: Api, moment: str, shares: dict[str, Any]) -> None:
    state = bakhmut.state("bakhmut", valid_at=moment, known_at=moment)
    assert said(state)["wikipedia"] == written({"wikipedia": shares})["wikipedia"]
    assert said(state)["wagner"] != written({"wagner": {"russia": "all"}})["wagner"]  # the day is not over


def test_what_is_reported_beside_control(bakhmut: Api) -> None:
    christmas = bakhmut.state("bakhmut", valid_at="2022-12-24", known_at="2022-12-24")
    assert christmas["last_visit"]["visitor"] == "zelensky"
    assert christmas["last_visit"]["occurred"]["edtf"] == "2022-12-20"
    assert christmas["population"]["count"] == 72310
    april = bakhmut.state("bakhmut", valid_at="2023-04-12", known_at="2023-04-12")
    assert april["last_visit"]["visitor"] == "syrskyi"
    assert april["population"]["count"] == 4000
    assert april["fighting"]["since"] == "2022-08-06T00:00:00Z"
    assert {each["voice"]: each["since"] for each in april["encirclements"]} == {
        "russia": "2023-02-27T00:00:00Z",
        "wagner": "2023-03-03T00:00:00Z",
    }
    # On the 13th Prigozhin finds it too early to speak of one: his own ends, Russia's stands.
    lifted = bakhmut.state("bakhmut", valid_at="2023-04-13", known_at="2023-04-13")
    assert [each["voice"] for each in lifted["encirclements"]] == ["russia"]
    assert lifted["supply_cuts"][0]["because"] == ["bakhmut-roads-cut-donetsk", "bakhmut-supply-cut-mod"]
