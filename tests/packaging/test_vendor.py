"""The libraries of the console are those that were published, with their licences."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
VENDOR = Path("api/console/vendor")
PACKAGES = json.loads((ROOT / VENDOR / "vendor.json").read_text(encoding="utf-8"))["packages"]


def check(root: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "scripts" / "vendor"), "--check"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the check looks at, to be changed."""
    shutil.copytree(ROOT / VENDOR, tmp_path / VENDOR)
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "vendor", tmp_path / "scripts")
    return tmp_path


def test_every_file_is_as_it_was_published() -> None:
    done = check(ROOT)
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_package_brings_its_licence(package: dict[str, object]) -> None:
    folder = ROOT / VENDOR / f"{package['name']}-{package['version']}"
    assert list(folder.glob("LICENSE*"))
    assert package["license"]


def test_a_changed_a_missing_and_another_file_are_told(copy: Path) -> None:
    htm, maplibre = copy / VENDOR / "htm-3.1.1", copy / VENDOR / "maplibre-gl-6.17.0"
    with (htm / "standalone.module.js").open("a", encoding="utf-8") as file:
        file.write("\n")
    (maplibre / "maplibre-gl.css").unlink()
    (maplibre / "more.js").touch()
    (copy / VENDOR / "left-pad-1.0.0").mkdir()
    done = check(copy)
    assert done.returncode == 1
    told = {line.split(":")[0]: line.partition(": ")[2] for line in done.stdout.splitlines()}
    assert told.keys() == {
        "htm-3.1.1/standalone.module.js",
        "maplibre-gl-6.17.0/maplibre-gl.css",
        "maplibre-gl-6.17.0/more.js",
        "left-pad-1.0.0",
    }
    assert told["maplibre-gl-6.17.0/maplibre-gl.css"] == "missing"
    assert told["left-pad-1.0.0"] == "not listed"
