"""What every development shares."""

from __future__ import annotations

from typing import Any

import pytest

from domain.kinds.envelope import MODES, SLUG, Mode, Source
from tests.domain.builders import day, develop, from_day


def faults(**fields: Any) -> list[tuple[str, str]]:
    statement = develop("statement-made", "s", day(1), **{"summary": "Something.", **fields})
    return [(fault.path, fault.code) for fault in statement.find_faults()]


@pytest.mark.parametrize("id", ["a", "1", "kupiansk-claimed", "a.b_c-d", "0" * 120])
def test_an_id_is_a_slug(id: str) -> None:
    assert SLUG.fullmatch(id)


@pytest.mark.parametrize("id", ["", "-a", ".a", "A", "a b", "a/b", "ä", "a\n", "0" * 121])
def test_anything_else_is_no_id(id: str) -> None:
    assert not SLUG.fullmatch(id)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"at": ()}, ("at", "missing")),
        ({"at": ("here", "there", "here")}, ("at", "duplicate")),
        ({"reported": from_day(1)}, ("reported", "open-end")),
        ({"sources": (Source(document="d"), Source(document="d"))}, ("sources", "duplicate")),
    ],
)
def test_what_can_be_wrong_with_any_development(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(**fields) == [fault]


def test_it_may_occur_with_an_open_end_and_in_several_places() -> None:
    assert faults(occurred=from_day(1), at=("here", "there")) == []


@pytest.mark.parametrize(
    ("modes", "mode"),
    [
        ([], "direct"),
        (["inferred"], "inferred"),
        (["inferred", "paraphrase"], "paraphrase"),
        (["paraphrase", "direct", "inferred"], "direct"),
    ],
)
def test_its_mode_is_the_most_direct_of_any_source(modes: list[Mode], mode: Mode) -> None:
    sources = tuple(Source(document=f"d{number}", mode=each) for number, each in enumerate(modes))
    assert develop("statement-made", "s", day(1), sources=sources).mode == mode


def test_modes_are_listed_from_direct_to_inferred() -> None:
    assert MODES == ("direct", "paraphrase", "inferred")


def test_every_actor_named_is_mentioned_with_its_path() -> None:
    sources = (Source(document="d", via=("army", "reuters")), Source(document="e", via=("agerpres",)))
    statement = develop("statement-made", "s", day(1), by="putin", sources=sources)
    assert list(statement.mentioned_actors()) == [
        ("by", "putin"),
        ("sources[0].via[0]", "army"),
        ("sources[0].via[1]", "reuters"),
        ("sources[1].via[0]", "agerpres"),
    ]
