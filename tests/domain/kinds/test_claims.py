"""Claims set the claimant's position to what they claim."""

from __future__ import annotations

import pytest

from domain.kinds.envelope import Sets
from domain.shares import ALL, NONE, PART, Share
from tests.domain.builders import between, claims, day, develop, number


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        ("occupation-claimed", ALL),
        ("recapture-claimed", ALL),
        ("advance-claimed", PART),
        ("withdrawal-announced", NONE),
    ],
)
def test_each_kind_of_claim_has_its_usual_share(kind: str, share: Share) -> None:
    claim = develop(kind, "c", day(1), by="russian-army", holder="russia")
    assert claim.effect(None) == Sets(control={"russia": share})


def test_a_claim_says_what_share_the_holder_has() -> None:
    claim = claims("c", "russia", day(1), between(0.016, 0.05))
    assert claim.control == {"russia": between(0.016, 0.05)}
    assert list(claim.find_faults()) == []


@pytest.mark.parametrize("share", [number(1.5), between(0.6, 0.4), between(0.5, 0.5, min_open=True)])
def test_an_impossible_share_is_a_fault(share: Share) -> None:
    (fault,) = claims("c", "russia", day(1), share).find_faults()
    assert (fault.path, fault.code) == ("share", "bad-share")


def test_a_withdrawal_is_not_of_a_share() -> None:
    """`share: all` would read as withdrawing from all of it, and mean holding all of it."""
    withdrawal = develop("withdrawal-announced", "w", day(1), by="russia", holder="russia", share=ALL)
    (fault,) = withdrawal.find_faults()
    assert (fault.path, fault.code) == ("share", "bad-share")


def test_a_claim_mentions_its_holder() -> None:
    claim = claims("c", "russian-army", day(1))
    assert list(claim.mentioned_actors()) == [("by", "russian-army"), ("holder", "russia")]


def test_a_claim_answers_nothing() -> None:
    assert claims("c", "russia", day(1)).answers is None
