"""Dossiers: read whole, with everything wrong in them found at once, by line and path."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from jsonschema_rs import Draft202012Validator

from domain.errors import Fault, InvalidInput
from domain.kinds.claims import OccupationClaimed
from domain.kinds.happenings import StatementMade
from domain.shares import ALL
from intake.batches import Batch
from intake.dossiers import read_dossier
from ledger.recording import Findings
from scripts.write_schema import SCHEMA, render

EXAMPLE = Path(__file__).parents[2] / "examples" / "kupiansk.yaml"

SMALL = """\
palimpsest: 1
title: A small one
timezone: Europe/Kyiv
actors:
  - {id: russia, kind: party, name: Russia}
  - {id: paper, kind: outlet, name: A paper}
locations:
  - {id: kupiansk, kind: settlement, name: Kupiansk, point: [37.6, 49.7]}
documents:
  - {id: report, publisher: paper, title: A report, published: 2025-12-13, text: All of it.}
developments:
  - id: claimed
    kind: occupation-claimed
    at: kupiansk
    by: russia
    holder: russia
    share: all
    reported: 2025-11-20
    sources: [{document: report, quote: {exact: All of it}}]
  - {id: said, kind: statement-made, at: [kupiansk], by: russia, occurred: Friday, reported: 2025-12-13,
     summary: Something., sources: [{document: report}]}
"""


def faults_of(text: str | bytes) -> list[Fault]:
    data = text.encode() if isinstance(text, str) else text
    try:
        return list(read_dossier(data).found.faults)
    except InvalidInput as error:
        return list(error.faults)


def read(text: str) -> Batch:
    batch = read_dossier(text.encode())
    assert batch.found == Findings()
    return batch


def test_a_dossier_is_read_in_the_order_in_which_it_is_recorded() -> None:
    dossier = read(SMALL)
    assert [item.path for item in dossier.items] == [
        "actors[0]",
        "actors[1]",
        "locations[0]",
        "documents[0]",
        "developments[0]",
        "developments[1]",
    ]
    assert [item.line for item in dossier.items] == [5, 6, 8, 10, 12, 20]
    assert dossier.items[3].text == "All of it."


def test_forms_people_write_are_resolved_and_what_is_understood_is_filled_in() -> None:
    claimed = read(SMALL).items[4].event
    assert isinstance(claimed, OccupationClaimed)
    assert claimed.at == ("kupiansk",)
    assert claimed.share == ALL
    assert claimed.occurred == claimed.reported
    # A day is that day in the file's time zone: Kyiv is two hours ahead in winter.
    assert claimed.reported.earliest.isoformat() == "2025-11-19T22:00:00+00:00"


def test_relative_words_are_read_against_the_document_and_kept() -> None:
    said = read(SMALL).items[5].event
    assert isinstance(said, StatementMade)
    assert said.occurred.edtf == "2025-12-12"
    assert said.when_text == "Friday"


def test_json_gives_the_same_as_yaml() -> None:
    value = yaml.load(SMALL, Loader=yaml.BaseLoader)
    value["palimpsest"] = 1
    value["locations"][0]["point"] = [37.6, 49.7]
    told = [item.event for item in read(SMALL).items]
    for text in (json.dumps(value), json.dumps(value, indent="\t"), json.dumps(value) + " " * 2**20):
        from_json = read(text)
        assert [item.event for item in from_json.items] == told


def test_small_json_is_read_with_its_lines() -> None:
    text = '{"palimpsest": 1,\n"actors": [\n{"id": "a", "kind": "party", "name": "A"}]}'
    assert [item.line for item in read(text).items] == [3]


def test_what_is_right_is_kept_beside_what_is_wrong() -> None:
    batch = read_dossier(SMALL.replace("kind: party,", "kind: partei,").encode())
    assert [fault.path for fault in batch.found.faults] == ["actors[0].kind"]
    assert batch.found.broken == {"actor:russia"}
    assert len(batch.items) == 5


def test_twenty_errors_are_found_at_once_with_line_and_path() -> None:
    broken = """\
palimpsest: 2
tilte: x
timezone: Europe/Kiew
actors:
  - {id: Russia!, kind: partei, name: 3}
  - {kind: party, name: Nobody, speaksfor: x}
  - just text
locations:
  - {id: place, kind: town, name: Place, point: [1]}
documents:
  - {id: d, title: T, published: 2025-13-01, text: 4}
developments:
  - {id: a, kind: occupation-clamed, at: place}
  - {id: b, kind: occupation-claimed, at: place, by: x, holder: x, share: 1.5, reported: yesterday}
  - {id: c, kind: claim-denied, at: 3, by: x, reported: 2025-02-30}
  - {id: e, kind: population-reported, at: place, count: many, reported: 2025-01-01, reliability: Z,
     sources: [{document: d, via: x, mode: guess}]}
"""
    faults = faults_of(broken)
    told = {(fault.line, fault.path) for fault in faults}
    assert told >= {
        (1, "palimpsest"),
        (2, "tilte"),
        (3, "timezone"),
        (5, "actors[0].kind"),
        (5, "actors[0].name"),
        (6, "actors[1].id"),
        (6, "actors[1].speaksfor"),
        (7, "actors[2]"),
        (9, "locations[0].kind"),
        (9, "locations[0].point"),
        (11, "documents[0].published"),
        (11, "documents[0].text"),
        (11, "documents[0].publisher"),
        (13, "developments[0].kind"),
        (14, "developments[1].share"),
        (14, "developments[1].reported"),
        (15, "developments[2].at"),
        (15, "developments[2].claim"),
        (15, "developments[2].reported"),
        (16, "developments[3].count"),
        (16, "developments[3].reliability"),
    }
    assert len(faults) >= 20
    assert [fault.message for fault in faults if fault.message[-1] not in ".?"] == []
    guesses = [fault.message for fault in faults if "Did you mean" in fault.message]
    assert any("'occupation-claimed'" in message for message in guesses)
    assert any("'speaks_for'" in message for message in guesses)


@pytest.mark.parametrize(
    ("data", "line", "says"),
    [
        (b"", 1, "mapping"),
        (b"- 1\n- 2\n", 1, "mapping"),
        (b"palimpsest: 1\nactors: [\n", 3, "no YAML"),
        (b"palimpsest: 1\nactors: {a: 1}\n", 2, "list"),
        (b"palimpsest: 1\ntitle: \xff\n", 2, "UTF-8"),
        (b"palimpsest: 1\npalimpsest: 1\n", 2, "twice"),
        (b"palimpsest: 1\ntitle: &a x\nactors: [*a]\n", 3, "Aliases"),
        (b"palimpsest: 1\ntitle: !!python/object:os.system x\n", 2, "tag"),
        (b"palimpsest: 1\n? [a, b]\n: c\n", 2, "plain word"),
        (b'{"palimpsest": 1,\n "actors": [\n  {"id": "x"}]}', 3, "missing"),
        (b'{"palimpsest": 1,\n "actors": ', 3, "no YAML"),
        (b"palimpsest: true\n", 1, "version"),
    ],
)
def test_what_cannot_be_read_is_one_clear_fault_with_its_line(data: bytes, line: int, says: str) -> None:
    fault = faults_of(data)[0]
    assert says in fault.message
    assert fault.line == line


def test_an_alias_bomb_is_refused_quickly() -> None:
    bomb = "palimpsest: 1\na0: &a0 [x]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    assert any("Aliases" in fault.message for fault in faults_of(bomb))


def test_nesting_without_end_is_refused() -> None:
    assert faults_of("palimpsest: 1\ntitle: " + "[" * 100_000)
    assert faults_of('{"palimpsest": 1, "title": ' + "[" * 100_000)


def test_words_of_yaml_1_1_are_words() -> None:
    dossier = read(SMALL.replace("name: Kupiansk,", "name: Kupiansk, names: {no: on, uk: 'yes'},"))
    assert dossier.items[2].event.names == {"no": "on", "uk": "yes"}  # type: ignore[union-attr]


def test_the_example_is_read() -> None:
    dossier = read_dossier(EXAMPLE.read_bytes())
    assert len(dossier.items) == 36


def test_the_published_schema_is_the_one_of_the_classes() -> None:
    assert SCHEMA.read_text("utf-8") == render(), "run: python scripts/write_schema.py"


def test_the_schema_accepts_the_example_and_refuses_what_the_reader_refuses() -> None:
    validator = Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    value = _plain(EXAMPLE.read_text("utf-8"))
    validator.validate(value)
    changes: tuple[Callable[[Any], object], ...] = (
        lambda broken: broken.update(palimpsest=2),
        lambda broken: broken["developments"][0].update(kind="nonsense"),
        lambda broken: broken["developments"][0].update(colour="red"),
        lambda broken: broken["developments"][3].pop("by"),
        lambda broken: broken["actors"][0].update(kind="friend"),
    )
    for change in changes:
        broken = msgspec.json.decode(msgspec.json.encode(value))
        change(broken)
        assert not validator.is_valid(broken)
        assert faults_of(json.dumps(broken))


def _plain(text: str) -> dict[str, object]:
    """YAML as our reader sees it: times stay text."""
    from intake.yaml_lines import read_yaml

    value: dict[str, object] = read_yaml(text).value
    return value


def test_reading_ends_when_a_thousand_things_are_wrong() -> None:
    broken = {"palimpsest": 1, "actors": [{"kind": "party"}] * 5_000}
    faults = faults_of(json.dumps(broken))
    assert 1_000 <= len(faults) <= 1_010
    assert faults[-1].code == "too-many"
