"""What holds of the turns of a place whatever the drawings show."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from intake.importers.deepstate.turns import HOLE, Measure, Trail, Turn

THRESHOLD = 0.02
DAY = timedelta(days=1)
START = date(2025, 5, 1)

MEASURES = st.builds(
    lambda share, marked: Measure.of(share / 100, marked=marked),
    st.integers(min_value=0, max_value=100),
    st.booleans(),
)
GAPS = st.integers(min_value=1, max_value=4)


def follow(days: list[tuple[date, Measure]]) -> list[Turn]:
    """The turns of a place that every drawing is seen of, first sight included."""
    (day, measure), *others = days
    turns = [Turn(day=day, line=1, measure=measure)]
    trail = Trail(THRESHOLD, turns[0])
    for following, measure in others:
        turn = trail.see(following, 1, day, measure)
        turns += [turn] if turn else []
        day = following
    last = trail.end(day)
    return turns + ([last] if last else [])


@st.composite
def sequences(draw: st.DrawFn) -> list[tuple[date, Measure]]:
    """Drawings, a day or some days after each other."""
    day, days = START, []
    for measure in draw(st.lists(MEASURES, min_size=1, max_size=12)):
        days.append((day, measure))
        day += draw(GAPS) * DAY
    return days


@given(sequences(), st.data())
def test_more_days_take_nothing_back(days: list[tuple[date, Measure]], data: st.DataObject) -> None:
    length = data.draw(st.integers(min_value=1, max_value=len(days)))
    part = follow(days[:length])
    assert follow(days)[: len(part)] == part


@given(sequences())
def test_every_turn_is_of_a_day_that_shows_it_and_says_something_else(
    days: list[tuple[date, Measure]],
) -> None:
    shown = dict(days)
    turns = follow(days)
    for before, turn in pairwise(turns):
        assert turn.measure == shown[turn.day]
        assert turn.before == before.measure
        assert turn.after is not None
        assert before.day <= turn.after < turn.day
        changed = abs(turn.measure.share - before.measure.share)
        assert (
            turn.measure.marked != before.measure.marked
            or changed >= THRESHOLD - 1e-9
            or (changed and turn.measure.share in (0, 1))
        )


@given(MEASURES, st.lists(MEASURES, max_size=6))
def test_days_that_are_undone_by_the_next_are_not_told(calm: Measure, spikes: list[Measure]) -> None:
    """A calm day stands between the spikes, whatever they are."""
    shown = [calm]
    for spike in spikes:
        shown += [spike, calm]
    days = [(START + number * DAY, measure) for number, measure in enumerate(shown)]
    assert len(follow(days)) == 1


@given(st.lists(MEASURES, min_size=1, max_size=6))
def test_what_lasts_is_told_as_it_is(steps: list[Measure]) -> None:
    """Drawings so far apart that none can be a hole: what stands is never off by the threshold."""
    days = [(START + number * (HOLE + DAY), measure) for number, measure in enumerate(steps)]
    days.append((days[-1][0] + HOLE, days[-1][1]))
    turns = follow(days)
    for day, measure in days:
        standing = [turn for turn in turns if turn.day <= day][-1].measure
        assert standing.marked == measure.marked
        assert abs(standing.share - measure.share) < THRESHOLD


def test_none_and_all_are_told_even_when_little_was_missing() -> None:
    shares = [0.985, 1.0, 1.0, 0.985, 0.985, 0.975, 0.975]
    days = [(START + number * DAY, Measure.of(share, marked=True)) for number, share in enumerate(shares)]
    assert [turn.measure.share for turn in follow(days)] == [0.985, 1.0, 0.975]


def test_a_seam_between_polygons_is_no_gap() -> None:
    assert Measure.of(0.99901, marked=True).share == 1
    assert Measure.of(0.0009, marked=False).share == 0
    assert Measure.of(0.9985, marked=True).share == 0.9985


def test_a_point_that_flips_for_a_day_is_not_told_and_for_longer_is() -> None:
    marks = [False, True, False, True, True, True]
    days = [(START + number * DAY, Measure.of(0.5, marked=mark)) for number, mark in enumerate(marks)]
    assert [turn.day - START for turn in follow(days)] == [timedelta(0), 3 * DAY]
