"""docs/duplicates.md says the rule and the bounds that the code has."""

from __future__ import annotations

from cli.alike import LOOKED_THROUGH, SHOWN
from domain.likeness import LOOKED_AT, RULE
from projections.reading.duplicates import READ_BEHIND, TOLD
from projections.reading.lookalikes import LOOKED_CLOSELY_AT
from tests.docs.pages import read

PAGE = "duplicates.md"


def test_the_rule_is_named() -> None:
    assert f"## The rule `{RULE}`" in read(PAGE)
    assert RULE in read("http.md")


def test_the_bounds_are_those_of_the_code() -> None:
    text = " ".join(read(PAGE).split())
    assert f"At most {TOLD} are named." in text
    assert f"the {LOOKED_AT} on either side of a start are looked at" in text
    assert f"of those alike the {LOOKED_CLOSELY_AT} nearest" in text
    assert f"up to {READ_BEHIND:,} events" in text
    assert (TOLD, SHOWN) == (5, 5)
    assert "at most five" in " ".join(read("http.md").split())
    assert f"the first {LOOKED_THROUGH:,} new developments are compared" in " ".join(read("cli.md").split())
