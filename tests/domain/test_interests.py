"""Who wants to be told of what."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.interests import Box, Interest, Spot, Subject, is_within

KUPIANSK = Spot(id="kupiansk", within=frozenset({"kupiansk", "kharkiv-oblast"}), point=(37.6, 49.7))
LYMAN = Spot(id="lyman", within=frozenset({"lyman", "donetsk-oblast"}), point=(37.8, 49.0))
CLAIMED = Subject(spots=(KUPIANSK,), actors=frozenset({"army", "russia"}), kind="occupation-claimed")
DENIED = Subject(spots=(LYMAN,), actors=frozenset({"ukraine"}), kind="claim-denied")


@pytest.mark.parametrize(
    ("interest", "wanted"),
    [
        (Interest(), True),
        (Interest(locations=("kupiansk",)), True),
        (Interest(locations=("lyman", "kupiansk")), True),
        (Interest(locations=("kharkiv-oblast",)), False),
        (Interest(part_of=("kharkiv-oblast",)), True),
        (Interest(part_of=("kupiansk",)), True),
        (Interest(part_of=("donetsk-oblast",)), False),
        (Interest(bbox=(37.0, 49.0, 38.0, 50.0)), True),
        (Interest(bbox=(30.0, 49.0, 31.0, 50.0)), False),
        (Interest(voices=("russia",)), True),
        (Interest(voices=("army",)), True),
        (Interest(voices=("ukraine",)), False),
        (Interest(kinds=("occupation-claimed",)), True),
        (Interest(kinds=("retracted",)), True),
        (Interest(kinds=("claim-denied",)), False),
        (Interest(locations=("kupiansk",), voices=("russia",), kinds=("retracted",)), True),
        (Interest(locations=("kupiansk",), voices=("ukraine",)), False),
    ],
)
def test_a_retraction_is_about_what_was_said(interest: Interest, wanted: bool) -> None:
    assert interest.covers("retracted", (CLAIMED,)) is wanted


def test_one_subject_has_to_pass_all_filters() -> None:
    both = (CLAIMED, DENIED)
    assert Interest(locations=("lyman",), voices=("ukraine",)).covers("linked", both)
    assert not Interest(locations=("lyman",), voices=("russia",)).covers("linked", both)


def test_one_place_has_to_pass_all_filters_of_places() -> None:
    two = (Subject(spots=(KUPIANSK, LYMAN)),)
    assert Interest(locations=("lyman",), part_of=("donetsk-oblast",)).covers("statement-made", two)
    assert not Interest(locations=("lyman",), part_of=("kharkiv-oblast",)).covers("statement-made", two)


def test_what_has_no_place_is_wanted_by_nobody_who_names_one() -> None:
    document = (Subject(),)
    assert Interest(kinds=("document-archived",)).covers("document-archived", document)
    assert not Interest(locations=("lyman",)).covers("document-archived", document)
    assert not Interest(bbox=(-180.0, -90.0, 180.0, 90.0)).covers("document-archived", document)
    assert not Interest(bbox=(-180.0, -90.0, 180.0, 90.0)).covers(
        "x", (Subject(spots=(Spot(id="area", within=frozenset({"area"})),)),)
    )


@pytest.mark.parametrize(
    ("point", "box", "inside"),
    [
        ((10.0, 5.0), (10.0, 5.0, 20.0, 6.0), True),
        ((9.9, 5.0), (10.0, 5.0, 20.0, 6.0), False),
        ((15.0, 6.1), (10.0, 5.0, 20.0, 6.0), False),
        ((179.0, 0.0), (170.0, -1.0, -170.0, 1.0), True),
        ((-179.0, 0.0), (170.0, -1.0, -170.0, 1.0), True),
        ((0.0, 0.0), (170.0, -1.0, -170.0, 1.0), False),
    ],
)
def test_a_box_may_cross_the_antimeridian(point: tuple[float, float], box: Box, inside: bool) -> None:
    assert is_within(point, box) is inside


names = st.sampled_from(["a", "b", "c"])
spots = st.builds(Spot, id=names, within=st.frozensets(names), point=st.tuples(st.just(0.0), st.just(0.0)))
subjects = st.builds(
    Subject,
    spots=st.lists(spots, max_size=2).map(tuple),
    actors=st.frozensets(names, max_size=2),
    kind=st.none() | names,
)
several = st.lists(names, max_size=2).map(tuple)
interests = st.builds(Interest, locations=several, part_of=several, voices=several, kinds=several)


@given(interests, names, st.lists(subjects, min_size=1, max_size=3).map(tuple))
def test_a_further_filter_never_lets_more_through(
    interest: Interest, topic: str, about: tuple[Subject, ...]
) -> None:
    if interest.covers(topic, about):
        alone = [
            Interest(locations=interest.locations),
            Interest(part_of=interest.part_of),
            Interest(voices=interest.voices),
            Interest(kinds=interest.kinds),
        ]
        assert all(each.covers(topic, about) for each in alone)
