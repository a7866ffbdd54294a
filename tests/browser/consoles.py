"""The console in a browser, for tests: a page, what it complains of, and whom it asks."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
WITHOUT_WINDOWS = shutil.which("chromium-headless-shell") or CHROMIUM
"""The same browser without what is around a page, which takes as much time as the page. It draws no maps."""
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
"""No host but the loopback is found. To hold each request here would take much of the time of a test."""
DRAWING = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
"""The map is drawn without a graphics card, which takes its time."""
PATIENCE = 60_000
"""In milliseconds, for a map that is drawn without a graphics card on a busy machine."""
STANDARD = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="needs `npm ci` in tests/browser")


@dataclass(kw_only=True)
class Console:
    """A window on the console of a server at `home`, and what was noticed meanwhile."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def open(self, view: str = "") -> None:
        """Opens a view, and waits until its panel has a heading."""
        self.page.goto(f"{self.home}/{view}")
        self.page.wait_for_selector(".panel h2")

    def wait_for_map(self) -> None:
        """Waits until the map has drawn the places."""
        self.page.wait_for_selector(".canvas[data-drawn]", timeout=PATIENCE)

    @property
    def address(self) -> dict[str, str]:
        """The settings in the address bar."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.page.url).query).items()}

    def wait_for_address(self, **settings: str | None) -> None:
        """Waits until the address bar holds these settings; None: does not hold such a one."""
        self.page.wait_for_url(
            lambda url: all(
                parse_qs(urlsplit(url).query).get(name, [None]) == [value] for name, value in settings.items()
            ),
            wait_until="commit",
        )

    def find_faults(self) -> list[str]:
        """What axe-core finds wrong with the page as it is: the rule, and where."""
        self.page.evaluate(AXE.read_text("utf-8"))
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", list(STANDARD)
        )
        return [f"{each['id']}: {[node['html'] for node in each['nodes']]}" for each in found["violations"]]

    def find_faults_in_both_themes(self) -> list[str]:
        """The same in light and in dark, whichever it begins with."""
        found = self.find_faults()
        self.page.get_by_role("button", name=re.compile("^(Light|Dark)$")).click()
        return found + self.find_faults()

    @property
    def too_wide(self) -> list[str]:
        """What sticks out to the right of the window."""
        found: list[str] = self.page.evaluate(
            """[...document.querySelectorAll("#app *")].filter(each =>
                each.getBoundingClientRect().right > innerWidth + 1 &&
                !each.closest(".canvas, .unseen, .skip")
            ).map(each => `${each.tagName}.${each.className?.baseVal ?? each.className}`)"""
        )
        return found


@contextmanager
def opened_browser(*, drawing: bool = False) -> Iterator[Browser]:
    """Debian's chromium. Without `drawing` it has no WebGL: the page says so, and is there much sooner."""
    flags = [*FLAGS, *(DRAWING if drawing else ("--disable-gpu", "--disable-3d-apis"))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM if drawing else WITHOUT_WINDOWS, args=flags
        )
        yield browser
        browser.close()


def open_window(context: BrowserContext, home: str) -> Console:
    """A new window; whatever it asks of any other host fails, and is noted."""
    console = Console(page=context.new_page(), home=home)
    page = console.page
    page.on("pageerror", lambda error: console.complaints.append(str(error)))
    page.on(
        "console",
        lambda said: console.complaints.append(said.text) if said.type in ("error", "warning") else None,
    )
    ours = (f"{home}/", "data:", "blob:")
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(ours) else console.elsewhere.append(asked.url),
    )
    return console


@contextmanager
def opened_window(browser: Browser, home: str, pass_over: re.Pattern[str] | None = None) -> Iterator[Console]:
    """A window of a context of its own. In the end nothing was complained of but what is passed over, and
    nobody else was asked.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    console = open_window(context, home)
    yield console
    context.close()
    assert [said for said in console.complaints if not (pass_over and pass_over.match(said))] == []
    assert console.elsewhere == []
