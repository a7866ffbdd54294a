"""The map of the console, drawn: places stand on it, and can be chosen there; it obeys its policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.consoles import Console, needs_axe, needs_chromium, opened_browser

pytestmark = [pytest.mark.browser, needs_chromium]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One that can draw the map."""
    with opened_browser(drawing=True) as browser:
        yield browser


def middle(page: Page) -> tuple[float, float]:
    """The middle of the map in the window."""
    box = page.locator(".map .canvas").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_place_stands_where_it_is_and_a_click_chooses_it(console: Console) -> None:
    console.open("?at=37.616,49.71,9")
    console.wait_for_map()
    console.page.mouse.click(*middle(console.page))
    console.wait_for_address(place="kupiansk", at="37.616,49.71,9")


def test_it_moves_by_keyboard_and_the_address_follows(console: Console) -> None:
    console.open("?at=30,50,5")
    console.wait_for_map()
    console.page.locator(".map canvas").focus()
    console.page.keyboard.press("ArrowRight")
    console.page.wait_for_url(lambda _: float(console.address["at"].split(",")[0]) > 30, wait_until="commit")


def test_it_lies_on_the_base_map_and_nothing_is_refused(console: Console) -> None:
    answers: dict[str, int] = {}
    console.page.on("response", lambda answer: answers.update({answer.url: answer.status}))
    console.open("?at=33.7,46.1,8")
    console.wait_for_map()
    for name in ("areas", "lines", "tributaries", "labels"):
        assert answers[f"{console.home}/console/basemap/{name}.geojson"] == 200
    assert console.page.get_by_text("Natural Earth").count() == 1
    assert (console.complaints, console.elsewhere) == ([], [])


@needs_axe
def test_nothing_stands_in_anybodys_way(console: Console) -> None:
    console.open("?at=37.616,49.71,7")
    console.wait_for_map()
    assert console.find_faults_in_both_themes() == []
