"""Formats with options of their own, what they leave out, and the rehearsal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from intake.importers import geonames
from intake.importers.geonames import City
from ledger.database import Database
from ledger.reading import head_position
from tests.cli.conftest import KUPIANSK, Palimpsest
from tests.intake.importers.edits import gone, row, seen

CITIES = (
    City(id="703656", name="Kupyansk", point=(37.61, 49.71), region="07", others=()),
    City(id="706369", name="Khmelnytskyi", point=(26.98, 49.42), region="09", others=()),
)


@pytest.fixture
def ukraine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A country of two towns."""
    monkeypatch.setattr(geonames, "load_country", lambda _: ("Ukraine", CITIES))


@pytest.fixture
def edits(tmp_path: Path) -> str:
    """Five edits, one of them prose and one at a place that is gone."""
    lines = [
        *seen("2022-03-01T10:00", row("add", held_by="Russia"), row("add", "Other", "Ukraine")),
        *seen("2022-03-02T10:00", row("control_change", held_by="3 Oct 2022")),
        *seen("2022-03-03T10:00", row("control_change", held_by="Ukraine")),
        *seen("2022-03-05T10:00", gone()),
    ]
    path = tmp_path / "edits.ndjson"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return str(path)


def head_of(database_url: str) -> int:
    with Database(database_url) as database, database.connection() as connection:
        return head_position(connection)


@pytest.mark.usefixtures("ukraine")
def test_a_format_without_a_file_uses_what_is_registered(palimpsest: Palimpsest) -> None:
    palimpsest("import", str(KUPIANSK))
    first = palimpsest("import", "--format", "geonames", "--country", "UA")
    # Kupiansk has its GeoNames id, and two of the 27 regions are there: what is new is one place, 25 regions,
    # GeoNames itself and its document.
    assert first.stderr == "geonames: 2 places; 1 are registered already.\n"
    assert first.stdout == "geonames: 28 new, 0 unchanged (log position 64)\n"
    again = palimpsest("import", "--country=UA", "--format=geonames")
    assert again.stderr == "geonames: 2 places; 2 are registered already.\n"
    assert again.stdout.startswith("geonames: 0 new, 1 unchanged")


def test_what_is_left_out_is_told_with_its_lines_and_the_rest_recorded(
    palimpsest: Palimpsest, edits: str
) -> None:
    result = palimpsest("import", "--format", "wiki-control", edits)
    assert result.exit_code == 0
    left_out, remark = result.stderr.splitlines()
    assert (
        left_out == f"{edits}: left out: The cell 'Held by' says '3 Oct 2022', which is no holder. (line 3)"
    )
    assert remark.endswith("developments: 4.")
    assert result.stdout == f"{edits}: 12 new, 0 unchanged (log position 12)\n"
    again = palimpsest("import", "--format", "wiki-control", edits)
    assert again.stdout == f"{edits}: 0 new, 5 unchanged (log position 12)\n"


def test_a_rehearsal_shows_entries_that_a_dossier_takes_and_records_nothing(
    palimpsest: Palimpsest, database_url: str, edits: str
) -> None:
    result = palimpsest("import", "--dry-run", "--format", "wiki-control", edits)
    said, *lines = result.stdout.splitlines()
    assert said == f"{edits}: ok, 12 new, 0 unchanged"
    assert result.stderr.splitlines()[-1] == "Shown: the first 4 of 4 developments. Nothing is recorded."
    assert head_of(database_url) == 0
    palimpsest("import", "--format", "wiki-control", edits)
    shown = "\n".join(['{"palimpsest": 1}', *lines])
    again = palimpsest("import", "--format", "ndjson", "-", input=shown)
    assert again.stdout.startswith("-: 0 new, 4 unchanged")


def test_a_rehearsal_without_developments_shows_what_there_is(palimpsest: Palimpsest, tmp_path: Path) -> None:
    path = tmp_path / "actors.ndjson"
    path.write_text('{"palimpsest": 1}\n{"actor": {"id": "a", "kind": "party", "name": "A"}}\n')
    result = palimpsest("import", "--dry-run", str(path))
    assert json.loads(result.stdout.splitlines()[1]) == {"actor": {"id": "a", "kind": "party", "name": "A"}}
    assert result.stderr == "Shown: the first 1 of 1 entry. Nothing is recorded.\n"


def test_a_rehearsal_tells_faults_and_conflicts_as_an_import_does(
    palimpsest: Palimpsest, tmp_path: Path, edits: str
) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("palimpsest: 1\nactors:\n  - {id: x, kind: nonsense, name: X}\n")
    result = palimpsest("import", "--dry-run", str(broken), edits)
    assert result.exit_code == 1
    assert f"{broken}:3: actors[0].kind: " in result.stderr
    assert result.stdout == ""


@pytest.mark.usefixtures("ukraine")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Name a file, or a --format that reads none: geonames."),
        (("--format", "geonames"), "geonames: --country: The format 'geonames' needs it: The country,"),
        (
            ("--format", "geonames", "--country", "UA", "x"),
            "The format 'geonames' reads no file; leave x out.",
        ),
        (("--format", "ndjson", "--country", "UA", "x"), "--country: The format 'ndjson' does not take it"),
        (
            ("--format", "geonames", "--contry", "UA"),
            "No such option: --contry. Of the formats, 'csv' takes --mapping; 'geonames' takes --country",
        ),
        (("--format", "geonames", "--country"), "Option --country requires a value."),
    ],
)
@pytest.mark.parametrize("command", ["import", "check"])
def test_what_a_format_does_not_take_is_one_clear_error(
    palimpsest: Palimpsest, command: str, arguments: tuple[str, ...], said: str
) -> None:
    result = palimpsest(command, *arguments)
    assert result.exit_code != 0
    assert said in " ".join(result.stderr.replace("│", "").split())
    assert result.stdout == ""


def test_after_two_hyphens_come_only_files(palimpsest: Palimpsest) -> None:
    result = palimpsest("import", "--format", "ndjson", "--", "--country")
    assert result.stderr == "--country: No such file or directory.\n"


def test_the_help_has_every_format_and_its_options(palimpsest: Palimpsest) -> None:
    for command in ("import", "check"):
        said = " ".join(palimpsest(command, "--help").stdout.split())
        assert "--format wiki-control: Edits of Wikipedia's table" in said
        assert "--format geonames --country CODE: The country, by its code of two letters" in said


def test_a_file_that_only_the_ledger_knows_the_places_of_is_checked_against_it(
    palimpsest: Palimpsest, edits: str
) -> None:
    alone = palimpsest("check", "--format", "wiki-control", edits)
    assert alone.stdout == f"{edits}: ok, 5 actors, 2 places, 1 document, 4 developments\n"
    palimpsest("import", "--format", "wiki-control", edits)
    beside = palimpsest("check", "--format", "wiki-control", "--against-ledger", edits)
    assert beside.stdout == f"{edits}: ok, 0 new, 5 unchanged\n"
    assert "left out" in beside.stderr


@pytest.mark.usefixtures("ukraine")
def test_nothing_is_imported_beside_a_book_that_is_not_whole(
    palimpsest: Palimpsest, database_url: str
) -> None:
    palimpsest("import", str(KUPIANSK))
    head = head_of(database_url)
    with Database(database_url) as database, database.connection() as connection:
        connection.execute(
            "UPDATE projections.checkpoints SET position = 1, error = 'broken', error_position = 2"
            " WHERE name = 'locations'"
        )
        connection.commit()
    result = palimpsest("import", "--format", "geonames", "--country", "UA")
    assert result.exit_code == 1
    assert "The projection 'locations' stopped at log position" in result.stderr
    assert head_of(database_url) == head
