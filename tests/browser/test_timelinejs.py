"""TimelineJS 3, as it is published, draws the Kupiansk story in a browser.

It needs `npm ci` in this folder, and chromium; without either, the tests are skipped.
"""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route, sync_playwright

from tests.api.talking import Api, Served, served
from tests.servers import Server

PACKAGE = Path(__file__).parent / "node_modules" / "@knight-lab" / "timelinejs" / "dist"
CHROMIUM = shutil.which("chromium")
FOLDER = "/timelinejs/"
STORY = "/v1/locations/kupiansk/timeline.timelinejs?valid_at=2025-12-31&known_at=2025-12-31"
PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Kupiansk</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{FOLDER}css/timeline.css"></head>
<body><div id="timeline" style="width: 1200px; height: 760px"></div>
<script src="{FOLDER}js/timeline.js"></script>
<script>
  const address = new URLSearchParams(location.search).get("of")
  window.timeline = new TL.Timeline("timeline", address, {{font: null, script_path: "{FOLDER}js/"}})
</script></body></html>"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not PACKAGE.exists(), reason="needs `npm ci` in tests/browser"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs chromium"),
]


@dataclass(kw_only=True)
class Shown:
    """A page that has drawn its timeline, the server behind it, and what was complained of meanwhile."""

    page: Page
    api: Api
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def told(
    server: Server, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Api]]:
    """The server with the story."""
    conninfo = server.create_database("browser_timelinejs", template_database)
    with served(conninfo, tmp_path_factory.mktemp("serve")) as both:
        both[1].record()
        yield both
    server.drop_database("browser_timelinejs")


@pytest.fixture(scope="module")
def shown(told: tuple[Served, Api]) -> Iterator[Shown]:
    """The page, at the server's own address; nothing is fetched from anywhere else."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        shown = Shown(page=browser.new_page(viewport={"width": 1240, "height": 800}), api=told[1])
        watch(shown, told[0].url)
        draw(shown, told[0].url, STORY)
        yield shown
        browser.close()


def draw(shown: Shown, home: str, address: str) -> None:
    """Opens the page on a feed, and waits until it has drawn that."""
    shown.page.goto(f"{home}{FOLDER}?{urlencode({'of': address})}")
    shown.page.wait_for_selector(".tl-timemarker", state="attached")


def watch(shown: Shown, home: str) -> None:
    """Notes what the page complains of and whom it asks; its own files come from the package."""
    shown.page.on("pageerror", lambda error: shown.complaints.append(str(error)))
    shown.page.on(
        "console",
        lambda said: shown.complaints.append(said.text) if said.type in ("error", "warning") else None,
    )

    def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path
        if not route.request.url.startswith((f"{home}/", "data:")):
            shown.elsewhere.append(route.request.url)
            route.abort()
        elif path == FOLDER:
            route.fulfill(body=PAGE, content_type="text/html")
        elif path.startswith(FOLDER):
            file = PACKAGE / path.removeprefix(FOLDER)
            route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "")
        else:
            route.continue_()

    shown.page.route("**/*", answer)


def test_it_draws_every_development_and_asks_nobody_else(shown: Shown) -> None:
    items = shown.api.read(STORY.replace(".timelinejs", ""))["items"]
    assert len(items) == 14
    assert shown.page.locator(".tl-timemarker").count() == 14
    assert shown.page.locator(".tl-slide").count() == 15, "the title, and each development"
    drawn = shown.page.evaluate("timeline.config.events.map(event => event.unique_id)")
    assert sorted(drawn) == sorted(item["id"] for item in items)
    shown.page.evaluate("timeline.goToId('kupiansk-claimed')")
    assert shown.elsewhere == []
    assert shown.complaints == []


# Of the story: what is said, and when, as imprecisely as it is told there.
SLIDES = {
    "kupiansk-population": (
        "about Feb 2022",
        "Romanian news report reports a population of 55,000 in Kupiansk",
    ),
    "kupiansk-2022-occupied": (
        "from about 27 Feb 2022 to about 10 Sep 2022",
        "Romanian news report reports that Russia holds all of Kupiansk",
    ),
    "kupiansk-2022-recaptured": (
        "Sep 2022",
        "Romanian news report reports that Ukraine holds all of Kupiansk",
    ),
    "kupiansk-claimed": (
        "about 21 Nov 2025",
        "Russian army, for Russia, says that Russia holds all of Kupiansk",
    ),
    "kupiansk-claim-denied": (
        "about 21 Nov 2025",
        "Ukrainian army, for Ukraine, denies that Russia holds all of Kupiansk",
    ),
    "kupiansk-recapture": ("December 12, 2025", "says that Ukraine holds part of Kupiansk"),
    "kupiansk-deepstate": (
        "about 12 Dec 2025",
        "DeepState assesses that Ukraine holds part and Russia holds part of Kupiansk",
    ),
    "kupiansk-encircled-on-map": (
        "about 12 Dec 2025",
        "DeepState reports an encirclement at Kupiansk: Russia, by Ukraine (inferred, not said)",
    ),
    "kupiansk-visit": ("December 12, 2025", "reports a visit of Volodymyr Zelensky to Kupiansk"),
}


def test_slides_say_who_says_what_and_when(shown: Shown) -> None:
    order = shown.page.evaluate("timeline.config.events.map(event => event.unique_id)")
    title, *slides = shown.page.evaluate(
        """[...document.querySelectorAll(".tl-slide")].map(slide => [".tl-headline", ".tl-headline-date"].map(
            part => slide.querySelector(part)?.textContent.trim()))"""
    )
    assert title[0] == "Kupiansk"
    drawn = dict(zip(order, slides, strict=True))
    for name, (date, headline) in SLIDES.items():
        assert headline in drawn[name][0]
        assert drawn[name][1] == date, name
    rows = shown.page.locator(".tl-timegroup-message").all_text_contents()
    assert {row.strip() for row in rows} == {"Russia", "Ukraine", "DeepState", "Romanian news report"}


def test_a_window_is_drawn_whole_and_never_from_its_middle(shown: Shown) -> None:
    drawn = shown.page.evaluate(
        """Object.fromEntries(timeline.config.events.map(event => [event.unique_id,
            [event.start_date, event.end_date].map(date =>
                date && [date.data.date_obj.getFullYear(), date.data.date_obj.getMonth() + 1,
                         date.data.date_obj.getDate()].join("-"))]))"""
    )
    assert drawn["kupiansk-claimed"] == ["2025-11-19", "2025-11-23"]
    assert drawn["kupiansk-2022-recaptured"] == ["2022-9-1", "2022-9-30"]
    assert drawn["kupiansk-2022-occupied"] == ["2022-2-25", "2022-9-12"]
    assert drawn["kupiansk-visit"] == ["2025-12-12", None]


def test_nothing_recorded_runs_in_the_page(shown: Shown, told: tuple[Served, Api]) -> None:
    """Last, because it leaves the story: TimelineJS takes some texts for HTML twice."""
    evil = "<img src=x onerror=window.ran=1>&lt;img src=x onerror=window.ran=1&gt; & so on"
    fighting = {
        "kind": "fighting-reported",
        "at": "mill",
        "by": "evil",
        "reported": "2025-03-03",
        "summary": evil,
    }
    dossier = {
        "palimpsest": 1,
        "actors": [{"id": "evil", "kind": "outlet", "name": evil}],
        "locations": [{"id": "mill", "kind": "settlement", "name": evil}],
        "developments": [{"id": "it", "occurred": "2025-03-03~", "part": evil, "manner": evil, **fighting}],
    }
    shown.api.write("/v1/dossiers", dossier)
    draw(shown, told[0].url, "/v1/locations/mill/timeline.timelinejs")
    shown.page.evaluate("timeline.goToId('it')")
    shown.page.wait_for_timeout(500)
    assert shown.page.evaluate("window.ran") is None
    assert shown.page.locator(".tl-timegroup-message").all_text_contents() == [evil]
    headline = f"{evil} reports fighting at {evil}"
    assert headline in shown.page.locator(".tl-slide .tl-headline").all_text_contents()
    assert shown.page.locator(".tl-slide img, .tl-timenav img").count() == 0
    assert shown.complaints == []
