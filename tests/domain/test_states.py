"""The state of a place under a bound, its history over valid time, and when it will change by itself."""

from __future__ import annotations

from datetime import datetime

import pytest

from domain.positions import PlaceView
from domain.shares import ALL, PART, Share
from domain.states import PlaceHistory, next_change, state_at, trace_history, verdict_at
from domain.times import END_OF_TIME
from tests.domain.builders import (
    BOTH_PART,
    MICROSECOND,
    about,
    assesses,
    claims,
    day,
    days,
    denies,
    develop,
    encircled,
    end_of,
    from_day,
    given,
    instant,
    renounces,
)

DISPUTED = given(
    claims("r", "russia", day(2)),
    denies("d", "zelensky", day(3), "r"),
    assesses("a", "deepstate", day(5), BOTH_PART),
    encircled("e", "ukraine", day(6)),
)


# State


def test_a_state_tells_all_that_follows() -> None:
    state = state_at(DISPUTED, end_of(9))
    assert (state.status, state.holder, state.certain) == ("disputed", None, True)
    assert [position.voice for position in state.positions] == ["deepstate", "russia", "ukraine"]
    assert [found.between for found in state.disagreements] == [
        ("deepstate", "russia"),
        ("russia", "ukraine"),
    ]
    assert [entry.because for entry in state.encirclements] == [("e",)]
    assert state.because == ("a", "r", "d")


def test_of_an_empty_place_nothing_is_known() -> None:
    state = state_at(given(), end_of(9))
    assert (state.status, state.holder, state.because) == ("unknown", None, ())
    assert (state.positions, state.disagreements, state.encirclements) == ((), (), ())


@pytest.mark.parametrize(
    ("voices", "status"),
    [
        (None, "disputed"),
        (["russia", "ukraine", "deepstate", "isw"], "disputed"),
        (["russia"], "held"),
        (["ukraine"], "unclear"),
        (["ukraine", "deepstate"], "divided"),
        (["isw"], "unknown"),
        ([], "unknown"),
    ],
)
def test_only_the_voices_asked_for_are_heard(voices: list[str] | None, status: str) -> None:
    state = state_at(DISPUTED, end_of(9), voices)
    assert state.status == status
    assert {position.voice for position in state.positions} <= set(
        voices or ["russia", "ukraine", "deepstate"]
    )
    assert verdict_at(DISPUTED, end_of(9), voices).status == status


def test_speakers_are_not_voices() -> None:
    """Zelensky speaks with the voice of Ukraine, so asking for him asks for nobody."""
    assert state_at(DISPUTED, end_of(9), ["zelensky"]).status == "unknown"


# History


def status_spells(history: PlaceHistory) -> list[tuple[datetime, datetime | None, str, str | None, bool]]:
    return [(spell.start, spell.end, spell.value, spell.holder, spell.certain) for spell in history.status]


def spells_of(
    voice: str, view: PlaceView, before: datetime = END_OF_TIME
) -> list[tuple[datetime, datetime | None, dict[str, Share], bool, tuple[str, ...]]]:
    return [
        (spell.start, spell.end, spell.shares, spell.certain, spell.because)
        for spell in trace_history(view, before).voices[voice]
    ]


def test_without_positions_there_is_no_history() -> None:
    assert trace_history(given(encircled("e", "ukraine", day(1))), END_OF_TIME) == PlaceHistory(
        status=(), voices={}, disagreements=()
    )


def test_a_spell_becomes_certain_at_the_end_of_its_window_and_lasts() -> None:
    assert spells_of("russia", given(claims("r", "russia", day(2)))) == [
        (instant(2), instant(3), {"russia": ALL}, False, ("r",)),
        (instant(3), None, {"russia": ALL}, True, ("r",)),
    ]


def test_what_is_never_certain_stays_one_spell() -> None:
    assert spells_of("russia", given(claims("r", "russia", from_day(2)))) == [
        (instant(2), None, {"russia": ALL}, False, ("r",))
    ]


def test_an_interval_is_a_spell_with_nothing_after_it() -> None:
    view = given(claims("r", "russia", days(5, 9, padding=2), during="throughout"))
    assert spells_of("russia", view) == [
        (instant(3), instant(7), {"russia": ALL}, False, ("r",)),
        (instant(7), instant(8), {"russia": ALL}, True, ("r",)),
        (instant(8), instant(12), {"russia": ALL}, False, ("r",)),
        (instant(12), None, {}, True, ()),
    ]


def test_what_is_taken_back_leaves_a_spell_of_silence() -> None:
    view = given(
        claims("r", "russia", day(2)),
        renounces("n", "russia", day(5), "r"),
        claims("r2", "russia", from_day(8), PART),
    )
    assert spells_of("russia", view)[-2:] == [
        (instant(5), instant(8), {}, True, ()),
        (instant(8), None, {"russia": PART}, False, ("r2",)),
    ]


def test_an_attached_denial_begins_a_spell_with_one_reason_more() -> None:
    view = given(
        claims("u", "ukraine", day(1)), claims("r", "russia", day(2)), denies("d", "ukraine", day(4), "r")
    )
    assert [(start, because) for start, _, _, _, because in spells_of("ukraine", view)] == [
        (instant(1), ("u",)),
        (instant(2), ("u",)),
        (instant(4), ("u", "d")),
    ]


def test_the_status_changes_as_voices_speak() -> None:
    assert status_spells(trace_history(DISPUTED, END_OF_TIME)) == [
        (instant(2), instant(3), "held", "russia", False),
        (instant(3), instant(4), "disputed", None, False),
        (instant(4), instant(5), "disputed", None, True),
        (instant(5), instant(6), "disputed", None, False),
        (instant(6), None, "disputed", None, True),
    ]


def test_spells_that_say_the_same_are_one() -> None:
    view = given(claims("r", "russia", from_day(2)), claims("r2", "russia", from_day(4)))
    assert status_spells(trace_history(view, END_OF_TIME)) == [(instant(2), None, "held", "russia", False)]
    assert len(spells_of("russia", view)) == 2, "their reasons differ"


def test_the_history_ends_at_the_bound() -> None:
    history = trace_history(DISPUTED, instant(4))
    assert list(history.voices) == ["russia", "ukraine"]
    assert history.status[-1].end is None
    assert history.status[-1].start == instant(3)


def test_the_history_may_be_that_of_some_voices() -> None:
    history = trace_history(DISPUTED, END_OF_TIME, ["russia"])
    assert list(history.voices) == ["russia"]
    assert [spell.value for spell in history.status] == ["held", "held"]


def disagreement_spells(history: PlaceHistory) -> list[tuple[datetime, datetime | None, tuple[str, str]]]:
    return [(spell.start, spell.end, spell.between) for spell in history.disagreements]


def test_a_disagreement_lasts_until_one_of_the_two_gives_way() -> None:
    view = given(
        claims("u", "ukraine", day(1)),
        claims("r", "russia", day(2)),
        claims("u2", "ukraine", day(4), PART),
        renounces("n", "russia", day(6), "r"),
        claims("r2", "russia", day(8)),
    )
    assert disagreement_spells(trace_history(view, END_OF_TIME)) == [
        (instant(2), instant(6), ("russia", "ukraine")),
        (instant(8), None, ("russia", "ukraine")),
    ]


def test_each_pair_that_disagrees_has_spells_of_its_own() -> None:
    view = given(
        claims("r", "russia", day(2)),
        claims("u", "ukraine", day(3)),
        assesses("d", "deepstate", day(5), {"ukraine": ALL}),
    )
    assert disagreement_spells(trace_history(view, END_OF_TIME)) == [
        (instant(3), None, ("russia", "ukraine")),
        (instant(5), None, ("deepstate", "russia")),
    ]


def test_voices_that_are_not_asked_for_disagree_with_nobody() -> None:
    assert trace_history(DISPUTED, END_OF_TIME, ["russia"]).disagreements == ()


# What changes by itself


@pytest.mark.parametrize(
    ("view", "before", "instant_of_change"),
    [
        (given(), instant(1), None),
        (given(claims("r", "russia", day(2))), instant(1), instant(2)),
        (given(claims("r", "russia", day(2))), instant(2), instant(2)),
        (given(claims("r", "russia", day(2))), instant(2) + MICROSECOND, instant(3)),
        (given(claims("r", "russia", day(2))), instant(3) + MICROSECOND, None),
        (given(claims("r", "russia", from_day(2), reported=day(2))), end_of(5), None),
        (given(claims("r", "russia", day(2), reported=about(9))), end_of(5), instant(7)),
        (
            given(claims("r", "russia", days(5, 9, padding=2), during="throughout", reported=day(1))),
            end_of(3),
            instant(7),
        ),
        (given(develop("fighting-reported", "f", day(5))), instant(1), instant(5)),
    ],
)
def test_the_next_change_is_the_next_instant_at_which_a_window_begins_or_ends(
    view: PlaceView, before: datetime, instant_of_change: datetime | None
) -> None:
    assert next_change(view, before) == instant_of_change
