"""The console in a browser, with many places: how soon it is there, how smoothly it plays, what it loads."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import CDPSession, Page, sync_playwright

from bench.generating import PLACES
from bench.measuring import Report, fresh_cluster, percentile
from bench.rebuilding import fill
from bench.serving import run_command, served
from ledger.application import Ledger
from ledger.database import Database

BROWSER = ("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking")
DRAWN_WITHOUT_GPU = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
MARKS = ("palimpsest:places", "palimpsest:map")
DRAWN = ".canvas[data-drawn]"
PLAYED = 10_000
"""In milliseconds."""
PATIENCE = 60_000
FRAMES = """(span) => new Promise((resolve) => {
  const gaps = []
  const begun = performance.now()
  let last = begun
  const look = (now) => {
    gaps.push(now - last)
    last = now
    now - begun < span ? requestAnimationFrame(look) : resolve(gaps)
  }
  requestAnimationFrame(look)
})"""


def measure_showing(developments: int, rounds: int) -> Report:
    """The first view, from an empty cache and from a full one; then the map as it plays along valid time."""
    report = Report(
        title=f"The console, {developments:,} developments over {PLACES:,} places",
        notes="`palimpsest serve` and Debian's Chromium (the shell without windows, where it is installed: "
        "its own window takes as much as a page) on the same two processors, which also draw what a "
        "graphics card draws elsewhere (SwiftShader), so each figure is a worst case. From the start of the "
        "navigation: until the list of places stands, and until the map has drawn all of them. Frames: the "
        "time from one to the next over 10 s, at rest and while the map plays. Bytes are those on the wire, "
        "compressed; answers, the map of places among them, are counted apart, and what the map's worker "
        "loads (itself and the base map) is not among them.",
    )
    chromium = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    assert chromium, "no chromium on this machine"
    with fresh_cluster() as conninfo:
        with Database(conninfo) as database, Ledger(database) as ledger:
            fill(ledger, developments)
        run_command(conninfo, "projections", "rebuild")
        with served(conninfo) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=[*BROWSER, *DRAWN_WITHOUT_GPU]
            )
            home = f"http://127.0.0.1:{port}/"
            _add_views(report, [_view(browser, home) for _ in range(rounds)])
            _add_frames(report, browser, home)
            browser.close()
    return report


@contextmanager
def _opened(context: Any) -> Iterator[tuple[Page, list[tuple[str, float]]]]:
    """A page, and what it loads: addresses and bytes on the wire."""
    page = context.new_page()
    session: CDPSession = context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, str] = {}
    loaded: list[tuple[str, float]] = []
    session.on(
        "Network.requestWillBeSent", lambda told: asked.update({told["requestId"]: told["request"]["url"]})
    )
    session.on(
        "Network.loadingFinished",
        lambda told: loaded.append((asked.get(told["requestId"], ""), told["encodedDataLength"])),
    )
    yield page, loaded
    page.close()


def _view(browser: Any, home: str) -> dict[str, float]:
    """Milliseconds and bytes of a first view and of one that follows it in the same browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    figures: dict[str, float] = {}
    for what in ("first", "again"):
        with _opened(context) as (page, loaded):
            page.goto(home)
            page.wait_for_selector(DRAWN, timeout=PATIENCE)
            for mark in MARKS:
                figures[f"{what}, {mark}"] = page.evaluate(
                    "name => performance.getEntriesByName(name)[0].startTime", mark
                )
            answers = sum(size for url, size in loaded if "/v1/" in url)
            figures[f"{what}, page"] = sum(size for _, size in loaded) - answers
            figures[f"{what}, answers"] = answers
    context.close()
    return figures


def _add_views(report: Report, views: list[dict[str, float]]) -> None:
    names = {"palimpsest:places": "until the places are listed", "palimpsest:map": "until the map is drawn"}
    for what, said in (("first", "first view"), ("again", "again")):
        for mark in MARKS:
            target = "< 1,000" if (what, mark) == ("first", MARKS[0]) else ""
            report.add(f"{said}, {names[mark]}", "ms", [view[f"{what}, {mark}"] for view in views], target)
        target = "< 600" if what == "first" else ""
        report.add(f"{said}, the page", "KB", [view[f"{what}, page"] / 1_000 for view in views], target)
        report.add(f"{said}, answers", "KB", [view[f"{what}, answers"] / 1_000 for view in views])


def _add_frames(report: Report, browser: Any, home: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    with _opened(context) as (page, _):
        page.goto(home)
        page.wait_for_selector(DRAWN, timeout=PATIENCE)
        for what in ("at rest", "while it plays"):
            if what != "at rest":
                page.locator(".play").click()
                page.wait_for_selector(".play.on")
            gaps = page.evaluate(FRAMES, PLAYED)
            report.add(f"frames {what}, median", "ms", [percentile(gaps, 0.5)])
            report.add(f"frames {what}, p95", "ms", [percentile(gaps, 0.95)])
            report.add(f"frames {what}, longest", "ms", [max(gaps)])
        days = page.evaluate("document.querySelector('output[data-clock=valid]').textContent")
        assert days, "the clock says nothing"
    context.close()
