"""Lines are prepared to the rows that reading and encoding them one by one comes to, or not at all."""

from __future__ import annotations

import json
from datetime import UTC, date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.catalogue import KINDS
from domain.pointers import Pointer
from intake.dossiers import DossierReader
from intake.preparing import SECTION_OF, _Reading, prepare
from ledger.appending import pack_row
from ledger.prepared import PreparedItems
from ledger.recording import make_row
from ledger.texts import hash_text, random_salt
from tests.intake.test_plain_entries import CHANGES, PLAIN, fields_of

ZONES = (UTC, ZoneInfo("Europe/Kyiv"))
SAID = {"id": "s", "kind": "statement-made", "at": "town", "reported": "2025-11-20", "summary": "Said."}


def line(entry: object, what: str = "development") -> bytes:
    return json.dumps({what: entry}).encode() + b"\n"


def row_of(written: dict[str, Any], what: str, tz: tzinfo) -> bytes | None:
    """The row of an entry that is read into its class, checked and encoded; None when it is wrong."""
    item, faults = DossierReader(tz=tz).read(SECTION_OF[what], written, what, 1)
    if item is None or faults or list(item.event.find_faults()):
        return None
    row = make_row(item, "k", None, random_salt)
    return pack_row(row.event) if row.event is not None else None


@settings(deadline=None, max_examples=400)  # the first date in words loads a library
@given(
    what=st.sampled_from([*sorted(KINDS), "actor", "location", "document"]),
    changes=CHANGES,
    tz=st.sampled_from(ZONES),
)
def test_an_entry_is_prepared_to_the_row_of_the_thorough_way(
    what: str, changes: dict[str, Any], tz: tzinfo
) -> None:
    known = fields_of(KINDS[what]) if what in KINDS else {"id", "kind", "name", "publisher", "title"}
    written = {name: value for name, value in PLAIN.items() if name in known} | changes
    if what in KINDS:
        written["kind"] = what
    what = "development" if what in KINDS else what
    text = line(written, what).replace(b"NaN", b"null")
    ready = prepare([text], 1, "k", tz)
    assert (ready.prepared.packed if ready else None) == row_of(json.loads(text)[what], what, tz)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_plain_development_of_every_kind_goes_the_short_way(kind: str) -> None:
    more = {"count": 5, "medium": "video", "control": {"north": "part"}, "kind": kind}
    written = {name: value for name, value in (PLAIN | more).items() if name in fields_of(KINDS[kind])}
    if kind.startswith("control"):
        del written["holder"]
    assert _Reading("k", UTC)._take_plainly(dict(written), 7).thing.id == "x"


@pytest.mark.parametrize(
    "wrong",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"palimpsest": 1}',
        b'{"actor": {}, "location": {}}',
        line({"id": "x"}),
        line([]),
        line(SAID | {"id": "NO SLUG"}),
        line(SAID | {"reported": "Friday"}),
        line(SAID | {"summary": "a\0b"}),
        line(SAID),
        line({"id": "d", "publisher": "p", "title": "T", "text": "a\0b"}, "document"),
    ],
)
def test_a_portion_with_anything_to_be_told_of_is_not_prepared(wrong: bytes) -> None:
    """An empty line is nothing to be told of; an id that is given twice is."""
    ready = prepare([line(SAID), wrong], 1, "k")
    assert (ready is None) == bool(wrong)


def test_what_is_prepared_tells_lines_needs_and_dates() -> None:
    denied = {
        "id": "a",
        "kind": "claim-denied",
        "at": "town",
        "by": "north",
        "claim": "c",
        "reported": "2025",
    }
    quoting = SAID | {"id": "q", "sources": [{"document": "d", "quote": {"exact": "said"}}]}
    citing = SAID | {"id": "t", "sources": [{"document": "d", "via": ["paper"]}]}
    assessed = {"id": "m", "kind": "control-assessed", "at": "town", "by": "mapper", "reported": "2025"}
    lines = [
        line(
            {"id": "d", "publisher": "paper", "title": "T", "published": "2025-12-13", "text": "He said so."},
            "document",
        ),
        b"\n",
        *map(line, (SAID, denied, quoting, citing, assessed | {"control": {"north": "all"}})),
        line({"id": "street", "kind": "area", "name": "Street", "part_of": "town"}, "location"),
        line({"id": "army", "kind": "unit", "name": "Army", "speaks_for": "north"}, "actor"),
    ]
    ready = prepare(lines, 11, "k")
    assert ready is not None
    prepared = ready.prepared
    assert prepared.streams == (
        *("document:d", "development:s", "development:a", "development:q", "development:t", "development:m"),
        *("location:street", "actor:army"),
    )
    assert list(prepared.lines) == [11, 13, 14, 15, 16, 17, 18, 19]
    assert [prepared.streams[number] for number in prepared.apart] == [
        *("development:a", "development:q", "location:street")
    ]
    assert prepared.pointers == {
        Pointer("actor", "paper", None),
        Pointer("actor", "mapper", "assessor"),
        Pointer("actor", "north", "party"),
        Pointer("location", "town", None),
        Pointer("document", "d", None),
    }
    assert prepared.counts == {"document": 1, "development": 5, "location": 1, "actor": 1}
    assert ready.published == {"d": date(2025, 12, 13)}
    [text] = prepared.texts
    assert hash_text(text.salt, "He said so.") == text.sha256
    items = PreparedItems(prepared)
    assert items["document:d"].text == "He said so."
    assert list(items) == list(prepared.streams)
    assert items.get("actor:north") is None
