"""Links, paths, pictures and decisions."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from docs.images.draw_kupiansk import PICTURE, draw, read_story
from scripts.check_docs import broken_links
from tests.docs.pages import DECISIONS, DOCS, README, ROOT, fences, pages, read

PATH = re.compile(r"(?:[a-z_]+|\.\.)(?:/[\w.-]+)*/[\w.-]+\.(?:py|sql|md|ya?ml|json|toml|lock|svg)")
ANCHOR = re.compile(r"\]\(([\w./-]*)#([\w-]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def by_name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made on the web."""
    text = re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)
    words = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in HEADING.findall(text))
    return {word.strip().replace(" ", "-") for word in words}


@pytest.mark.parametrize("page", pages(), ids=by_name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken_links(page) == []
    for target, anchor in ANCHOR.findall(read(page)):
        assert anchor in anchors(page.parent / target if target else page), f"{target}#{anchor}"


@pytest.mark.parametrize("page", pages(), ids=by_name)
def test_files_that_are_named_exist(page: Path) -> None:
    made_here = {fence.option("file") for fence in fences(page)}
    named = {path for text in re.findall(r"`([^`\n]+)`", read(page)) for path in PATH.findall(text)}
    missing = {path for path in named - made_here if not (ROOT / path).exists()}
    assert missing == set()


def test_every_page_is_reachable_from_the_readme() -> None:
    linked = set(re.findall(r"\]\((docs/[\w./-]+\.md)", read(README)))
    found = (*DOCS.glob("*.md"), *DOCS.glob("importers/*.md"))
    assert {str(page.relative_to(ROOT)) for page in found} == linked


@pytest.mark.parametrize("page", DECISIONS, ids=by_name)
def test_a_decision_is_short_and_says_context_decision_and_consequences(page: Path) -> None:
    text = read(page)
    assert len(text.split()) < 250
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]


def test_decisions_are_numbered() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [int(read(page)[2:].partition(".")[0]) for page in DECISIONS] == numbers


def test_the_picture_is_drawn_from_the_story() -> None:
    assert draw(read_story()) == PICTURE.read_text(encoding="utf-8")


@pytest.mark.parametrize("picture", sorted((DOCS / "images").glob("*.svg")), ids=by_name)
def test_pictures_are_whole_and_need_nothing_from_elsewhere(picture: Path) -> None:
    text = picture.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.get("role") == "img"
    assert "prefers-color-scheme: dark" in text
    assert re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text) == []


def test_no_page_holds_a_path_of_a_machine() -> None:
    for page in pages():
        assert re.findall(r"/(?:home|root|Users|work|tmp)/", read(page)) == []
