"""The first hour of a front end, gone through: its commands in a shell, its page in a browser."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.api.talking import BAKHMUT, Api, Served, served
from tests.docs.pages import fences
from tests.docs.sessions import HERE, check
from tests.docs.terminals import opened_terminal

PAGE = "first-hour.md"
CHROMIUM = shutil.which("chromium")
CLAIM = {
    "id": "chasiv-yar-claimed",
    "kind": "occupation-claimed",
    "at": "chasiv-yar",
    "by": "russian-mod",
    "holder": "russia",
    "reported": "2025-07-31",
    "summary": "The claim.",
}
DENIAL = {
    "id": "chasiv-yar-denied",
    "kind": "claim-denied",
    "at": "chasiv-yar",
    "by": "zelensky",
    "claim": "chasiv-yar-claimed",
    "reported": "2025-07-31",
    "summary": "The denial.",
}


class Demo(Served):
    """`palimpsest demo` in a process of its own."""

    command = "demo"


def started() -> tuple[dict[str, str], list[str]]:
    """The settings with which the page has the demo started, and the command that serves its folder."""
    [demo, files] = [shlex.split(fence.text) for fence in fences(PAGE) if fence.words == ("server",)]
    *settings, make, target = demo
    assert [make, target] == ["make", "demo"]
    pairs = (setting.removeprefix("PALIMPSEST_").split("=", 1) for setting in settings)
    return {name.lower(): value for name, value in pairs}, files


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_print_what_the_page_shows(database_url: str, folder: Path) -> None:
    settings, _ = started()
    demo = Demo(database_url, folder, **settings)
    demo.start()
    try:
        with opened_terminal(folder, demo.environment, demo.port) as terminal:
            for fence in fences(PAGE):
                if fence.language == "console":
                    assert fence.words == ("shell",)
                    check(fence, terminal.run)
    finally:
        demo.stop()


@contextmanager
def served_files(folder: Path, command: list[str]) -> Iterator[int]:
    """The folder, served by the page's own command, but at any free port, which it tells once it listens."""
    [python, *options, _] = command
    assert python == "python3"
    serving = [sys.executable, "-u", *options, "0", "--bind", "127.0.0.1"]
    with subprocess.Popen(
        serving, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as files:
        assert files.stdout is not None
        try:
            yield int(files.stdout.readline().partition(" port ")[2].split()[0])
        finally:
            files.terminate()


class Shown:
    """The page in a browser: what it has drawn, whom it asked, and what it complained of."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.asked: set[str] = set()
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.add(urlsplit(request.url).netloc))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text))

    def expect(self, labels: list[str], told: str) -> None:
        """Waits until these places are drawn, and this stands below them."""
        expect(self.page.locator("svg text")).to_have_text(labels)
        expect(self.page.locator("p")).to_contain_text(told)

    def expect_news(self, *news: str) -> None:
        """Waits until the list of events is this one, the newest first."""
        expect(self.page.locator("li")).to_have_text(list(news))


@contextmanager
def opened_page(files: int, server: int) -> Iterator[Page]:
    """A new page of a browser for which the addresses of the tutorial are those two ports."""
    rules = f"MAP localhost:9000 127.0.0.1:{files}, MAP {HERE} 127.0.0.1:{server}"
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", f"--host-resolver-rules={rules}"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser.new_page()
        browser.close()


def labels(api: Api, **clocks: Any) -> list[str]:
    """What the page is to write beside each point, by what the map answers."""
    features = api.read("/v1/map", part_of="donetsk-oblast", **clocks)["features"]
    assert len(features) == 5
    return [label(**feature["properties"]) for feature in features]


def label(*, name: str, status: str, holder: str | None, certain: bool, **_: Any) -> str:
    return f"{name}: {status}{f' by {holder}' if holder else ''}{'' if certain else ', not certain yet'}"


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
def test_the_page_draws_the_map_at_the_clocks_and_follows_it(database_url: str, folder: Path) -> None:
    settings, command = started()
    [text] = [fence.text for fence in fences(PAGE) if fence.option("file") == "map.html"]
    (folder / "map.html").write_text(text, encoding="utf-8")
    with served(database_url, folder, **settings) as (server, api), served_files(folder, command) as files:
        api.record()
        head = api.record(BAKHMUT)
        with opened_page(files, server.port) as page:
            shown = Shown(page)
            page.goto("http://localhost:9000/map.html")
            shown.expect(labels(api), f"log position {head}")
            turn_pages(shown, api)
            go_back(shown, api)
            assert [said for said in shown.complaints if "422" not in said] == []
            stay(shown, server, api)
            assert shown.asked == {"localhost:9000", HERE}


def turn_pages(shown: Shown, api: Api) -> None:
    """Has the page run what the tutorial shows of lists."""
    [script] = [fence.text for fence in fences(PAGE) if fence.language == "js"]
    turned = shown.page.evaluate(
        f"""async () => {{
            {script}
            const turned = [], start = "http://{HERE}/v1/locations?limit=7"
            for await (const items of pages(start)) turned.push(items.map(item => item.id))
            return turned
        }}"""
    )
    places = [place["id"] for place in api.read("/v1/locations", limit=1000)["items"]]
    assert len(turned) > 2
    assert turned == [places[start : start + 7] for start in range(0, len(places), 7)]


def go_back(shown: Shown, api: Api) -> None:
    """Sets the three clocks."""
    shown.page.fill("[name=valid_at]", "2023-05-21")
    now = labels(api, valid_at="2023-05-21")
    assert "Bakhmut: disputed" in now
    shown.expect(now, "As of 2023-05-21T23:59:59.999999Z")
    shown.page.fill("[name=known_at]", "2023-01-15")
    then = labels(api, valid_at="2023-05-21", known_at="2023-01-15")
    assert "Bakhmut: held by ukraine" in then
    shown.expect(then, "As of 2023-05-21T23:59:59.999999Z")
    shown.page.fill("[name=log_position]", "36")
    shown.expect([], "log position 36")
    shown.page.fill("[name=log_position]", "1000000")
    shown.expect([], "1000000 has not been written yet")
    for name in ("valid_at", "known_at", "log_position"):
        shown.page.fill(f"[name={name}]", "")


def stay(shown: Shown, server: Served, api: Api) -> None:
    """Something is recorded while the page is open, and again after the server was away."""
    assert "Chasiv Yar: unknown" in labels(api)
    claimed = api.write("/v1/developments", CLAIM)["log_position"]
    shown.expect_news(f"{claimed}: occupation-claimed. The claim.")
    assert "Chasiv Yar: held by russia" in labels(api)
    shown.expect(labels(api), f"log position {claimed}")
    server.restart()
    denied = api.write("/v1/developments", DENIAL)["log_position"]
    shown.expect_news(f"{denied}: claim-denied. The denial.", f"{claimed}: occupation-claimed. The claim.")
    assert "Chasiv Yar: disputed" in labels(api)
    shown.expect(labels(api), f"log position {denied}")
