"""What is installed carries all it needs: SQL, migrations, examples."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of a wheel built from a copy of what git tracks, so that the checkout stays as it is."""
    source = tmp_path_factory.mktemp("source")
    tracked = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    for name in tracked:
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet"]
    subprocess.run([*command, "--wheel-dir", str(target), str(source)], check=True)
    [wheel] = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_a_wheel_carries_every_file_of_the_rooms(wheel_names: set[str]) -> None:
    rooms = ("api", "cli", "domain", "intake", "ledger", "migrations", "projections")
    wanted = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*")
        if path.is_file() and path.suffix in (".py", ".sql", ".mako")
    }
    wanted |= {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "api/console").rglob("*") if path.is_file()
    }
    assert wanted <= wheel_names


def test_a_wheel_carries_the_example(wheel_names: set[str]) -> None:
    assert "examples/kupiansk.yaml" in wheel_names


def test_a_wheel_carries_nothing_else(wheel_names: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    known = {"api", "cli", "domain", "examples", "intake", "ledger", "migrations", "projections"}
    assert {top for top in tops if not top.endswith(".dist-info")} == known
