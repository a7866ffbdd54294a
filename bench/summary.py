"""The figures that are aimed at, held against those that were measured, and how questions grow."""

from __future__ import annotations

import operator
import re
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from bench.measuring import Figure, Report

COMPARISONS = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """One figure that is aimed at: in the first report whose title matches, the figure of that name."""

    what: str
    target: str
    title: str
    figure: str


MILLION = r"1,000,000 developments"
GOALS = (
    Goal(
        what="bulk intake beside the library's best batch",
        target=">= 2",
        title=r"Bulk intake",
        figure="ratio to eventsourcing",
    ),
    Goal(
        what="bulk intake, share of raw COPY of the same rows",
        target=">= 0.4",
        title=r"Bulk intake",
        figure="share of raw COPY",
    ),
    Goal(
        what="single durable appends from 64 HTTP clients beside the library's single saves",
        target=">= 3",
        title=r"Single developments over HTTP",
        figure="ratio to eventsourcing",
    ),
    Goal(
        what="acknowledged over HTTP, and not in the log",
        target="<= 0",
        title=r"Single developments over HTTP",
        figure="acknowledged, and not there afterwards",
    ),
    Goal(
        what="rebuild of all projections, 1,000,000 developments",
        target=">= 50,000",
        title=rf"Rebuild of all projections, {MILLION}",
        figure="all projections",
    ),
    Goal(
        what="the same beside the library's ProjectionRunner",
        target=">= 40",
        title=rf"Rebuild of all projections, {MILLION}",
        figure="ratio",
    ),
    Goal(
        what="the same, peak memory of a process in MB",
        target="< 400",
        title=rf"Rebuild of all projections, {MILLION}",
        figure="peak memory of a process",
    ),
    Goal(
        what="current state over HTTP, share of a bare route's rate",
        target=">= 0.6",
        title=r"Reads over HTTP",
        figure="share of the bare route",
    ),
    Goal(
        what="current state over HTTP at 16 connections, p99",
        target="< 10",
        title=r"Reads over HTTP",
        figure="state, p99",
    ),
    Goal(
        what="any as-of state, 1,000,000 developments, p99 in the database",
        target="< 10",
        title=rf"As-of questions, {MILLION}",
        figure="state, database, p99",
    ),
    Goal(
        what="any as-of state, 1,000,000 developments, p99 over HTTP",
        target="< 20",
        title=rf"As-of questions, {MILLION}",
        figure="state, HTTP, p99",
    ),
    Goal(
        what="the whole map as of any clocks, 1,000,000 developments, p99 over HTTP",
        target="< 300",
        title=rf"As-of questions, {MILLION}",
        figure="map, HTTP, p99",
    ),
    Goal(
        what="projection lag at 1,000 writes/s, p99",
        target="< 250",
        title=r"Projection lag at 1,000 writes",
        figure="lag of all projections, p99",
    ),
)


def is_reached(value: float, target: str) -> bool:
    """Whether a value is as a target such as `>= 50,000` wants it. Raises ValueError for any other text."""
    sign, _, bound = target.partition(" ")
    if sign not in COMPARISONS:
        raise ValueError(f"{target!r} is no target")
    reached: bool = COMPARISONS[sign](value, float(bound.replace(",", "")))
    return reached


def summary_table(reports: Iterable[Report], goals: Iterable[Goal] = GOALS) -> str:
    """Every figure that is aimed at, with what was measured, and whether that is enough."""
    reports = list(reports)
    rows = []
    for goal in goals:
        found = _find(reports, goal)
        if found is None:
            rows.append(f"| {goal.what} | {goal.target} | not measured | |")
            continue
        value = statistics.median(found.runs)
        verdict = "yes" if is_reached(value, goal.target) else "**no**"
        target = f"{goal.target} {found.unit}".strip()
        rows.append(f"| {goal.what} | {target} | {value:,.2f} | {verdict} |")
    return "\n".join(["| what | target | measured | reached |", "| --- | --- | --- | --- |", *rows])


def _find(reports: Iterable[Report], goal: Goal) -> Figure | None:
    for report in reports:
        if re.match(goal.title, report.title):
            for figure in report.figures:
                if figure.name == goal.figure and figure.runs:
                    return figure
    return None


ASKED = re.compile(r"As-of questions, ([\d,]+) developments")


def growth_table(reports: Iterable[Report]) -> str:
    """How many times longer each question takes on the largest ledger than on the smallest; empty for one."""
    asked: dict[int, dict[str, float]] = {}
    for report in reports:
        if found := ASKED.match(report.title):
            size = int(found[1].replace(",", ""))
            asked[size] = {each.name: statistics.median(each.runs) for each in report.figures}
    if len(asked) < 2:
        return ""
    small, large = min(asked), max(asked)
    rows = [
        f"| {name} | {took:,.2f} | {asked[large][name]:,.2f} | {asked[large][name] / took:.1f} |"
        for name, took in asked[small].items()
        if name in asked[large] and took
    ]
    times = f"{large / small:.0f} times"
    said = f"The ledger is {times} larger, over the same places: of each, {times} more is told."
    head = f"| question, in ms | {small:,} | {large:,} | times |\n| --- | --- | --- | --- |"
    return "\n".join([said, "", head, *rows])
