"""Entries in the plainest forms are read by a short way, which gives what the thorough way gives."""

from __future__ import annotations

from datetime import date
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.registry import ActorRegistered, DocumentArchived, LocationRegistered
from intake import entries
from intake.entries import Context, read_development, read_entry
from ledger.codec import Entry, encode

CONTEXTS = (
    Context(),
    Context(tz=ZoneInfo("Europe/Kyiv"), anchor=date(2025, 12, 13)),
)
PLAIN: dict[str, Any] = {
    "id": "x",
    "at": "town",
    "by": "north",
    "reported": "2025-11-20",
    "holder": "north",
    "claim": "y",
    "force": "north",
    "visitor": "north",
    "summary": "Said.",
    "kind": "settlement",
    "name": "Town",
    "publisher": "paper",
    "title": "T",
}


def fields_of(cls: Any) -> dict[str, Any]:
    return {**entries.fields_of(cls)}


NAMES = sorted({name for cls in KINDS.values() for name in fields_of(cls)} | {"names", "point", "refs"})
VALUES = st.sampled_from(
    [
        *(None, "", " ", "a\0b", "x", "town", "within", "throughout", "A", "party", "all", "most", "40%"),
        *("2025-11-20", " 2025-11-20", "2025-11-21~", "2022-02-27/2022-09-10", "2025-13-01", "on Friday"),
        *(0, 1, 6, 7, 1.0, 0.5, True, False, 2022, float("nan"), 10**30),
        *([], ["town"], ["town", "city"], ["a\0b"], ["a", 1], [None], [0, 0.5], [37.6, 49.7], {}, {"a": "b"}),
        *({"north": "all"}, {"no\0rth": "all"}, {"north": 2}, {"north": ["x"]}, {"min": 0, "max": 1}),
        *({"edtf": "2025"}, {"category": "c"}, {"category": "c\0"}, [{"document": "d", "via": ["north"]}]),
        *([{"document": "d", "quote": {"exact": "e"}}], [{"document": "d\0"}], [{"colour": "red"}]),
    ]
)
CHANGES = st.dictionaries(st.sampled_from([*NAMES, "colour"]), VALUES, max_size=4)


def both_ways(read: Any) -> tuple[Any, Any]:
    """What is read, and what is read when the short way is closed."""
    with mock.patch.object(entries, "_read_plainly", return_value=None):
        thorough = read()
    return read(), thorough


def same(one: Any, other: Any) -> None:
    (event, faults), (expected, expected_faults) = one, other
    assert faults == expected_faults
    assert event == expected
    assert type(event) is type(expected)
    if event is not None:
        assert msgspec.json.encode(event) == msgspec.json.encode(expected), "down to the types of numbers"
        stored = [encode(Entry(event=each, recorded_by="k")) for each in (event, expected)]
        assert stored[0] == stored[1]


@settings(deadline=None)  # the first date in words loads a library
@given(kind=st.sampled_from(sorted(KINDS)), changes=CHANGES, context=st.sampled_from(CONTEXTS))
def test_developments_are_read_alike(kind: str, changes: dict[str, Any], context: Context) -> None:
    known = fields_of(KINDS[kind])
    written = {name: value for name, value in PLAIN.items() if name in known} | {"kind": kind} | changes
    same(*both_ways(lambda: read_development(written, context, "developments[3]")))


@settings(deadline=None)
@given(
    cls=st.sampled_from([ActorRegistered, LocationRegistered, DocumentArchived]),
    changes=CHANGES,
    context=st.sampled_from(CONTEXTS),
)
def test_the_registry_is_read_alike(cls: type[Any], changes: dict[str, Any], context: Context) -> None:
    known = fields_of(cls)
    written = {name: value for name, value in PLAIN.items() if name in known} | changes
    same(*both_ways(lambda: read_entry(cls, written, context, "")))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plain_entry_of_every_kind_goes_the_short_way(kind: str) -> None:
    """Else nothing above would show anything."""
    known = fields_of(KINDS[kind])
    more = {"count": 5, "medium": "video", "control": {"north": "part"}, "kind": kind}
    written = {name: value for name, value in (PLAIN | more).items() if name in known}
    if kind.startswith("control"):
        del written["holder"]
    written |= {"occurred": written["reported"]}
    assert entries._read_plainly(KINDS[kind], written, Context()) is not None
