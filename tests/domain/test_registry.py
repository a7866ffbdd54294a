"""Places, actors and documents."""

from __future__ import annotations

from typing import Any

import pytest

from domain.registry import (
    ActorDescribed,
    ActorRegistered,
    DocumentArchived,
    LocationDescribed,
    LocationRegistered,
)


def location(**fields: Any) -> LocationRegistered:
    return LocationRegistered(**{"id": "kupiansk", "kind": "settlement", "name": "Kupiansk", **fields})


def actor(**fields: Any) -> ActorRegistered:
    return ActorRegistered(**{"id": "russian-army", "kind": "unit", "name": "Russian army", **fields})


def document(**fields: Any) -> DocumentArchived:
    return DocumentArchived(**{"id": "report", "publisher": "outlet", "title": "A report", **fields})


def faults(thing: LocationRegistered | ActorRegistered | DocumentArchived) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in thing.find_faults()]


def test_a_place_with_all_its_particulars_has_no_fault() -> None:
    place = location(
        names={"uk": "Куп'янськ"},
        point=(37.616, 49.71),
        part_of="kharkiv",
        refs={"geonames": "1"},
        aliases=("Kupyansk", "Купенск"),
        population=0,
    )
    assert faults(place) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"id": "Kupiansk"}, ("id", "bad-id")),
        ({"id": ""}, ("id", "bad-id")),
        ({"id": "k" * 121}, ("id", "bad-id")),
        ({"id": "kupiansk\n"}, ("id", "bad-id")),
        ({"name": " "}, ("name", "missing")),
        ({"name": "k" * 301}, ("name", "too-long")),
        ({"names": {"uk": ""}}, ("names.uk", "missing")),
        ({"names": {"Ukrainian": "Куп'янськ"}}, ("names.Ukrainian", "bad-language")),
        ({"point": (181.0, 0.0)}, ("point", "out-of-range")),
        ({"point": (0.0, -90.5)}, ("point", "out-of-range")),
        ({"point": (float("nan"), 0.0)}, ("point", "out-of-range")),
        ({"part_of": "kupiansk"}, ("part_of", "bad-reference")),
        ({"aliases": ("Kupyansk", " ")}, ("aliases[1]", "missing")),
        ({"aliases": ("k" * 301,)}, ("aliases[0]", "too-long")),
        ({"aliases": ("Kupyansk",) * 201}, ("aliases", "too-long")),
        ({"population": -1}, ("population", "out-of-range")),
        ({"population": 10**10 + 1}, ("population", "out-of-range")),
    ],
)
def test_what_can_be_wrong_with_a_place(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(location(**fields)) == [fault]


def test_everything_wrong_is_found_at_once() -> None:
    assert [path for path, _ in faults(location(id="?", name="", point=(0.0, 91.0)))] == [
        "id",
        "name",
        "point",
    ]


def test_an_official_or_a_unit_speaks_with_the_voice_of_its_party() -> None:
    for kind in ("official", "unit"):
        speaker = actor(kind=kind, speaks_for="russia")
        assert faults(speaker) == []
        assert speaker.voice == "russia"


def test_everybody_else_speaks_with_their_own_voice() -> None:
    assert actor(id="deepstate", kind="assessor").voice == "deepstate"


@pytest.mark.parametrize("kind", ["party", "assessor", "outlet", "agency", "other"])
def test_nobody_else_speaks_for_a_party(kind: str) -> None:
    assert faults(actor(kind=kind, speaks_for="russia")) == [("speaks_for", "bad-reference")]


def test_an_actor_needs_an_id_and_a_name() -> None:
    assert faults(actor(id="-army", name="")) == [("id", "bad-id"), ("name", "missing")]


@pytest.mark.parametrize("language", [None, "uk", "ro", "zh-Hant", "sr-Latn-RS"])
def test_a_language_is_a_tag(language: str | None) -> None:
    assert faults(document(language=language)) == []


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"id": "r 1"}, ("id", "bad-id")),
        ({"title": ""}, ("title", "missing")),
        ({"language": "Ukrainian"}, ("language", "bad-language")),
        ({"url": "ftp://example.org"}, ("url", "bad-url")),
        ({"url": "https://exa mple.org"}, ("url", "bad-url")),
    ],
)
def test_what_can_be_wrong_with_a_document(fields: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(document(**fields)) == [fault]


def test_a_description_has_the_shape_of_a_registration() -> None:
    described = LocationDescribed(id="kupiansk", kind="settlement", name="Kupiansk")
    assert isinstance(described, LocationRegistered)
    assert isinstance(ActorDescribed(id="a", kind="party", name="A"), ActorRegistered)
    assert described != location()
