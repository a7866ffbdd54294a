"""Editorial events give their reason."""

from __future__ import annotations

import pytest

from domain.editorial import Corrected, Linked, Retracted
from tests.domain.builders import between, claims, day

GOOD = claims("c", "russia", day(1))


def test_a_correction_with_a_reason_and_a_good_body_has_no_fault() -> None:
    assert list(Corrected(reason="The date was wrong.", body=GOOD).find_faults()) == []


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_correction_and_a_retraction_need_a_reason(reason: str) -> None:
    for event in (Corrected(reason=reason, body=GOOD), Retracted(reason=reason)):
        assert [(fault.path, fault.code) for fault in event.find_faults()] == [("reason", "missing")]


def test_a_reason_is_text_that_can_be_kept() -> None:
    assert [fault.code for fault in Retracted(reason="So\0so").find_faults()] == ["bad-text"]


def test_a_correction_has_the_faults_of_its_body() -> None:
    body = claims("c", "russia", day(1), between(0.6, 0.4))
    assert [fault.path for fault in Corrected(reason="So.", body=body).find_faults()] == ["share"]


def test_a_link_needs_an_id_and_no_reason() -> None:
    assert list(Linked(type="same-report", to="c2").find_faults()) == []
    assert [fault.path for fault in Linked(type="supports", to="C 2").find_faults()] == ["to"]
