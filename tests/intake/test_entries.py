"""Entries: one class, one definition; every kind can be read, and read again as it is printed."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgspec
import pytest

from domain.catalogue import KINDS
from domain.registry import ActorRegistered
from intake.entries import Context, read_development, read_entry

FIELDS: dict[str, Any] = {
    "at": "kupiansk",
    "by": "somebody",
    "reported": "2025-11-20",
    "occurred": "2025-11~",
    "sources": [{"document": "d", "via": ["x", "y"], "mode": "inferred", "quote": {"exact": "so"}}],
    "reliability": "B",
    "credibility": 2,
    "summary": "Something.",
}
MORE: dict[str, dict[str, Any]] = {
    "control-assessed": {"control": {"a": "part", "b": [0.1, 0.4]}, "legend": {"category": "grey"}},
    "control-reported": {"holder": "a", "share": "[0.5,1)"},
    "population-reported": {"count": 55_000},
    "visit-reported": {"visitor": "somebody"},
    "encirclement-reported": {"force": "a"},
    "presence-reported": {"force": "a"},
}


def written(kind: str) -> dict[str, Any]:
    """An entry of the kind, with all it needs."""
    needed = {
        field.name
        for field in dataclasses.fields(KINDS[kind])
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    guessed = {"holder": "a", "claim": "c1"}
    known = {name: value for name, value in guessed.items() if name in needed}
    return {"id": "x", "kind": kind, **FIELDS, **known, **MORE.get(kind, {})}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_is_read_and_read_again_as_printed(kind: str) -> None:
    development, faults = read_development(written(kind), Context())
    assert faults == []
    assert type(development) is KINDS[kind]
    again, faults = read_development(msgspec.to_builtins(development), Context())
    assert faults == []
    assert again == development


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_missing_and_unknown_field_of_every_kind_is_named(kind: str) -> None:
    entry = written(kind)
    _, faults = read_development({"kind": kind, "colour": "red"}, Context())
    assert "colour" in {fault.path for fault in faults}
    assert {fault.path for fault in faults if fault.code == "missing"} <= {*entry, "id"}
    assert {"id", "at", "reported"} <= {fault.path for fault in faults if fault.code == "missing"}


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("reported", "2025-02-30", "reported"),
        ("reported", ["2025"], "reported"),
        ("share", 1.5, "share"),
        ("share", "half", "share"),
        ("at", 3, "at"),
        ("by", ["a"], "by"),
        ("credibility", 7, "credibility"),
        ("sources", [{"document": "d", "mode": "guessed"}], "sources[0].mode"),
        ("sources", [{"document": "d"}, {"via": []}], "sources[1]"),
        ("during", "sometimes", "during"),
    ],
)
def test_a_bad_value_is_named_by_its_path(field: str, value: Any, path: str) -> None:
    entry = {**written("occupation-claimed"), field: value}
    development, faults = read_development(entry, Context(), "developments[3]")
    assert development is None
    assert [fault.path for fault in faults] == [f"developments[3].{path}"]
    assert "$" not in faults[0].message


@pytest.mark.parametrize("entry", [None, 3, "text", [], {"kind": None}, {"kind": 3}, {"kind": ["a"]}])
def test_nonsense_is_one_clear_fault(entry: object) -> None:
    development, faults = read_development(entry, Context())
    assert development is None
    assert len(faults) == 1


def test_fields_of_the_registry_are_read_likewise() -> None:
    actor, faults = read_entry(ActorRegistered, {"id": "a", "kind": "party", "name": "A"}, Context())
    assert faults == []
    assert actor == ActorRegistered(id="a", kind="party", name="A")
