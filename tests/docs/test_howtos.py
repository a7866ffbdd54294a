"""The how-tos, followed to the letter in a copy of the tree by somebody who knows nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from migrations.upgrade import head
from tests.docs.howtos import copy_tree, failing, follow, run
from tests.docs.pages import codes, fences, read, sections, table

# Each page with the section that lists the tests that fail half way, and the tests that it adds.
HOWTOS = {
    "adding-an-event-kind.md": ("2. The catalogue", "tests/domain/kinds/test_ceasefires.py"),
    "adding-a-projection.md": ("2. The tables", "tests/projections/test_citations.py"),
    "adding-an-importer.md": ("2. The catalogue", "tests/intake/importers/test_statements.py"),
}
SLOW = {"tests/domain/test_properties.py"}
"""Left out here: random ledgers take their time."""


def named_tests(page: str) -> list[str]:
    """The tests that the page says will fail."""
    rows = table(sections(page, 2)[HOWTOS[page][0]])
    return [name for row in rows for name in codes(row[0]) if name not in SLOW]


def half_way(page: str) -> int:
    """The line from which on the page mends what it has broken."""
    return 1 + next(number for number, line in enumerate(read(page).splitlines()) if line.endswith("until |"))


@pytest.mark.timeout(200)
def test_what_the_page_says_fails_fails_and_then_all_is_well(tmp_path: Path) -> None:
    assert head() == "0012", "docs/adding-a-projection.md makes 0013; let it make the number after the newest"
    tree = copy_tree(tmp_path / "tree")
    for page in HOWTOS:
        follow([fence for fence in fences(page) if fence.line < half_way(page)], tree)
    named = [name for page in HOWTOS for name in named_tests(page)]
    assert failing(named, tree, "-m", "not database") == set(named)
    for page in HOWTOS:
        follow([fence for fence in fences(page) if fence.line > half_way(page)], tree)
    added = [test for _, test in HOWTOS.values()]
    assert failing([*named, *added], tree) == set()
    code = [
        path
        for page in HOWTOS
        for fence in fences(page)
        if (path := fence.option("file")) and path.endswith(".py")
    ]
    run([sys.executable, "-m", "ruff", "format", "--check", *code], tree)
    run([sys.executable, "-m", "ruff", "check", *code], tree)
