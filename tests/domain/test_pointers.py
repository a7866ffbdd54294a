"""What is gathered of many things is all that they mention, and what an actor has to be there."""

from __future__ import annotations

import pytest

from domain.kinds.envelope import Quote, Source
from domain.pointers import Pointer, Pointers
from domain.references import References, mentions
from domain.shares import PART
from domain.streams import Thing
from tests.builders import actor, claim, denial, development, document, location, statement
from tests.domain.test_references import Memory
from tests.ledger.stored_values import EVENTS

SOURCES = (Source(document="report", via=("reuters", "agerpres")), Source(document="note"))
THINGS: list[Thing] = [
    claim(sources=SOURCES),
    statement("s", at=("kupiansk", "lyman"), by="nobody"),
    development("control-assessed", "a", by="deepstate", control={"russia": PART, "outlet": PART}),
    development("control-assessed", "b", by="russia", holder="russia"),
    development("encirclement-reported", "e", by="outlet", force="russia", encircled_by="outlet"),
    actor("u", "unit", speaks_for="outlet"),
    actor("v", "outlet"),
    document(),
    location("p"),
]


@pytest.mark.parametrize("thing", [*THINGS, *(thing for thing in EVENTS.values() if hasattr(thing, "id"))])
def test_what_a_thing_mentions_is_gathered_or_it_is_refused(thing: Thing) -> None:
    pointers = Pointers()
    if pointers.add(thing):
        assert {(each.what, each.id) for each in pointers} == {
            (each.what, each.id) for each in mentions(thing)
        }
    else:
        assert list(pointers) == []


@pytest.mark.parametrize("thing", THINGS)
def test_pointers_are_met_where_references_are_right(thing: Thing) -> None:
    known, pointers = Memory(), Pointers()
    assert pointers.add(thing)
    found = [(each, known.find(each.what, each.id)) for each in pointers]
    are_met = all(current is not None and each.is_met_by(current.body) for each, current in found)
    assert are_met == (list(References(known).find_faults(thing)) == [])


@pytest.mark.parametrize(
    "thing",
    [
        denial(),
        location("street", part_of="kupiansk"),
        statement("q", sources=(Source(document="report", quote=Quote(exact="e")),)),
    ],
)
def test_what_needs_more_is_refused(thing: Thing) -> None:
    assert not Pointers().add(thing)


def test_each_need_is_gathered_once() -> None:
    pointers = Pointers()
    for number in range(3):
        assert pointers.add(claim(f"c{number}"))
    assert len(list(pointers)) == len(set(pointers)) == len(mentions(claim()))
    assert Pointer("actor", "russia", "party") in set(pointers)
