"""`import` and `check` say which developments look like others, and how to join them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from cli.alike import SHOWN
from ledger.application import Ledger
from ledger.recording import Item
from projections.reading.duplicates import READ_BEHIND
from tests.builders import statement as built
from tests.cli.conftest import KUPIANSK, Palimpsest, invoke
from tests.cli.test_importing import ndjson, registry, write


def claimed(id: str, day: str = "2025-11-20", **fields: Any) -> dict[str, Any]:
    body = {"id": id, "kind": "occupation-claimed", "at": "kupiansk", "by": "russia", "holder": "russia"}
    return {**body, "reported": day, **fields}


def dossier(path: Path, *developments: dict[str, Any], **sections: Any) -> str:
    return write(path, json.dumps({"palimpsest": 1, **sections, "developments": developments}))


STAGE: dict[str, Any] = {
    "actors": [{"id": "russia", "kind": "party", "name": "Russia"}],
    "locations": [{"id": "kupiansk", "kind": "settlement", "name": "Kupiansk"}],
}


def likeness(file: str, one: str, other: str, count: int = 1, total: str = "2 developments") -> list[str]:
    """What is said of a file in which so many developments look like one before."""
    verb = "looks" if count == 1 else "look"
    return [
        f"{file}: {count} of {total} {verb} like one before (likeness/1):",
        f"    {one}: like {other} (occupation claimed, russia, 20 Nov 2025)",
        f"If two are one report, join them once they are recorded: POST /v1/developments/{one}/links "
        + json.dumps({"type": "same-report", "to": other}),
    ]


def test_an_import_tells_what_looks_like_what_is_recorded(
    palimpsest: Palimpsest, ledger: Ledger, tmp_path: Path
) -> None:
    first = dossier(tmp_path / "first.json", claimed("a"), **STAGE)
    assert palimpsest("import", first).stderr == ""
    second = dossier(tmp_path / "second.json", claimed("b"), claimed("later", "2025-11-21"))
    imported = palimpsest("import", second)
    assert imported.exit_code == 0
    assert imported.stdout == f"{second}: 2 new, 0 unchanged (log position 5)\n"
    assert imported.stderr.splitlines() == likeness(second, "b", "a")
    again = palimpsest("import", second)
    assert (again.stdout, again.stderr) == (f"{second}: 0 new, 2 unchanged (log position 5)\n", "")
    ledger.link("b", "same-report", "a", recorded_by="editor")
    ledger.retract("a", "a test", recorded_by="editor")
    third = dossier(tmp_path / "third.json", claimed("c"))
    assert "    c: like b (" in palimpsest("import", third).stderr


def test_files_are_compared_with_the_files_before_them(palimpsest: Palimpsest, tmp_path: Path) -> None:
    first = dossier(tmp_path / "first.json", claimed("a"), **STAGE)
    second = dossier(tmp_path / "second.json", claimed("b"))
    imported = palimpsest("import", first, second)
    assert imported.stderr.splitlines() == likeness(second, "b", "a", total="1 development")


@pytest.mark.parametrize("command", [("import",), ("check",), ("check", "--against-ledger")])
def test_within_a_file_the_later_one_is_told(
    palimpsest: Palimpsest, tmp_path: Path, command: tuple[str, ...]
) -> None:
    stage = {**STAGE, "actors": [*STAGE["actors"], speaker()]}
    file = dossier(tmp_path / "twice.json", claimed("a"), claimed("b", by="speaker"), **stage)
    result = palimpsest(*command, file)
    assert result.exit_code == 0
    assert result.stderr.splitlines() == likeness(file, "b", "a")


def speaker() -> dict[str, Any]:
    return {"id": "speaker", "kind": "official", "name": "Speaker", "speaks_for": "russia"}


def test_a_check_against_the_ledger_compares_what_would_be_new(
    palimpsest: Palimpsest, tmp_path: Path
) -> None:
    first = dossier(tmp_path / "first.json", claimed("a"), **STAGE)
    palimpsest("import", first)
    second = dossier(tmp_path / "second.json", claimed("a"), claimed("b"), claimed("c", "2025-11-21"))
    alone = palimpsest("check", dossier(tmp_path / "alone.json", claimed("a"), claimed("b"), **STAGE))
    assert "    b: like a (" in alone.stderr
    checked = palimpsest("check", second, "--against-ledger")
    assert checked.stdout == f"{second}: ok, 2 new, 1 unchanged\n"
    assert checked.stderr.splitlines() == likeness(second, "b", "a")


def test_of_many_the_first_few_are_named(palimpsest: Palimpsest, tmp_path: Path) -> None:
    many = [claimed(f"c{number}") for number in range(SHOWN + 4)]
    file = dossier(tmp_path / "many.json", *many, **STAGE)
    lines = palimpsest("import", file).stderr.splitlines()
    assert lines[0] == f"{file}: {SHOWN + 3} of {SHOWN + 4} developments look like one before (likeness/1):"
    assert lines[1] == "    c1: like c0 (occupation claimed, russia, 20 Nov 2025)"
    assert lines[2] == "    c2: like c0 (occupation claimed, russia, 20 Nov 2025), and 1 more"
    assert lines[SHOWN + 1] == "    and 3 more"
    assert len(lines) == SHOWN + 3


def test_a_long_file_is_compared_batch_by_batch(
    palimpsest: Palimpsest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two alike, in different batches; and no more are compared than there is time for."""
    start = date(2022, 1, 1)
    days = [str(start + timedelta(days=number)) for number in range(1_100)]
    entries = [entry(claimed(f"c{number}", day)) for number, day in enumerate(days)]
    file = write(tmp_path / "long.ndjson", ndjson(*registry(), *entries, entry(claimed("again", days[7]))))
    lines = told_of(file, palimpsest("import", file))
    assert lines == [f"{file}: 1 of 1,101 developments looks like one before (likeness/1):"]

    monkeypatch.setattr("cli.alike.LOOKED_THROUGH", 3)
    file = write(tmp_path / "more.ndjson", ndjson(*(entry(claimed(f"d{n}", "2021-01-01")) for n in range(4))))
    assert told_of(file, palimpsest("import", file)) == [
        f"{file}: only the first 3 new developments were compared.",
        f"{file}: 2 of 3 developments look like one before (likeness/1):",
    ]


def entry(development: dict[str, Any]) -> dict[str, object]:
    return {"development": development}


def told_of(file: str, result: Result) -> list[str]:
    """The lines that begin with the name of the file: on a slow machine, lines of progress stand between."""
    assert result.exit_code == 0, result.stderr
    return [line for line in result.stderr.splitlines() if line.startswith(file)]


def test_the_story_looks_like_nothing_but_itself(palimpsest: Palimpsest) -> None:
    assert palimpsest("check", str(KUPIANSK)).stderr == ""
    assert palimpsest("import", str(KUPIANSK)).stderr == ""


def test_what_cannot_be_compared_is_said(palimpsest: Palimpsest, ledger: Ledger, tmp_path: Path) -> None:
    """A check writes nothing, so it does not bring the read models up to date either."""
    palimpsest("import", dossier(tmp_path / "first.json", claimed("a"), **STAGE))
    bodies = [Item(event=built(f"s{number}")) for number in range(READ_BEHIND + 1)]
    ledger.record(bodies, recorded_by="a server elsewhere")
    file = dossier(tmp_path / "second.json", claimed("b"))
    checked = palimpsest("check", file, "--against-ledger")
    assert (checked.exit_code, checked.stdout) == (0, f"{file}: ok, 1 new, 0 unchanged\n")
    assert checked.stderr == (
        f"{file}: recorded reports that look alike cannot be told right now. "
        "The read models are 1,001 events behind the log.\n"
    )
    assert palimpsest("import", file).stderr.splitlines() == likeness(file, "b", "a", total="1 development")


def test_a_check_alone_needs_no_database_for_it(tmp_path: Path) -> None:
    file = dossier(tmp_path / "twice.json", claimed("a"), claimed("b"), **STAGE)
    checked = invoke("postgresql://127.0.0.1:1/none", "check", file)
    assert checked.exit_code == 0
    assert checked.stderr.splitlines() == likeness(file, "b", "a")
