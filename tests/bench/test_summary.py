"""Targets held against what was measured, and how questions grow."""

from __future__ import annotations

import pytest

from bench.measuring import Report
from bench.summary import GOALS, Goal, growth_table, is_reached, summary_table


def report_of(title: str, **figures: list[float]) -> Report:
    report = Report(title=title, notes="")
    for name, runs in figures.items():
        report.add(name, "ms", runs)
    return report


@pytest.mark.parametrize(
    ("value", "target", "reached"),
    [
        (3.0, ">= 3", True),
        (2.99, ">= 3", False),
        (50_000.0, ">= 50,000", True),
        (49_999.0, ">= 50,000", False),
        (250.0, "< 250", False),
        (249.9, "< 250", True),
        (0.0, "<= 0", True),
        (1.0, "<= 0", False),
    ],
)
def test_a_target_is_reached_or_not(value: float, target: str, *, reached: bool) -> None:
    assert is_reached(value, target) is reached


@pytest.mark.parametrize("target", ["", "250", "about 3", "=< 3"])
def test_what_is_no_target_is_refused(target: str) -> None:
    with pytest.raises(ValueError, match="no target"):
        is_reached(1.0, target)


def test_the_targets_of_the_project_can_all_be_judged() -> None:
    assert all(is_reached(1.0, goal.target) in (True, False) for goal in GOALS)


def test_a_target_is_held_against_the_median_of_the_figure_of_its_report() -> None:
    goals = [
        Goal(what="lag", target="< 250", title="Projection lag", figure="lag"),
        Goal(what="quick", target="< 100", title="Projection lag", figure="lag"),
    ]
    reports = [
        report_of("Bulk intake", lag=[1.0]),
        report_of("Projection lag at 1,000", lag=[90.0, 120.0, 900.0]),
    ]
    rows = summary_table(reports, goals).splitlines()[2:]
    assert rows == ["| lag | < 250 ms | 120.00 | yes |", "| quick | < 100 ms | 120.00 | **no** |"]


def test_a_target_without_a_figure_says_that_nothing_was_measured() -> None:
    goal = Goal(what="lag", target="< 250", title="Projection lag", figure="lag")
    rows = summary_table([report_of("Projection lag", other=[1.0])], [goal]).splitlines()[2:]
    assert rows == ["| lag | < 250 | not measured | |"]


def test_growth_is_that_from_the_smallest_ledger_to_the_largest() -> None:
    reports = [
        report_of("As-of questions, 1,000 developments over 9 places", state=[2.0], gone=[1.0]),
        report_of("As-of questions, 10,000 developments over 9 places", state=[5.0], new=[1.0]),
    ]
    table = growth_table(reports)
    assert "The ledger is 10 times larger" in table
    assert table.splitlines()[-1] == "| state | 2.00 | 5.00 | 2.5 |"
    assert "gone" not in table
    assert "new" not in table


def test_one_size_tells_of_no_growth() -> None:
    assert growth_table([report_of("As-of questions, 1,000 developments over 9 places", state=[2.0])]) == ""
