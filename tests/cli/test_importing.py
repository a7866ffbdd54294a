"""`import` and `check`: all or nothing, idempotent, and every fault with its place."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from intake.catalogue import IMPORTERS
from ledger.application import Ledger
from ledger.database import Database
from ledger.reading import head_position
from tests.cli.conftest import KUPIANSK, Palimpsest, invoke

TWENTY = """\
palimpsest: 1
actors:
  - {id: russia, kind: party, name: Russia}
  - {id: a1, kind: nonsense, name: X}
  - {id: a2, kind: party}
  - {id: a3, kind: party, name: X, colour: red}
locations:
  - {id: kupiansk, kind: settlement, name: Kupiansk}
  - {id: l1, kind: planet, name: X}
  - {id: l2, kind: settlement}
  - {id: l3, kind: settlement, name: X, point: here}
documents:
  - {id: d1, publisher: russia}
  - {id: d2, publisher: russia, title: T, published: someday}
developments:
  - {id: e01, kind: occupation-claimd, at: kupiansk, by: russia, holder: russia, reported: 2025-11-20}
  - {id: e02, kind: statement-made, at: kupiansk, by: russia, occurred: 2025-11-20, reported: 2025-13-20}
  - {id: e03, kind: statement-made, at: kupiansk, by: russia, occurred: 2025-02-30, reported: 2025-11-20}
  - {id: e04, kind: advance-claimed, at: kupiansk, by: russia, holder: russia, share: 1.4, reported: 2025-11}
  - {id: e05, kind: advance-claimed, at: kupiansk, by: russia, holder: russia, share: lots, reported: 2025-11}
  - {id: e06, kind: occupation-claimed, at: kupiansk, by: russia, reported: 2025-11-20}
  - {id: e07, kind: occupation-claimed, at: kupiansk, holder: russia, reported: 2025-11-20}
  - {id: e08, kind: claim-denied, at: kupiansk, by: russia, reported: 2025-11-20}
  - {id: e09, kind: statement-made, at: kupiansk, by: russia, summary: x}
  - {id: e10, kind: statement-made, by: russia, summary: x, reported: 2025-11-20}
  - {id: e11, kind: population-reported, at: kupiansk, by: russia, count: many, reported: 2025-11-20}
  - {id: e12, at: kupiansk, by: russia, reported: 2025-11-20}
"""

STRANGERS = """\
palimpsest: 1
actors:
  - {id: russia, kind: party, name: Russia}
  - {id: outlet, kind: outlet, name: Outlet}
locations:
  - {id: kupiansk, kind: settlement, name: Kupiansk}
documents:
  - {id: report, publisher: outlet, title: Report, text: A city by a river.}
developments:
  - {id: e1, kind: occupation-claimed, at: nowhere, by: russia, holder: russia, reported: 2025-11-20}
  - {id: e2, kind: occupation-claimed, at: kupiansk, by: nobody, holder: russia, reported: 2025-11-20}
  - {id: e3, kind: claim-denied, at: kupiansk, by: russia, claim: no-claim, reported: 2025-11-20}
  - {id: e4, kind: statement-made, at: kupiansk, by: russia, summary: x, reported: 2025-11-20,
     sources: [{document: report, quote: {exact: a city by the sea}}]}
  - {id: e5, kind: claim-denied, at: kupiansk, by: russia, claim: e4, reported: 2025-11-20}
"""
STRANGER_FAULTS = [
    "10: developments[0].at: There is no location with the id 'nowhere'.",
    "11: developments[1].by: There is no actor with the id 'nobody'.",
    "12: developments[2].claim: There is no claim with the id 'no-claim'.",
    "13: developments[3].sources[0].quote: The text of 'report' does not hold this passage.",
    "15: developments[4].claim: A claim-denied answers a claim; 'e4' is a statement-made.",
]


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def head_of(database_url: str) -> int:
    with Database(database_url) as database, database.connection() as connection:
        return head_position(connection)


def ndjson(*entries: dict[str, object]) -> str:
    return "".join(json.dumps(entry) + "\n" for entry in ({"palimpsest": 1}, *entries))


def registry() -> list[dict[str, object]]:
    return [
        {"actor": {"id": "russia", "kind": "party", "name": "Russia"}},
        {"location": {"id": "kupiansk", "kind": "settlement", "name": "Kupiansk"}},
    ]


def statement(id: str, at: str = "kupiansk") -> dict[str, object]:
    body = {
        "id": id,
        "kind": "statement-made",
        "at": at,
        "by": "russia",
        "summary": "x",
        "reported": "2025-11-20",
    }
    return {"development": body}


def test_import_is_idempotent_and_ready_to_be_asked(palimpsest: Palimpsest) -> None:
    first = palimpsest("import", str(KUPIANSK))
    assert (first.exit_code, first.stdout) == (0, f"{KUPIANSK}: 36 new, 0 unchanged (log position 36)\n")
    again = palimpsest("import", str(KUPIANSK))
    assert (again.exit_code, again.stdout) == (0, f"{KUPIANSK}: 0 new, 36 unchanged (log position 36)\n")
    state = palimpsest("state", "kupiansk", "--json")
    assert state.stderr == ""
    assert json.loads(state.stdout)["clocks"]["log_position"] == 36


def test_who_recorded_it_is_kept(palimpsest: Palimpsest) -> None:
    palimpsest("import", str(KUPIANSK), "--by", "the night desk")
    line = palimpsest("export").stdout.splitlines()[1]
    assert json.loads(line)["state"]["recorded_by"] == "the night desk"


@pytest.mark.parametrize("command", ["import", "check"])
def test_twenty_faults_are_told_at_once_with_their_lines(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path, command: str
) -> None:
    file = write(tmp_path / "twenty.yaml", TWENTY)
    result = palimpsest(command, file)
    *faults, total = result.stderr.splitlines()
    assert result.exit_code == 1
    assert result.stdout == ""
    lines = {int(fault.removeprefix(f"{file}:").partition(":")[0]) for fault in faults}
    assert lines == {*range(4, 7), *range(9, 12), *range(13, 15), *range(16, 28)}
    assert len(lines) == 20
    assert f"{file}:4: actors[1].kind: " in result.stderr
    assert f"{file}:16: developments[0].kind: There is no kind 'occupation-claimd'." in result.stderr
    assert total.startswith(f"{file}: {len(faults)} faults")
    assert head_of(database_url) == 0


@pytest.mark.parametrize("command", [("import",), ("check",), ("check", "--against-ledger")])
def test_what_points_at_nothing_is_found(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = write(tmp_path / "strangers.yaml", STRANGERS)
    result = palimpsest(*command, file)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[:-1] == [f"{file}:{fault}" for fault in STRANGER_FAULTS]
    assert head_of(database_url) == 0


MIXED = """\
palimpsest: 1
actors:
  - {id: broken, kind: emperor, name: Broken}
  - {id: paper, kind: outlet, name: Paper}
locations:
  - {id: hill, kind: area, name: Hill}
developments:
  - {id: m, kind: statement-made, at: hill, by: broken, reported: 2025-01-01, summary: A}
  - {id: n, kind: statement-made, at: nowhere, by: paper, reported: 2025-01-01, summary: A}
  - {id: o, kind: statement-made, at: hill, by: paper, reported: 2025-02-30, summary: A}
"""


@pytest.mark.parametrize("command", [("import",), ("check",), ("check", "--against-ledger")])
def test_all_sorts_of_faults_are_told_together(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = write(tmp_path / "mixed.yaml", MIXED)
    result = palimpsest(*command, file)
    assert result.exit_code == 1
    told = [line.removeprefix(f"{file}:").split(": ")[:2] for line in result.stderr.splitlines()[:-1]]
    assert sorted(told) == [
        ["10", "developments[2].reported"],
        ["3", "actors[0].kind"],
        ["9", "developments[1].at"],
    ]
    assert head_of(database_url) == 0


def test_a_text_that_cannot_be_stored_is_found_without_a_database(tmp_path: Path) -> None:
    document = {"id": "d", "publisher": "paper", "title": "T", "text": "half \ud800"}
    paper = {"id": "paper", "kind": "outlet", "name": "Paper"}
    dossier = {"palimpsest": 1, "actors": [paper], "documents": [document]}
    result = invoke(
        "postgresql://127.0.0.1:1/none", "check", write(tmp_path / "half.json", json.dumps(dossier))
    )
    assert result.exit_code == 1
    assert "half" in result.stderr or "surrogate" in result.stderr


def test_check_needs_no_database(tmp_path: Path) -> None:
    good = invoke("postgresql://127.0.0.1:1/none", "check", str(KUPIANSK))
    assert good.exit_code == 0, good.stderr
    assert good.stdout == f"{KUPIANSK}: ok, 12 actors, 5 places, 1 document, 18 developments\n"
    bad = invoke("postgresql://127.0.0.1:1/none", "check", write(tmp_path / "bad.yaml", STRANGERS))
    assert bad.exit_code == 1


def test_check_takes_the_file_for_the_first_and_with_the_ledger_not(
    palimpsest: Palimpsest, tmp_path: Path
) -> None:
    """An entry that only points at what is recorded is a fault by itself, and none against the ledger."""
    palimpsest("import", str(KUPIANSK))
    later = write(tmp_path / "later.ndjson", ndjson(statement("later")))
    alone = palimpsest("check", later)
    assert (alone.exit_code, alone.stderr.count("There is no")) == (1, 2)
    against = palimpsest("check", later, "--against-ledger")
    assert (against.exit_code, against.stdout) == (0, f"{later}: ok, 1 new, 0 unchanged\n")


def test_conflicts_are_told_by_id_and_field(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    palimpsest("import", str(KUPIANSK))
    text = KUPIANSK.read_text("utf-8")
    changed = text.replace("name: Reuters}", "name: Reuters Ltd}").replace("count: 55000", "count: 56000")
    file = write(tmp_path / "changed.yaml", changed)
    for command in (("import", file), ("check", file, "--against-ledger")):
        result = palimpsest(*command)
        assert result.exit_code == 1
        assert f"{file}:17: actors[9]: The actor 'reuters' is already recorded" in result.stderr
        assert "    name: recorded 'Reuters', given 'Reuters Ltd'" in result.stderr
        assert "developments[0]: The development 'kupiansk-population' is already" in result.stderr
        assert "    count: recorded 55000, given 56000" in result.stderr
    assert "2 in conflict, nothing recorded." in palimpsest("import", file).stderr
    assert head_of(database_url) == 36


def test_several_files_stop_at_the_first_bad_one(palimpsest: Palimpsest, tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good.ndjson", ndjson(*registry())), write(tmp_path / "bad.yaml", TWENTY)
    result = palimpsest("import", good, bad, str(KUPIANSK))
    assert result.exit_code == 1
    assert result.stdout == f"{good}: 2 new, 0 unchanged (log position 2)\n"
    assert f" faults, nothing recorded.\n{KUPIANSK}: not looked at, nothing recorded.\n" in result.stderr
    assert palimpsest("state", "kupiansk").exit_code == 0


def test_a_fault_deep_in_a_long_file_keeps_all_of_it_out(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    """Of one that only the ledger could find, and of a line that is none; each is told with its line."""
    entries = [statement(f"s{number}") for number in range(6_000)]
    middle = [*entries[:3_000], statement("lost", at="nowhere"), *entries[3_000:]]
    text = ndjson(*registry(), *middle).replace('"id": "s5000"', '"id": "s50')
    file = write(tmp_path / "long.ndjson", text)
    for command in ("import", "check"):
        result = palimpsest(command, file)
        assert result.exit_code == 1
        assert f"{file}:3004: development.at: There is no location with the id 'nowhere'." in result.stderr
        assert f"{file}:5005: This line is no JSON" in result.stderr
        assert f"{file}: 2 faults" in result.stderr
    assert head_of(database_url) == 0
    mended = write(tmp_path / "long.ndjson", ndjson(*registry(), *entries))
    assert "6,002 new, 0 unchanged (log position 6002)" in palimpsest("import", mended).stdout
    assert "0 new, 6,002 unchanged (log position 6002)" in palimpsest("import", mended).stdout


def test_no_more_than_a_thousand_faults_are_looked_for(
    palimpsest: Palimpsest, database_url: str, tmp_path: Path
) -> None:
    file = write(tmp_path / "lost.ndjson", ndjson(*(statement(f"s{number}") for number in range(3_000))))
    result = palimpsest("import", file)
    assert result.exit_code == 1
    *faults, last, total = result.stderr.splitlines()
    assert len(faults) == 2_000, "two for each entry of the batch in which there were too many"
    assert last == f"{file}: More may be wrong than is told here: reading ended after 1,000 faults."
    assert total == f"{file}: 2,001 faults, nothing recorded."
    assert head_of(database_url) == 0


def test_packed_ndjson_is_read_as_it_is(palimpsest: Palimpsest, tmp_path: Path) -> None:
    text = ndjson(*registry(), statement("s"))
    packed = tmp_path / "story.ndjson.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert palimpsest("check", str(packed)).stdout.endswith(
        "ok, 1 actor, 1 place, 0 documents, 1 development\n"
    )
    assert "3 new" in palimpsest("import", str(packed)).stdout
    again = palimpsest("import", "-", "--format", "ndjson", input=packed.read_bytes())
    assert "3 unchanged" in again.stdout
    packed.write_bytes(packed.read_bytes()[:-9])
    cut = palimpsest("import", str(packed))
    assert (cut.exit_code, "cannot be unpacked" in cut.stderr) == (1, True)


def test_standard_input_needs_a_format(palimpsest: Palimpsest) -> None:
    text = ndjson(*registry())
    unnamed = palimpsest("import", "-", input=text)
    assert (unnamed.exit_code, unnamed.stderr) == (
        1,
        "Standard input has no suffix: say what it is with --format.\n",
    )
    assert palimpsest("import", "-", "--format", "ndjson", input=text).stdout.startswith("-: 2 new")


def test_unreadable_files_are_told(palimpsest: Palimpsest, tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("palimpsest: 1\ntitle: Orașul\n".encode("iso-8859-16"))
    result = palimpsest("import", str(latin))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{latin}:2: This is no UTF-8")
    unknown = palimpsest("import", write(tmp_path / "notes.txt", "x"))
    known = ", ".join(importer.name for importer in IMPORTERS)
    assert f"names no format; name one with --format: {known}." in unknown.stderr
    missing = palimpsest("import", str(tmp_path / "none.yaml"))
    assert (missing.exit_code, missing.stderr) == (
        1,
        f"{tmp_path / 'none.yaml'}: No such file or directory.\n",
    )


def test_a_corrected_development_is_still_unchanged(palimpsest: Palimpsest, ledger: Ledger) -> None:
    """Importing the dossier again after an editor retracted something does not bring it back."""
    palimpsest("import", str(KUPIANSK))
    ledger.retract("kupiansk-video", "a test", recorded_by="editor")
    again = palimpsest("import", str(KUPIANSK))
    assert again.exit_code == 0, again.stderr
    assert "0 new, 36 unchanged" in again.stdout


def test_after_a_long_import_read_models_are_built_anew(
    palimpsest: Palimpsest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.engine.processes.WORTH_PROCESSES", 10)
    monkeypatch.setattr("cli.terminal.FIRST_LINE", 0.0)
    told = palimpsest("import", str(KUPIANSK))
    assert "Read models: reading the log" in told.stderr, told.output
    assert palimpsest("projections", "status", "--check").exit_code == 0
    # What little comes then is followed.
    more = write(tmp_path / "more.ndjson", ndjson(statement("s")))
    again = palimpsest("import", str(more))
    assert "new" in again.stdout, again.output
    assert "Read models: reading the log" not in again.stderr, again.output
    assert palimpsest("projections", "verify").exit_code == 0
