"""What is installed of other people's stores: pinned, by hash, without an address; and where it cannot be."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.peers import installing
from bench.peers.installing import NODE_SCRIPTS, UMADB_LOCK, Missing, node_folder, umadb_binaries


@pytest.fixture(autouse=True)
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Installs into a folder of the test, and forgets it afterwards."""
    monkeypatch.setattr(installing, "INSTALLED", tmp_path / "peers")
    node_folder.cache_clear()
    umadb_binaries.cache_clear()
    yield
    node_folder.cache_clear()
    umadb_binaries.cache_clear()


def test_node_packages_have_versions_and_hashes_and_no_address() -> None:
    lock = json.loads((NODE_SCRIPTS / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert {"node_modules/pg", "node_modules/@eventide/message-db"} <= packages.keys()
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    wanted = json.loads((NODE_SCRIPTS / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}


def test_the_lock_of_umadb_has_a_version_and_hashes_and_no_address() -> None:
    text = UMADB_LOCK.read_text(encoding="utf-8")
    assert "umadb==" in text
    assert "--hash=sha256:" in text
    assert "://" not in text


def test_without_node_its_peers_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(Missing, match=r"Node\.js with npm is not installed"):
        node_folder()


def test_an_installation_that_fails_says_why_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(command: tuple[str, ...], **_: object) -> None:
        raise subprocess.CalledProcessError(1, command, output="", stderr="one\nno network\n")

    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("subprocess.run", fail)
    with pytest.raises(Missing, match="could not be installed: no network"):
        node_folder()
    assert not (tmp_path / "peers" / "node").exists()
    with pytest.raises(Missing, match="could not be installed: no network"):
        umadb_binaries()


def test_what_is_installed_is_installed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[str] = []

    def install(command: tuple[str, ...], *, cwd: Path, **_: object) -> None:
        commands.append(command[0])
        (cwd / "node_modules").mkdir()

    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("subprocess.run", install)
    folder = node_folder()
    node_folder.cache_clear()
    assert node_folder() == folder == tmp_path / "peers" / "node"
    assert commands == ["npm"]
    assert (folder / "message-db.mjs").exists()
