"""Installs the peers under bench/.peers, pinned and hash by hash. Nothing of it is the product's.

The clients of message-db and of Emmett run in Node, that of UmaDB in a virtual environment of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
INSTALLED = HERE.parent / ".peers"
NODE_SCRIPTS = HERE / "node"
UMADB_LOCK = HERE / "umadb.lock"
PATIENCE = 300
"""Seconds for one installation."""


class Missing(Exception):
    """A peer cannot be measured here; the message says why."""


@cache
def node_folder() -> Path:
    """The folder with our Node scripts and what they import. Raises Missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise Missing("Node.js with npm is not installed")
    folder = INSTALLED / "node"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = _differs(NODE_SCRIPTS / "package-lock.json", folder / "package-lock.json")
    if fresh or not (folder / "node_modules").exists():
        shutil.rmtree(folder)
        shutil.copytree(NODE_SCRIPTS, folder)
        _install("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", folder=folder)
    for script in NODE_SCRIPTS.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


@cache
def umadb_binaries() -> Path:
    """The folder with UmaDB's server and the Python that imports its client. Raises Missing."""
    folder = INSTALLED / "umadb"
    installed = folder / UMADB_LOCK.name
    if _differs(UMADB_LOCK, installed):
        shutil.rmtree(folder, ignore_errors=True)
        INSTALLED.mkdir(parents=True, exist_ok=True)
        _install(sys.executable, "-m", "venv", str(folder), folder=INSTALLED)
        pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--disable-pip-version-check", "-qq")
        _install(*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(UMADB_LOCK), folder=folder)
        shutil.copy(UMADB_LOCK, installed)  # last: only a whole installation counts
    return folder / "bin"


def _differs(wanted: Path, installed: Path) -> bool:
    return not installed.exists() or installed.read_bytes() != wanted.read_bytes()


def _install(*command: str, folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise Missing(f"`{command[0]}` did not end within {PATIENCE} seconds") from error
    except subprocess.CalledProcessError as error:
        shutil.rmtree(folder, ignore_errors=True)
        lines = (error.stderr or error.stdout).strip().splitlines()
        raise Missing(f"it could not be installed: {lines[-1] if lines else error}") from error
