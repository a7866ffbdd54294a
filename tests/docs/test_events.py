"""docs/events.md and the catalogue say the same."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest

from domain.catalogue import (
    DEVELOPMENT_KINDS,
    EDITORIAL_TOPICS,
    KINDS,
    REGISTRY_TOPICS,
    TOPICS,
    Event,
    kind_of,
)
from domain.kinds.envelope import Development, Source
from tests.docs.pages import code, sections, table

PAGE = "events.md"
KIND_SECTIONS = sections(PAGE, 3)
ENVELOPE = {field.name: field for field in dataclasses.fields(Development)}
DESCRIBED = {"location-described": "location-registered", "actor-described": "actor-registered"}


def is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def documented(text: str) -> dict[str, str]:
    """The fields of a table, each with what its second column says."""
    return {code(row[0]): row[1] for row in table(text)}


def own_fields(cls: type[Event]) -> dict[str, dataclasses.Field[Any]]:
    """The fields a kind adds to the envelope, or needs though the envelope does not."""
    if not issubclass(cls, Development):
        return {field.name: field for field in dataclasses.fields(cls)}
    return {
        field.name: field
        for field in dataclasses.fields(cls)
        if field.name not in ENVELOPE or (is_required(field) and not is_required(ENVELOPE[field.name]))
    }


def test_every_event_has_a_section_and_no_other_has() -> None:
    assert list(KIND_SECTIONS) == [*KINDS, *EDITORIAL_TOPICS, *REGISTRY_TOPICS]


@pytest.mark.parametrize("topic", [topic for topic in TOPICS if topic not in DESCRIBED])
def test_every_field_is_in_the_table(topic: str) -> None:
    fields = own_fields(TOPICS[topic])
    told = documented(KIND_SECTIONS[topic])
    if topic == "statement-made":
        assert told.pop("summary") == "required"  # by find_faults
    assert set(told) == set(fields)
    for name, field in fields.items():
        assert (told[name] == "required") == is_required(field), name


@pytest.mark.parametrize("topic", DESCRIBED)
def test_a_description_has_the_fields_of_the_registration(topic: str) -> None:
    assert own_fields(TOPICS[topic]).keys() == own_fields(TOPICS[DESCRIBED[topic]]).keys()
    assert f"`{DESCRIBED[topic]}`" in KIND_SECTIONS[topic]


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=list(KINDS))
def test_what_a_kind_moves_and_leaves_standing_is_told(kind: type[Development]) -> None:
    [moves] = re.findall(r"^Moves: (.+)$", KIND_SECTIONS[kind_of(kind)], re.MULTILINE)
    assert moves.startswith("nothing") == (kind.effect is Development.effect)
    assert (" stands" in moves) == (kind.condition is not None)
    assert ("Lifts " in moves) == (kind.lifts is not None)


@pytest.mark.parametrize("kind", DEVELOPMENT_KINDS, ids=list(KINDS))
def test_every_term_elsewhere_is_told(kind: type[Development]) -> None:
    text = " ".join(KIND_SECTIONS[kind_of(kind)].split())
    terms = kind.terms
    for said in (
        terms.acled and f"ACLED “{terms.acled}”",
        terms.plover and f"PLOVER {terms.plover}",
        terms.isw and f"ISW “{terms.isw}”",
        terms.note,
    ):
        assert not said or said in text


def test_the_envelope_is_whole() -> None:
    section = sections(PAGE, 2)["The envelope"]
    envelope, source = section.split("A source is a document")
    assert set(documented(envelope)) == set(ENVELOPE)
    required = {name for name, said in documented(envelope).items() if said == "required"}
    # `occurred` is filled in from `reported`.
    assert required == {name for name, field in ENVELOPE.items() if is_required(field)} - {"occurred"}
    assert set(documented(source)) == {field.name for field in dataclasses.fields(Source)}
