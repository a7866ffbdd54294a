"""Every room is known to the tools that guard it, and is the one of this checkout when it is imported."""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_ROOMS = {"bench", "docs", "examples", "scripts", "tests"}
KNOW_ALL_PROJECTIONS = {"catalogue", "engine", "reading"}
PART_OF_ONE = {"rendering"}
"""What the projection `states` renders, and how."""


def settings() -> dict[str, Any]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        data: dict[str, Any] = tomllib.load(file)["tool"]
    return data


def rooms() -> set[str]:
    """The folders of the checkout with Python in them that are part of the system."""
    return {
        path.name
        for path in ROOT.iterdir()
        if path.name.isidentifier() and path.name not in NOT_ROOMS and any(path.glob("*.py"))
    }


def contract(kind: str) -> dict[str, Any]:
    (found,) = (each for each in settings()["importlinter"]["contracts"] if each["type"] == kind)
    result: dict[str, Any] = found
    return result


def imported_modules(path: Path) -> set[str]:
    """The modules a file imports, absolutely."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_there_are_rooms() -> None:
    assert "domain" in rooms()


def test_every_room_has_its_place_in_the_layers() -> None:
    listed = {name.strip() for layer in contract("layers")["layers"] for name in layer.split("|")}
    assert listed == rooms()
    assert set(settings()["importlinter"]["root_packages"]) == rooms()


def test_every_room_is_installed_whole() -> None:
    find = settings()["setuptools"]["packages"]["find"]
    for room in rooms():
        folders = {path.parent for path in (ROOT / room).rglob("*.py")}
        for folder in folders:
            package = ".".join(folder.relative_to(ROOT).parts)
            assert any(fnmatchcase(package, pattern) for pattern in find["include"]), package
    installed = {pattern for pattern in find["include"] if "." not in pattern}
    assert installed == rooms() | {"examples"}


def test_no_other_folder_is_installed() -> None:
    find = settings()["setuptools"]["packages"]["find"]
    for name in NOT_ROOMS - {"examples"}:
        assert not any(fnmatchcase(name, pattern) for pattern in find["include"]), name


@pytest.mark.parametrize("tool", ["deptry", "isort"])
def test_every_room_is_first_party(tool: str) -> None:
    config = settings()["deptry"] if tool == "deptry" else settings()["ruff"]["lint"]["isort"]
    first_party = config["known_first_party" if tool == "deptry" else "known-first-party"]
    assert set(first_party) == rooms()


def test_the_makefile_cleans_every_room() -> None:
    line = re.search(r"^ROOMS := (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert line
    assert set(line.group(1).split()) == rooms()


def test_the_image_holds_every_room() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(copied) == rooms() | {"examples"}
    let_in = re.findall(r"^!(\w+)/$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(let_in) == rooms() | {"examples"}


def test_every_projection_is_held_apart_from_the_others() -> None:
    names = {
        path.stem for path in (ROOT / "projections").iterdir() if path.suffix == ".py" or path.is_dir()
    } - {"__init__", "__pycache__"}
    assert set(contract("independence")["modules"]) == {
        f"projections.{name}" for name in names - KNOW_ALL_PROJECTIONS - PART_OF_ONE
    }


def test_the_domain_imports_the_standard_library_and_itself_only() -> None:
    foreign = {
        f"{path.relative_to(ROOT)}: {module}"
        for path in (ROOT / "domain").rglob("*.py")
        for module in imported_modules(path)
        if module.split(".")[0] not in sys.stdlib_module_names | {"domain"}
    }
    assert foreign == set()


def test_every_dependency_is_forbidden_to_the_domain() -> None:
    """The list in pyproject.toml keeps up with the dependencies that the other rooms import."""
    distributions = importlib.metadata.packages_distributions()
    third_party = {
        module.split(".")[0]
        for room in rooms() - {"domain"}
        for path in (ROOT / room).rglob("*.py")
        for module in imported_modules(path)
        if module.split(".")[0] in distributions and module.split(".")[0] not in rooms()
    }
    (forbidden,) = (
        set(each["forbidden_modules"])
        for each in settings()["importlinter"]["contracts"]
        if each["type"] == "forbidden" and each["source_modules"] == ["domain"]
    )
    assert third_party <= forbidden


def test_no_installed_package_takes_the_name_of_a_room() -> None:
    distributions = importlib.metadata.packages_distributions()
    for name in rooms() | NOT_ROOMS:
        assert set(distributions.get(name, [])) <= {"palimpsest"}, name


def test_rooms_are_imported_from_this_checkout() -> None:
    for room in sorted(rooms()):
        file = importlib.import_module(room).__file__
        assert file is not None, f"{room} has no __init__.py"
        assert Path(file).is_relative_to(ROOT)


def test_the_installed_command_finds_the_rooms_from_anywhere(tmp_path: Path) -> None:
    """A folder named like a room where the command is started must not be taken for it."""
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "__init__.py").write_text("raise SystemExit('the wrong cli')\n", encoding="utf-8")
    command = Path(sys.executable).with_name("palimpsest")
    if not command.exists():
        pytest.skip("palimpsest is not installed in this environment")
    done = subprocess.run(
        [command, "--help"], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
