"""Assessments state the control of several parties, or of one holder."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kinds.assessments import Legend
from domain.kinds.envelope import Sets
from domain.shares import ALL, PART, Share
from tests.domain.builders import BOTH_PART, assesses, day, develop


def reported(**fields: Any) -> Any:
    return develop("control-reported", "r", day(1), by="outlet", **fields)


@pytest.mark.parametrize(
    ("fields", "control"),
    [
        ({"control": {"russia": PART, "ukraine": PART}}, {"russia": PART, "ukraine": PART}),
        ({"holder": "russia", "share": PART}, {"russia": PART}),
        ({"holder": "russia"}, {"russia": ALL}),
    ],
)
def test_the_voice_says_what_it_states(fields: dict[str, Any], control: dict[str, Share]) -> None:
    assert reported(**fields).effect(None) == Sets(control=control)
    assert list(reported(**fields).find_faults()) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({}, ("control", "missing")),
        ({"control": {"russia": PART}, "holder": "russia"}, ("control", "duplicate")),
        ({"control": {"russia": PART}, "share": ALL}, ("share", "missing")),
        ({"share": ALL}, ("control", "missing")),
        ({"control": {"russia": ALL, "ukraine": PART}}, ("control", "bad-share")),
        ({"holder": "russia", "share": Share(min=0.7, max=0.6)}, ("share", "bad-share")),
    ],
)
def test_what_can_be_wrong_with_an_assessment(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    (found,) = reported(**fields).find_faults()
    assert (found.path, found.code) == fault


def test_an_assessment_mentions_every_party() -> None:
    assert list(assesses("a", "deepstate", day(1), BOTH_PART).mentioned_actors()) == [
        ("by", "deepstate"),
        ("control.russia", "russia"),
        ("control.ukraine", "ukraine"),
    ]
    assert ("holder", "russia") in list(reported(holder="russia").mentioned_actors())


def test_an_assessor_keeps_its_own_word() -> None:
    legend = Legend(category="liberated", version="2025-03")
    assessment: Any = assesses("a", "deepstate", day(1), BOTH_PART, legend=legend)
    assert assessment.legend.version == "2025-03"
