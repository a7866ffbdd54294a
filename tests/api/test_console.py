"""The files of the console: served as they lie there, from here alone, few enough to be there at once."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from api.routes.console import MEDIA_TYPES, VERSIONED
from tests.api.talking import Api

FOLDER = Path(__file__).parents[2] / "api" / "console"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
SENT = [name for name in FILES if Path(name).suffix in MEDIA_TYPES]
OURS = [name for name in SENT if not name.startswith(("vendor/", "basemap/"))]
FIRST_VIEW, ALL_OF_IT = 600_000, 720_000
"""In bytes, compressed: what a first view may load, and what there may be for all views and languages."""
AT_ONCE = re.compile(r"""(?:\bfrom\s*|\bimport\s+)["'](\.[^"']*)["']""")
IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'`](\.[^"'`$]*)["'`]""")


@pytest.mark.parametrize("name", ["index.html", "main.js", "styles/base.css", "panels/places.js", "icon.svg"])
def test_a_file_is_sent_as_it_is(api: Api, name: str) -> None:
    response = api.get("/" if name == "index.html" else f"/console/{name}")
    assert response.status_code == 200
    assert response.content == (FOLDER / name).read_bytes()
    assert response.headers["content-type"] == MEDIA_TYPES[Path(name).suffix]
    assert response.headers["cache-control"] == "public, no-cache"
    again = api.get(
        "/" if name == "index.html" else f"/console/{name}",
        headers={"If-None-Match": response.headers["etag"]},
    )
    assert again.status_code == 304


def test_every_file_can_be_had(api: Api) -> None:
    for name in SENT:
        response = api.get(f"/console/{name}")
        assert response.status_code == 200, name
        kept_for_ever = "immutable" in response.headers["cache-control"]
        assert kept_for_ever == bool(VERSIONED.match(name)), name


def test_what_is_large_is_compressed_once_and_for_all(api: Api) -> None:
    first, second = (api.get("/console/app.js", headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    assert first.headers["content-encoding"] == "gzip"
    assert first.headers["etag"] == second.headers["etag"]
    assert first.content == (FOLDER / "app.js").read_bytes()
    assert (
        api.get("/console/app.js", headers={"Accept-Encoding": "identity"}).headers["etag"]
        != first.headers["etag"]
    )


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "..%2fsettings.py", "%2e%2e/app.py", "panels", "vendor/vendor.txt.exe", ".hidden.js", ""],
)
def test_there_is_nothing_else(api: Api, name: str) -> None:
    assert api.get(f"/console/{name}").status_code == 404


def test_pages_run_nothing_inline_and_load_from_here_alone(api: Api) -> None:
    page = api.get("/")
    policy = dict(part.partition(" ")[::2] for part in page.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert (
        policy["script-src"]
        == policy["style-src"]
        == policy["connect-src"]
        == policy["worker-src"]
        == "'self'"
    )
    assert not re.search(r"<script(?![^>]*\bsrc=)", page.text)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page.text)


def test_every_address_of_the_page_is_relative_and_leads_to_a_file() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    addresses = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert address.removeprefix("console/") in FILES, address


def test_every_import_leads_to_a_file_and_every_module_is_imported() -> None:
    imported = {"main.js"}
    for name in OURS:
        if not name.endswith(".js"):
            continue
        for address in IMPORT.findall((FOLDER / name).read_text("utf-8")):
            target = (FOLDER / name).parent.joinpath(address).resolve().relative_to(FOLDER).as_posix()
            assert target in FILES, f"{name} imports {address}"
            imported.add(target)
    languages = {name for name in OURS if name.startswith("texts/")}
    assert {name for name in OURS if name.endswith(".js")} - imported - languages == set()


def needed_first() -> set[str]:
    """The modules that the first view needs: what the page and the map import at once, however deep."""
    found: set[str] = set()
    wanted = ["main.js", "map.js"]
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            text = (FOLDER / name).read_text("utf-8") if name in OURS else ""
            wanted += [
                (FOLDER / name).parent.joinpath(address).resolve().relative_to(FOLDER).as_posix()
                for address in AT_ONCE.findall(text)
            ]
    return found


def test_modules_are_loaded_at_once_and_not_one_after_the_other() -> None:
    page = (FOLDER / "index.html").read_text("utf-8")
    named = re.findall(r'rel="modulepreload" href="console/([^"]+)"', page)
    assert sorted(named) == sorted(needed_first() - {"main.js"})


def test_styles_name_nothing_from_elsewhere() -> None:
    for name in OURS:
        text = (FOLDER / name).read_text("utf-8")
        if name.endswith(".css"):
            assert "url(" not in text, name
            assert "@import" not in text, name
        addresses = set(re.findall(r"https?://[\w.-]+", text)) - {"http://www.w3.org"}
        assert not addresses, f"{name}: {addresses}"


def test_a_first_view_and_all_of_it_are_within_their_budgets() -> None:
    sizes = {name: len(gzip.compress((FOLDER / name).read_bytes(), mtime=0)) for name in SENT}
    language = max(size for name, size in sizes.items() if name.startswith("texts/"))
    styles = {name for name in SENT if name.endswith((".css", ".html", ".svg"))}
    drawn = {name for name in SENT if name.endswith((".geojson", "worker.mjs"))}
    first = sum(sizes[name] for name in needed_first() | styles | drawn) + language
    assert first < FIRST_VIEW, sorted(sizes.items(), key=lambda each: -each[1])[:12]
    assert sum(sizes.values()) < ALL_OF_IT
