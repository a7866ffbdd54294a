"""Status and disagreement follow from the positions of all voices; no voice weighs more."""

from __future__ import annotations

import pytest

from domain.positions import PlaceView, Position, trace_positions
from domain.shares import ALL, ANY, MOST, NONE, PART, Share
from domain.states import state_at
from domain.status import (
    STATUSES,
    Disagreement,
    Move,
    Ruling,
    Verdict,
    decide_status,
    find_disagreements,
    rule_on,
)
from tests.domain.builders import (
    BOTH_PART,
    about,
    assesses,
    between,
    claims,
    confirms,
    day,
    days,
    denies,
    end_of,
    given,
    instant,
    number,
    renounces,
    repeats,
    withdraws,
)

LESS_THAN_ALL = between(0, 1, max_open=True)


def say(*controls: dict[str, Share], certain: bool = True) -> list[Position]:
    """A position of a voice each: `v0`, `v1` and so on, because of `d0`, `d1` and so on."""
    return [
        Position(
            voice=f"v{index}",
            shares=control,
            since=instant(1),
            certain=certain,
            previous=None,
            because=(f"d{index}",),
        )
        for index, control in enumerate(controls)
    ]


# Status


def test_without_a_position_the_status_is_unknown() -> None:
    assert decide_status([]) == Verdict(status="unknown", holder=None, certain=True, because=())


@pytest.mark.parametrize(
    ("controls", "status", "holder"),
    [
        ([{"russia": ALL}], "held", "russia"),
        ([{"russia": ALL}, {"russia": ALL}], "held", "russia"),
        ([{"russia": ALL}, {"ukraine": NONE}], "held", "russia"),
        ([{"russia": ALL}, {"russia": between(0.5, 1)}], "held", "russia"),
        ([{"russia": PART}], "divided", None),
        ([BOTH_PART], "divided", None),
        ([{"russia": MOST}, {"ukraine": PART}], "divided", None),
        ([{"russia": number(0.3)}], "divided", None),
        ([{"russia": between(0, 0.5)}, {"russia": between(0.5, 1)}], "divided", None),
        ([{"russia": ALL}, {"ukraine": ALL}], "disputed", None),
        ([{"russia": ALL}, {"russia": LESS_THAN_ALL}], "disputed", None),
        ([{"russia": ALL}, {"russia": LESS_THAN_ALL}, {"russia": ALL}], "disputed", None),
        ([{"russia": PART}, {"ukraine": ALL}], "disputed", None),
        ([{"russia": NONE}], "unclear", None),
        ([{"russia": LESS_THAN_ALL}], "unclear", None),
        ([{"russia": ANY}], "unclear", None),
        ([{"russia": NONE}, {"ukraine": LESS_THAN_ALL}], "unclear", None),
    ],
)
def test_the_status_follows_from_what_all_voices_leave_possible(
    controls: list[dict[str, Share]], status: str, holder: str | None
) -> None:
    verdict = decide_status(say(*controls))
    assert (verdict.status, verdict.holder) == (status, holder)


def test_there_are_five_statuses() -> None:
    assert STATUSES == ("unknown", "held", "divided", "disputed", "unclear")


def test_a_dispute_rests_on_those_who_disagree_everything_else_on_all() -> None:
    disputed = decide_status(say({"russia": ALL}, {"russia": ANY}, {"ukraine": ALL}))
    assert disputed.because == ("d0", "d2")
    assert decide_status(say({"russia": ALL}, {"ukraine": NONE})).because == ("d0", "d1")


def test_a_status_is_certain_when_all_it_rests_on_is() -> None:
    sure, unsure = say({"russia": ALL}), say({"ukraine": NONE}, certain=False)
    assert decide_status(sure).certain
    assert not decide_status([*sure, *unsure]).certain


def test_a_dispute_rests_on_those_who_disagree_alone() -> None:
    ruling = rule_on([{"russia": ALL}, {"russia": ANY}, {"russia": NONE}, {"ukraine": PART}])
    assert ruling == Ruling(status="disputed", holder=None, rests_on=(0, 2, 3), disagreements=2)


# Disagreement


def disagreements(view: PlaceView, day_number: int) -> list[Disagreement]:
    return list(state_at(view, end_of(day_number)).disagreements)


def test_a_claim_and_its_denial_disagree_though_they_touch() -> None:
    view = given(claims("c", "russia", day(1)), denies("d", "ukraine", day(2), "c"))
    assert disagreements(view, 2) == [
        Disagreement(
            between=("russia", "ukraine"),
            party="russia",
            gap=0.0,
            since=instant(2),
            moved_last=Move(voice="ukraine", development="d", since=instant(2)),
            because=("c", "d"),
        )
    ]
    assert disagreements(view, 1) == []


def test_the_party_and_the_gap_are_those_of_the_widest_clash() -> None:
    view = given(
        assesses("a", "deepstate", day(1), {"russia": number(0.5), "ukraine": number(0.25)}),
        assesses("b", "isw", day(1), {"russia": number(0.25), "ukraine": number(0.75)}),
    )
    (found,) = disagreements(view, 1)
    assert (found.between, found.party, found.gap) == (("deepstate", "isw"), "ukraine", 0.5)


def test_each_pair_of_voices_disagrees_once() -> None:
    view = given(
        claims("r", "russia", day(1)),
        claims("u", "ukraine", day(1)),
        assesses("a", "deepstate", day(1), BOTH_PART),
    )
    pairs = [found.between for found in disagreements(view, 1)]
    assert pairs == [("deepstate", "russia"), ("deepstate", "ukraine"), ("russia", "ukraine")]


def test_a_disagreement_lasts_from_the_instant_the_second_spoke() -> None:
    view = given(claims("r", "russia", day(1)), claims("u", "ukraine", day(4)))
    (found,) = disagreements(view, 9)
    assert found.since == instant(4)


def test_it_goes_on_while_both_move_and_still_disagree() -> None:
    view = given(
        claims("r", "russia", day(1)),
        claims("u", "ukraine", day(2)),
        claims("u2", "ukraine", day(5), PART),
        claims("r2", "russia", day(6), number(1.0)),
    )
    (found,) = disagreements(view, 9)
    assert found.since == instant(2)
    assert found.because == ("r2", "u2")


@pytest.mark.parametrize(
    "pause",
    [
        confirms("pause", "ukraine", day(4), "r"),
        renounces("pause", "ukraine", day(4), "u"),
        claims("pause", "ukraine", days(4, 5), LESS_THAN_ALL, holder="ukraine", during="throughout"),
    ],
    ids=["agreed", "said nothing", "lapsed"],
)
def test_it_begins_anew_after_a_break(pause: object) -> None:
    view = given(
        claims("r", "russia", day(1)),
        claims("u", "ukraine", day(2)),
        pause,  # type: ignore[arg-type]
        claims("u2", "ukraine", day(7)),
    )
    (found,) = disagreements(view, 9)
    assert found.since == instant(7)


def test_a_lapse_ends_a_disagreement() -> None:
    view = given(
        claims("r", "russia", days(1, 5), during="throughout"),
        denies("d", "ukraine", day(3), "r"),
    )
    assert [found.since for found in disagreements(view, 5)] == [instant(3)]
    assert disagreements(view, 6) == []


def test_while_a_window_is_open_two_voices_may_disagree_without_certainty() -> None:
    view = given(claims("r", "russia", about(5)), denies("d", "ukraine", about(5), "r"))
    state = state_at(view, end_of(5))
    assert (state.status, state.certain) == ("disputed", False)
    assert state_at(view, end_of(7)).certain


# Who moved last


def moved_last(view: PlaceView, day_number: int) -> Move:
    (found,) = disagreements(view, day_number)
    return found.moved_last


def test_saying_the_same_again_is_no_move() -> None:
    view = given(
        claims("r", "russia", day(1)),
        claims("u", "ukraine", day(2), PART),
        claims("r2", "russia", day(5)),
        repeats("r3", "russia", day(6), "r"),
    )
    assert moved_last(view, 9) == Move(voice="ukraine", development="u", since=instant(2))


def test_saying_otherwise_is_a_move_and_so_is_speaking_again_after_a_lapse() -> None:
    view = given(
        claims("r", "russia", day(1)),
        claims("u", "ukraine", days(2, 3), number(0.5), during="throughout"),
        claims("u2", "ukraine", day(7), number(0.5)),
    )
    assert moved_last(view, 3) == Move(voice="ukraine", development="u", since=instant(2))
    assert moved_last(view, 9) == Move(voice="ukraine", development="u2", since=instant(7))
    assert moved_last(given(*view.developments, claims("r2", "russia", day(8), number(0.8))), 9) == Move(
        voice="russia", development="r2", since=instant(8)
    )


def test_a_denial_that_stands_behind_what_was_said_before_is_no_move() -> None:
    view = given(
        claims("u", "ukraine", day(1), MOST, holder="ukraine"),
        claims("r", "russia", day(4)),
        denies("d", "ukraine", day(6), "r"),
    )
    assert moved_last(view, 9) == Move(voice="russia", development="r", since=instant(4))


def test_of_two_moves_in_one_instant_the_answer_is_the_later() -> None:
    view = given(claims("z-claim", "russia", day(3)), denies("a-denial", "ukraine", day(3), "z-claim"))
    assert moved_last(view, 9) == Move(voice="ukraine", development="a-denial", since=instant(3))
    view = given(claims("b", "ukraine", day(3), PART), claims("a", "russia", day(3)))
    assert moved_last(view, 9) == Move(voice="ukraine", development="b", since=instant(3))


def test_who_disagreed_earlier_is_found_from_the_same_traces() -> None:
    view = given(
        claims("r", "russia", day(1)), claims("u", "ukraine", day(2)), withdraws("w", "russia", day(5))
    )
    traces = trace_positions(view, end_of(9))
    assert [found.since for found in find_disagreements(traces, end_of(3))] == [instant(2)]
    assert find_disagreements(traces, end_of(9)) == []
