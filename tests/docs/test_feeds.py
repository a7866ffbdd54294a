"""docs/feeds.md and the catalogue of formats say the same."""

from __future__ import annotations

from typing import Any

from api.feeds.base import Format
from api.feeds.catalogue import CLAIM_FORMATS, MAP_FORMATS, TIMELINE_FORMATS
from tests.docs.pages import code, read, table

PAGE = "feeds.md"


def test_every_format_is_on_the_page_with_what_it_is_of() -> None:
    offered: dict[str, tuple[Format[Any], ...]] = {
        "timeline": TIMELINE_FORMATS,
        "map": MAP_FORMATS,
        "claim": CLAIM_FORMATS,
    }
    known: dict[tuple[str, str], set[str]] = {}
    for what, formats in offered.items():
        for each in formats:
            known.setdefault((f".{each.suffix}", each.essence), set()).add(what)
    rows = [row for row in table(read(PAGE)) if code(row[0]).startswith(".")]
    told = {(code(row[0]), code(row[1])): set(row[2].split(", ")) for row in rows}
    assert told == known
