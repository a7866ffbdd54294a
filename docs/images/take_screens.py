"""Takes the pictures of the console in docs/images/: `make pictures`.

A ledger of its own is filled with both stories of examples/, served, and shown in chromium. The views are
pinned to a log position, so that only what the page looks like can change a picture.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.measuring import fresh_cluster
from bench.serving import run_command, served
from bench.showing import BROWSER, DRAWN, DRAWN_WITHOUT_GPU, PATIENCE

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STORIES = ("examples/kupiansk.yaml", "examples/bakhmut.yaml")
WIDE, NARROW = (1360, 850), (390, 844)
# Of each picture: the view, the window, whether it is dark, and what has to be there before it is taken.
VIEWS = {
    "console-map": ("?valid_at=2023-05-21&log_position=283&at=37.2,48.9,6.6", WIDE, False, ".row"),
    "console-place": ("?valid_at=2025-12-13&log_position=283&place=kupiansk", WIDE, False, ".lanes"),
    "console-claim": (
        "?valid_at=2025-12-13&log_position=283&place=kupiansk&open=claim:kupiansk-claimed",
        WIDE,
        False,
        ".outcome",
    ),
    "console-narrow": ("?valid_at=2025-12-13&log_position=283&place=kupiansk", NARROW, False, ".lanes"),
    "console-dark": ("?valid_at=2023-05-21&log_position=283&place=bakhmut&lang=uk", WIDE, True, ".lanes"),
}


@contextmanager
def told() -> Iterator[str]:
    """The address of a server that has been told both stories."""
    with fresh_cluster() as conninfo:
        for story in STORIES:
            run_command(conninfo, "import", str(ROOT / story))
        with served(conninfo) as port:
            yield f"http://127.0.0.1:{port}/"


def take(page: Page, home: str, name: str) -> None:
    """Takes one picture, once everything it shows has been drawn."""
    view, _, _, needed = VIEWS[name]
    page.goto(home + view)
    page.wait_for_selector(needed)
    page.wait_for_selector(DRAWN, timeout=PATIENCE)
    page.wait_for_load_state("load")
    page.screenshot(path=HERE / f"{name}.png")


def main() -> None:
    """Takes every picture."""
    with told() as home, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=[*BROWSER, *DRAWN_WITHOUT_GPU]
        )
        for name, (_, (width, height), dark, _) in VIEWS.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if dark else "light",
                reduced_motion="reduce",
            )
            take(context.new_page(), home, name)
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
