"""What the events of one stream come to."""

from __future__ import annotations

import pytest

from domain.catalogue import Event
from domain.editorial import Corrected, Linked, Retracted
from domain.registry import LocationDescribed
from domain.streams import Current, Thing, belongs_in, fold_stream, stream_of, what_of
from tests.builders import actor, claim, document, location, statement

RETRACTED = Retracted(reason="Never said.")
LINK = Linked(type="supports", to="said")


@pytest.mark.parametrize(
    ("thing", "what"),
    [
        (claim("x"), "development"),
        (statement("x"), "development"),
        (location("x"), "location"),
        (LocationDescribed(id="x", kind="area", name="X"), "location"),
        (actor("x"), "actor"),
        (document("x"), "document"),
    ],
)
def test_streams_are_named_by_sort_and_id(thing: Thing, what: str) -> None:
    assert what_of(thing) == what
    assert stream_of(thing) == f"{what}:x"


DESCRIBED = LocationDescribed(id="x", kind="area", name="X")
CORRECTED = Corrected(reason="r", body=claim("x"))


@pytest.mark.parametrize(
    ("stream", "version", "event", "belongs"),
    [
        ("development:x", 1, claim("x"), True),
        ("development:x", 2, claim("x"), False),
        ("development:y", 1, claim("x"), False),
        ("claim:x", 1, claim("x"), False),
        ("development:x", 2, CORRECTED, True),
        ("development:x", 1, CORRECTED, False),
        ("development:y", 2, CORRECTED, False),
        ("development:x", 2, RETRACTED, True),
        ("development:x", 1, RETRACTED, False),
        ("actor:x", 2, RETRACTED, False),
        ("development:x", 9, LINK, True),
        ("location:x", 2, LINK, False),
        ("development:", 2, LINK, False),
        ("development:X", 2, LINK, False),
        ("development", 2, LINK, False),
        ("location:x", 2, DESCRIBED, True),
        ("location:x", 1, DESCRIBED, False),
        ("location:y", 2, DESCRIBED, False),
        ("location:x", 1, location("x"), True),
        ("document:x", 2, document("x"), False),
    ],
)
def test_what_can_stand_in_a_stream(stream: str, version: int, event: Event, *, belongs: bool) -> None:
    assert belongs_in(stream, version, event) is belongs


def test_nothing_comes_to_nothing() -> None:
    assert fold_stream([]) is None


def test_a_thing_by_itself() -> None:
    assert fold_stream([claim()]) == Current(first=claim(), body=claim(), revision=1)


def test_every_later_event_counts_as_a_revision() -> None:
    new = claim(manner="entered")
    assert fold_stream([claim(), Corrected(reason="r", body=new), LINK, RETRACTED]) == Current(
        first=claim(), body=new, revision=4, retracted=RETRACTED, links=(LINK,)
    )


def test_a_description_replaces_the_whole() -> None:
    described = LocationDescribed(id="kupiansk", kind="area", name="K")
    assert fold_stream([location(names={"uk": "К"}), described]) == Current(
        first=location(names={"uk": "К"}), body=described, revision=2
    )


@pytest.mark.parametrize("event", [RETRACTED, LINK, Corrected(reason="r", body=claim())])
def test_a_stream_does_not_begin_in_the_middle(event: Event) -> None:
    with pytest.raises(ValueError, match="starts with the thing"):
        fold_stream([event])
