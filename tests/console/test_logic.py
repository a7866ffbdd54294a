"""What the console works out without drawing anything, tested by the test runner of Node.js."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="needs Node.js")
@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_the_logic_of_the_console(file: Path) -> None:
    assert NODE is not None
    told = subprocess.run([NODE, "--test", file], capture_output=True, text=True, check=False, cwd=FOLDER)
    assert told.returncode == 0, told.stdout + told.stderr
