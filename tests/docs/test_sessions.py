"""The commands that the pages show, with the output that they show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import Fence, fences, pages
from tests.docs.sessions import Session, check, is_shown, steps


def is_run_here(fence: Fence) -> bool:
    return fence.language == "console" and "shell" not in fence.words


PAGES = [page for page in pages() if any(map(is_run_here, fences(page)))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_output_is_what_the_page_shows(page: Path, session: Session, folder: Path) -> None:
    for fence in fences(page):
        if fence.language in ("yaml", "ndjson", "csv") and (name := fence.option("file")):
            (folder / name).write_text(fence.text, encoding="utf-8")
        if is_run_here(fence):
            check(fence, session.run)


@pytest.mark.parametrize(
    ("shown", "output", "same"),
    [
        ("a\nb", "a  \nb\n", True),
        ("a\n…\nc", "a\nb\nb\nc", True),
        ("a\n…\nd", "a\nb\nc", False),
        ('{"a": [1, 2], "b": "x y"}', '{"a":[1,2],"b":"x y"}', True),
        ('{"a": 1, …, "b": "xy"}', '{"a":1,"c":3,"b":"x y"}', False),
        ('{"a": 1, …}', '{"a":1,"b":{}}', True),
        ('{"a": 2, …}', '{"a":1,"b":{}}', False),
        ('HTTP/1.1 200 OK\n…\n\n{"a": 1}', 'HTTP/1.1 200 OK\ndate: x\n\n{"a":1}', True),
    ],
)
def test_what_is_left_out_is_anything_and_nothing_else_is(shown: str, output: str, same: bool) -> None:
    assert is_shown(shown, output) is same


def test_a_command_may_go_on_in_the_next_line() -> None:
    [first, second] = steps("$ curl -s \\\n    'x y'\n{}\n…\n$ palimpsest check\n")
    assert first.command == "curl -s     'x y'"
    assert first.shown == "{}\n…"
    assert second.shown == ""
